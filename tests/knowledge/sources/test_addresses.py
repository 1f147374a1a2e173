"""Which URLs and addresses are never asked for, however they are spelled."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sources.addresses import Policy, Target, is_public, join, parse_url
from knowledge.sources.errors import UnsafeAddress


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.iom.int", Target("https", "www.iom.int", 443, "/")),
        ("http://iom.int/a/b?c=d&e=%C5%A1#part", Target("http", "iom.int", 80, "/a/b", "?c=d&e=%C5%A1")),
        ("HTTPS://WWW.IOM.INT:443/A", Target("https", "www.iom.int", 443, "/A")),
        ("https://iom.int:80/", Target("https", "iom.int", 80, "/")),
        ("https://xn--80ak6aa92e.com/", Target("https", "xn--80ak6aa92e.com", 443, "/")),
        ("https://iom.int/a/./b/../c", Target("https", "iom.int", 443, "/a/c")),
        ("https://iom.int/../../etc/", Target("https", "iom.int", 443, "/etc/")),
        ("https://iom.int//evil.example/@x", Target("https", "iom.int", 443, "//evil.example/@x")),
        ("https://iom.int?q=http://127.0.0.1/", Target("https", "iom.int", 443, "/", "?q=http://127.0.0.1/")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert parse_url(url) == target


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://iom.int/a", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("gopher://iom.int/", "http:// or https://"),
        ("//iom.int/", "http:// or https://"),
        ("https:/iom.int/", "http:// or https://"),
        ("https:iom.int", "http:// or https://"),
        ("javascript:alert(1)", "http:// or https://"),
        ("", "http:// or https://"),
        ("https://", "not the full name"),
        ("https:///path", "not the full name"),
        ("https://user:secret@iom.int/", "user name"),
        ("https://iom.int@evil.example/", "user name"),
        ("https://@iom.int/", "user name"),
        ("https://iom.int\\@evil.example/", "'\\'"),
        ("https:\\\\iom.int/", "'\\'"),
        ("https://iom.int/a\tb", "U+0009"),
        ("https://iom.int\n.evil.example/", "U+000A"),
        ("https://iom.int/a\r\nHost: evil.example", "U+000D"),
        ("https://iom.int/a b", "' '"),
        (" https://iom.int/", "' '"),
        ("https://iom.int/\x00", "U+0000"),
        ("https://iom。int/", "'。'"),
        ("https://iom．int/", "'．'"),
        ("https://ⓘom.int/", "'ⓘ'"),
        ("https://iom.int/štampa", "'š'"),
        ("https://iom.int/\u202egpj", "U+202E"),
        ("https://iom.int./", "not the full name"),
        ("https://iom..int/", "not the full name"),
        ("https://.iom.int/", "not the full name"),
        ("https://-iom.int/", "not the full name"),
        ("https://iom_x.int/", "not the full name"),
        ("https://iom%2eint/", "not the full name"),
        ("https://127.0.0.1%23.iom.int/", "not the full name"),
        ("https://localhost/", "not the full name"),
        ("https://intranet/", "not the full name"),
        ("https://iom.int:8080@x/", "user name"),
        ("https://iom.int:/", "not a port"),
        ("https://iom.int:0443/", "not a port"),
        ("https://iom.int:99999/", "not a port"),
        ("https://iom.int:443:80/", "not a port"),
        ("https://iom.int:-1/", "not a port"),
        ("https://127.0.0.1/", "is a number"),
        ("https://8.8.8.8/", "is a number"),
        ("https://127.1/", "is a number"),
        ("https://127.0.0.1./", "is a number"),
        ("https://2130706433/", "is a number"),
        ("https://017700000001/", "is a number"),
        ("https://0177.0.0.1/", "is a number"),
        ("https://0x7f000001/", "is a number"),
        ("https://0x7f.0x0.0x0.0x1/", "is a number"),
        ("https://0X7F.1/", "is a number"),
        ("https://iom.0x/", "is a number"),
        ("https://[::1]/", "IPv6"),
        ("https://[::ffff:127.0.0.1]/", "IPv6"),
        ("https://[fe80::1%25eth0]/", "IPv6"),
        ("https://[iom.int]/", "IPv6"),
        ("https://iom.int/%zz", "two hexadecimal digits"),
        ("https://iom.int/%2", "two hexadecimal digits"),
        ("https://iom.int/%2e%2e/admin", "%2e"),
        ("https://iom.int/a%2Fb", "%2F"),
        ("https://iom.int/a%5cb", "%5c"),
        ("https://iom.int/a%0d%0aX", "%0d"),
        ("https://iom.int/a[1]", "square bracket"),
        ("https://iom.int/" + "a" * 2048, "longer"),
        (f"https://{'a' * 64}.int/", "not the full name"),
        (f"https://{'a.' * 130}int/", "not the full name"),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(UnsafeAddress, match=re.escape(reason)):
        parse_url(url)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (b"https://other.example/a", "https://other.example/a"),
        (b"//other.example/a", "https://other.example/a"),
        (b"/x?y#z", "https://iom.int/x?y"),
        (b"x", "https://iom.int/a/x"),
        (b"../x", "https://iom.int/x"),
        (b"?page=2", "https://iom.int/a/b?page=2"),
        (b"", "https://iom.int/a/b?c"),
        (b"#top", "https://iom.int/a/b?c"),
        ("/štampa".encode(), "https://iom.int/%C5%A1tampa"),
        (b"/\xb9", "https://iom.int/%B9"),
    ],
)
def test_a_redirect_is_resolved_against_the_page_it_came_from(location: bytes, url: str) -> None:
    assert join(parse_url("https://iom.int/a/b?c"), location).url == url


@pytest.mark.parametrize(
    "location",
    [
        b"ftp://iom.int/",
        b"file:/etc/passwd",
        b"javascript:alert(1)",
        b"data:text/html,x",
        b"http://127.0.0.1/",
        b"//127.0.0.1/",
        b"///evil",
        b"/\\evil.example",
        b"\\\\evil.example",
        b"http:evil.example",
        b"//user@evil.example/",
        "//šumadija.example/".encode(),
        b"/a b",
        b"\thttps://evil.example",
    ],
)
def test_a_redirect_to_something_else_is_refused(location: bytes) -> None:
    with pytest.raises(UnsafeAddress):
        join(parse_url("https://iom.int/a/b?c"), location)


NOT_PUBLIC = (
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 "
    "172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 "
    "224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 "
    ":: ::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 ::8.8.8.8 64:ff9b::808:808 64:ff9b::7f00:1 64:ff9b:1::1 100::1 "
    "2001::1 2001:0:53aa:64c:0:fbfc:f5ff:fffe 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 "
    "3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2606:4700::1%1"
).split()
PUBLIC = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.32.0.1 2606:4700::1 2a00:1450:4001::1 2001:4860::1".split()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_told_apart(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(UnsafeAddress, match="not a public address"):
        Policy().check_addresses("iom.int", (ip_address("8.8.8.8"), ip_address(address), ip_address("1.1.1.1")))


def test_public_addresses_pass_and_none_at_all_does_not() -> None:
    assert all(is_public(ip_address(address)) for address in PUBLIC)
    Policy().check_addresses("iom.int", tuple(ip_address(address) for address in PUBLIC))
    with pytest.raises(UnsafeAddress, match="no address"):
        Policy().check_addresses("iom.int", ())


@pytest.mark.parametrize("url", ["https://iom.int:8443/", "http://iom.int:22/", "http://iom.int:6379/"])
def test_only_the_ports_of_web_pages_are_used(url: str) -> None:
    with pytest.raises(UnsafeAddress, match="only 80 and 443"):
        Policy().check_port(parse_url(url))


@given(st.integers(min_value=0, max_value=2**32 - 1).map(IPv4Address))
def test_no_ipv4_address_passes_that_the_standard_library_holds_back(address: IPv4Address) -> None:
    assert not is_public(address) or (address.is_global and not address.is_multicast and not address.is_reserved)


@given(st.integers(min_value=0, max_value=2**128 - 1).map(IPv6Address))
def test_no_ipv6_address_passes_that_the_standard_library_holds_back(address: IPv6Address) -> None:
    assert not is_public(address) or (address.is_global and not address.is_multicast and not address.is_reserved)


@given(st.integers(min_value=0, max_value=2**32 - 1).map(IPv4Address), st.integers(min_value=0, max_value=3))
def test_no_ipv4_address_passes_inside_an_ipv6_one(inner: IPv4Address, form: int) -> None:
    value = int(inner)
    wrapped = (0xFFFF << 32 | value, value, 0x0064FF9B << 96 | value, 0x2002 << 112 | value << 80 | 1)[form]
    assert not is_public(IPv6Address(wrapped))


# What attacks on URL parsers are made of, so that random strings get somewhere.
PIECES = st.sampled_from(
    [
        *"https://|http://|iom.int|127.0.0.1|0x7f.1|localhost|evil.example|@|:|/|//|\\|?|#|%|%2e|%00|.|..|。|[::1]|]|[".split(
            "|"
        ),
        *" |\t|\n|\u200b|:80|:443|:22|user|xn--a".split("|"),
    ]
)
URLS = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join) | st.text(max_size=80)


@given(URLS | URLS.map(lambda rest: f"https://iom.int{rest}") | URLS.map(lambda rest: f"https://{rest}"))
def test_whatever_passes_means_the_same_to_another_parser(url: str) -> None:
    """The standard library's, as an example of all those that a server, a proxy or a log may use."""
    try:
        target = parse_url(url)
    except UnsafeAddress:
        return
    other = urlsplit(url)
    assert other.hostname == target.host
    assert (other.port or {"http": 80, "https": 443}[other.scheme]) == target.port
    assert (other.username, other.password) == (None, None)
    assert other.scheme == target.scheme
    assert re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]*[a-z][a-z0-9-]*", target.host)
    assert re.fullmatch(r"/[\x21-\x7e]*", target.request_target)
    assert parse_url(target.url) == target


@given(st.binary(max_size=60) | URLS.map(str.encode))
def test_no_redirect_leads_to_what_could_not_be_asked_for_directly(location: bytes) -> None:
    try:
        target = join(parse_url("https://iom.int/a/b?c"), location)
    except UnsafeAddress:
        return
    assert parse_url(target.url) == target

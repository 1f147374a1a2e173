"""A secure connection goes to the checked address and is held to the host's name."""

import ssl
import time
from collections.abc import Iterator

import pytest
import trustme

from knowledge.sources.errors import FetchFailed, HostUnavailable, UnsafeAddress
from tests.knowledge.sources.sites import Handler, Resolver, Site, page, redirect


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def certified(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    with Site({"/": page("Secure.")}, tls=certified(authority, "site.example")) as site:
        yield site


def test_the_certificate_is_checked_against_the_name_and_the_connection_goes_to_the_address(
    site: Site, trust: ssl.SSLContext
) -> None:
    resolver = Resolver([("127.0.0.1",), ("10.0.0.1",)])
    answer = site.fetcher(trust=trust, resolve=resolver).get(site.target("/"), {}, lambda target: None)
    assert b"Secure." in answer.body
    assert resolver.asked == ["site.example"]
    assert site.requests[0].headers["host"] == f"site.example:{site.port}"


def test_the_server_is_told_the_name(authority: trustme.CA, trust: ssl.SSLContext) -> None:
    told: list[str | None] = []
    context = certified(authority, "site.example")
    context.sni_callback = lambda connection, name, within: told.append(name)
    with Site({"/": page("Secure.")}, tls=context) as site:
        site.fetcher(trust=trust).get(site.target("/"), {}, lambda target: None)
    assert told == ["site.example"]


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1", "*.site.example", "example"])
def test_a_certificate_for_another_host_is_refused(name: str, authority: trustme.CA, trust: ssl.SSLContext) -> None:
    """Also one for the address that is connected to: it is the name that was asked for."""
    with Site({"/": page("Not the one.")}, tls=certified(authority, name)) as site:
        with pytest.raises(HostUnavailable, match="certificate is not accepted: Hostname mismatch"):
            site.fetcher(trust=trust).get(site.target("/"), {}, lambda target: None)
        assert site.requests == []


def test_a_certificate_of_an_unknown_authority_is_refused_by_default(site: Site) -> None:
    with pytest.raises(HostUnavailable, match="certificate is not accepted: unable to get local issuer"):
        site.fetcher().get(site.target("/"), {}, lambda target: None)
    assert site.requests == []


def test_a_host_that_speaks_no_tls_is_a_failure(trust: ssl.SSLContext) -> None:
    with Site({"/": page("Plain.")}) as plain:
        plain.scheme = "https"
        with pytest.raises(HostUnavailable, match="no secure connection"):
            plain.fetcher(trust=trust).get(plain.target("/"), {}, lambda target: None)


def test_a_secure_page_does_not_lead_to_one_that_is_not(
    site: Site, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    site.replies["/down"] = redirect(f"http://site.example:{site.port}/")
    with pytest.raises(UnsafeAddress, match="from a secure page to one that is not"):
        site.fetcher(trust=trust).get(site.target("/down"), {}, lambda target: None)
    assert site.paths == ["/down"]


def test_a_slow_secure_page_is_ended_too(site: Site, trust: ssl.SSLContext) -> None:
    def drip(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(100):
            handler.wfile.write(b"a")
            time.sleep(0.1)

    site.replies["/drip"] = drip
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="longer than 2 seconds"):
        site.fetcher(trust=trust).get(site.target("/drip"), {}, lambda target: None)
    assert time.monotonic() - began < 5

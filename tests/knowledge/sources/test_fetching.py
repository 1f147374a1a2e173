"""The fetcher against servers that mislead it, and servers that never come to an end."""

import gzip
import os
import time
import zlib
from collections.abc import Callable

import pytest

from knowledge.sources.addresses import Policy, parse_url
from knowledge.sources.errors import FetchFailed, HostUnavailable, UnsafeAddress
from knowledge.sources.fetching import Fetcher, Limits
from tests.knowledge.sources.sites import (
    AGENT,
    LOOPBACK,
    QUICK,
    Handler,
    Reply,
    Resolver,
    Site,
    html,
    page,
    redirect,
    send,
    status,
)

SECRET = "internal: the keys"


def test_a_page_comes_with_what_it_is_asked_with() -> None:
    with Site({"/a?b=%C5%A1": page("Text.", ETag='"1"')}) as site:
        answer = site.get("/a?b=%C5%A1", headers={"If-None-Match": '"0"'})
        headers = site.requests[0].headers
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, html("Text."), '"1"')
    assert headers["host"] == f"site.example:{site.port}"
    assert headers["user-agent"] == AGENT
    assert headers["if-none-match"] == '"0"'
    assert headers["accept-encoding"] == "gzip"
    assert not {"cookie", "referer", "authorization", "accept-language"} & set(headers)


# ---- where it leads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    "127.0.0.2 10.0.0.7 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 0.0.0.0 ::1 ::ffff:127.0.0.1 fe80::1 fd00::1 "
    "64:ff9b::7f00:1 2002:7f00:1::".split(),
)
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(address: str) -> None:
    fetcher = Fetcher(AGENT, limits=QUICK, resolve=Resolver([(address,)]))
    with pytest.raises(UnsafeAddress, match="not a public address"):
        fetcher.get(parse_url("http://innocent.example/"), {}, lambda target: None)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with Site({"/": page(SECRET)}) as site:
        resolver = Resolver([("8.8.8.8", "10.0.0.1", "1.1.1.1")])
        with pytest.raises(UnsafeAddress, match="leads to 10.0.0.1"):
            site.fetcher(resolve=resolver).get(site.target("/"), {}, lambda target: None)
        assert site.requests == []


def test_a_name_is_resolved_once_so_that_a_second_answer_changes_nothing() -> None:
    """Rebinding: a check on the first answer and a connection to the second."""
    with Site({"/": page("Public.")}) as site:
        resolver = Resolver([("127.0.0.1",), ("169.254.169.254",)])
        answer = site.fetcher(resolve=resolver).get(site.target("/"), {}, lambda target: None)
    assert b"Public." in answer.body
    assert resolver.asked == ["site.example"]


def test_each_hop_is_resolved_and_checked_anew() -> None:
    with Site() as site:
        site.replies = {"/": redirect(site.url("/inside")), "/inside": page(SECRET)}
        resolver = Resolver([("127.0.0.1",), ("169.254.169.254",)])
        with pytest.raises(UnsafeAddress, match="leads to 169.254.169.254"):
            site.fetcher(resolve=resolver).get(site.target("/"), {}, lambda target: None)
        assert site.paths == ["/"]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with Site({"/": page("Here.")}) as site:
        policy = Policy(frozenset({LOOPBACK, *Resolver([("127.0.0.9",)])("")}), frozenset({site.port}))
        fetcher = Fetcher(AGENT, policy=policy, limits=QUICK, resolve=Resolver([("127.0.0.9", "127.0.0.1")]))
        assert fetcher.get(site.target("/"), {}, lambda target: None).status == 200


def test_a_port_that_is_not_for_web_pages_is_not_connected_to() -> None:
    with Site({"/": page(SECRET)}) as site:
        fetcher = Fetcher(AGENT, policy=Policy(allow=frozenset({LOOPBACK})), resolve=Resolver([("127.0.0.1",)]))
        with pytest.raises(UnsafeAddress, match=f"port {site.port} is not used"):
            fetcher.get(site.target("/"), {}, lambda target: None)
        assert site.requests == []


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_no_proxy_of_the_environment_is_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site({"/": page("Direct.")}) as site, Site(host="proxy.example") as other:
        monkeypatch.setenv(proxy, f"http://127.0.0.1:{other.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert b"Direct." in site.get("/").body
        assert other.requests == []


def test_no_certificates_of_the_environment_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    assert Fetcher(AGENT)._trust.get_ca_certs()


def test_a_cookie_is_not_kept() -> None:
    with Site({"/": send(302, b"", Location="/b", Set_Cookie="a=1"), "/b": page("Text.")}) as site:
        fetcher = site.fetcher()
        for _ in range(2):
            fetcher.get(site.target("/"), {}, lambda target: None)
        assert all("cookie" not in request.headers for request in site.requests)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/admin",
        "http://[::1]/admin",
        "http://2130706433/",
        "http://localhost/",
        "file:///etc/passwd",
        "ftp://site.example/a",
        "gopher://site.example/_x",
        "javascript:alert(1)",
        "//user:secret@site.example/",
        "/\\127.0.0.1/",
        "http://site.example:22/",
        "http://site.example./",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(location: str) -> None:
    with Site({"/": redirect(location)}) as site:
        with pytest.raises(UnsafeAddress):
            site.get("/")
        assert site.paths == ["/"]


def test_redirects_are_followed_five_times_and_not_in_circles() -> None:
    replies: dict[str, Reply] = {f"/{n}": redirect(f"/{n + 1}", 301) for n in range(6)}
    replies |= {"/6": page("The end."), "/round": redirect("/about"), "/about": redirect("/round")}
    with Site(replies) as site:
        answer = site.get("/1", headers={"If-None-Match": '"of the first"'})
        assert (answer.target.path, answer.moved_for_good) == ("/6", True)
        assert [r.headers.get("if-none-match") for r in site.requests] == ['"of the first"', *[None] * 5]
        with pytest.raises(FetchFailed, match="more than 5 times"):
            site.get("/0")
        with pytest.raises(FetchFailed, match="in a circle"):
            site.get("/round")


def test_a_redirect_for_now_is_no_move() -> None:
    with Site({"/": redirect("/b", 302), "/b": redirect("/c", 301), "/c": page("Text.")}) as site:
        assert not site.get("/").moved_for_good


def test_a_redirect_without_a_place_is_a_failure() -> None:
    with Site({"/": status(302)}) as site, pytest.raises(FetchFailed, match="without saying where"):
        site.get("/")


def test_every_hop_is_asked_for_permission() -> None:
    asked: list[str] = []
    with Site({"/": redirect("/b"), "/b": page("Text.")}) as site:
        site.fetcher().get(site.target("/"), {}, lambda target: asked.append(target.path))
    assert asked == ["/", "/b"]


# ---- how much and how long ---------------------------------------------------------------------------------------


def raw(*pieces: bytes, pause: float = 0, times: int = 1) -> Reply:
    """Bytes straight onto the wire, the last piece again and again."""

    def reply(handler: Handler) -> None:
        handler.close_connection = True
        for piece in pieces[:-1]:
            handler.wfile.write(piece)
        for _ in range(times):
            handler.wfile.write(pieces[-1])
            handler.wfile.flush()
            time.sleep(pause)

    return reply


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ENDLESS = 10_000

TOO_MUCH: dict[str, tuple[Reply, str]] = {
    "an endless body": (raw(HEAD + b"\r\n", b"a" * 60_000, times=ENDLESS), "larger than 2 MB"),
    "endless chunks": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"2000\r\n" + b"a" * 8192 + b"\r\n", times=ENDLESS),
        "larger than 2 MB",
    ),
    "a length that is announced": (send(200, b"a" * 2_500_000, Content_Type="text/html"), "larger than 2 MB"),
    "a drip": (raw(HEAD + b"\r\n", b"a", pause=0.1, times=ENDLESS), "longer than 2 seconds"),
    "a drip of headers": (raw(HEAD, b"X-A: b\r\n", pause=0.1, times=ENDLESS), "longer than 2 seconds"),
    "a drip of one header": (raw(HEAD + b"X-A: ", b"b", pause=0.1, times=ENDLESS), "longer than 2 seconds"),
    "nothing": (raw(b"", pause=3), "nothing came for 0.5 seconds"),
    "nothing after the headers": (raw(HEAD + b"Content-Length: 5\r\n\r\n", b"", pause=3), "nothing came for 0.5"),
    "huge headers": (raw(HEAD, b"X-A: " + b"b" * 1000 + b"\r\n", times=ENDLESS), "not sent as HTTP"),
    "one huge header": (raw(HEAD + b"X-A: ", b"b" * 10_000, times=ENDLESS), "not sent as HTTP"),
    "interim answers without end": (raw(b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.1, times=ENDLESS), "longer than 2"),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9.0\r\n"), "not sent as HTTP"),
    "two lengths": (raw(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), "not sent as HTTP"),
    "less than announced": (raw(HEAD + b"Content-Length: 50\r\n\r\nabc"), "not sent as HTTP"),
    "a broken connection": (raw(b""), "not sent as HTTP"),
}


@pytest.mark.parametrize(("reply", "reason"), TOO_MUCH.values(), ids=list(TOO_MUCH))
def test_what_does_not_end_is_ended(reply: Reply, reason: str) -> None:
    with Site({"/": reply}) as site:
        began = time.monotonic()
        with pytest.raises(FetchFailed, match=reason):
            site.get("/")
        assert time.monotonic() - began < 10


def test_the_time_limit_holds_over_all_redirects_but_not_for_what_is_waited_out_of_politeness() -> None:
    def slowly(then: Reply) -> Reply:
        def reply(handler: Handler) -> None:
            time.sleep(0.4)
            then(handler)

        return reply

    replies = {f"/{n}": slowly(redirect(f"/{n + 1}")) for n in range(4)} | {"/4": slowly(page("Text."))}
    limits = Limits(idle_seconds=2, total_seconds=1)
    with Site(replies) as site:
        with pytest.raises(FetchFailed, match="longer than 1 seconds"):
            site.get("/0", limits)
        waiting: Callable[[object], None] = lambda target: time.sleep(1.2)  # noqa: E731
        assert site.fetcher(limits).get(site.target("/4"), {}, waiting).status == 200


def packed(body: bytes, encoding: str = "gzip") -> Reply:
    return send(200, body, Content_Type="text/html", Content_Encoding=encoding)


def test_a_packed_page_is_unpacked() -> None:
    body = html("Text. " * 50_000)
    two = gzip.compress(body[:1000]) + gzip.compress(body[1000:])
    with Site({"/": packed(gzip.compress(body)), "/two": packed(two), "/plain": packed(body, "identity")}) as site:
        assert site.get("/").body == body
        assert site.get("/two").body == body
        assert site.get("/plain").body == body


BOMBS: dict[str, tuple[Reply, str]] = {
    "a bomb": (packed(gzip.compress(b"\0" * 50_000_000, 9)), "times its size|more than 4 MB"),
    "a bomb in pieces": (packed(gzip.compress(b"\0" * 90_000, 9) * 60), "times its size|more than 4 MB"),
    "a bomb in a bomb": (packed(gzip.compress(gzip.compress(b"\0" * 90_000_000)), "gzip, gzip"), "not asked for"),
    "unpacks to too much": (packed(gzip.compress(os.urandom(1_900_000) + b"a" * 3_000_000)), "more than 4 MB"),
    "another packing": (packed(b"\x1b\x00", "br"), "packed as 'br'"),
    "a packing without a name": (packed(zlib.compress(b"text"), "deflate"), "packed as 'deflate'"),
    "damaged": (packed(gzip.compress(b"text" * 1000)[:20] + b"\xff" * 50), "cannot be unpacked"),
    "cut off": (packed(gzip.compress(os.urandom(5000))[:3000]), "breaks off"),
    "no packing at all": (packed(b"<html>"), "cannot be unpacked"),
    "rubbish after it": (packed(gzip.compress(b"text") + b"rubbish"), "cannot be unpacked"),
}


@pytest.mark.parametrize(("reply", "reason"), BOMBS.values(), ids=list(BOMBS))
def test_what_is_packed_to_harm_is_refused(reply: Reply, reason: str) -> None:
    with Site({"/": reply}) as site, pytest.raises(FetchFailed, match=reason):
        site.get("/")


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 262_144 + 258])
def test_no_byte_is_lost_at_the_steps_of_unpacking(size: int) -> None:
    body = b"a" * size
    with Site({"/": packed(gzip.compress(body))}) as site:
        assert site.get("/").body == body


@pytest.mark.parametrize("code", [204, 206, 304, 403, 404, 410, 429, 500, 503])
def test_the_body_of_an_answer_that_is_no_page_is_not_read(code: int) -> None:
    with Site({"/": status(code, Retry_After="60")}) as site:
        answer = site.get("/")
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (code, b"", "60")


def test_a_host_that_is_not_there_is_told_apart_from_a_page_that_is_not() -> None:
    with Site() as site:
        port = site.port
    fetcher = Fetcher(AGENT, policy=site.policy, limits=QUICK, resolve=Resolver([("127.0.0.1",)]))
    with pytest.raises(HostUnavailable, match="cannot be reached: Connection refused"):
        fetcher.get(parse_url(f"http://site.example:{port}/"), {}, lambda target: None)

    def unknown(host: str) -> tuple[()]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(HostUnavailable, match="site.example cannot be resolved: Name or service not known"):
        Fetcher(AGENT, limits=QUICK, resolve=unknown).get(parse_url("http://site.example/"), {}, lambda target: None)

    def hangs(host: str) -> tuple[()]:
        time.sleep(5)
        return ()

    quick = Limits(connect_seconds=0.2)
    with pytest.raises(HostUnavailable, match="not resolved in time"):
        Fetcher(AGENT, limits=quick, resolve=hangs).get(parse_url("http://site.example/"), {}, lambda target: None)

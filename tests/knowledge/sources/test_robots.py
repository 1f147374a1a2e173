"""What robots.txt asks for, read as RFC 9309 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sources.robots import MOST_BYTES, parse
from tests.knowledge.patience import patience


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        ("", ["/", "/a"], []),
        ("User-agent: *\nDisallow:", ["/", "/a"], []),
        ("User-agent: *\nDisallow: /", [], ["/", "/a?b"]),
        ("User-agent: *\nDisallow: /a", ["/", "/b"], ["/a", "/ab", "/a/b", "/a?b"]),
        ("User-agent: *\nDisallow: /a/\nAllow: /a/b", ["/a", "/a/b", "/a/bc"], ["/a/", "/a/c"]),
        ("User-agent: *\nAllow: /a\nDisallow: /a", ["/a"], []),
        ("User-agent: *\nDisallow: /*.pdf$", ["/a.pdf?x", "/a.pdfs"], ["/a.pdf", "/b/c.pdf"]),
        ("User-agent: *\nDisallow: /*?*sort=", ["/?a", "/sort="], ["/?sort=1", "/a?b&sort=c"]),
        ("User-agent: *\nDisallow: /a*b*c$", ["/abd", "/abcd"], ["/abc", "/aXbYc", "/abcbc"]),
        ("User-agent: *\nDisallow: *private", ["/"], ["/private", "/a/private/b"]),
        ("User-agent: *\nDisallow: /a$b", ["/a"], ["/a$b"]),
        ("User-agent: *\nDisallow: /%7ea\nDisallow: /š", ["/a"], ["/~a", "/%7Ea", "/%C5%A1", "/%c5%a1"]),
        ("User-agent: other\nDisallow: /", ["/"], []),
        ("User-agent: MigrationDesk\nDisallow: /a\n\nUser-agent: *\nDisallow: /", ["/b"], ["/a"]),
        ("User-agent: migrationdesk/2.0\nDisallow: /a", ["/b"], ["/a"]),
        ("User-agent: MigrationDeskX\nDisallow: /", ["/"], []),
        ("User-agent: a\nUser-agent: migrationdesk\nUser-agent: b\nDisallow: /a", ["/b"], ["/a"]),
        ("User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /b", ["/c"], ["/a", "/b"]),
        ("User-agent: *\nCrawl-delay: 3\nUser-agent: x\nDisallow: /", ["/"], []),
        ("User-agent: *\nSitemap: http://x/\nDisallow: /a", ["/b"], ["/a"]),
        ("Disallow: /", ["/"], []),
        ("\ufeffuser-AGENT : * # all\r\ndisallow : /a # not this\rDisallow: /b", ["/c"], ["/a", "/b"]),
        ("<html>\nUser-agent\n: /\nnonsense: x", ["/"], []),
    ],
)
def test_the_longest_rule_that_fits_decides(text: str, allowed: list[str], refused: list[str]) -> None:
    rules = parse(text.encode())
    assert {path: rules.allow(path) for path in allowed + refused} == {
        **dict.fromkeys(allowed, True),
        **dict.fromkeys(refused, False),
    }


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 86400", 30),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -1", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: other\nCrawl-delay: 5", 0),
        ("User-agent: MigrationDesk\nCrawl-delay: 1\nUser-agent: *\nCrawl-delay: 9", 1),
    ],
)
def test_the_wait_between_two_pages_is_kept_up_to_half_a_minute(text: str, delay: float) -> None:
    assert parse(text.encode()).delay == delay


def test_a_huge_or_slow_file_is_read_in_time() -> None:
    stars = "User-agent: *\n" + f"Disallow: /{'*a' * 200}b\n" * 1200
    with patience():
        assert parse(stars.encode()).allow("/" + "a" * 2000)
        assert parse(b"\xff" * 2_000_000).allow("/")
        assert parse(b"User-agent: *\n" + b"#" * MOST_BYTES + b"\nDisallow: /").allow("/")


@given(st.binary(max_size=300), st.text(alphabet="/ab*$%7e?", max_size=20))
def test_nothing_in_it_is_an_error(raw: bytes, path: str) -> None:
    parse(raw).allow("/" + path)
    parse(b"User-agent: *\nDisallow: " + raw).allow("/" + path)

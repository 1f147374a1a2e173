"""After signing in a reader is led to a page of ours, whatever the address says."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.web.entry.returning import way_back

HERE = "https://desk.example.org/sign-in"


@pytest.mark.parametrize("path", ["/", "/library", "/library?q=a%20b&lang=sr", "/admin/gaps", "/conversations/1#quote"])
def test_a_page_of_ours_is_led_back_to(path: str) -> None:
    assert way_back(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        *(
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil",
        ),
        *(
            "javascript:alert(1)",
            "evil.example",
            "?x",
            "",
            " /library",
            "/a\r\nSet-Cookie: x=y",
            "http:/library",
            "/\x00",
        ),
        *("/sign-in?next=/", "/sign-out", "/invitation/inv_x", "/api/v1/me", "/" + "a" * 2001, "/ü", None),
    ],
)
def test_everything_else_leads_to_the_first_page(elsewhere: str | None) -> None:
    assert way_back(elsewhere) == "/"


@given(st.one_of(st.text(), st.from_regex(r"[/\\\t\n\r .a:@?#%-]{0,12}(evil\.example)?[/\\a]*", fullmatch=True)))
def test_no_text_leads_to_another_site(text: str) -> None:
    back = way_back(text)
    assert back.startswith("/")
    # As browsers do, which drop tabs and line ends and take a backslash for a slash.
    seen = urljoin(HERE, back.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/"))
    assert urlsplit(seen).netloc == "desk.example.org"

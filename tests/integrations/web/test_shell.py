"""What stands around every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.conversations.store import open_conversations
from integrations.server import create_app
from integrations.web.identity import NOBODY, Asker
from integrations.web.languages import Language
from integrations.web.markup import Markup, element, web_link
from integrations.web.shell import Shell, page
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import serving, unhurried
from tests.integrations.web.reading import address_of, page_at, words

ENGLISH = Language("en")


def shown(shell: Shell, **more: object) -> LexborHTMLParser:
    response = page(shell, title="Title", body=[element("p", {}, "Body")], **more)  # type: ignore[arg-type]
    return LexborHTMLParser(bytes(response.body).decode())


def links_of(asker: Asker, path: str = "/") -> dict[str, str | None]:
    found = shown(Shell("", path, ENGLISH, asker)).css("header nav a")
    return {address_of(link): link.attributes.get("aria-current") for link in found}


def test_a_visitor_finds_everything_that_is_open_to_them() -> None:
    visitor = Asker("visitor:1")
    assert links_of(visitor) == {"/": "page", "/history": None, "/library": None}
    assert links_of(visitor, "/library/marri") == {"/": None, "/history": None, "/library": "true"}
    assert links_of(visitor, "/conversations/x") == {"/": None, "/history": "true", "/library": None}
    assert links_of(Asker("web:1", "staff", "Ana", "1", is_operator=True), "/admin")["/admin"] == "page"


def test_nobody_is_led_nowhere_but_to_the_sign_in() -> None:
    assert links_of(NOBODY) == {}
    who = shown(Shell("", "/privacy", ENGLISH, NOBODY)).css_first(".who")
    assert who is not None and address_of(who.css_first("a:not([hreflang])")) == "/sign-in?next=/privacy"


def test_who_is_signed_in_sees_their_name_what_they_read_as_and_a_way_out() -> None:
    asker = Asker("web:1", "partner:nepal", "Sita <b>Rai</b>", "1")
    account = shown(Shell("/desk", "/", ENGLISH, asker)).css_first(".account")
    assert account is not None
    assert words(account.css_first("summary")) == "Sita <b>Rai</b>"
    assert "You read as: partner delegation (nepal)" in words(account)
    form = account.css_first("form")
    assert form is not None and form.attributes == {"method": "post", "action": "/desk/sign-out"}


def test_the_way_back_from_the_sign_in_is_a_path_of_the_desk() -> None:
    def back(path: str, **more: object) -> str:
        found = shown(Shell("", path, ENGLISH, Asker("visitor:1")), **more).css(".who a:not([hreflang])")
        return address_of(found[0])

    assert back("/library/a b&c") == "/sign-in?next=/library/a%20b%26c"
    assert back("/sign-in") == "/sign-in"
    assert back("/library/none", status=404) == "/sign-in"
    assert back("/ask", at="/conversations/1") == "/sign-in?next=/conversations/1"


def test_the_language_links_of_a_form_s_page_lead_to_where_it_can_be_opened_again() -> None:
    shell = Shell("/desk", "/ask", ENGLISH, Asker("visitor:1"), query=(("q", "x"),))
    links = shown(shell, at="/conversations/1").css("details.languages li a")
    assert address_of(links[1]) == "/desk/conversations/1?lang=sq"


def test_data_for_the_script_cannot_end_its_element_and_text_is_never_markup() -> None:
    nasty = "</script><script>alert(1)</script><!--"
    parsed = shown(Shell("", "/", ENGLISH, Asker("visitor:1", name=nasty)), data={"messages": {"a": nasty}})
    scripts = parsed.css("script")
    assert [script.attributes.get("type") for script in scripts] == ["application/json"]
    assert nasty.replace("<", "\\u003c") in scripts[0].text()


def test_a_page_loads_nothing_but_files_of_its_own_and_has_no_script_or_style_in_it(site: str) -> None:
    parsed = page_at(f"{site}/library")
    loaded = [node.attributes.get("href") or node.attributes.get("src") or "" for node in parsed.css("link, script")]
    assert loaded and all(address.startswith("/static/") for address in loaded)
    assert parsed.css("[style], style, [onclick]") == []
    for address in loaded:
        assert httpx.get(f"{site}{address}").status_code == 200


def test_only_web_addresses_are_links_and_empty_elements_have_no_end() -> None:
    for address in (None, "", "javascript:alert(1)", "//x.example", "http://[", "ftp://x.example", "http:///x"):
        assert web_link(address) is None
    assert web_link("https://x.example/?a=1&b=2") == Markup(
        '<a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">Original at x.example</a>'
    )
    assert element("input", {"required": True, "hidden": False, "value": 'a"b', "lang": None}) == (
        '<input required value="a&quot;b">'
    )


@contextmanager
def closed_desk(base: Path, desk_on: DeskOn, folder: Path) -> Iterator[str]:
    application = create_app(desk_on(base), unhurried(), open_conversations(folder))
    application.state.accounts.close_desk("Wir ziehen um <b>heute</b>", "tester")
    with serving(application) as address:
        yield address


def test_everybody_is_told_why_the_desk_is_closed_and_can_read_on(
    small_copy: Path, desk_on: DeskOn, tmp_path: Path
) -> None:
    with closed_desk(small_copy, desk_on, tmp_path) as address:
        for path, language in (("/", "en"), ("/library", "sq"), ("/history", "ar")):
            told = page_at(f"{address}{path}?lang={language}").css_first("main > .closed")
            assert "Wir ziehen um <b>heute</b>" in words(told)
        asked = httpx.post(
            f"{address}/ask",
            data={"question": "Is it open?"},
            headers={"Origin": address, "Accept": "text/html"},
        )
        assert asked.status_code == 503 and "Wir ziehen um" in asked.text


@pytest.mark.parametrize("language", ["en", "ur"])
def test_an_open_desk_says_nothing_of_it(site: str, language: str) -> None:
    assert page_at(f"{site}/library?lang={language}").css(".closed") == []

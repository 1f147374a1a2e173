"""Asking, reading on and erasing in a browser that runs no script; and every page by the rules of axe-core."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.integrations.conftest import QUESTION, UNANSWERABLE
from tests.integrations.web.answers.conftest import Place, Reader
from tests.integrations.web.desk.browsing import DESKTOP, NARROW, PHONE, SIZES, chromium
from tests.integrations.web.scriptless import is_wider_than_the_window, opened

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@SIZES
def test_a_reader_without_scripts_asks_checks_a_sentence_goes_on_and_erases_it(
    browser: Browser, place: Place, size: tuple[int, int]
) -> None:
    with opened(browser, size) as page:
        page.goto(place.address)
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("article")).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
        assert not is_wider_than_the_window(page)
        page.get_by_role("link", name="Source 1").last.click()
        expect(page.locator("mark#quote")).to_be_in_viewport()
        page.get_by_role("navigation").get_by_role("link", name="History").click()
        page.get_by_role("link", name=QUESTION, exact=True).click()
        page.get_by_label("Ask a follow-up question").fill(UNANSWERABLE)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("article").last).to_contain_text("Not in the documents")
        page.get_by_text("What do the sources say?").first.click() if page.locator("details.more").count() else None
        page.get_by_role("article").first.get_by_role("button", name="Yes", exact=True).click()
        expect(page.get_by_role("article").first).to_contain_text("Thank you, noted.")
        page.get_by_role("link", name="Erase this conversation").click()
        page.get_by_role("button", name="Erase it").click()
        expect(page.get_by_text("You have not asked anything yet.")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, place: Place, language: str) -> None:
    reader = Reader(place.address)
    conversation, answer = reader.ask(f"{QUESTION} {'x' * 200}")
    with opened(browser, NARROW, language) as page:
        let_in(page, reader)
        for path in (f"/conversations/{conversation}", "/history", f"/conversations/{conversation}/erase"):
            page.goto(place.address + path)
            assert not is_wider_than_the_window(page), path


@pytest.mark.parametrize(("scheme", "size", "language"), [("light", PHONE, "en"), ("dark", DESKTOP, "ur")])
def test_no_rule_of_accessibility_is_broken_on_any_page(
    browser: Browser, place: Place, scheme: Any, size: tuple[int, int], language: str
) -> None:
    reader = Reader(place.address)
    conversation, answer = reader.ask(QUESTION)
    reader.ask(UNANSWERABLE, conversation=conversation)
    reader.post(f"/answers/{answer}/share")
    shared = place.accounts.share(answer, "tester")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale=language, reduced_motion="reduce"
    )
    page = context.new_page()
    # axe-core is a script; those of the page stay away, so that what the server made is looked at.
    context.route("**/*.js", lambda route: route.abort())
    let_in(page, reader)
    for path in (
        f"/conversations/{conversation}",
        f"/conversations/{conversation}/erase",
        "/history",
        f"/shared/{shared}",
        "/library",
        "/library?q=readmission+agreement",
        "/library/marri?version=1&from=300&to=420#quote",
        "/library/none",
    ):
        page.goto(place.address + path)
        page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach(folded => { folded.open = true })")
        assert violations(page) == [], path
    context.close()


def let_in(page: Page, reader: Reader) -> None:
    page.context.add_cookies(
        [{"name": "__Host-visitor", "value": reader.token, "domain": "127.0.0.1", "path": "/", "secure": True}]
    )


def violations(page: Page) -> list[Any]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:4], rule["nodes"][0]["failureSummary"])
        for rule in found.response["violations"]
    ]

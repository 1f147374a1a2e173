"""What a reader does with an answer: copy it, pass it on, say what is wrong with it, ask a person, ask on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from knowledge.embedding import Embedder
from tests.fakes import ModelServer, lines
from tests.integrations.conftest import QUESTION, UNANSWERABLE, DeskOn
from tests.integrations.servers import serving_desk, serving_with
from tests.integrations.web.desk.browsing import Watched, watching

TITLE = "PRESS RELEASE - Comprehensive Migration Governance in the Western Balkans"
DIFFERING = "What is MARRI and when was it founded?"
COPIED = """async () => { const [item] = await navigator.clipboard.read();
  const read = async (type) => (await item.getType(type)).text();
  return [await read('text/plain'), await read('text/html')] }"""


def test_an_answer_is_copied_with_its_numbered_sources_as_plain_and_as_rich_text(browser: Browser, site: str) -> None:
    with watching(browser, permissions=["clipboard-read", "clipboard-write"]) as watched:
        watched.open(site)
        watched.ask(QUESTION)
        watched.tool("Copy").click()
        expect(watched.said).to_contain_text("Copied")
        plain, rich = watched.page.evaluate(COPIED)
    assert plain.startswith(f"{QUESTION}\n\n")
    assert "delegations from the Western Balkans. [1]" in plain
    assert f"\n[1] {TITLE}" in plain
    assert "International Organization for Migration (IOM), June 2024\n    https://albania.iom.int/" in plain
    assert '<a href="https://albania.iom.int/' in rich
    assert "<button" not in rich


def test_an_answer_is_shared_by_a_link_that_says_for_whom_it_is_and_can_be_withdrawn(
    browser: Browser, site: str
) -> None:
    with watching(browser, permissions=["clipboard-read", "clipboard-write"]) as watched:
        watched.open(site)
        watched.ask(QUESTION)
        watched.tool("Share").click()
        link = watched.last.get_by_label("Link to this answer")
        expect(link).to_be_visible()
        expect(watched.last).to_contain_text("people who may read the same documents")
        assert watched.page.evaluate("navigator.clipboard.readText()") == link.input_value()
        assert "/shared/" in link.input_value()
        watched.tool("Withdraw the link").click()
        expect(link).to_be_hidden()
        expect(watched.said).to_contain_text("no longer opens")


def test_an_answer_is_exported_by_links_that_the_keyboard_reaches(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    menu = watched.last.locator("summary", has_text="Export")
    menu.press("Enter")
    links = watched.last.locator(".menu a")
    answer = watched.last.get_attribute("data-answer")
    assert links.evaluate_all("all => all.map(e => e.getAttribute('href'))") == [
        f"/api/v1/answers/{answer}/briefing.docx",
        f"/api/v1/answers/{answer}/briefing.pdf",
    ]
    watched.page.keyboard.press("Escape")
    expect(links.first).to_be_hidden()
    expect(menu).to_be_focused()


def test_feedback_goes_to_the_desk_with_a_reason_and_words(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    watched.tool("No").click()
    watched.last.get_by_label("The source does not say this").check()
    watched.last.get_by_label("In your words (optional)").fill("Pakistan was not there.")
    with watched.page.expect_response("**/feedback") as sent:
        watched.tool("Send").click()
    assert sent.value.ok
    told = sent.value.request.post_data_json
    assert told == {"helpful": False, "reason": "citation", "comment": "Pakistan was not there."}
    expect(watched.last.locator(".feedback")).to_have_text("Thank you, noted.")
    assert watched.last.locator("form").count() == 0


def test_what_the_documents_do_not_answer_can_be_asked_of_a_person(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(UNANSWERABLE)
    watched.tool("Ask a person").click()
    expect(watched.last.get_by_label("What is missing")).to_be_focused()
    watched.last.get_by_label("What is missing").fill("For the meeting in May.")
    with watched.page.expect_response("**/escalation") as sent:
        watched.tool("Send").click()
    assert sent.value.ok
    assert sent.value.request.post_data_json == {"note": "For the meeting in May."}
    expect(watched.last).to_contain_text("Your question is with the experts.")


def test_where_something_cannot_be_done_it_is_said_why(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    refusal = {"error": {"code": "not_found", "message": "No.", "reference": None}}
    watched.page.route("**/share", lambda route: route.fulfill(status=404, json=refusal))
    watched.tool("Share").click()
    expect(watched.last).to_contain_text("This is no longer there, or you may not open it.")
    assert [complaint for complaint in watched.complaints if "404" not in complaint] == []
    watched.complaints.clear()  # the browser itself notes the 404


def test_a_conversation_is_still_there_after_loading_the_page_again_and_goes_on(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    watched.tool("Yes").click()
    expect(watched.last.locator(".feedback")).to_have_text("Thank you, noted.")
    said = watched.last.locator(".answer").inner_text()
    watched.page.reload()
    expect(watched.articles).to_have_count(1)
    expect(watched.tool("Copy")).to_be_visible()  # the script has taken over
    assert watched.last.locator(".next button").count() > 0
    assert watched.last.locator(".answer").inner_text() == said
    expect(watched.last.locator(".feedback")).to_have_text("Thank you, noted.")
    watched.citations.first.click()
    watched.marked()
    watched.page.keyboard.press("Escape")
    watched.ask("And in Belgrade?")
    assert watched.articles.count() == 2
    expect(watched.last).to_contain_text("Belgrade")


def test_where_sources_differ_a_table_shows_who_says_what_and_when(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(DIFFERING)
    toggle = watched.tool("What do the sources say?")
    toggle.click()
    rows = watched.last.locator(".positions tbody tr:has(td)")
    assert rows.count() > 1
    assert watched.last.locator(".positions time").count() + rows.get_by_text("undated").count() == rows.count()
    expect(watched.last.locator(".answer")).to_be_hidden()
    watched.last.locator(".positions a.citation").first.click()
    expect(watched.panel).to_be_visible()
    watched.page.keyboard.press("Escape")
    watched.tool("Back to the answer").click()
    expect(watched.last.locator(".answer")).to_be_visible()
    expect(watched.last.locator(".positions")).to_be_hidden()


def finished(change: Any) -> Any:
    """A route that changes the answer of the stream's last event."""

    def handle(route: Route) -> None:
        response = route.fetch()
        head, _, rest = response.text().partition("event: finished")
        before, _, after = rest.partition("data: ")
        data, newline, end = after.partition("\n")
        told = json.loads(data)
        change(told)
        route.fulfill(response=response, body=f"{head}event: finished{before}data: {json.dumps(told)}{newline}{end}")

    return handle


def test_a_question_back_and_what_is_near_are_asked_by_one_click(watched: Watched, site: str) -> None:
    """Both endings at once, which no question to this small library brings about."""

    def ask_back(told: dict[str, Any]) -> None:
        told["answer"] |= {"outcome": "NEEDS_CLARIFICATION", "sentences": [], "sources": [], "text": "Which meeting?"}
        told["answer"] |= {"choices": [QUESTION, "Who opened the meeting in Belgrade?"], "nearby": ["MARRI"]}

    watched.open(site)
    watched.page.route("**/api/v1/chat", finished(ask_back))
    watched.ask("Which meeting was it?")
    expect(watched.last.locator(".outcome")).to_have_text("A question back")
    expect(watched.last.locator(".nearby").get_by_role("button")).to_be_visible()
    watched.page.unroute("**/api/v1/chat")
    watched.last.get_by_role("button", name=QUESTION).click()
    expect(watched.articles).to_have_count(2)
    watched.wait()
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")


@pytest.fixture(scope="module")
def translating(base: Path, embedder: Embedder) -> Iterator[str]:
    """A desk with a model that says one sentence, which also stands for its translation."""
    said = lines("The RGRS met in Tirana, Albania, on 4 and 5 June 2024. [1]")
    with ModelServer(said) as model, serving_with(model, base, embedder) as site:
        yield site


def test_a_quote_in_another_language_is_translated_on_demand_and_marked_as_a_machines(
    browser: Browser, translating: str
) -> None:
    with watching(browser, locale="sq-AL") as watched:
        watched.open(translating)
        watched.ask(QUESTION)
        reply = {"text": "RGRS u mblodh në Tiranë.", "model": "stand-in"}
        watched.page.route("**/translation", lambda route: route.fulfill(json=reply))
        watched.citations.first.click()
        quoted = watched.marked()
        with watched.page.expect_request("**/translation") as sent:
            watched.panel.get_by_role("button", name="Përkthe fjalët e cituara").click()
        assert set(sent.value.post_data_json or {}) == {"passage_id", "start", "language"}
        expect(watched.panel.locator(".translation")).to_contain_text("RGRS u mblodh në Tiranë.")
        expect(watched.panel.locator(".translation")).to_contain_text("Përkthim automatik, nga stand-in")
        assert watched.marked() == quoted


def test_a_quote_in_the_readers_own_language_is_not_offered_for_translation(
    browser: Browser, translating: str, base: Path, desk_on: DeskOn
) -> None:
    with watching(browser, locale="en-GB") as watched:
        watched.open(translating)
        watched.ask(QUESTION)
        watched.citations.first.click()
        watched.marked()
        assert watched.panel.locator(".translation").count() == 0
    with serving_desk(desk_on(base)) as without_model, watching(browser, locale="sq-AL") as watched:
        watched.open(without_model)
        watched.ask(QUESTION)
        watched.citations.first.click()
        watched.marked()
        assert watched.panel.locator(".translation").count() == 0

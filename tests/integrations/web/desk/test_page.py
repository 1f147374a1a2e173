"""A question on the page, its answer and the document behind it, in a real browser against the real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from tests.fakes import ModelServer, stalls
from tests.integrations.conftest import QUESTION, UNANSWERABLE, DeskOn
from tests.integrations.servers import serving_desk, serving_with
from tests.integrations.web.desk.browsing import PHONE, SIZES, Watched

HOSTILE = '<img src=x onerror="window.hit = 1"><script>window.hit = 2</script>'
HOSTILE_NAME = "notes & <b>letters</b>/Pristina #1?.txt"
HOSTILE_TEXT = (
    f"😀 Letters <i>of</i> \U0001d4d0 the Vlasina office 😀\n\nThe weather station on Vlasina is open in winter.\n\n"
    f"The office on Lake Vlasina sends {HOSTILE} with every single letter 😀 it writes to the ministry.\n"
)
HOSTILE_QUESTION = "What does the office on Lake Vlasina send with every single letter to the ministry?"
SAID = "The RGRS met in Tirana, Albania, on 4 and 5 June 2024. [1]"
FOCUS = """() => { const e = document.activeElement, panel = document.querySelector('dialog');
  return panel.contains(e) ? e.id || e.tagName : e === document.body ? 'nowhere' : 'behind' }"""


@SIZES
def test_a_question_is_answered_with_citations_that_open_the_document_at_the_quoted_words(
    watched: Watched, site: str, size: tuple[int, int]
) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    expect(watched.last.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    expect(watched.last.locator(".outcome")).to_have_text("1 source · Newest source: June 2024")
    expect(watched.last.locator(".sources > li")).to_contain_text("PRESS RELEASE")
    expect(watched.said).to_contain_text("Bangladesh, Nepal and Pakistan")
    sentences = watched.last.locator(".sentence")
    assert sentences.count() == watched.citations.count() > 1
    assert watched.citations.all_inner_texts() == ["1"] * sentences.count()

    citation = watched.citations.last
    quoted = sentences.last.inner_text().strip().removesuffix("1").strip()
    citation.click()
    expect(watched.panel).to_be_visible()
    expect(watched.panel.get_by_role("heading", level=2)).to_contain_text("PRESS RELEASE")
    expect(watched.panel).to_contain_text("June 2024")
    expect(watched.panel).to_contain_text("version 1")
    assert watched.marked() == quoted
    assert watched.panel.locator("mark").first.evaluate(
        "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"
    ), "the quoted words have to be looked for"
    link = watched.panel.get_by_role("link").first
    assert (link.get_attribute("href") or "").startswith("https://albania.iom.int/")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert not watched.is_wider_than_the_window()

    watched.page.keyboard.press("Escape")
    expect(watched.panel).to_be_hidden()
    expect(citation).to_be_focused()


def test_a_citation_is_a_link_to_the_quoted_place_in_the_library(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    quoted = watched.last.locator(".sentence").last.inner_text().strip().removesuffix("1").strip()
    watched.page.goto(f"{site}{watched.citations.last.get_attribute('href')}")
    begins = watched.page.locator("#quote").inner_text().strip()
    assert begins
    assert quoted.startswith(begins)


@pytest.mark.parametrize("size", [PHONE])
def test_on_a_phone_going_back_closes_the_document_and_stays_on_the_page(
    watched: Watched, site: str, size: tuple[int, int]
) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    address = watched.page.url
    for leave in (watched.page.go_back, lambda: watched.panel.get_by_role("button", name="Close").click()):
        watched.citations.first.click()
        watched.marked()
        leave()
        expect(watched.panel).to_be_hidden()
        expect(watched.citations.first).to_be_focused()
        expect(watched.page).to_have_url(address)
    watched.ask("And in Belgrade?")
    assert watched.articles.count() == 2


@SIZES
def test_the_keyboard_alone_is_enough(watched: Watched, site: str, size: tuple[int, int]) -> None:
    watched.open(site)
    keyboard = watched.page.keyboard
    keyboard.press("Tab")
    expect(watched.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(watched.question).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    expect(watched.last).to_be_visible()
    watched.wait()
    expect(watched.question).to_be_focused()
    expect(watched.question).to_have_value("")

    citation = watched.citations.last
    for _ in range(40):
        keyboard.press("Shift+Tab")
        if citation.evaluate("e => e === document.activeElement"):
            break
    expect(citation).to_be_focused()
    keyboard.press("Enter")
    expect(watched.panel.get_by_role("heading", level=2)).to_be_focused()
    watched.marked()
    if size == PHONE:  # there the panel covers the page: nothing behind it may take the focus
        places = set()
        for _ in range(12):
            keyboard.press("Tab")
            places.add(watched.page.evaluate(FOCUS))
        assert "panel-close" in places
        assert "behind" not in places
    keyboard.press("Escape")
    expect(watched.panel).to_be_hidden()
    expect(citation).to_be_focused()


def test_what_the_documents_do_not_hold_is_said_so_without_a_citation(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(UNANSWERABLE)
    expect(watched.last).to_contain_text("Not in the documents")
    expect(watched.last).to_contain_text("2025")
    assert watched.citations.count() == 0
    assert watched.last.get_by_role("heading", name="Sources").count() == 0
    expect(watched.said).to_contain_text("Not in the documents")


def test_a_follow_up_takes_the_conversation_along_and_a_new_one_forgets_it(watched: Watched, site: str) -> None:
    watched.open(site)
    with watched.page.expect_request("**/api/v1/chat") as first:
        watched.ask(QUESTION)
    assert first.value.post_data_json == {"question": QUESTION, "history": []}
    kept = watched.page.url.removeprefix(f"{site}/conversations/")
    with watched.page.expect_request("**/api/v1/chat") as second:
        watched.ask("And in Belgrade?")
    assert second.value.post_data_json == {"question": "And in Belgrade?", "conversation": kept}
    expect(watched.last).to_contain_text("Belgrade")
    assert watched.page.url.endswith(kept)
    assert watched.articles.count() == 2
    watched.page.get_by_role("link", name="New conversation").click()
    expect(watched.question).to_be_visible()
    assert watched.articles.count() == 0
    assert watched.page.url == f"{site}/"


def test_a_suggestion_is_asked_by_one_click(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.page.locator(".examples").get_by_role("button", name=QUESTION).click()
    watched.wait()
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    assert watched.page.locator(".examples").count() == 0


def test_a_stream_that_breaks_is_shown_as_broken_and_can_be_asked_again(watched: Watched, site: str) -> None:
    def cut(route: Route) -> None:
        response = route.fetch()
        whole = response.text()
        route.fulfill(response=response, body=whole[: whole.index("event: finished")])

    watched.open(site)
    watched.page.route("**/api/v1/chat", cut)
    watched.ask(QUESTION)
    expect(watched.last).to_contain_text("The connection broke off before the answer was complete.")
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    expect(watched.said).to_contain_text("broke off")
    watched.page.unroute("**/api/v1/chat")
    watched.tool("Try again").click()
    expect(watched.last.get_by_role("heading", name="Sources")).to_be_visible()
    expect(watched.last).not_to_contain_text("broke off")
    assert watched.articles.count() == 1


def test_a_desk_that_cannot_be_reached_is_told_in_words(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.page.route("**/api/v1/chat", lambda route: route.abort())
    watched.ask(QUESTION)
    expect(watched.last).to_contain_text("could not be reached")
    assert [complaint for complaint in watched.complaints if "ERR_FAILED" not in complaint] == []
    watched.complaints.clear()  # the browser itself notes that a request failed


def test_sentences_stand_there_as_they_come_and_stopping_says_so_and_leaves_the_model(
    watched: Watched, base: Path, embedder: Embedder
) -> None:
    with ModelServer(stalls((SAID,))) as model, serving_with(model, base, embedder) as site:
        watched.open(site)
        watched.question.fill(QUESTION)
        watched.ask_button.click()
        expect(watched.last.locator(".sentence")).to_contain_text("met in Tirana")
        expect(watched.last).to_have_attribute("aria-busy", "true")
        expect(watched.last.locator(".found li").first).to_be_visible()
        expect(watched.said).to_contain_text("Reading")  # sentences are not said one by one
        watched.page.get_by_role("button", name="Stop").click()
        watched.wait()
        expect(watched.last).to_contain_text("Stopped. The answer is not complete.")
        expect(watched.last.locator(".sentence")).to_contain_text("met in Tirana")
        assert model.wait_for_disconnects(1)


def test_a_question_is_taken_up_again_and_changed(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    watched.tool("Edit the question").click()
    expect(watched.question).to_be_focused()
    expect(watched.question).to_have_value(QUESTION)
    watched.page.keyboard.type(" And in Belgrade?")
    watched.page.keyboard.press("Enter")
    expect(watched.articles).to_have_count(2)
    expect(watched.last.get_by_role("heading", level=2)).to_have_text(f"{QUESTION} And in Belgrade?")
    watched.wait()


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, desk_on: DeskOn) -> Iterator[str]:
    """A server on one document whose text, title and name would be markup if anything took them for it."""
    folder = tmp_path_factory.mktemp("hostile")
    letter = folder / "in" / HOSTILE_NAME
    letter.parent.mkdir(parents=True)
    letter.write_text(HOSTILE_TEXT, encoding="utf-8")
    report = Ingest(folder / "data", embedder).run(files_in([folder / "in"])[0])
    assert report.added == [HOSTILE_NAME]
    with serving_desk(desk_on(folder / "data")) as address:
        yield address


def test_markup_in_a_document_stays_text_and_the_mark_is_right_behind_an_emoji(
    watched: Watched, hostile_site: str
) -> None:
    watched.open(hostile_site)
    watched.ask(HOSTILE_QUESTION)
    expect(watched.last).to_contain_text(f"sends {HOSTILE} with every single letter")
    watched.citations.first.click()
    assert "<i>of</i>" in watched.panel.get_by_role("heading", level=2).inner_text()
    assert watched.marked() == HOSTILE_TEXT.strip().splitlines()[-1]
    assert watched.page.evaluate("window.hit") is None
    assert watched.page.locator("img, article i, article script, dialog i, dialog b, dialog script").count() == 0

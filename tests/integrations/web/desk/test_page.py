"""The page in a real browser against the real server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect, sync_playwright

from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from tests.fakes import ModelServer, stalls
from tests.integrations.conftest import QUESTION, UNANSWERABLE, DeskOn
from tests.integrations.servers import serving_desk, serving_with

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PHONE, DESKTOP, NARROW = (390, 844), (1280, 900), (320, 640)
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
HOSTILE = '<img src=x onerror="window.hit = 1"><script>window.hit = 2</script>'
HOSTILE_NAME = "notes & <b>letters</b>/Pristina #1?.txt"
HOSTILE_TEXT = (
    f"😀 Letters <i>of</i> \U0001d4d0 the Vlasina office 😀\n\nThe weather station on Vlasina is open in winter.\n\n"
    f"The office on Lake Vlasina sends {HOSTILE} with every single letter 😀 it writes to the ministry.\n"
)
HOSTILE_QUESTION = "What does the office on Lake Vlasina send with every single letter to the ministry?"
FOCUS = """() => { const e = document.activeElement, panel = document.querySelector('dialog');
  return panel.contains(e) ? e.id || e.tagName : e === document.body ? 'nowhere' : 'behind' }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Debian's where there is one, else the one that `playwright install chromium` fetched.
        found = CHROMIUM if CHROMIUM.exists() else None
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Watched:
    """A page with what it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, site: str) -> None:
        self.page.goto(site)
        expect(self.question).to_be_visible()

    @property
    def question(self) -> Locator:
        return self.page.get_by_label("Your question")

    @property
    def last(self) -> Locator:
        return self.page.get_by_role("article").last

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def citations(self) -> Locator:
        return self.last.get_by_role("button", name="Source ")

    def ask(self, question: str) -> None:
        self.question.fill(question)
        self.page.get_by_role("button", name="Ask").click()
        self.wait()

    def wait(self) -> None:
        expect(self.last).not_to_have_attribute("aria-busy", "true", timeout=20_000)

    def marked(self) -> str:
        """The words marked in the panel, once they are there."""
        expect(self.panel.locator("mark").first).to_be_visible()
        return " ".join(" ".join(self.panel.locator("mark").all_inner_texts()).split())

    def is_wider_than_the_window(self) -> bool:
        wide = "[document.documentElement, ...document.querySelectorAll('dialog[open], dialog[open] *')]"
        return bool(self.page.evaluate(f"{wide}.some(e => e.scrollWidth > innerWidth)"))


@pytest.fixture
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A new page of the size the test asks for. When the test is done, it has asked no other origin for anything and
    nothing stands in its console."""
    size = request.node.callspec.params.get("size", DESKTOP) if hasattr(request.node, "callspec") else DESKTOP
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    watching = Watched(context.new_page())
    context.on("request", lambda sent: watching.requests.append(sent.url))
    watching.page.on("pageerror", lambda error: watching.complaints.append(str(error)))

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watching.complaints.append(message.text)

    watching.page.on("console", note)
    yield watching
    origin = "/".join(watching.page.url.split("/")[:3]) + "/"
    assert origin.startswith("http://127.0.0.1:")
    assert watching.requests
    assert [url for url in watching.requests if not url.startswith(origin)] == []
    assert watching.complaints == []
    context.close()


@SIZES
def test_a_question_is_answered_with_citations_that_open_the_document_at_the_quoted_words(
    watched: Watched, site: str, size: tuple[int, int]
) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    expect(watched.last.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    expect(watched.last.get_by_role("listitem").first).to_contain_text("PRESS RELEASE")
    expect(watched.page.get_by_role("status")).to_contain_text("Bangladesh, Nepal and Pakistan")
    sentences = watched.last.locator(".sentence")
    assert sentences.count() == watched.citations.count() > 1
    assert watched.citations.all_inner_texts() == ["1"] * sentences.count()

    citation = watched.citations.last
    quoted = sentences.last.inner_text().strip().removesuffix("1").strip()
    citation.click()
    expect(watched.panel).to_be_visible()
    expect(watched.panel.get_by_role("heading", level=2)).to_contain_text("PRESS RELEASE")
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


@SIZES
def test_the_keyboard_alone_is_enough(watched: Watched, site: str, size: tuple[int, int]) -> None:
    watched.open(site)
    keyboard = watched.page.keyboard
    keyboard.press("Tab")
    expect(watched.page.get_by_role("link", name="Skip to the question box")).to_be_focused()
    keyboard.press("Enter")
    expect(watched.question).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    expect(watched.last).to_be_visible()
    watched.wait()
    expect(watched.question).to_be_focused()
    expect(watched.question).to_have_value("")

    citation = watched.citations.last
    for _ in range(30):
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


@SIZES
def test_what_the_documents_do_not_hold_is_said_so_without_a_citation(
    watched: Watched, site: str, size: tuple[int, int]
) -> None:
    watched.open(site)
    watched.ask(UNANSWERABLE)
    expect(watched.last).to_contain_text("Not in the documents")
    expect(watched.last).to_contain_text("2025")
    assert watched.citations.count() == 0
    assert watched.last.get_by_role("heading", name="Sources").count() == 0
    expect(watched.page.get_by_role("status")).to_contain_text("Not in the documents")


def test_a_follow_up_takes_the_conversation_along_and_a_new_one_forgets_it(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    with watched.page.expect_request("**/api/chat") as sent:
        watched.ask("And in Belgrade?")
    body = sent.value.post_data_json or {}
    assert [turn["role"] for turn in body["history"]] == ["user", "assistant"]
    assert body["history"][0]["text"] == QUESTION
    expect(watched.last).to_contain_text("Belgrade")
    assert watched.page.get_by_role("article").count() == 2
    watched.page.get_by_role("link", name="New conversation").click()
    expect(watched.question).to_be_visible()
    assert watched.page.get_by_role("article").count() == 0


def test_a_stream_that_breaks_is_shown_as_broken_and_can_be_asked_again(watched: Watched, site: str) -> None:
    def cut(route: Route) -> None:
        response = route.fetch()
        whole = response.text()
        route.fulfill(response=response, body=whole[: whole.index("event: finished")])

    watched.open(site)
    watched.page.route("**/api/chat", cut)
    watched.ask(QUESTION)
    expect(watched.last).to_contain_text("The connection broke off before the answer was complete.")
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    expect(watched.page.get_by_role("status")).to_contain_text("broke off")
    watched.page.unroute("**/api/chat")
    watched.last.get_by_role("button", name="Try again").click()
    expect(watched.last.get_by_role("heading", name="Sources")).to_be_visible()
    expect(watched.last).not_to_contain_text("broke off")
    assert watched.page.get_by_role("article").count() == 1


def test_a_desk_that_cannot_be_reached_is_told_in_words(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.page.route("**/api/chat", lambda route: route.abort())
    watched.ask(QUESTION)
    expect(watched.last).to_contain_text("could not be reached")
    assert [complaint for complaint in watched.complaints if "ERR_FAILED" not in complaint] == []
    watched.complaints.clear()  # the browser itself notes that a request failed


def test_stopping_says_so_and_leaves_the_model(watched: Watched, base: Path, embedder: Embedder) -> None:
    with ModelServer(stalls(("Nothing that would pass. [1]",))) as model, serving_with(model, base, embedder) as site:
        watched.open(site)
        watched.question.fill(QUESTION)
        watched.page.get_by_role("button", name="Ask").click()
        assert model.wait_for_requests(1)
        watched.page.get_by_role("button", name="Stop").click()
        watched.wait()
        expect(watched.last).to_contain_text("Stopped. The answer is not complete.")
        assert model.wait_for_disconnects(1)


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


@pytest.mark.parametrize("size", [NARROW])
def test_nothing_is_wider_than_a_very_narrow_screen(watched: Watched, site: str, size: tuple[int, int]) -> None:
    watched.open(site)
    assert not watched.is_wider_than_the_window()
    watched.ask(f"{QUESTION} {'x' * 200}")
    watched.ask(QUESTION)
    watched.last.get_by_text("How this was answered").click()
    assert not watched.is_wider_than_the_window()
    watched.citations.first.click()
    watched.marked()
    assert not watched.is_wider_than_the_window()

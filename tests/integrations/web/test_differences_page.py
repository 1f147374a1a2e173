"""The page of what changed, as a file opened in a real browser without a network."""

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from integrations.web.differences_page import differences_page
from knowledge.comparison.differences import KIND_NAMES, Differences, differences
from knowledge.types import Reference
from tests.integrations.web.desk.browsing import ARGUMENTS, CHROMIUM, DESKTOP, NARROW, PHONE
from tests.knowledge.documents import Part, document_of

HOSTILE = '<img src=x onerror="window.hit = 1"><script>window.hit = 2</script></style>\'"&amp;$body'
LONG_WORD = "https://example.org/" + "a" * 300
URDU = "اجلاس ۴ جون ۲۰۲۴ کو تیرانا میں ہوا اور اس میں ۳۰ افراد شریک تھے۔"
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = CHROMIUM if CHROMIUM.exists() else None
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def found() -> Differences:
    old = document_of(
        [
            Part("heading", f"Background {HOSTILE}", 2),
            Part(
                "paragraph",
                "It was attended by 30 delegates of the ministries. Applicants may not work for the first six months.",
            ),
            Part("paragraph", f"The pilot project has ended {HOSTILE} and nobody has evaluated {LONG_WORD} yet."),
            Part("heading", "Contacts", 2),
            Part("item", "Ministry of Labour, Skopje office"),
            Part("item", "Ministry of Interior, Belgrade"),
            Part("paragraph", URDU),
        ]
    )
    new = document_of(
        [
            Part("heading", f"Background and context {HOSTILE}", 2),
            Part(
                "paragraph",
                "It was attended by 35 delegates of the ministries. Applicants may work for the first six months.",
            ),
            Part("paragraph", "Another meeting is planned in Sarajevo next spring."),
            Part("item", "Ministry of Labour, Skopje office"),
            Part("heading", "Contacts", 2),
            Part("item", "Ministry of Interior, Belgrade, and <b onclick=x>units</b>"),
            Part("paragraph", URDU.replace("۴", "۵", 1)),
        ],
        title=f"A better title {HOSTILE}",
    )
    press = Reference("a", f"Press release {HOSTILE}", "IOM", "2024-06", "https://albania.iom.int/x")
    report = Reference("b", LONG_WORD, None, None, "javascript:window.hit = 3")
    placed = tuple(replace(block, place="page 4") for block in new.blocks)
    return differences(
        replace(old, source=replace(old.source, as_of="2024-06", references=(press,))),
        replace(new, blocks=placed, source=replace(new.source, version=2, references=(report,))),
    )


@pytest.fixture
def page(browser: Browser, found: Differences, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, opened from the disk. When the test is done it has asked for nothing else and run no script."""
    path = tmp_path / "what changed.html"
    path.write_text(differences_page(found), encoding="utf-8")
    size = request.node.callspec.params.get("size", DESKTOP) if hasattr(request.node, "callspec") else DESKTOP
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    requests: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda sent: requests.append(sent.url))
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(path.as_uri())
    yield opened
    assert opened.evaluate("window.hit") is None
    assert {url.split("#")[0] for url in requests} == {path.as_uri()}
    assert complaints == []
    context.close()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_what_the_documents_say_stays_text(found: Differences) -> None:
    tags = _Tags()
    tags.feed(differences_page(found))
    assert tags.open == []
    assert not tags.seen & {"script", "img", "link", "iframe", "object"}
    assert {address for address in tags.addresses if not address.startswith("#")} == {"https://albania.iom.int/x"}


@SIZES
def test_it_fits_every_window_in_light_and_dark(page: Page, size: tuple[int, int]) -> None:
    backgrounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.evaluate("[...document.querySelectorAll('body *')].every(e => e.scrollWidth <= innerWidth)")
        backgrounds.add(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    assert len(backgrounds) == 2


def test_counts_come_first_and_every_change_stands_under_its_heading(page: Page, found: Differences) -> None:
    expect(page.locator(".sum")).to_have_text("7 statements changed, 0 unchanged.")
    expect(page.get_by_role("navigation").get_by_role("link")).to_have_count(8)
    expect(page.locator("h2")).to_have_text(
        [
            "About the document",
            "Headings",
            "Publications it rests on",
            f"Background and context {HOSTILE}",
            "Contacts",
        ]
    )
    figure = page.locator(".statement.figure_changed")
    assert figure.locator("del").all_inner_texts() == ["30"]
    assert figure.locator("ins").all_inner_texts() == ["35"]
    expect(figure.locator(".what")).to_have_text("Figure changed · page 4")
    expect(page.locator(".statement.moved .what")).to_have_text("Moved from Contacts · page 4")
    expect(page.locator(".statement")).to_have_count(len(found.changes))


def test_a_link_shows_only_the_changes_of_its_kind(page: Page, found: Differences) -> None:
    for kind, count in found.counts.items():
        if not count:
            continue
        page.get_by_role("navigation").get_by_role(
            "link", name=f"{KIND_NAMES[kind].capitalize()} {count}", exact=True
        ).click()
        expect(page.locator(".change:visible")).to_have_count(count)
        assert page.locator("h2:visible").count() <= count
    page.get_by_role("link", name="Show everything").click()
    expect(page.locator(".statement:visible")).to_have_count(len(found.changes))
    expect(page.get_by_role("heading", name="Headings")).to_be_visible()


def test_right_to_left_statements_run_from_the_right(page: Page) -> None:
    said = page.locator(".statement.date_changed p[dir=auto]")
    assert said.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("h1").evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_on_paper_the_marks_need_no_colour(page: Page) -> None:
    page.emulate_media(media="print")
    figure = page.locator(".statement.figure_changed")
    expect(page.get_by_text("Show everything")).to_be_hidden()
    for tag, line in (("del", "line-through"), ("ins", "underline")):
        mark = figure.locator(tag)
        assert line in mark.evaluate("e => getComputedStyle(e).textDecorationLine")
        assert mark.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    assert len(page.pdf()) > 1000


def test_where_nothing_changed_it_says_so() -> None:
    document = document_of([Part("paragraph", "One and the same.")])
    said = differences_page(differences(document, document))
    assert "Nothing changed." in said
    assert "<nav" not in said

"""The library over HTTP and in a browser without scripts: the index by theme and country, and each document whole."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from selectolax.lexbor import LexborHTMLParser, LexborNode

from integrations.web.library.pages import document_page, index_page, missing_page
from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from knowledge.topics import THEME_NAMES
from knowledge.types import Block, Document, Reference, Source, Span, Subject
from tests.integrations.conftest import STAFF_DOCUMENT, STAFF_NAME, DeskOn
from tests.integrations.servers import serving_desk
from tests.integrations.web.desk.test_page import (
    ARGUMENTS,
    CHROMIUM,
    DESKTOP,
    HOSTILE,
    HOSTILE_NAME,
    HOSTILE_TEXT,
    PHONE,
)

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
TODAY = date(2026, 11, 22)
LONG = "Donaudampfschifffahrtsgesellschaft" * 9
NASTY = HOSTILE.replace('"', "'")  # as it can stand between YAML's quotes
NASTY_BRIEF = f"""---
id: nasty
title: "Letters & {NASTY}"
topic: letters
theme: borders-and-visas
jurisdictions: [RS]
as_of: "2024-06"
review_by: "2024-07"
disagreements:
  - id: stamps
    about: "how many stamps {NASTY} needs"
    positions:
      - {{says: "one {NASTY}", sources: [office]}}
      - {{says: two, sources: [ministry, office]}}
sources:
  - {{id: office, title: "Leaflet {NASTY}", publisher: "Office {NASTY}", url: "https://letters.example/?a=1&b='x"}}
  - {{id: ministry, title: "Letter {LONG}", published: "2024-06-05", url: "https://[broken"}}
---

# Letters

The office on Lake Vlasina sends `{HOSTILE}` with each letter. [^office] [^disagree:stamps]
The ministry answers every letter within 14 days & {LONG}. [^ministry] [^office]

## What it `<i>costs</i>`

- A letter from the office on Lake Vlasina costs two stamps. [^ministry] [^disagree:stamps]
- A letter from the ministry costs nothing at all. [^ministry]
"""


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, desk_on: DeskOn) -> Iterator[str]:
    """A server on a brief and a file that would be markup if anything took them for it."""
    folder = tmp_path_factory.mktemp("odd")
    letter = folder / "in" / HOSTILE_NAME
    letter.parent.mkdir(parents=True)
    letter.write_text(HOSTILE_TEXT, encoding="utf-8")
    (folder / "in" / "nasty.md").write_text(NASTY_BRIEF, encoding="utf-8")
    report = Ingest(folder / "data", embedder).run(files_in([folder / "in"])[0])
    assert sorted(report.added) == sorted(["nasty", HOSTILE_NAME]), report.refused
    with serving_desk(desk_on(folder / "data")) as address:
        yield address


def page_at(address: str, status: int = 200) -> LexborHTMLParser:
    response = httpx.get(address, timeout=30)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    return LexborHTMLParser(response.text)


def words(node: LexborNode | LexborHTMLParser | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


# --- the index --------------------------------------------------------------------------------------------------------


def test_the_index_lists_every_public_document_under_its_theme_and_leads_to_it(site: str) -> None:
    page = page_at(f"{site}/library")
    headings = [words(heading) for heading in page.css("main h2")]
    assert headings == [name for name in THEME_NAMES.values() if name in headings]
    assert len(headings) > 3
    links = [link.attributes["href"] or "" for link in page.css("main section a")]
    listed = httpx.get(f"{site}/api/library").json()
    assert sorted(links) == sorted(f"/library/{topic['id']}" for topic in listed)
    assert f"{len(listed)} documents." in words(page.css_first("main"))
    for link in links[:3]:
        assert httpx.get(f"{site}{link}").status_code == 200


def test_a_country_narrows_the_index_to_what_speaks_of_it_and_counts_right(site: str) -> None:
    page = page_at(f"{site}/library")
    choices = {words(link): link.attributes["href"] or "" for link in page.css("nav a")}
    name = next(label for label in choices if label.startswith("Kosovo*"))
    assert choices[name] == "/library?country=XK"
    narrowed = page_at(f"{site}{choices[name]}")
    links = narrowed.css("main section a")
    assert name == f"Kosovo* {len(links)}"
    assert f"{len(links)} documents on Kosovo*." in words(narrowed)
    assert words(narrowed.css_first("nav [aria-current]")) == name
    assert len(links) < len(page.css("main section a"))
    assert [words(link) for link in page.css("nav [aria-current]")] == ["All"]


def test_a_country_among_the_folded_ones_is_shown_open_and_an_unknown_one_shows_everything(site: str) -> None:
    everything = page_at(f"{site}/library")
    folded = everything.css_first("nav details")
    assert folded is not None and "open" not in folded.attributes
    link = folded.css_first("a")
    assert link is not None
    opened = page_at(f"{site}{link.attributes['href']}")
    assert opened.css_first("nav details[open] [aria-current]") is not None
    for unknown in ("ZZ", "rs", "<script>", ""):
        assert words(page_at(f"{site}/library?country={unknown}")) == words(everything)


def test_neither_index_nor_json_names_what_is_for_staff(site: str) -> None:
    for address in ("/library", "/api/library"):
        told = httpx.get(f"{site}{address}").text
        assert STAFF_DOCUMENT not in told and "Vlasina" not in told


# --- a document -------------------------------------------------------------------------------------------------------


def test_a_document_is_shown_whole_with_numbered_sources_that_can_be_jumped_to(site: str) -> None:
    page = page_at(f"{site}/library/marri")
    stored = httpx.get(f"{site}/api/documents/marri").json()
    assert words(page.css_first("h1")) == stored["title"]
    sources = page.css("ol.references > li")
    assert [source.attributes["id"] for source in sources] == [f"source-{n}" for n in range(1, len(sources) + 1)]
    assert [words(source.css_first("span")) for source in sources] == [one["title"] for one in stored["references"]]
    assert "MARRI Regional Centre, 2018-04-05" in words(page.css_first("ol.references"))
    targets = {link.attributes["href"] for link in page.css("a.citation")}
    assert targets == {f"#source-{number}" for number in range(1, len(sources) + 1)}
    links = [link for source in sources for link in source.css("a")]
    assert {(link.attributes["href"] or "").partition("://")[0] for link in links} <= {"http", "https"}
    assert {link.attributes["rel"] for link in links} == {"noopener noreferrer"}

    for mark in page.css("a.citation"):
        mark.decompose()
    shown = words(page.css_first("main")).replace(" .", ".")
    for section in stored["sections"]:
        assert section["heading"] == stored["sections"][0]["heading"] or section["heading"] in shown
        for line in stored["text"][section["start"] : section["end"]].splitlines():
            assert " ".join(line.split()) in shown


def test_a_document_shows_where_its_sources_differ_and_who_says_what(site: str) -> None:
    page = page_at(f"{site}/library/marri")
    differ = page.css_first("section.differ")
    assert "The year in which MARRI was founded:" in words(differ)
    said = [item for item in page.css("section.differ li") if "established in 2004" in words(item)]
    numbers = [link.attributes["href"] for item in said for link in item.css("a.citation")]
    assert numbers == ["#source-3"]
    assert "MARRI" in words(page.css_first("#source-3"))


def test_a_hidden_document_and_one_that_is_not_there_are_the_same_page(site: str) -> None:
    hidden, absent = (httpx.get(f"{site}/library/{name}") for name in (STAFF_DOCUMENT, "no-such-document"))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert STAFF_NAME not in hidden.text
    page = LexborHTMLParser(hidden.text)
    assert words(page.css_first("h1")) == "There is no such document."
    assert [link.attributes["href"] for link in page.css("main a")] == ["/library"]


@pytest.mark.parametrize("path", ["..%2f..%2fcatalogue.sqlite3", "%00", "x" * 3000, "marri/", "<script>"])
def test_an_id_is_no_path_and_is_not_repeated_in_the_page(site: str, path: str) -> None:
    response = httpx.get(f"{site}/library/{path}")
    assert response.status_code == 404
    assert path not in response.text
    assert response.content == httpx.get(f"{site}/library/no-such-document").content


@pytest.mark.parametrize("address", ["/library", "/library/nasty"])
def test_markup_in_a_brief_stays_text(odd_site: str, address: str) -> None:
    response = httpx.get(f"{odd_site}{address}")
    page = LexborHTMLParser(response.text)
    assert page.css("script, img, i, b, iframe") == []
    assert not re.search(r"<[^>]*\sonerror", response.text)
    assert f"Letters & {NASTY}" in words(page)
    assert response.text.count(" · Migration Desk</title>") == 1


def test_a_brief_shows_its_text_its_dates_and_its_disagreement_as_they_were_written(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library/nasty")
    paragraph = page.css_first("main > p:not([class])")
    assert words(paragraph).startswith(f"The office on Lake Vlasina sends {HOSTILE} with each letter.1 The ministry")
    assert words(paragraph).endswith(f"14 days & {LONG}.21")
    assert [words(heading) for heading in page.css("main > h2")] == [
        "What it <i>costs</i>",
        "Publications this document rests on",
    ]
    assert "as of 2024-06 · review by 2024-07 · 2 sources" in words(page)
    assert "The review planned for this document is due." in words(page)
    assert f"How many stamps {NASTY} needs:" in words(page.css_first("section.differ"))
    assert [words(item) for item in page.css("section.differ li")] == [f"one {NASTY}1", "two21"]


def test_only_web_addresses_become_links(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library/nasty")
    first, second = page.css("ol.references > li")
    assert [link.attributes["href"] for link in first.css("a")] == ["https://letters.example/?a=1&b='x"]
    assert words(first.css_first("a")) == "Original at letters.example"
    assert second.css("a") == []
    assert words(second) == f"Letter {LONG}2024-06-05"


def test_a_document_whose_name_is_no_address_can_still_be_opened_from_the_index(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library")
    (link,) = [link for link in page.css("main section a") if "<i>of</i>" in words(link)]
    opened = page_at(str(httpx.URL(f"{odd_site}/library").join(link.attributes["href"] or "")))
    assert f"sends {HOSTILE} with every single letter" in words(opened)
    assert "undated" in words(opened.css_first("p.status"))


def test_sections_of_sections_are_shown_with_every_heading_above_them() -> None:
    texts = ("Opening.", "Serbia counts 12.", "Albania counts 7.", "That is all.")
    headings: list[tuple[str, ...]] = [(), ("Serbia", "Figures"), ("Albania", "Figures"), ("Albania",)]
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    blocks = tuple(
        Block("paragraph", Span(start, start + len(text)), above)
        for start, text, above in zip(starts, texts, headings, strict=True)
    )
    document = Document(Source("counts", "Counts", "public"), "digest", "\n".join(texts), blocks)
    page = LexborHTMLParser(document_page(document, TODAY, ""))
    shown = [(node.tag, words(node)) for node in page.css("main h2, main h3, main > p:not([class])")]
    assert shown == [
        ("p", "Opening."),
        ("h2", "Serbia"),
        ("h3", "Figures"),
        ("p", "Serbia counts 12."),
        ("h2", "Albania"),
        ("h3", "Figures"),
        ("p", "Albania counts 7."),
        ("p", "That is all."),
    ]


def test_pages_lead_on_under_the_path_that_the_desk_is_served_under() -> None:
    source = Source("a b", "Title", "public", subject=Subject("topic", "reference", ("RS",)))
    source = replace(source, references=(Reference("r", "Report", url="https://reports.example/"),))
    document = Document(source, "digest", "Said.", (Block("paragraph", Span(0, 5)),))
    pages = (
        index_page([source], "RS", TODAY, "/desk"),
        document_page(document, TODAY, "/desk"),
        missing_page("/desk"),
    )
    for page in pages:
        links = LexborHTMLParser(page).css("a, link")
        addresses = [link.attributes["href"] or "" for link in links]
        assert [one for one in addresses if not re.match(r"/desk/|/desk$|#|https://reports", one)] == []
    assert 'href="/desk/library/a%20b"' in pages[0]


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_the_topics_as_json_have_their_dates_and_countries(site: str, odd_site: str) -> None:
    topics = {topic["id"]: topic for topic in httpx.get(f"{site}/api/library").json()}
    marri = topics["marri"]
    assert set(marri) == {
        *("id", "title", "topic", "theme", "jurisdictions", "as_of", "review_by", "review_due", "publications")
    }
    assert (marri["theme"], marri["topic"], marri["as_of"]) == ("regional-cooperation", "MARRI", "2018-11")
    assert set(marri["jurisdictions"]) >= {"AL", "BA", "XK", "ME", "MK", "RS"}
    assert marri["publications"] == 8
    odd = {topic["id"]: topic for topic in httpx.get(f"{odd_site}/api/library").json()}
    assert odd["nasty"]["review_due"] is True
    letter = odd[HOSTILE_NAME]
    assert (letter["theme"], letter["topic"], letter["jurisdictions"], letter["as_of"]) == ("other", None, [], None)


def test_the_topics_of_a_country_as_json(site: str) -> None:
    everything = httpx.get(f"{site}/api/library").json()
    nepal = httpx.get(f"{site}/api/library", params={"country": "NP"}).json()
    assert nepal == [topic for topic in everything if "NP" in topic["jurisdictions"]] != []
    assert httpx.get(f"{site}/api/library", params={"country": "ZZ"}).json() == []


@pytest.mark.parametrize("country", ["np", "NPL", "", "<script>"])
def test_a_country_that_is_no_code_is_refused_in_the_shape_of_every_error(site: str, country: str) -> None:
    response = httpx.get(f"{site}/api/library", params={"country": country})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid_request"
    assert response.json()["error"]["message"].startswith("country: ")


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = CHROMIUM if Path(CHROMIUM).exists() else None
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that runs no script. When the test is done, it has asked no other origin for anything and nothing stands
    in its console."""
    width, height = request.node.callspec.params["size"]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    opened = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    context.on("request", lambda sent: requests.append(sent.url))
    opened.on("console", note)
    yield opened
    assert requests and all(url.startswith("http://127.0.0.1:") for url in requests), requests
    assert complaints == []
    context.close()


def is_wider_than_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@SIZES
def test_a_reader_finds_a_brief_by_country_and_reads_it_without_scripts(
    page: Page, site: str, size: tuple[int, int]
) -> None:
    page.goto(site)
    page.goto(f"{site}/library")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the desk can answer from")
    assert not is_wider_than_the_window(page)
    page.get_by_role("navigation", name="Countries").get_by_role("link", name="North Macedonia").click()
    expect(page.get_by_text("documents on North Macedonia")).to_be_visible()
    page.get_by_text("Other countries").click()
    expect(page.get_by_role("link", name="Croatia")).to_be_visible()
    assert not is_wider_than_the_window(page)
    page.get_by_role("link", name="MARRI, the Migration, Asylum").click()
    expect(page.get_by_role("heading", name="Where the sources differ")).to_be_visible()
    assert not is_wider_than_the_window(page)
    page.locator("a.citation").last.click()
    expect(page.locator("ol.references > li:target")).to_be_in_viewport()


@SIZES
def test_nothing_is_wider_than_the_screen_also_where_a_word_is(
    page: Page, site: str, odd_site: str, size: tuple[int, int]
) -> None:
    for address in (
        f"{odd_site}/library",
        f"{odd_site}/library/nasty",
        f"{site}/library/rgrs-belgrade-march-2024",
        f"{site}/library/iom-migration-for-development-2011-2012",
    ):
        page.goto(address)
        assert not is_wider_than_the_window(page), address
    assert page.locator("script").count() == 0

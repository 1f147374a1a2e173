"""Each document as a page over HTTP: whole, with its sources, and with the quoted place marked."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote as quote_path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from assistant.conversations.store import open_conversations
from integrations.server import create_app
from integrations.settings import ServerSettings
from integrations.web.library.document_text import text_of
from integrations.web.library.quoted import QuotedText, clamped
from integrations.web.markup import joined
from knowledge.base import open_base
from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from knowledge.types import Block, Decision, Document, Source, Span
from tests.integrations.conftest import STAFF_DOCUMENT, STAFF_NAME, DeskOn
from tests.integrations.servers import serving, serving_desk
from tests.integrations.web.library.conftest import HOSTILE, HOSTILE_NAME, HOSTILE_TEXT, LONG
from tests.integrations.web.reading import address_of, page_at, words


def test_a_document_is_shown_whole_with_numbered_sources_that_can_be_jumped_to(site: str) -> None:
    page = page_at(f"{site}/library/marri")
    stored = httpx.get(f"{site}/api/v1/documents/marri").json()
    assert words(page.css_first("h1")) == stored["title"]
    sources = page.css("ol.references > li")
    assert [source.attributes["id"] for source in sources] == [f"source-{n}" for n in range(1, len(sources) + 1)]
    assert [words(source.css_first("span")) for source in sources] == [one["title"] for one in stored["references"]]
    assert "MARRI Regional Centre · 5 April 2018" in words(page.css_first("ol.references"))
    targets = {address_of(link) for link in page.css("a.citation")}
    assert targets == {f"#source-{number}" for number in range(1, len(sources) + 1)}
    links = [link for source in sources for link in source.css("a")]
    assert {address_of(link).partition("://")[0] for link in links} <= {"http", "https"}
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
    assert [address_of(link) for item in said for link in item.css("a.citation")] == ["#source-3"]
    assert "MARRI" in words(page.css_first("#source-3"))


def test_the_text_keeps_its_own_language_and_all_else_is_in_the_readers(site: str) -> None:
    page = page_at(f"{site}/library/marri?lang=ur")
    root = page.css_first("html")
    assert root is not None and (root.attributes["lang"], root.attributes["dir"]) == ("ur", "rtl")
    text = page.css_first(".document")
    assert text is not None and text.attributes["lang"] == "en"
    assert {node.attributes["dir"] for node in page.css(".document > p, .document li")} == {"auto"}
    headings = [words(heading) for heading in page.css("main > .library > h2")]
    assert headings == ["وہ اشاعتیں جن پر یہ دستاویز مبنی ہے"]
    assert "5 اپریل 2018" in words(page.css_first("ol.references"))


@pytest.mark.parametrize("more", ["", "?version=1", "?from=0&to=5#quote", "?lang=sq"])
def test_a_hidden_document_and_one_that_is_not_there_are_the_same_page(site: str, more: str) -> None:
    hidden, absent = (httpx.get(f"{site}/library/{name}{more}") for name in (STAFF_DOCUMENT, "no-such-document"))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert STAFF_NAME not in hidden.text
    page = LexborHTMLParser(hidden.text)
    assert [address_of(link) for link in page.css("main a")] == ["/library"]


@pytest.mark.parametrize("path", ["..%2f..%2fcatalogue.sqlite3", "%00", "x" * 3000, "marri/", "<script>"])
def test_an_id_is_no_path_and_is_not_repeated_in_the_page(site: str, path: str) -> None:
    response = httpx.get(f"{site}/library/{path}")
    assert response.status_code == 404
    assert path not in response.text
    assert response.content == httpx.get(f"{site}/library/no-such-document").content


@pytest.mark.parametrize("address", ["/library", "/library/nasty", "/library?q=letters"])
def test_markup_in_a_brief_stays_text(odd_site: str, address: str) -> None:
    response = httpx.get(f"{odd_site}{address}")
    page = LexborHTMLParser(response.text)
    assert page.css("script, img, i, b, iframe") == []
    assert not re.search(r"<[^>]*\sonerror", response.text)
    assert f"Letters & {HOSTILE}" in words(page)
    assert response.text.count(" · Migration Desk</title>") == 1


def test_a_brief_shows_its_text_its_dates_and_its_disagreement_as_they_were_written(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library/nasty")
    paragraph = words(page.css_first(".document > p"))
    assert paragraph.startswith(f"The office on Lake Vlasina sends {HOSTILE} with each letter.1 The ministry")
    assert paragraph.endswith(f"14 days & {LONG}.21")
    assert [words(heading) for heading in page.css(".document > h2")] == ["What it <i>costs</i>"]
    assert "as of June 2024 · review by July 2024 · 2 sources" in words(page)
    assert "The review planned for this document is due." in words(page)
    assert f"How many stamps {HOSTILE} needs:" in words(page.css_first("section.differ"))
    assert [words(item) for item in page.css("section.differ li")] == [f"one {HOSTILE}1", "two21"]


def test_only_web_addresses_become_links(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library/nasty")
    first, second = page.css("ol.references > li")
    assert [address_of(link) for link in first.css("a")] == ["https://letters.example/?a=1&b='x"]
    assert words(first.css_first("a")) == "Original at letters.example"
    assert second.css("a") == []
    assert words(second) == f"Letter {LONG}5 June 2024"


# --- the quoted place -------------------------------------------------------------------------------------------------


def test_a_quoted_place_is_marked_in_the_text_and_led_to(site: str) -> None:
    stored = httpx.get(f"{site}/api/v1/documents/marri").json()
    quote = "Six Participants make up MARRI"
    start = stored["text"].index(quote)
    page = page_at(f"{site}/library/marri?version=1&from={start}&to={start + len(quote)}#quote")
    marks = page.css("mark")
    assert [words(mark) for mark in marks] == [quote]
    assert [mark.attributes.get("id") for mark in marks] == ["quote"]
    assert address_of(page.css_first(".notice a")) == "#quote"
    assert page_at(f"{site}/library/marri").css("mark") == []


def test_a_place_is_counted_in_code_points_also_behind_an_emoji(odd_site: str) -> None:
    name = quote_path(HOSTILE_NAME)
    stored = httpx.get(f"{odd_site}/api/v1/documents/{name}").json()
    quote = HOSTILE_TEXT.strip().splitlines()[-1]
    start = stored["text"].index(quote)
    page = page_at(f"{odd_site}/library/{name}?from={start}&to={start + len(quote)}")
    assert [words(mark) for mark in page.css("mark")] == [" ".join(quote.split())]


def test_a_place_over_several_paragraphs_is_marked_in_each_and_its_id_is_there_once(site: str) -> None:
    text = httpx.get(f"{site}/api/v1/documents/marri").json()["text"]
    page = page_at(f"{site}/library/marri?from=200&to=900")
    marks = page.css("mark")
    assert len(marks) > 2
    assert [mark.attributes.get("id") for mark in marks] == ["quote", *[None] * (len(marks) - 1)]
    marked = "".join("".join(mark.text().split()) for mark in marks)
    assert marked in "".join(text[200:900].split()) or len(marked) > 400


@pytest.mark.parametrize(
    "place", ["from=5&to=5", "from=9&to=3", "from=-3&to=8", "from=1e3&to=2000", "from=99999999&to=999999999", "from=4"]
)
def test_a_place_that_is_none_marks_nothing_and_the_document_is_shown(site: str, place: str) -> None:
    page = page_at(f"{site}/library/marri?{place}")
    assert page.css("mark") == []
    assert page.css(".document > p") != []


def test_a_place_that_runs_over_the_end_is_marked_as_far_as_there_is_text(site: str) -> None:
    text = httpx.get(f"{site}/api/v1/documents/marri").json()["text"]
    page = page_at(f"{site}/library/marri?from={len(text) - 12}&to=999999999")
    assert words(page.css("mark")[-1]) == text[-12:].split("\n")[-1].strip()


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1), min_size=1, max_size=5)


@given(lines=LINES, start=st.integers(0, 60), end=st.integers(0, 60))
def test_whatever_is_marked_nothing_of_a_text_is_lost_or_said_twice(lines: list[str], start: int, end: int) -> None:
    stored = "\n".join(lines)
    blocks, position = [], 0
    for line in lines:
        blocks.append(Block("paragraph", Span(position, position + len(line))))
        position += len(line) + 1
    document = Document(Source("d", "Title", "public"), "digest", stored, tuple(blocks))
    text = QuotedText(stored, clamped(stored, start, end))
    shown = LexborHTMLParser(f"<div>{joined(*text_of(document, text, {}, 'en'))}</div>")
    plain = LexborHTMLParser(f"<div>{joined(*text_of(document, QuotedText(stored, None), {}, 'en'))}</div>")
    assert [node.text() for node in shown.css("p")] == [node.text() for node in plain.css("p")]
    marks = shown.css("mark")
    assert text.is_marked == bool(marks)
    assert [mark.attributes.get("id") for mark in marks][:1] in ([], ["quote"])
    assert all("id" not in mark.attributes for mark in marks[1:])


# --- versions and withdrawal ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def changing_site(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, desk_on: DeskOn) -> Iterator[str]:
    """A server on a document in two versions and one that was withdrawn."""
    folder = tmp_path_factory.mktemp("changing")
    note, other = folder / "note.txt", folder / "other.txt"
    other.write_text("Opening hours\n\nThe office in Pale is closed for good.\n", encoding="utf-8")
    ingest = Ingest(folder / "data", embedder)
    for hours in ("from 9 to 12", "from 8 to 15"):
        note.write_text(f"Opening hours\n\nThe office in Tuzla is open {hours}.\n", encoding="utf-8")
        assert not ingest.run(files_in([note, other])[0]).refused
    with closing(open_base(folder / "data", embedder)) as base:
        base.catalogue.decide(Decision("tester", "other.txt", "withdraw", {"reason": "wrong"}))
    with serving_desk(desk_on(folder / "data")) as address:
        yield address


def test_an_older_version_says_so_and_leads_to_the_newest(changing_site: str) -> None:
    old = page_at(f"{changing_site}/library/note.txt?version=1")
    assert "from 9 to 12" in words(old) and "This is version 1." in words(old)
    link = old.css_first("p.notice a")
    assert words(link) == "Read the version in force today"
    newest = page_at(f"{changing_site}{address_of(link)}")
    assert "from 8 to 15" in words(newest) and "version 2" in words(newest) and "This is version" not in words(newest)
    assert httpx.get(f"{changing_site}/library/note.txt?version=7").status_code == 404


def test_the_original_file_of_each_version_can_be_fetched(changing_site: str) -> None:
    for version, hours in ((1, "from 9 to 12"), (2, "from 8 to 15")):
        page = page_at(f"{changing_site}/library/note.txt?version={version}")
        (link,) = [link for link in page.css("main a") if "original file" in words(link)]
        assert hours in httpx.get(f"{changing_site}{address_of(link)}").text


def test_a_withdrawn_document_is_not_there(changing_site: str) -> None:
    withdrawn = httpx.get(f"{changing_site}/library/other.txt")
    assert withdrawn.status_code == 404
    assert withdrawn.content == httpx.get(f"{changing_site}/library/no-such-document").content
    assert "other.txt" not in httpx.get(f"{changing_site}/library").text
    assert "Pale" not in httpx.get(f"{changing_site}/library?q=closed+for+good").text


# --- headings ---------------------------------------------------------------------------------------------------------


def test_sections_of_sections_are_shown_with_every_heading_above_them() -> None:
    texts = ("Opening.", "Serbia counts 12.", "Albania counts 7.", "That is all.")
    headings: list[tuple[str, ...]] = [(), ("Serbia", "Figures"), ("Albania", "Figures"), ("Albania",)]
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    blocks = tuple(
        Block("paragraph", Span(start, start + len(text)), above)
        for start, text, above in zip(starts, texts, headings, strict=True)
    )
    document = Document(Source("counts", "Counts", "public"), "digest", "\n".join(texts), blocks)
    page = LexborHTMLParser(joined(*text_of(document, QuotedText(document.text, None), {}, "en")))
    shown = [(node.tag, words(node)) for node in page.css("h2, h3, p")]
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


def test_pages_and_places_of_a_file_are_said_where_they_begin() -> None:
    texts = ("One.", "Two.", "Three.")
    places = ("page 1", "page 1", "page 2")
    blocks = tuple(
        Block("paragraph", Span(number * 5, number * 5 + len(text)), (), place)
        for number, (text, place) in enumerate(zip(texts, places, strict=True))
    )
    document = Document(Source("file", "File", "public"), "digest", "One. Two. Three.", blocks)
    page = LexborHTMLParser(joined(*text_of(document, QuotedText(document.text, None), {}, "en")))
    assert [words(node) for node in page.css("p")] == ["page 1", "One.", "Two.", "page 2", "Three."]


def test_pages_lead_on_under_the_path_of_the_desk(base: Path, desk_on: DeskOn, tmp_path: Path) -> None:
    application = create_app(desk_on(base), ServerSettings(), open_conversations(tmp_path))

    async def below_a_path(scope: Any, receive: Any, send: Any) -> None:
        await application({**scope, "root_path": "/desk"} if scope["type"] == "http" else scope, receive, send)

    with serving(below_a_path) as address:
        for path in ("/library", "/library/marri", "/library?q=readmission", "/library/none"):
            links = LexborHTMLParser(httpx.get(f"{address}/desk{path}").text).css("a, link, form")
            addresses = [link.attributes.get("href") or link.attributes.get("action") or "" for link in links]
            assert [one for one in addresses if not re.match(r"/desk/|/desk$|[#?]|https?://", one)] == []

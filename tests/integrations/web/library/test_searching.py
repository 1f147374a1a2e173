"""Finding documents by their words."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from integrations.web.library.searching import search
from knowledge.audiences import audiences_seen_by
from knowledge.base import KnowledgeBase, open_base
from knowledge.embedding import Embedder
from tests.integrations.conftest import STAFF_DOCUMENT
from tests.integrations.web.reading import address_of, page_at, words

PUBLIC = audiences_seen_by("public")


@pytest.fixture(scope="module")
def library(base: Path, embedder: Embedder) -> Iterator[KnowledgeBase]:
    with closing(open_base(base, embedder)) as opened:
        yield opened


def test_a_document_is_found_by_a_word_in_its_text_at_the_sentence_that_has_it(site: str) -> None:
    page = page_at(f"{site}/library?q=Donatella")
    links = page.css("ul.cards a.title")
    assert links and "1 document" in words(page.css_first("p.status")) or len(links) > 1
    for link, excerpt in zip(links, page.css("p.excerpt"), strict=True):
        assert words(excerpt.css_first("mark")) == "Donatella"
        opened = page_at(f"{site}{address_of(link).partition('#')[0]}")
        marked = " ".join(words(mark) for mark in opened.css("mark"))
        assert words(excerpt).removesuffix(" …") in marked


def test_all_words_count_before_some(library: KnowledgeBase) -> None:
    found = search(library, "Bangladesh Nepal delegations Tirana", PUBLIC).found
    assert "rgrs-tirana-june-2024" in [hit.source.id for hit in found]
    for hit in found:
        assert hit.text is None or any(word in hit.text for word in ("Bangladesh", "Nepal", "delegation", "Tirana"))


def test_a_title_is_found_also_in_another_script_and_without_its_accents(library: KnowledgeBase) -> None:
    by_title = [hit.source.id for hit in search(library, "РГРС Тирана", PUBLIC).found]
    assert by_title[:1] == ["rgrs-tirana-june-2024"]
    assert "marri" in [hit.source.id for hit in search(library, "marri skopje", PUBLIC).found]


def test_words_that_no_document_has_lead_to_what_is_near_in_meaning(site: str, library: KnowledgeBase) -> None:
    hits = search(library, "Koje delegacije su došle u glavni grad Albanije?", PUBLIC)
    assert hits.found == () and hits.near
    page = page_at(f"{site}/library", params={"q": "Zzyzx"})
    assert "No document that you may read has these words." in words(page)
    assert "Near in meaning" in words(page)


def test_what_a_reader_may_not_see_is_neither_found_nor_near(library: KnowledgeBase) -> None:
    for query in ("Vlasina hotline duty officer", "Staff memo"):
        hits = search(library, query, PUBLIC)
        assert STAFF_DOCUMENT not in [hit.source.id for hit in (*hits.found, *hits.near)]
        seen = search(library, query, audiences_seen_by("staff"))
        assert seen.found[0].source.id == STAFF_DOCUMENT


@pytest.mark.parametrize("query", ["", "   ", "?!", "\x00", '"', "AND OR NOT", "a*", "x" * 5000, "’", "ⵣ" * 30])
def test_any_query_is_answered_with_a_page(site: str, query: str) -> None:
    response = httpx.get(f"{site}/library", params={"q": query})
    assert response.status_code == 200
    assert len(response.text) < 200_000


def test_what_was_looked_for_stays_in_the_box(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library", params={"q": '"><script>letters'})
    box = page.css_first("input#q")
    assert box is not None and box.attributes["value"] == '"><script>letters'
    assert page.css("script") == []

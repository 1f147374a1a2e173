"""What the start offers, and the page as it is without a script."""

from dataclasses import dataclass

import httpx
import pytest

from integrations.web.desk.plurals import form_for
from integrations.web.desk.suggestions import suggestions
from integrations.web.desk.texts import counted, text
from integrations.web.languages import LANGUAGES


@dataclass(frozen=True)
class About:
    topic: str
    theme: str = "reintegration"


@dataclass(frozen=True)
class Entry:
    id: str
    as_of: str | None = None
    published: str | None = None
    subject: About | None = None


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_the_reader_may_see_is_suggested_in_their_language(language: str) -> None:
    serbia, tirana = Entry("serbia-reception-system"), Entry("rgrs-tirana-june-2024")
    asked = [suggestion.question for suggestion in suggestions([serbia, tirana], language)]
    assert asked == [
        text("suggestion.readmission_meeting", language),
        text("suggestion.asylum_centres", language),
    ]
    assert suggestions([], language) == []


def test_of_another_library_the_newest_topics_are_suggested_and_never_its_glossary() -> None:
    library = [
        Entry("old", "2019", subject=About("old agreements")),
        Entry("new", "2026-03", subject=About("new <b>agreements</b>")),
        Entry("words", "2026-06", subject=About("terms", "reference")),
        Entry("untitled", "2026-06"),
    ]
    assert [suggestion.question for suggestion in suggestions(library, "en")] == [
        "What do the documents say about new <b>agreements</b>?",
        "What do the documents say about old agreements?",
    ]


def test_a_number_takes_its_form() -> None:
    assert counted("answer.count", "en", 1) == "1 source"
    assert counted("answer.count", "en", 2) == "2 sources"
    assert [counted("status.reading", "sr", number)[:16] for number in (1, 3, 5, 21)] == [
        "Читам 1 одломак…",
        "Читам 3 одломка…",
        "Читам 5 одломака",
        "Читам 21 одломак",
    ]
    assert form_for("[other] all", "ar", 3) == "all"


def test_without_a_script_the_box_is_a_form_that_posts_and_nothing_of_the_question_is_in_an_address(site: str) -> None:
    response = httpx.get(f"{site}/")
    assert 'method="post" action="/ask"' in response.text
    assert 'method="get"' not in response.text
    assert "style=" not in response.text
    assert "onclick" not in response.text


def test_files_are_sent_compressed_and_pages_are_not(site: str) -> None:
    file = httpx.get(f"{site}/static/style.css", headers={"Accept-Encoding": "gzip"})
    assert file.headers["content-encoding"] == "gzip"
    again = httpx.get(f"{site}/static/style.css", headers={"If-None-Match": file.headers["etag"]})
    assert again.status_code == 304
    assert "content-encoding" not in httpx.get(f"{site}/", headers={"Accept-Encoding": "gzip"}).headers


def test_every_module_that_the_page_asks_for_early_is_one_that_it_needs(site: str) -> None:
    """A name that is wrong costs a reader a request for nothing, and a missing one a round trip."""
    page = httpx.get(f"{site}/").text
    early = {part.split('"')[0] for part in page.split('rel="modulepreload" href="')[1:]}
    needed, pending = set[str](), ["/static/app.js"]
    while pending:
        module = httpx.get(f"{site}{pending.pop()}").text
        for part in module.split('"./')[1:]:
            path = f"/static/{part.split(chr(34))[0]}"
            if path not in needed:
                needed.add(path)
                pending.append(path)
    assert early == needed

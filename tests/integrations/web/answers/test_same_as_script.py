"""A kept answer as a page without scripts and as the script of the live page draws it: the same words and links."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from assistant.conversations.types import Asked
from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard, SourcePosition
from tests.integrations.conftest import QUESTION, UNANSWERABLE
from tests.integrations.web.answers.conftest import Place, Reader
from tests.integrations.web.desk.browsing import DESKTOP, chromium

DIFFERING = "In which year was MARRI founded?"
KINDS = ("dated", "superseded", "disagree", "partial_missing", "model_stopped", "original_language", "x")
NASTY = "Letter & <b>“two”</b>"

# Everything a reader sees of an answer but what can be done with it, and every link, as the browser has made them.
READ = """() => {
  const shown = (node) => node.textContent.replace(/\\s+/g, ' ').trim();
  const links = (node) => [...node.querySelectorAll('a')].map((a) => ({
    text: shown(a), href: a.href, name: a.getAttribute('aria-label'), title: a.title, rel: a.rel, target: a.target }));
  return [...document.querySelectorAll('#conversation > article')].map((article) => ({
    question: shown(article.querySelector('h2')),
    questionClass: article.querySelector('h2').className,
    questionLanguage: article.querySelector('h2').lang,
    id: article.dataset.answer,
    outcome: [...article.querySelectorAll('.outcome:not([hidden])')].map((p) => [p.dataset.outcome, shown(p)]),
    answer: [...article.querySelectorAll('.answer')].map((div) => ({
      class: div.className, lang: div.lang, text: shown(div), links: links(div),
      sentences: [...div.querySelectorAll('.sentence')]
        .map((one) => [one.dir, shown(one), shown(one.querySelector('.tail'))]) })),
    notices: [...article.querySelectorAll('.notice[role=note]')].map((p) => [p.dataset.kind, p.lang, shown(p)]),
    positions: [...article.querySelectorAll('.positions tr')].map((row) => [shown(row), links(row)]),
    choices: [...article.querySelectorAll('.choices button, .nearby button')].map(shown),
    headings: [...article.querySelectorAll('.after h3')].map(shown),
    sources: [...article.querySelectorAll('ol.sources > li')].map((li) => [li.value, shown(li), links(li)]),
    reply: [...article.querySelectorAll('.reply')].map(shown),
  }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def read(browser: Browser, reader: Reader, path: str, *, by_script: bool) -> list[dict[str, Any]]:
    context = browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, java_script_enabled=by_script, locale="en"
    )
    context.add_cookies(
        [{"name": "__Host-visitor", "value": reader.token, "domain": "127.0.0.1", "path": "/", "secure": True}]
    )
    page = context.new_page()
    page.goto(reader.site + path)
    # Buttons outside of forms are the script's: they stand among the tools once it has drawn an answer.
    expect(page.locator("#conversation > article:has(.tools > button)")).to_have_count(5 if by_script else 0)
    told: list[dict[str, Any]] = page.evaluate(READ)
    context.close()
    return told


def written(place: Place, reader: Reader, conversation: str) -> None:
    """An answer such as a model gives, with everything that an answer can have, and one that asks back."""
    (kept, *_) = [turn.kept for turn in place.conversations.turns(person_of(place, reader), conversation)]
    assert kept.answer is not None
    quoted = kept.answer.sentences[0].citations[0]
    other = replace(quoted, number=2, title=NASTY, publisher=None, published=None, url="https://x.example/?a=1&b=2")
    answer = Answer(
        outcome=Outcome.PARTIAL,
        text="Two met. It rained.",
        language="sr-Latn",
        sentences=(Sentence("Two met there.", (quoted, other)), Sentence("Nobody<i>else</i> came.", (other,))),
        sources=(card(quoted), card(other)),
        notices=tuple(
            Notice(kind, f"About {kind}.")
            for kind in (
                "dated",
                "superseded",
                "disagree",
                "partial_missing",
                "model_stopped",
                "original_language",
                "x",
            )
        ),
        provenance=Provenance("a-model"),
        nearby=(),
        positions=(
            position(quoted, "in 2004", "the year"),
            position(other, "in <b>2003</b>", "the year"),
            SourcePosition("marri", 1, None, "Page", "Ministry", "2003", "https://m.example", "in 2002", "a second"),
        ),
    )
    asking_back = Answer(Outcome.NEEDS_CLARIFICATION, "Which?", "en", (), (), (), Provenance(None), ("One?", "Two?"))
    for given, question in ((answer, "A long question? " * 20), (asking_back, "Hm?")):
        place.conversations.keep(
            Asked(conversation, "web", kept.person, "public", given.language, question.strip(), given)
        )


def card(citation: Citation) -> SourceCard:
    return SourceCard(
        citation.number, citation.document_id, citation.title, citation.publisher, citation.published, citation.url
    )


def position(citation: Citation, says: str, about: str) -> SourcePosition:
    of_source = (citation.title, citation.publisher, citation.published, citation.url)
    return SourcePosition(citation.document_id, citation.version, citation.number, *of_source, says, about)


def person_of(place: Place, reader: Reader) -> str:
    """Under which name what the reader asked is kept."""
    _, answer = reader.ask("What is the RGRS?")
    kept = place.conversations.kept(answer)
    assert kept is not None
    return kept.person


@pytest.mark.parametrize("language", ["en", "sr", "ur"])
def test_script_and_server_say_the_same_of_an_answer(
    browser: Browser, place: Place, reader: Reader, language: str
) -> None:
    conversation, _ = reader.ask(QUESTION)
    for question in (DIFFERING, UNANSWERABLE):
        reader.ask(question, conversation=conversation)
    written(place, reader, conversation)
    path = f"/conversations/{conversation}?lang={language}"
    plain, live = (read(browser, reader, path, by_script=by_script) for by_script in (False, True))
    assert len(plain) == len(live) == 5
    for by_server, by_script in zip(plain, live, strict=True):
        assert by_server == by_script
    assert [len(one["positions"]) for one in plain][3] == 6 and plain[3]["notices"] and plain[4]["choices"]
    assert plain[0]["answer"][0]["links"] and plain[0]["sources"]

"""What is added to an answer from a brief: where its sources differ, and what may no longer hold."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.citing import Citer
from assistant.notices import of_sources
from assistant.replies import languages, message
from assistant.types import Notice, Sentence
from assistant.written_dates import written_date
from knowledge.base import KnowledgeBase
from knowledge.normalisation import words_of
from knowledge.types import Attribution, Disagreement, Position, Reference, Retrieved, Span
from tests.assistant.asking import answer_of, desk_on, events_of
from tests.assistant.documents import build_base
from tests.assistant.passages import passage

TODAY = date(2024, 1, 15)
START = "The agreement entered into force on 1 June 2023."
CLAIM = "A policy institute dates the start of it to 19 May 2023."
COST = "The card that the agreement brings costs 12 euros."
PLAIN = "Three ministers signed the agreement in Berlin."
TEXT = " ".join([START, CLAIM, COST, PLAIN])
MINISTRY = Reference("ministry", "Announcement", "Foreign ministry", "2023-06-01", "https://ministry.example/1")
INSTITUTE = Reference("institute", "Policy note", "Policy institute", "2023-07", "https://institute.example/1")
PAGE = Reference("page", "A page of nobody")
START_DIFFERS = Disagreement(
    "start",
    "the day on which the agreement entered into force",
    (Position("1 June 2023, by the ministry", ("ministry",)), Position("19 May 2023, by the note", ("institute",))),
)
COST_DIFFERS = Disagreement(
    "cost",
    "what the card costs",
    (Position("12 euros", ("page", "ministry")), Position("15 euros", ("institute",))),
)


def span_of(statement: str) -> Span:
    start = TEXT.index(statement)
    return Span(start, start + len(statement))


def brief(
    *disagreements: Disagreement, may_change: Sequence[str] = (), as_of: str = "2023-07", document_id: str = "brief"
) -> Retrieved:
    """A brief whose first three statements touch the disagreements: the first two on the start, the third on the cost.
    The last one rests on an undated page and touches none."""
    known = {disagreement.id for disagreement in disagreements}

    def noted(statement: str, reference: Reference, *touched: str) -> Attribution:
        ids = tuple(one for one in touched if one in known)
        return Attribution(span_of(statement), (reference.id,), ids, statement in may_change)

    found = passage(
        TEXT,
        document_id=document_id,
        references=(MINISTRY, INSTITUTE, PAGE),
        attributions=(
            noted(START, MINISTRY, "start"),
            noted(CLAIM, INSTITUTE, "start"),
            noted(COST, MINISTRY, "cost"),
            noted(PLAIN, PAGE),
        ),
    )
    return replace(found, source=replace(found.source, disagreements=disagreements, as_of=as_of))


def notices(*cited: tuple[Retrieved, str], language: str = "en", today: date = TODAY) -> list[Notice]:
    """Those of an answer that quotes these statements."""
    citer = Citer(lambda *_: TEXT)
    sentences = [Sentence(statement, citer.cite(found, span_of(statement))) for found, statement in cited]
    return of_sources(sentences, [found for found, _ in cited], language, today)


def kinds(given: Sequence[Notice]) -> list[str]:
    return [notice.kind for notice in given]


# --- disagreements --------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", [START, CLAIM])
def test_a_quote_of_one_side_names_both_with_publisher_and_date(statement: str) -> None:
    (notice,) = notices((brief(START_DIFFERS), statement))

    assert notice.kind == "disagree"
    assert notice.text == (
        "The sources differ on the day on which the agreement entered into force: 1 June 2023, by the ministry "
        "(Foreign ministry, 1 June 2023) · 19 May 2023, by the note (Policy institute, July 2023)."
    )


def test_a_publication_without_publisher_or_date_is_named_by_its_title_and_no_publisher_twice() -> None:
    twice = replace(
        COST_DIFFERS, positions=(Position("12 euros", ("page", "ministry", "page")), *COST_DIFFERS.positions)
    )

    (notice,) = notices((brief(twice), COST))

    assert "12 euros (A page of nobody; Foreign ministry, 1 June 2023) · " in notice.text


@pytest.mark.parametrize("language", languages())
def test_a_disagreement_is_told_in_the_language_of_the_reader(language: str) -> None:
    (notice,) = [one for one in notices((brief(START_DIFFERS), START), language=language) if one.kind == "disagree"]

    words = words_of(message("notice.disagree", language, about="", positions=""))
    assert len(words) > 2 and set(words) <= set(words_of(notice.text))
    for named in (
        "1 June 2023",
        "Foreign ministry",
        "19 May 2023",
        "Policy institute",
        written_date("2023-07", language),
    ):
        assert named in notice.text
    assert (language == "en") is ("The sources differ" in notice.text)


def test_a_disagreement_is_told_once_however_many_statements_touch_it() -> None:
    found = brief(START_DIFFERS)

    assert kinds(notices((found, START), (found, CLAIM), (found, START))) == ["disagree"]


def test_each_disagreement_is_told_in_the_order_of_the_answer() -> None:
    found = brief(START_DIFFERS, COST_DIFFERS)

    told = notices((found, COST), (found, START))

    assert kinds(told) == ["disagree", "disagree"]
    assert ["costs" in told[0].text, "force" in told[1].text] == [True, True]


def test_a_disagreement_of_the_same_name_in_another_brief_is_another_one() -> None:
    other = replace(START_DIFFERS, about="the day on which the office opened")

    told = notices((brief(START_DIFFERS), START), (brief(other, document_id="other"), START))

    assert ["entered into force" in told[0].text, "office opened" in told[1].text] == [True, True]


@pytest.mark.parametrize("statement", [COST, PLAIN])
def test_other_statements_of_the_same_brief_carry_no_disagreement(statement: str) -> None:
    assert "disagree" not in kinds(notices((brief(START_DIFFERS), statement)))


def test_an_answer_without_citations_has_no_notice() -> None:
    assert of_sources([Sentence(START, ())], [brief(START_DIFFERS)], "en", TODAY) == []


# --- what may have changed ------------------------------------------------------------------------


def test_what_may_have_changed_is_told_with_the_date_of_its_source() -> None:
    (notice,) = notices((brief(may_change=[COST]), COST))

    assert notice.kind == "may_change"
    assert "as of 1 June 2023;" in notice.text


def test_what_an_undated_page_says_may_have_changed_since_the_date_of_the_brief() -> None:
    (notice,) = notices((brief(may_change=[PLAIN], as_of="2022-04"), PLAIN))

    assert notice.kind == "may_change"
    assert "as of April 2022;" in notice.text


def test_of_several_the_newest_date_is_told_and_once() -> None:
    found = brief(may_change=[COST, CLAIM])

    (notice,) = notices((found, COST), (found, CLAIM))

    assert "as of July 2023;" in notice.text


def test_a_statement_beside_one_that_may_have_changed_is_not_called_so() -> None:
    assert kinds(notices((brief(may_change=[COST]), START))) == []


@pytest.mark.parametrize(
    ("today", "told"),
    [(date(2025, 6, 30), ["may_change"]), (date(2025, 7, 1), ["dated"]), (date(2030, 1, 1), ["dated"])],
)
def test_an_old_source_is_said_to_be_old_and_not_twice_to_be_checked(today: date, told: list[str]) -> None:
    assert kinds(notices((brief(may_change=[COST]), COST), today=today)) == told


def test_who_asks_for_what_holds_now_is_told_of_what_day_the_answer_is() -> None:
    found = brief(document_id="brief")
    citer = Citer(lambda *_: TEXT)
    sentences = [Sentence(START, citer.cite(found, span_of(START)))]

    (notice,) = of_sources(sentences, [found], "en", TODAY, asks_for_latest=True)
    assert notice.kind == "may_change" and "1 June 2023" in notice.text
    undated = [Sentence(PLAIN, citer.cite(found, span_of(PLAIN)))]
    assert "July 2023" in of_sources(undated, [found], "en", TODAY, asks_for_latest=True)[0].text
    (old,) = of_sources(sentences, [found], "en", date(2030, 1, 1), asks_for_latest=True)
    assert old.kind == "dated"


# --- in another language --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "language", "told"),
    [
        ("Centri za azil u Srbiji mogu da prime hiljadu ljudi.", "hr", []),
        ("Centri za azil u Srbiji mogu da prime hiljadu ljudi.", "bs", []),
        ("Centri za azil u Srbiji mogu da prime hiljadu ljudi.", "mk", ["original_language"]),
        ("The centres can take a thousand people.", "sr-Latn", ["original_language"]),
    ],
)
def test_only_what_the_reader_would_not_call_their_own_language_is_said_to_be_in_another(
    statement: str, language: str, told: list[str]
) -> None:
    found = passage(statement)
    sentence = Sentence(statement, Citer(lambda *_: statement).cite(found, found.passage.units[0]))

    assert kinds(of_sources([sentence], [found], language, TODAY)) == told


# --- figures that differ --------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_two_sources_with_different_figures_stand_side_by_side_with_publisher_and_date(language: str) -> None:
    said = ("In 2023 Serbia issued 52,178 work permits.", "In 2023 Serbia issued 61,000 work permits.")
    found = [passage(text, document_id=publisher) for text, publisher in zip(said, ("ministry", "union"), strict=True)]
    found = [
        replace(one, source=replace(one.source, publisher=one.passage.document_id, published="2024-01"))
        for one in found
    ]
    texts = {one.passage.document_id: one.passage.text for one in found}
    citer = Citer(lambda document, *_: texts[document])
    sentences = [Sentence(one.passage.text, citer.cite(one, one.passage.units[0])) for one in found]

    (notice,) = [
        one for one in of_sources(sentences, found, language, date(2024, 2, 1)) if one.kind == "sources_differ"
    ]

    month = written_date("2024-01", language)
    for part in (*said, f"ministry, {month}", f"union, {month}"):
        assert part in notice.text


# --- the desk -------------------------------------------------------------------------------------

DISPUTED_BRIEF = f"""---
id: cards-brief
title: The agreement on identity cards
topic: identity cards
theme: regional-cooperation
as_of: "2023-07"
sources:
  - {{id: ministry, title: Announcement, publisher: Foreign ministry, published: "2023-06-01"}}
  - {{id: institute, title: Policy note, publisher: Policy institute, published: "2023-07"}}
disagreements:
  - id: start
    about: the day on which the agreement entered into force
    positions:
      - {{says: 1 June 2023, sources: [ministry]}}
      - {{says: 19 May 2023, sources: [institute]}}
---

# The agreement on identity cards

## When it began

- {START} [^ministry] [^disagree:start]

## What the card costs

- {COST} [^ministry] [^may-change]
"""


@pytest.fixture(name="disputed", scope="module")
def _disputed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    built = build_base(Path(tmp_path_factory.mktemp("disputed")), {"cards-brief.md": DISPUTED_BRIEF})
    yield built
    built.close()


@pytest.mark.parametrize(
    ("question", "statement", "told"),
    [
        ("When did the agreement enter into force?", START, {"disagree"}),
        ("How many euros does the card cost?", COST, {"may_change"}),
    ],
)
async def test_the_desk_tells_what_the_brief_notes_of_the_statement_it_quotes(
    disputed: KnowledgeBase, question: str, statement: str, told: set[str]
) -> None:
    answer = answer_of(await events_of(desk_on(disputed), question))

    assert [sentence.text for sentence in answer.sentences] == [statement]
    assert {notice.kind for notice in answer.notices} == told
    assert all("Policy institute, July 2023" in notice.text for notice in answer.notices if notice.kind == "disagree")

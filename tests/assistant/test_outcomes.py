"""How an answer ends, from what was said, dropped and missed."""

from datetime import date

import pytest

from assistant.citing import Citer
from assistant.coverage import Coverage
from assistant.errors import ModelError, ModelStopped, ModelUnavailable
from assistant.outcomes import Progress, finish, outcome_of
from assistant.types import Answer, Outcome, Provenance, Sentence
from knowledge.search import Found
from tests.assistant.passages import passage

_FOUND = passage("Nepal took part. Pakistan took part.")
_SPAN = _FOUND.passage.units[0]


def _progress(
    said: int = 0,
    by_model: int = 0,
    dropped: int = 0,
    gap: bool = False,
    failure: ModelError | None = None,
    with_model: bool = True,
) -> Progress:
    sentences = [Sentence("Nepal took part.", ())] * said
    return Progress(with_model, sentences, by_model, dropped, gap, failure)


@pytest.mark.parametrize(
    ("progress", "outcome"),
    [
        (_progress(with_model=False), Outcome.NOT_COVERED),
        (_progress(said=2, with_model=False), Outcome.ANSWERED),
        (_progress(said=1, by_model=1), Outcome.ANSWERED),
        (_progress(said=1, by_model=1, dropped=1), Outcome.PARTIAL),
        (_progress(said=1, by_model=1, gap=True), Outcome.PARTIAL),
        (_progress(gap=True), Outcome.NOT_COVERED),
        (_progress(gap=True, dropped=2), Outcome.NOT_COVERED),
        (_progress(said=2, dropped=2), Outcome.EVIDENCE_ONLY),
        (_progress(said=2, failure=ModelUnavailable("down")), Outcome.EVIDENCE_ONLY),
        (_progress(said=2, by_model=1, failure=ModelStopped("stalled")), Outcome.EVIDENCE_ONLY),
        (_progress(failure=ModelUnavailable("down")), Outcome.NOT_COVERED),
    ],
)
def test_every_course_has_its_outcome(progress: Progress, outcome: Outcome) -> None:
    assert outcome_of(progress) is outcome


@pytest.mark.parametrize(
    ("progress", "needed"),
    [
        (_progress(with_model=False), True),
        (_progress(), True),
        (_progress(dropped=1), True),
        (_progress(failure=ModelUnavailable("down")), True),
        (_progress(said=1, by_model=1, failure=ModelStopped("stalled")), True),
        (_progress(gap=True), False),
        (_progress(said=1, by_model=1), False),
        (_progress(said=1, by_model=1, dropped=1), False),
    ],
)
def test_quotes_are_needed_where_a_model_neither_spoke_nor_declined(progress: Progress, needed: bool) -> None:
    assert progress.needs_quotes is needed


def _finish(progress: Progress, citer: Citer, coverage: Coverage) -> Answer:
    found = Found((_FOUND,), {})
    return finish(progress, coverage, citer, found, "en", Provenance(None), date(2024, 1, 15))


def test_a_refusal_lists_no_source_although_some_were_considered() -> None:
    citer = Citer(lambda *_: "Nepal took part.")
    assert citer.cite(_FOUND, _SPAN)[0].verified

    answer = _finish(_progress(with_model=False), citer, Coverage(False, ("2025", "Bhutan")))

    assert (answer.outcome, answer.sources, answer.sentences) == (Outcome.NOT_COVERED, (), ())
    assert "2025, Bhutan" in answer.text


def test_a_source_whose_quote_was_not_shown_is_not_listed_and_leaves_no_hole_in_the_numbers() -> None:
    citer = Citer(lambda document, *_: "Nepal took part." if document == "shown" else None)
    hidden = citer.cite(passage("Nepal took part.", document_id="hidden"), _SPAN)
    shown = citer.cite(passage("Nepal took part.", document_id="shown"), _SPAN)
    assert [citation.verified for citation in (*hidden, *shown)] == [False, True]
    progress = _progress(with_model=False)
    progress.sentences.append(Sentence("Nepal took part.", shown))

    answer = _finish(progress, citer, Coverage(True))

    assert [source.document_id for source in answer.sources] == ["shown"]
    assert [source.number for source in answer.sources] == [1]
    assert [citation.number for sentence in answer.sentences for citation in sentence.citations] == [1]


def test_the_text_is_the_sentences_in_their_order() -> None:
    progress = _progress(with_model=False)
    progress.sentences.extend([Sentence("Nepal came.", ()), Sentence("Pakistan came.", ())])

    answer = _finish(progress, Citer(lambda *_: None), Coverage(True))

    assert answer.text == "Nepal came. Pakistan came."

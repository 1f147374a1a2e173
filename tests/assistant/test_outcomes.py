"""How an answer ends, from what was said, dropped and missed."""

from datetime import date

import pytest

from assistant.citing import Citer
from assistant.coverage import Coverage
from assistant.declining import Declined
from assistant.errors import ModelError, ModelStopped, ModelUnavailable
from assistant.outcomes import Progress, ask_back, decline, finish, outcome_of
from assistant.reading import Part, Reading
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


def _reading(*coverages: Coverage, question: str = "Who took part?") -> Reading:
    """What was found for a question of as many parts."""
    found = Found((_FOUND,), {})
    parts = tuple(Part(question, found, coverage) for coverage in coverages)
    return Reading(found.passages, found, coverages[0], parts)


def _finish(progress: Progress, citer: Citer, *coverages: Coverage, contact: str | None = None) -> Answer:
    return finish(progress, _reading(*coverages), citer, "en", Provenance(None), date(2024, 1, 15), contact=contact)


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


def test_of_several_questions_in_one_it_is_said_which_is_not_answered_and_what_is_missing() -> None:
    progress = _progress(said=1, with_model=False)

    answer = _finish(progress, Citer(lambda *_: None), Coverage(True), Coverage(False, ("Bhutan", "2025")))

    assert answer.outcome is Outcome.PARTIAL
    (notice,) = [notice for notice in answer.notices if notice.kind == "partial_missing"]
    assert "Who took part?" in notice.text and "Bhutan, 2025" in notice.text
    whole = _finish(_progress(said=1, with_model=False), Citer(lambda *_: None), Coverage(True), Coverage(True))
    assert whole.outcome is Outcome.ANSWERED and whole.notices == ()


def test_what_a_model_said_is_not_called_partial_by_the_words_found() -> None:
    answer = _finish(_progress(said=1, by_model=1), Citer(lambda *_: None), Coverage(True), Coverage(False))

    assert answer.outcome is Outcome.ANSWERED
    assert answer.notices == ()


def test_a_refusal_says_where_to_ask_only_where_an_operator_told() -> None:
    refused = _progress(with_model=False)

    told = _finish(refused, Citer(lambda *_: None), Coverage(False), contact="migration@office.example")
    untold = _finish(refused, Citer(lambda *_: None), Coverage(False))

    assert [notice.text for notice in told.notices] == ["You can also ask here: migration@office.example"]
    assert untold.notices == ()


@pytest.mark.parametrize("reason", list(Declined))
def test_what_is_declined_has_a_reason_of_its_own_and_no_source(reason: Declined) -> None:
    answer = decline(reason, "en", Provenance(None), "migration@office.example")

    assert (answer.outcome, answer.sentences, answer.sources) == (Outcome.DECLINED, (), ())
    others = {decline(other, "en", Provenance(None)).text for other in Declined if other is not reason}
    assert answer.text not in others
    # A person to ask is of use only to who has a case, not to who looks for somebody or gives orders.
    assert bool(answer.notices) is (reason is Declined.OWN_CASE)


def test_a_question_back_has_its_choices_in_the_text_too() -> None:
    answer = ask_back(("When (Tirana)?", "When (Skopje)?"), "en", Provenance(None))

    assert answer.outcome is Outcome.NEEDS_CLARIFICATION
    assert answer.choices == ("When (Tirana)?", "When (Skopje)?")
    assert answer.text.endswith("\n1. When (Tirana)?\n2. When (Skopje)?")

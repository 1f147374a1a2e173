"""What leaves the desk as JSON of a place: the stored words, and the reader's."""

from dataclasses import replace

import pytest

from assistant.events import Found, Said
from assistant.types import Answer, Citation, Outcome, Provenance, Sentence, SourceCard
from integrations.wire import AnswerOut, event_out
from tests.assistant.passages import passage

_CITATION = Citation(
    number=1,
    passage_id="p",
    document_id="report",
    version=1,
    title="Report",
    publisher=None,
    published="2024-06",
    url=None,
    locator="page 4, Key dates",
    quote="It began.",
    start=0,
    end=9,
    verified=True,
)
_SENTENCE = Sentence("It began.", (_CITATION,))


@pytest.mark.parametrize(
    ("language", "place"),
    [
        ("en", "page 4, Key dates"),
        ("sr", "страна 4, Key dates"),
        ("hr", "strana 4, Key dates"),
        ("ne", "पृष्ठ 4, Key dates"),
    ],
)
def test_a_citation_tells_its_place_as_stored_and_in_the_language_of_the_answer(language: str, place: str) -> None:
    card = SourceCard(1, "report", "Report", None, "2024-06", None)
    answer = Answer(Outcome.ANSWERED, "It began.", language, (_SENTENCE,), (card,), (), Provenance(None))

    (citation,) = AnswerOut.of(answer).sentences[0].citations

    assert (citation.locator, citation.place) == ("page 4, Key dates", place)
    assert citation.published == "2024-06", "for machines a date stays as it was"
    _, said = event_out(Said(0, _SENTENCE), language)
    assert said["sentence"]["citations"][0] == citation.model_dump()


def test_what_is_read_is_told_with_its_place_too() -> None:
    found = passage("It began.")
    found = replace(found, passage=replace(found.passage, locator="slide 3"))
    _, told = event_out(Found((found,)), "mk")
    assert [(one["locator"], one["place"]) for one in told["passages"]] == [("slide 3", "слајд 3")]

"""The nearest sentences are read together with the question, and what was read is told apart from what was not."""

from collections.abc import Sequence

from assistant.close_reading import read_closely
from knowledge.search import Found
from tests.assistant.passages import passage


def read(question: str, *texts: str, similarities: Sequence[float] = ()) -> tuple[Found, list[str]]:
    """What was read closely, and the sentences that were given to be scored; each scores its length."""
    given: list[str] = []

    def scores(_: str, sentences: Sequence[str]) -> list[float]:
        given.extend(sentences)
        return [float(len(sentence)) for sentence in sentences]

    found = Found(
        tuple(passage(text, document_id=f"d{n}", similarities=similarities) for n, text in enumerate(texts)), {}
    )
    return read_closely(question, found, scores), given


def test_each_sentence_keeps_the_score_of_its_own() -> None:
    found, given = read("Who came?", "The ministers came by train. Lunch was late.", "Nobody else came.")
    assert sorted(given) == ["Lunch was late.", "Nobody else came.", "The ministers came by train."]
    for item in found.passages:
        for unit in item.units:
            assert unit.relevance == len(item.passage.text_at(unit.span))


def test_what_leans_on_the_sentence_before_is_read_after_it() -> None:
    _, given = read("What was discussed?", "The envoys met on Monday. This included talks on visas.")
    assert "The envoys met on Monday. This included talks on visas." in given


def test_only_the_nearest_are_read() -> None:
    text = " ".join(f"Sentence {name} says a thing." for name in "ABCDEFGHIJKLMNOP")
    found, given = read("Which?", text, similarities=[0.9 - 0.01 * n for n in range(16)])
    assert len(given) == 12 and "Sentence A says a thing." in given and "Sentence P says a thing." not in given
    assert [unit.relevance is None for unit in found.passages[0].units] == [False] * 12 + [True] * 4


def test_of_passages_on_several_places_those_on_the_asked_one_are_read() -> None:
    _, given = read("Who met in Skopje?", "In Skopje the ministers met.", "In Belgrade the envoys met.")
    assert given == ["In Skopje the ministers met."]


def test_nothing_found_is_nothing_read() -> None:
    assert read("Who?") == (Found((), {}), [])

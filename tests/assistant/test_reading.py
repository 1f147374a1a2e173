from assistant.reading import search_parts, weigh
from knowledge.search import Found
from tests.assistant.passages import passage

MEETING = passage("The RGRS met in Tirana on 4 June 2024.", document_id="meeting", similarity=0.92)
SEAT = passage("The seat of MARRI is in Skopje.", document_id="seat", similarity=0.92)
NEITHER = passage("Lunch was served.", document_id="lunch", similarity=0.7)


async def asked(question: str, answers: dict[str, tuple[str, ...]]) -> tuple[list[str], list[str], tuple[str, ...]]:
    """What was searched for, the documents in order, and the parts that nothing covers."""
    held = {"meeting": MEETING, "seat": SEAT, "lunch": NEITHER}
    searched: list[str] = []

    def search(part: str, count: int) -> Found:
        searched.append(part)
        found = next((held_by for words, held_by in answers.items() if words in part), ())
        return Found(tuple(held[name] for name in found)[:count], {})

    found = await search_parts(question, search, depth=6)
    reading = await weigh(found, lambda *_: True, is_narrowed=False, top_k=6)
    return searched, [item.source.id for item in reading.passages], tuple(part.question for part in reading.uncovered)


async def test_each_question_in_a_question_is_searched_for_and_what_was_found_takes_turns() -> None:
    searched, documents, _ = await asked(
        "When did the RGRS meet, and where is the seat of MARRI?",
        {"RGRS": ("meeting", "lunch"), "MARRI": ("seat", "lunch")},
    )
    assert searched == ["When did the RGRS meet", "where is the seat of MARRI?"]
    assert documents == ["meeting", "seat", "lunch"]


async def test_a_part_that_nothing_covers_is_told_apart() -> None:
    _, documents, uncovered = await asked(
        "When did the RGRS meet, and what is the budget of Frontex in 2031?",
        {"RGRS": ("meeting",), "Frontex": ("lunch",)},
    )
    assert documents == ["meeting", "lunch"] and uncovered == ("what is the budget of Frontex in 2031?",)


async def test_one_question_is_searched_for_once() -> None:
    searched, _, _ = await asked("When did the RGRS meet?", {"RGRS": ("meeting",)})
    assert searched == ["When did the RGRS meet?"]


async def test_what_the_answer_to_the_rest_may_say_in_other_words_is_not_told_apart() -> None:
    _, _, uncovered = await asked(
        "When did the RGRS meet and on which day?", {"When did the RGRS": ("meeting",), "on which": ("lunch",)}
    )
    assert uncovered == ()

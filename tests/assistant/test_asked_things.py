"""Organisations and ordinals of a question that nothing found speaks of."""

import pytest

from assistant.asked_things import things_missing
from tests.assistant.passages import passage

MEETINGS = passage("IOM and the Regional Cooperation Council opened the first and the second meeting in Tirana.")


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did Frontex say at the second meeting?", ["Frontex"]),
        ("Шта је рекао Фронтекс?", ["Фронтекс"]),
        ("فرنٹیکس نے کیا کہا؟", ["فرنٹیکس"]),
        ("What did the RCC say?", []),
        ("Who opened the third meeting?", ["third"]),
        ("Ko je otvorio treći sastanak?", ["treći"]),
        ("Who opened the second meeting?", []),
        ("Which rules hold for third countries?", []),
        ("Which rules hold for a third-country national?", []),
        ("Wait a second, who opened it?", []),
        ("ماذا حدث في كانون الثاني 2025؟", []),
        ("What did the United Nations say?", []),
    ],
)
def test_what_nothing_speaks_of_is_named_in_the_words_of_the_question(question: str, missing: list[str]) -> None:
    assert things_missing(question, [MEETINGS]) == missing


def test_a_document_of_an_organisation_need_not_name_it() -> None:
    assert things_missing("What did Frontex publish?", [passage("The report is out.", publisher="Frontex")]) == []


def test_an_ordinal_is_missed_only_where_others_of_its_row_are_told() -> None:
    no_row = passage("The meeting was held in Tirana.")
    in_figures = passage("The 3rd meeting followed the first.")
    assert things_missing("Where was the third meeting?", [no_row]) == []
    assert things_missing("Where was the third meeting?", [in_figures]) == []

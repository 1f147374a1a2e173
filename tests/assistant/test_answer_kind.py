"""Which questions ask for a number or a date, and which texts hold one, in all our languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer_kind import AnswerKind, holds, kind_wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many visitors came to the fair?", AnswerKind.QUANTITY),
        ("What was the total budget of the project?", AnswerKind.QUANTITY),
        ("Sa migrantë u kthyen?", AnswerKind.QUANTITY),
        ("Koliko je ljudi došlo na sajam?", AnswerKind.QUANTITY),
        ("Колку луѓе дојдоа?", AnswerKind.QUANTITY),
        ("মেলায় কতজন এসেছিলেন?", AnswerKind.QUANTITY),
        ("मेलामा कति जना आए?", AnswerKind.QUANTITY),
        ("میلے میں کتنے لوگ آئے؟", AnswerKind.QUANTITY),
        ("كم شخصا زار المعرض؟", AnswerKind.QUANTITY),
        ("When did the law come into force?", AnswerKind.DATE),
        ("On which days was the meeting held?", AnswerKind.DATE),
        ("Kur hyri në fuqi ligji?", AnswerKind.DATE),
        ("Kada je stupio na snagu zakon?", AnswerKind.DATE),
        ("Кога стапи на сила законот?", AnswerKind.DATE),
        ("আইনটি কবে কার্যকর হয়?", AnswerKind.DATE),
        ("कानुन कहिले लागू भयो?", AnswerKind.DATE),
        ("قانون کب نافذ ہوا؟", AnswerKind.DATE),
        ("متى دخل القانون حيز التنفيذ؟", AnswerKind.DATE),
        ("What happens when a person returns?", None),
        ("When a return decision is issued, who informs the person?", None),
        ("Who opened the meeting?", None),
        ("Kada osoba nema dokumenta, ko joj pomaže?", None),
        ("What is the position of the ministry?", None),
    ],
)
def test_the_words_of_a_question_say_what_kind_of_answer_it_wants(question: str, kind: AnswerKind | None) -> None:
    assert kind_wanted(question) is kind


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (AnswerKind.QUANTITY, "The fair had 340 visitors.", True),
        (AnswerKind.QUANTITY, "Twelve people came.", True),
        (AnswerKind.QUANTITY, "Nobody came.", True),
        (AnswerKind.QUANTITY, "On 12 March 2024 the fair was opened.", False),
        (AnswerKind.QUANTITY, "1. Visit the fair.", False),
        (AnswerKind.QUANTITY, "It was the second fair of the group.", False),
        (AnswerKind.QUANTITY, "Kosovo under UNSCR 1244 sent a delegation.", False),
        (AnswerKind.QUANTITY, "The report does not say how many came.", True),
        (AnswerKind.DATE, "It was signed on 3 May 2021.", True),
        (AnswerKind.DATE, "The town was taken in 1185.", True),
        (AnswerKind.DATE, "It has 340 visitors.", False),
        (AnswerKind.DATE, "The article is undated.", True),
    ],
)
def test_a_text_holds_a_number_or_a_date_or_says_that_it_is_not_told(
    kind: AnswerKind, text: str, expected: bool
) -> None:
    assert holds(kind, text) is expected


@given(st.text(max_size=200), st.sampled_from(AnswerKind))
def test_any_text_can_be_asked_and_read(text: str, kind: AnswerKind) -> None:
    assert kind_wanted(text) in (None, *AnswerKind)
    assert holds(kind, f"{text}\n12 visitors, 3 May 2021")

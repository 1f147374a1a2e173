import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ellipsis import completed


@pytest.mark.parametrize(
    ("question", "earlier", "whole"),
    [
        ("And in Skopje?", "Who came to the round table in Podgorica?", "Who came to the round table in Skopje?"),
        (
            "And in Belgrade?",
            "What did the round table in Tirana in June 2024 agree?",
            "What did the round table in Belgrade agree?",
        ),
        ("And in 2025?", "How many people crossed in 2023?", "How many people crossed in 2025?"),
        ("And in 2025?", "How many permits did Serbia issue?", "How many permits did Serbia issue in 2025?"),
        ("What about North Macedonia?", "What is the quota of Serbia?", "What is the quota of North Macedonia?"),
        ("And with Serbia?", "What did Nepal sign with Pakistan?", "What did Nepal sign with Serbia?"),
        ("No, I meant Serbia.", "How many centres are in Albania?", "How many centres are in Serbia?"),
        ("And the RCC?", "Who pays for MARRI?", "Who pays for RCC?"),
        ("A u Beogradu?", "Šta je dogovoreno u Tirani?", "Šta je dogovoreno u Beogradu?"),
        ("Po në Beograd?", "Çfarë u vendos në Tiranë?", "Çfarë u vendos në Beograd?"),
        ("А во Белград?", "Што се договори во Тирана?", "Што се договори во Белград?"),
        ("আর বেলগ্রেডে?", "তিরানায় কোন দেশ এসেছিল?", "বেলগ্রেডে কোন দেশ এসেছিল?"),
        ("र बेलग्रेडमा?", "तिरानामा के सहमति भयो?", "बेलग्रेडमा के सहमति भयो?"),
        ("اور بلغراد میں؟", "تیرانا میں کیا طے پایا؟", "بلغراد میں کیا طے پایا?"),
        ("وماذا عن بلغراد؟", "ما الذي اتُّفق عليه في تيرانا؟", "ما الذي اتُّفق عليه في بلغراد?"),
    ],
    ids=[
        "a city",
        "an event elsewhere was on another day",
        "a year",
        "a year where there was none",
        "a name of two words",
        "of two countries the one after the same word",
        "a correction",
        "an abbreviation",
        "Serbian",
        "Albanian",
        "Macedonian",
        "Bengali",
        "Nepali",
        "Urdu",
        "Arabic",
    ],
)
def test_another_place_year_or_name_is_put_in_the_question_before(question: str, earlier: str, whole: str) -> None:
    assert completed(question, earlier) == whole


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("And when was it signed?", "What did Albania sign?"),
        ("How many permits did Serbia issue?", "What is the quota of Albania?"),
        ("What is MARRI?", "Who pays for the RCC?"),
        ("And Serbia?", "What did Nepal sign with Pakistan?"),
        ("And the EU?", "What did Nepal sign?"),
    ],
    ids=["names nothing", "a question of its own", "what a name is", "which of two is open", "the Union is everywhere"],
)
def test_what_says_more_or_leaves_open_what_it_replaces_is_left_alone(question: str, earlier: str) -> None:
    assert completed(question, earlier) is None


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=400), st.sampled_from(["And in Belgrade?", "And in 2024?", "A RCC?", "And Nepal in 2021?"]))
def test_whatever_was_asked_before_the_whole_question_holds_what_the_follow_up_names(
    earlier: str, question: str
) -> None:
    whole = completed(question, earlier)
    assert whole is None or any(name in whole for name in ("Belgrade", "2024", "RCC", "Nepal"))

"""Which language a question is told to be in, for the languages of our readers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language import asked_in, language_of
from assistant.types import Turn

# One question, asked by each delegation.
_ASKED = {
    "en": "Which delegations attended the RGRS meeting in Tirana?",
    "sr": "Које делегације су присуствовале састанку RGRS у Тирани?",
    "sq": "Cilat delegacione morën pjesë në takimin e RGRS në Tiranë?",
    "mk": "Кои делегации присуствуваа на состанокот на RGRS во Тирана?",
    "bn": "তিরানায় আরজিআরএস বৈঠকে কোন কোন প্রতিনিধিদল অংশ নিয়েছিল?",
    "ne": "तिरानामा भएको आरजीआरएस बैठकमा कुन-कुन प्रतिनिधिमण्डलले भाग लिए?",
    "ur": "تیرانا میں آر جی آر ایس کے اجلاس میں کن وفود نے شرکت کی؟",
    "ar": "ما هي الوفود التي حضرت اجتماع المجموعة في تيرانا؟",
}


@pytest.mark.parametrize("language", sorted(_ASKED))
def test_a_question_is_told_to_be_in_its_language(language: str) -> None:
    assert language_of(_ASKED[language]) == language


@pytest.mark.parametrize(
    ("language", "questions"),
    [
        (
            "mk",
            "Што е реадмисија?|Дали има визи за Непал?|Колку работници?|Кога беше форумот?|А во Србија?|Кој одлучува?",
        ),
        (
            "sr",
            "Шта је реадмисија?|Шта каже стратегија?|Колико радника?|Када је био форум?|А у Македонији?|Ко одлучује?",
        ),
        ("ne", "कोटा कति हो?|शरण के हो?|भिसा|कहिले?|वैदेशिक रोजगार"),
        ("bn", "কোটা কত?|ভিসা|কবে?"),
        ("ur", "کب؟|کوٹا کتنا ہے؟|ویزا"),
        ("ar", "متى؟|ما هي الحصة؟|تأشيرة"),
        ("sq", "Pse?|Kur?|Cfare eshte azili?|Ku është qendra?"),
        ("en", "Asylum?|Visa|How many?|Agreement"),
    ],
)
def test_a_short_question_is_told_by_its_letters_and_small_words(language: str, questions: str) -> None:
    assert {asked: language_of(asked) for asked in questions.split("|")} == dict.fromkeys(
        questions.split("|"), language
    )


@pytest.mark.parametrize(
    "question",
    [
        "Gdje se nalazi centar za azil?",
        "Prije koliko godina je potpisan sporazum?",
        "Tko je sudjelovao na sastanku?",
        "Što kaže izvješće?",
        "Sta kaze izvjestaj?",
        "Koje delegacije su prisustvovale sastanku RGRS u Tirani?",
        "Koliko povratnika je stiglo u Srbiju?",
        "Koliko košta sezonska viza za voćnjake?",
    ],
)
def test_serbian_in_latin_script_is_told_as_it_or_as_a_language_that_is_answered_alike(question: str) -> None:
    assert language_of(question) in ("sr-Latn", "bs", "hr")


@pytest.mark.parametrize("short", ["А за 2023?", "2?", "AVR?"])
def test_a_question_too_short_to_tell_is_in_the_language_of_the_one_before(short: str) -> None:
    before = (Turn("user", "Колико радника је дошло?"), Turn("assistant", "How many?"))
    assert asked_in(short, before) == "sr"
    assert asked_in(short, ()) == "en"
    assert asked_in("How many workers came?", before) == "en"


def test_a_statement_of_one_of_our_documents_is_told_to_be_english() -> None:
    assert language_of("Nepal and Pakistan took part in the meeting of specialists on readmission.") == "en"


@pytest.mark.parametrize("text", ["", "?", "42", "AVR", "…!", "2024", "১২"])
@pytest.mark.parametrize("fallback", ["en", "sq"])
def test_what_is_too_short_to_tell_is_in_the_language_that_is_expected(text: str, fallback: str) -> None:
    assert language_of(text, fallback) == fallback


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_whatever_breaks_the_telling_of_languages(text: str) -> None:
    assert language_of(text, fallback="sq")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=("P", "S", "N", "Z")), max_size=40))
def test_a_text_without_a_letter_is_always_in_the_language_that_is_expected(text: str) -> None:
    if not any(character.isalpha() for character in text):
        assert language_of(text, fallback="ne") == "ne"

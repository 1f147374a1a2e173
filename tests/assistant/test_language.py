"""Which language a question is told to be in, for the languages of our readers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language import language_of

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
    "question",
    [
        "Koje delegacije su prisustvovale sastanku RGRS u Tirani?",
        "Koliko povratnika je stiglo u Srbiju?",
        "Koliko košta sezonska viza za voćnjake?",
    ],
)
def test_serbian_in_latin_script_is_told_as_it_or_as_a_language_that_is_answered_alike(question: str) -> None:
    assert language_of(question) in ("sr-Latn", "bs", "hr")


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

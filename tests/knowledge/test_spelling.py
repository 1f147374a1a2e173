import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spelling import alike, fold, folded_words, mentions, names_in, same_consonants


@pytest.mark.parametrize("spelling", ["Tirana", "TIRANA", "Тирана", "Tirána", "Tira\u0301na", "तिराना", "তিরানা"])
def test_a_name_folds_to_the_same_letters_in_whatever_script(spelling: str) -> None:
    assert alike(fold(spelling), "tirana")


@pytest.mark.parametrize(
    ("spelling", "folded"),
    [
        ("Đorđević", "djordjevic"),
        ("Ђорђевић", "djordjevic"),
        ("Њујорк", "njujork"),
        ("Скопје", "skopje"),
        ("Ѓорѓи", "gjorgji"),
        ("Ќерим", "kjerim"),
        ("Џемал", "dzemal"),
        ("Prishtinë", "prishtine"),
        ("Straße", "strasse"),
        ("ŞIRNAK", "sirnak"),
    ],
)
def test_the_letters_of_the_region_fold_as_its_readers_write_them(spelling: str, folded: str) -> None:
    assert fold(spelling) == folded


@given(st.text(max_size=30))
def test_folding_gives_lower_case_latin_for_any_text_and_folding_again_keeps_it(word: str) -> None:
    folded = fold(word)
    assert folded.isascii() and folded == folded.lower()
    assert fold(folded) == folded


@pytest.mark.parametrize(
    "sentence",
    [
        "Na sastanku u Tirani govorilo se o readmisiji.",
        "На састанку у Тирани говорило се о реадмисији.",
        "Takimi i Tiranës u mbajt në qershor.",
        "Takimi në Tiranë përfundoi.",
        "Средбата во Тирана заврши.",
        "बैठक तिराना सहरमा भयो।",
        "তিরানা শহরে সভা হয়।",
    ],
    ids=["Serbian", "Serbian Cyrillic", "Albanian genitive", "Albanian", "Macedonian", "Nepali", "Bengali"],
)
def test_a_city_is_recognised_with_the_endings_of_each_language(sentence: str) -> None:
    assert mentions("Tirana", folded_words(sentence))


def test_a_name_that_is_not_there_is_not_recognised() -> None:
    words = folded_words("The meeting in Belgrade spoke of Albania and Serbia.")
    assert not mentions("Tirana", words)
    assert not mentions("Alba", words)


def test_every_part_of_a_compound_name_has_to_be_there() -> None:
    assert mentions("Bosnia-Herzegovina", folded_words("Bosne i Hercegovine, Bosnia and Herzegovina"))
    assert not mentions("Bosnia-Herzegovina", folded_words("Bosnia alone"))


@pytest.mark.parametrize(
    ("first", "second"),
    [("albania", "alban"), ("nepala", "nepal"), ("pakistanit", "pakistan"), ("readmisija", "readmisiji")],
)
def test_a_word_is_alike_to_itself_with_another_ending(first: str, second: str) -> None:
    assert alike(first, second) and alike(second, first)


@pytest.mark.parametrize(("first", "second"), [("iran", "iraq"), ("serbia", "servia"), ("mali", "malta"), ("a", "a")])
def test_short_or_different_words_are_not_alike(first: str, second: str) -> None:
    assert not alike(first, second)


def test_a_name_in_arabic_script_is_recognised_by_its_consonants() -> None:
    assert same_consonants(fold("تیرانا"), "tirana") or same_consonants(fold("تیرانہ"), "tirana")
    assert same_consonants(fold("نیپال"), "nepal")
    assert not same_consonants(fold("نیپال"), "pakistan")


def test_names_are_the_longer_words_with_a_capital() -> None:
    assert names_in("The meeting in Tirana, led by IOM and Donatella Bradić") == {"tirana", "donatella", "bradic"}

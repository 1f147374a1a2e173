from collections.abc import Iterator

import pytest
from hypothesis import given
from sqlalchemy import Connection, create_engine

from knowledge.lexicon import Lexicon, question_terms
from knowledge.normalisation import words_of
from tests.knowledge.wild_text import wild_text

PUBLIC, PARTNER, STAFF = {"public"}, {"public", "partner"}, {"public", "partner", "staff"}


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connected:
        yield connected
    engine.dispose()


@pytest.fixture
def lexicon(connection: Connection) -> Lexicon:
    """Eight passages about nothing in particular, so that a word in one of the others is rare."""
    filled = Lexicon(connection, "f1")
    for key in range(1, 9):
        filled.add("public", key, "A note", (), f"Plain text number {key} on weather and on gardens.")
    return filled


def found(lexicon: Lexicon, question: str, audiences: set[str]) -> list[int]:
    shares = lexicon.search(question, audiences, 20).shares
    return sorted(shares, key=lambda key: -shares[key])


def test_a_rare_word_finds_its_passage(lexicon: Lexicon) -> None:
    lexicon.add("public", 10, "A note", (), "The laissez-passer was issued in Ljubljana.")
    assert found(lexicon, "Where was the laissez-passer issued?", PUBLIC)[0] == 10


def test_titles_and_headings_are_searched_and_weigh_less_than_text(lexicon: Lexicon) -> None:
    lexicon.add("public", 10, "On kafala", ("Background",), "Something entirely different stands here.")
    lexicon.add("public", 11, "A note", ("Kafala",), "Something entirely different stands here.")
    lexicon.add("public", 12, "A note", (), "Something entirely different on kafala here.")
    ranked = found(lexicon, "kafala", PUBLIC)
    assert set(ranked) == {10, 11, 12} and ranked[0] == 12


def test_a_share_is_what_of_the_questions_weight_a_passage_covers(lexicon: Lexicon) -> None:
    lexicon.add("public", 10, "A note", (), "Aardvark.")
    one_of_one = lexicon.search("aardvark", PUBLIC, 5).shares[10]
    one_of_three = lexicon.search("aardvark okapi quagga", PUBLIC, 5).shares[10]
    assert one_of_one > 2 * one_of_three > 0


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("returned migrants", "return of a migrant"),
        ("agreements", "agreement"),
        ("Tiranë", "tirane"),
        ("Đorđević Šabac", "sabac"),
        ("RGRS", "rgrs"),
        ("МАРРИ", "марри"),
    ],
)
def test_a_word_is_found_in_another_form(lexicon: Lexicon, stored: str, asked: str) -> None:
    lexicon.add("public", 10, "A note", (), f"{stored}, and more.")
    assert 10 in found(lexicon, asked, PUBLIC)


@pytest.mark.parametrize(
    ("word", "fragment"),
    [("পুনঃএকত্রীকরণ", "একত"), ("প্রত্যাবাসন", "প"), ("पुनःएकीकरण", "एक"), ("प्रत्यावर्तन", "प"), ("واپسی", "وا")],
    ids=["Bengali visarga", "Bengali", "Nepali visarga", "Nepali", "Urdu"],
)
def test_a_word_in_another_script_is_found_whole_and_not_by_a_piece_of_it(
    lexicon: Lexicon, word: str, fragment: str
) -> None:
    lexicon.add("public", 10, "A note", (), f"{word} 2024")
    assert found(lexicon, word, PUBLIC) == [10]
    assert found(lexicon, fragment, PUBLIC) == []


def test_a_word_spelt_with_a_joiner_is_found(lexicon: Lexicon) -> None:
    lexicon.add("public", 10, "A note", (), "उनीहरूले काम गर्\u200dयो भने")
    assert found(lexicon, "गर्\u200dयो", PUBLIC) == [10]


def test_nothing_is_found_in_a_partition_the_reader_may_not_see(lexicon: Lexicon) -> None:
    lexicon.add("staff", 10, "Secret", (), "The aardvark is in the safe.")
    assert found(lexicon, "aardvark", PUBLIC) == []
    assert found(lexicon, "aardvark", PARTNER) == []
    assert found(lexicon, "aardvark", STAFF) == [10]
    assert lexicon.frequencies("aardvark", PARTNER) == {"aardvark": 0}


def test_two_delegations_have_partitions_of_their_own(lexicon: Lexicon) -> None:
    lexicon.add("partner:a-b", 10, "A", (), "The aardvark of one.")
    lexicon.add("partner:a_b", 11, "B", (), "The aardvark of the other.")
    assert found(lexicon, "aardvark", {"public", "partner:a-b"}) == [10]
    assert found(lexicon, "aardvark", {"public", "partner:a_b"}) == [11]


def test_what_a_reader_may_not_see_has_no_influence_on_weights_or_scores(lexicon: Lexicon) -> None:
    lexicon.add("public", 10, "A note", (), "The aardvark is in the garden.")
    before = lexicon.search("aardvark in gardens", PUBLIC, 20)
    for key in range(100, 160):
        lexicon.add("staff", key, "Secret aardvark", (), "aardvark aardvark aardvark")
    assert lexicon.search("aardvark in gardens", PUBLIC, 20) == before
    assert lexicon.search("aardvark in gardens", STAFF, 20).idf != before.idf


def test_a_removed_passage_is_found_no_more_and_counts_no_more(lexicon: Lexicon) -> None:
    before = lexicon.search("aardvark gardens", PUBLIC, 20)
    lexicon.add("public", 10, "A note", (), "The aardvark.")
    lexicon.remove("public", 10)
    assert lexicon.search("aardvark gardens", PUBLIC, 20) == before
    lexicon.remove("partner", 10)  # a partition that was never made


def test_a_search_can_be_narrowed_to_some_passages(lexicon: Lexicon) -> None:
    for key in (10, 11, 12):
        lexicon.add("public", key, "A note", (), f"The aardvark number {key}.")
    assert set(lexicon.search("aardvark", PUBLIC, 20, keys=[10, 12]).shares) == {10, 12}
    assert lexicon.search("aardvark", PUBLIC, 20, keys=[]).shares == {}


def test_two_index_fingerprints_do_not_mix_and_one_is_dropped_alone(connection: Connection, lexicon: Lexicon) -> None:
    other = Lexicon(connection, "f2")
    other.add("public", 10, "A note", (), "The aardvark.")
    other.add("public", 11, "A note", (), "Something else.")
    other.add("public", 12, "A note", (), "Nothing of it.")
    assert found(lexicon, "aardvark", PUBLIC) == []
    lexicon.drop()
    assert found(lexicon, "weather", PUBLIC) == []
    assert found(other, "aardvark", PUBLIC) == [10]


@pytest.mark.parametrize(
    "question",
    [
        '" OR *',
        '" OR "',
        "NEAR(",
        "NEAR(weather garden)",
        "weather AND NOT gardens",
        "body:weather",
        "-weather",
        "weather*",
        "^weather",
        "{body}: weather",
        "(",
        ")",
        "'",
        "';--",
        "\x00",
        "weather\x00gardens",
        "\\",
        "%",
        "",
        "   ",
        "?!",
        "🙂",
        "\ud800",
        ":term",
    ],
    ids=ascii,
)
def test_quotes_and_operators_in_a_question_are_inert(lexicon: Lexicon, question: str) -> None:
    lexicon.add("public", 10, "A note", (), "quagga")
    asked = lexicon.search(f"{question} quagga", PUBLIC, 20)
    assert 10 in asked.shares
    assert asked == lexicon.search(" ".join([*words_of(question), "quagga"]), PUBLIC, 20)


@given(wild_text)
def test_any_question_is_answered(question: str) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        lexicon = Lexicon(connection, "f")
        for key in range(4):
            lexicon.add("public", key, "A note", (), f"Plain text {key}. {question if key == 3 else ''}")
        hits = lexicon.search(question, PUBLIC, 5)
        assert set(hits.shares) <= {0, 1, 2, 3}
        assert all(share >= 0 for share in hits.shares.values())
        assert set(hits.idf) <= set(question_terms(question))
    engine.dispose()


def test_a_very_long_question_is_answered_by_its_beginning(lexicon: Lexicon) -> None:
    lexicon.add("public", 10, "A note", (), "The aardvark.")
    question = "aardvark " + " ".join(f"word{n}" for n in range(20_000))
    assert found(lexicon, question, PUBLIC) == [10]


def test_the_words_of_a_question_are_told_once_each_in_order() -> None:
    assert question_terms("Who met whom, and WHO met Nepal’s?") == ["who", "met", "whom", "and", "nepal", "s"]


def test_the_rarity_of_a_word_is_counted_among_what_the_reader_may_see(lexicon: Lexicon) -> None:
    lexicon.add("partner", 10, "A note", (), "The aardvark.")
    idf = lexicon.search("aardvark weather okapi", PARTNER, 20).idf
    assert idf["okapi"] > idf["aardvark"] > idf["weather"] == 0.0
    assert list(idf) == ["aardvark", "weather", "okapi"]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import sentence_spans
from tests.knowledge.patience import patience
from tests.knowledge.wild_text import wild_text


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The meeting was opened by H.E. Ana Petrović in Belgrade.",
        "Ms. Bradić and Mr. Hoxha thanked Dr. Khan for the report.",
        "It was signed by the Chief of Mission a.i. Laura Kovač.",
        "See No. 5 of the list and Art. 5 of the Law.",
        "The speakers were J. Smith and A. B. Kovač of the agency.",
        "The U.S. Government and the U.K. Home Office attended.",
        "It grew by 3.5 million (approx. Two per cent) in a year.",
        "More is at www.iom.int and in sec. IV of the plan.",
        "They waited ... and nothing came of it.",
        "Is it open (as in “why?”) to everyone?",
    ],
)
def test_an_abbreviation_an_initial_or_a_decimal_does_not_end_an_english_sentence(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sastanak je održan 5. juna 2024. godine u Tirani.",
        "Sastanak je održan 5. Juna 2024. godine u Tirani.",
        "Састанак је одржан 5. јуна 2024. године у Тирани.",
        "Состанокот се одржа на 5. Јуни во Тирана.",
        "Nadležan je prema čl. 12 Zakona o strancima.",
        "Према бр. 7 и чл. 9 Закона о странцима.",
    ],
)
def test_a_date_or_an_abbreviation_does_not_end_a_sentence_in_the_languages_of_the_region(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prema članu 12. Zakona o strancima, odluku donosi ministarstvo.",
        "Према члану 12. Закона о странцима, одлуку доноси министарство.",
    ],
)
def test_the_number_of_an_article_of_law_does_not_end_a_sentence(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met. They spoke.", ["They met.", "They spoke."]),
        ("Did they agree? Yes! They did.", ["Did they agree?", "Yes!", "They did."]),
        ("The total was 120. Others left.", ["The total was 120.", "Others left."]),
        ("It was led by the IOM. Then it ended…  So be it.", ["It was led by the IOM.", "Then it ended…", "So be it."]),
        ("“We agreed.” The group left.", ["“We agreed.”", "The group left."]),
        ('He said "no". Then he left.', ['He said "no".', "Then he left."]),
        ("(It was late.) They left.", ["(It was late.)", "They left."]),
        ("Those present were 12. Decisions followed.", ["Those present were 12.", "Decisions followed."]),
        ("It is said in Article 12. The Law says more.", ["It is said in Article 12.", "The Law says more."]),
        ("Kjo thuhet në nenin 12. Ligji thotë më shumë.", ["Kjo thuhet në nenin 12.", "Ligji thotë më shumë."]),
        ("Those present were 12. Mayors came later.", ["Those present were 12.", "Mayors came later."]),
        ("They met. “We agree,” she said.", ["They met.", "“We agree,” she said."]),
        ("Sastanak je održan. Šest država je učestvovalo.", ["Sastanak je održan.", "Šest država je učestvovalo."]),
    ],
)
def test_a_full_stop_question_or_exclamation_mark_ends_a_sentence_with_its_quotes(
    text: str, expected: list[str]
) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("gap", ["", " "], ids=["written together", "with a blank"])
@pytest.mark.parametrize(
    "parts",
    [
        ["সভাটি তিরানায় অনুষ্ঠিত হয়।", "তিনটি দেশ অংশ নেয়।"],
        ["बैठक तिरानामा भयो।", "तीन देशले भाग लिए॥"],
        ["اجلاس تیرانا میں ہوا۔", "تین ملک شریک ہوئے۔"],
        ["کیا وہ آئے؟", "ہاں۔"],
    ],
    ids=["Bengali", "Nepali", "Urdu", "Urdu question"],
)
def test_the_marks_of_other_scripts_end_sentences(parts: list[str], gap: str) -> None:
    assert sentences(gap.join(parts)) == parts


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    assert sentences("A title without a stop\n\nThe group\nmet in Tirana.") == [
        "A title without a stop",
        "The group\nmet in Tirana.",
    ]


def test_the_number_of_a_list_item_stays_with_its_text() -> None:
    assert sentences("1. Ministers agreed. They left.") == ["1. Ministers agreed.", "They left."]


@given(wild_text)
def test_sentences_are_ordered_disjoint_trimmed_and_lose_no_character(text: str) -> None:
    spans = sentence_spans(text)
    for before, after in zip(spans, spans[1:], strict=False):
        assert before.end <= after.start
    for span in spans:
        sentence = text[span.start : span.end]
        assert sentence and sentence == sentence.strip()
    assert "".join("".join(s.split()) for s in sentences(text)) == "".join(text.split())


@given(wild_text, st.data())
def test_sentences_of_a_part_of_a_text_lie_inside_that_part(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, start, end)
    assert all(start <= span.start < span.end <= end for span in spans)
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text[start:end].split())


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "x" * 1_000_000,
        "\n" * 1_000_000,
        "." * 1_000_000 + "x",
        "12.       " * 100_000,
        '."' * 500_000,
    ],
    ids=["words", "letters", "line breaks", "dots", "numbers", "quotes"],
)
def test_a_megabyte_without_sentences_is_read_in_linear_time(text: str) -> None:
    with patience():
        spans = sentence_spans(text)
    assert bool(spans) is bool(text.strip())

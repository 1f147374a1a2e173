"""From a model's characters to statements, however the network cuts them."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.parsing import LineParser, Statement, parse_line

_LONG = 4000
# Text with what matters to the parser in it more often than chance would have it.
_TEXTS = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["\n", "\r\n", "\u2028", "[1]", "[২]", "[ 3 , 4 ]", "[none]", "[1", "]", "- ", "* ", "**", "1. ", "Nepal."]
        ),
    ),
    max_size=20,
).map("".join)


def _parsed(chunks: list[str]) -> list[Statement]:
    parser = LineParser()
    statements = [statement for chunk in chunks for statement in parser.feed(chunk)]
    return statements + parser.close()


@settings(deadline=None)
@given(_TEXTS, st.data())
@example("a" * (_LONG + 1000) + "\nNepal. [1]", None)
@example("a" * (3 * _LONG), None)
def test_statements_are_the_same_however_the_text_is_cut(text: str, data: st.DataObject | None) -> None:
    if data is None:
        cuts = list(range(0, len(text), 700))
    else:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert _parsed(chunks) == _parsed([text])


@settings(deadline=None)
@given(_TEXTS)
def test_one_character_at_a_time_gives_the_same_statements_as_all_at_once(text: str) -> None:
    assert _parsed(list(text)) == _parsed([text])


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_line_of_any_text_raises_or_repeats_a_label(line: str) -> None:
    statement = parse_line(line)

    assert statement is None or len(set(statement.labels)) == len(statement.labels)


def test_a_line_is_given_when_it_ends_and_not_before() -> None:
    parser = LineParser()

    assert parser.feed("Nepal took part. [1]") == []
    assert parser.feed(" Pakistan as well") == []
    assert parser.feed(". [2]\nBangla") == [Statement("Nepal took part. Pakistan as well.", (1, 2))]


def test_a_last_line_that_was_not_ended_is_given_only_when_the_model_ended_of_its_own_accord() -> None:
    parser = LineParser()

    assert parser.feed("Nepal took part. [1]\nPakistan took part. [2]") == [Statement("Nepal took part.", (1,))]
    assert parser.close() == [Statement("Pakistan took part.", (2,))]
    assert parser.close() == []


@pytest.mark.parametrize(
    ("line", "text", "labels"),
    [
        ("Nepal took part. [1]", "Nepal took part.", (1,)),
        ("Nepal took part [1].", "Nepal took part.", (1,)),
        ("Nepal [2] took part. [1]", "Nepal took part.", (2, 1)),
        ("[3] Nepal took part.", "Nepal took part.", (3,)),
        ("Nepal took part. [1][5]", "Nepal took part.", (1, 5)),
        ("Nepal took part. [1, 5; 2]", "Nepal took part.", (1, 5, 2)),
        ("Nepal took part. [ 1 ] [1]", "Nepal took part.", (1,)),
        ("নেপাল অংশ নেয়। [২]", "নেপাল অংশ নেয়।", (2,)),
        ("नेपालले भाग लियो। [१][३]", "नेपालले भाग लियो।", (1, 3)),
        ("شاركت نيبال. [٤]", "شاركت نيبال.", (4,)),
        ("نیپال نے شرکت کی۔ [۵]", "نیپال نے شرکت کی۔", (5,)),
        ("Nepal took part.", "Nepal took part.", ()),
        ("It lasted from [sic] May to June 2024 [2024]. [1]", "It lasted from [sic] May to June 2024 [2024].", (1,)),
    ],
)
def test_labels_are_read_in_any_digits_and_at_any_place(line: str, text: str, labels: tuple[int, ...]) -> None:
    assert parse_line(line) == Statement(text, labels)


@pytest.mark.parametrize(
    "line",
    [
        "- Nepal took part. [1]",
        "* Nepal took part. [1]",
        "• Nepal took part. [1]",
        "1. Nepal took part. [1]",
        "2) Nepal took part. [1]",
        "- 3. Nepal took part. [1]",
        "### Nepal took part. [1]",
        "> Nepal took part. [1]",
        "**Nepal took part.** [1]",
        "__Nepal__ took **part**. [1]",
        "  Nepal   took part.\t[1]\r",
        "Nepal\u200b took\u00ad part. [1]",
    ],
)
def test_bullets_emphasis_and_invisible_characters_are_no_part_of_a_statement(line: str) -> None:
    assert parse_line(line) == Statement("Nepal took part.", (1,))


@pytest.mark.parametrize(
    "line",
    ["5. juna 2024. sastanak je održan u Tirani.", "5. јуна 2024. састанак је одржан у Тирани.",
     "12. maj 2022 var dagen.", "5. Juni 2024 war der Tag."],
)  # fmt: skip
def test_a_date_at_the_start_of_a_line_keeps_its_day(line: str) -> None:
    assert parse_line(f"{line} [1]") == Statement(line, (1,))


@pytest.mark.parametrize("line", ["[none]", "[None]", "- [NONE]", " [ none ] "])
def test_none_declines(line: str) -> None:
    statement = parse_line(line)

    assert statement is not None
    assert statement.declines
    assert statement.labels == ()


@pytest.mark.parametrize("line", ["", "   ", "[1]", "- [2]", "\u200b", "**", "---", "```", "…"])
def test_a_line_without_a_word_is_no_statement(line: str) -> None:
    assert parse_line(line) is None


def test_a_model_that_never_ends_its_line_is_cut() -> None:
    parser = LineParser()
    given_back = [statement for _ in range(300) for statement in parser.feed("word " * 200)]
    given_back += parser.close()

    assert given_back
    assert all(len(statement.text) <= _LONG for statement in given_back)
    assert len(re.findall("word", "".join(statement.text for statement in given_back))) <= _LONG // 5

"""What each source says where they differ: a row a publication, dated, and numbered as the answer cites it."""

from dataclasses import replace
from datetime import date

from assistant.citing import Citer
from assistant.coverage import Coverage
from assistant.outcomes import Progress, finish
from assistant.positions import positions_of
from assistant.reading import Part, Reading
from assistant.types import Provenance, Sentence, SourcePosition
from knowledge.search import Found
from knowledge.types import Attribution, Disagreement, Position, Reference, Retrieved, Span
from tests.assistant.passages import passage

MINISTRY = Reference("ministry", "Announcement", "Foreign ministry", "2023-06-01", "https://ministry.example/1")
INSTITUTE = Reference("institute", "Policy note", "Policy institute", "2023-07", "https://institute.example/1")
PAGE = Reference("page", "A page of nobody")
START = "The agreement entered into force on 1 June 2023."
PLAIN = "Three ministers signed the agreement in Berlin."
TEXT = f"{START} {PLAIN}"
DIFFERS = Disagreement(
    "start",
    "the day on which it entered into force",
    (
        Position("1 June 2023, by the ministry", ("ministry",)),
        Position("19 May 2023,\nby the note", ("institute", "page")),
    ),
)


def brief(document_id: str = "brief") -> Retrieved:
    """Of which one statement touches what its sources differ on and the other does not."""
    whole = len(START)
    found = passage(
        TEXT,
        document_id=document_id,
        references=(MINISTRY, INSTITUTE, PAGE),
        attributions=(
            Attribution(Span(0, whole), ("ministry",), ("start",)),
            Attribution(Span(whole + 1, len(TEXT)), ("institute",)),
        ),
    )
    return replace(found, source=replace(found.source, disagreements=(DIFFERS,)))


def said(*cited: tuple[Retrieved, str]) -> list[Sentence]:
    citer = Citer(lambda document, version, start, end: _text_of(cited, document)[start:end])
    result = []
    for found, statement in cited:
        start = found.passage.text.index(statement)
        result.append(Sentence(statement, citer.cite(found, Span(start, start + len(statement)))))
    return result


def _text_of(cited: tuple[tuple[Retrieved, str], ...], document: str) -> str:
    return next(found.passage.text for found, _ in cited if found.passage.document_id == document)


def rows(*cited: tuple[Retrieved, str]) -> tuple[SourcePosition, ...]:
    return positions_of(said(*cited), [found for found, _ in cited])


def test_each_publication_has_a_row_with_its_date_the_newest_first_and_the_undated_last() -> None:
    found = rows((brief(), START))

    assert [(row.publisher, row.published, row.says) for row in found] == [
        ("Policy institute", "2023-07", "19 May 2023, by the note"),
        ("Foreign ministry", "2023-06-01", "1 June 2023, by the ministry"),
        (None, None, "19 May 2023, by the note"),
    ]
    assert {row.about for row in found} == {"the day on which it entered into force"}
    assert {(row.document_id, row.version) for row in found} == {("brief", 1)}
    assert [row.title for row in found] == ["Policy note", "Announcement", "A page of nobody"]
    assert [row.url for row in found] == [INSTITUTE.url, MINISTRY.url, None]


def test_a_source_that_a_sentence_cites_has_its_number_and_the_others_none() -> None:
    assert [row.number for row in rows((brief(), START))] == [None, 1, None]
    assert [row.number for row in rows((brief(), PLAIN), (brief(), START))] == [1, 2, None]


def test_what_sources_agree_on_has_no_rows_and_what_several_statements_touch_has_them_once() -> None:
    assert rows((brief(), PLAIN)) == ()
    assert rows() == ()
    assert rows((brief(), START), (brief(), START)) == rows((brief(), START))


def test_what_two_briefs_mark_alike_is_told_once_by_the_one_that_is_cited() -> None:
    # Of the second brief the statement on the start rests on the institute, which no sentence cites by the first one.
    second = brief("second")
    by_institute = Attribution(Span(0, len(START)), ("institute",), ("start",))
    second = replace(second, attributions=(by_institute,))

    found = rows((brief(), START), (second, START))

    assert [(row.publisher, row.number, row.document_id) for row in found] == [
        ("Policy institute", 2, "second"),
        ("Foreign ministry", 1, "brief"),
        (None, None, "brief"),
    ]


def test_figures_on_different_things_stand_apart_and_those_on_one_together() -> None:
    texts = {
        "old permits": ("2021", "Serbia issued 52,178 work permits to foreign workers in 2020."),
        "new visas": ("2024", "Albania granted 900 visas to seasonal workers in 2023."),
        "new permits": ("2023", "In 2020 Serbia issued 61,000 work permits to foreign workers."),
        "old visas": ("2022", "In 2023 Albania granted 1,100 visas to seasonal workers."),
        "other permits": ("2022", "In 2020 Serbia issued 55,000 work permits to foreign workers."),
    }
    found = [passage(text, document_id=name, published=year) for name, (year, text) in texts.items()]

    told = rows(*((one, one.passage.text) for one in found))

    assert [row.document_id for row in told] == [
        *("new permits", "other permits", "old permits"),
        *("new visas", "old visas"),
    ]


def test_figures_that_differ_are_rows_in_the_words_of_the_sources() -> None:
    one = passage("Serbia issued 52,178 work permits to foreign workers in 2023.", document_id="one")
    other = passage("In 2023 Serbia issued 61,000 work permits to foreign workers.", document_id="other")
    found = rows((one, one.passage.text), (other, other.passage.text))

    assert [(row.document_id, row.number, row.says, row.about) for row in found] == [
        ("one", 1, one.passage.text, ""),
        ("other", 2, other.passage.text, ""),
    ]


def test_a_finished_answer_carries_them_and_the_day_that_was_asked_for() -> None:
    found = brief()
    cited, said_by = Citer(lambda *_: START), Progress(with_model=False)
    said_by.sentences.append(Sentence(START, cited.cite(found, Span(0, len(START)))))
    search, covered = Found((found,), {}, frozenset()), Coverage(True)
    reading = Reading((found,), search, covered, (Part("When did it start?", search, covered),))

    answer = finish(said_by, reading, cited, "en", Provenance(None), date(2024, 1, 1), date(2023, 9, 1))

    assert answer.positions == rows((found, START))
    assert answer.as_of == "2023-09-01"
    assert finish(said_by, reading, cited, "en", Provenance(None), date(2024, 1, 1)).as_of is None

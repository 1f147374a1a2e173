"""The briefing note: everything a colleague needs to check it, in their language, in a file that always opens."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.briefing import briefing_docx
from assistant.replies import languages, message
from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard, SourcePosition
from assistant.written_dates import written_date

_MADE = datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=2)))
_TIRANA = SourceCard(1, "tirana", "RGRS meets in Tirana", "IOM", "2024-06", "https://example.org/tirana?a=1&b=2")
_LEAFLET = SourceCard(2, "leaflet", "Leaflet", None, None, None)


_POSITIONS = (
    SourcePosition("d", 1, None, "Round table", "UNHCR", "2024-10", "https://example.org/b", "some 1,200", "places"),
    SourcePosition("d", 1, 1, "RGRS meets in Tirana", "IOM", "2024-06", None, "up to 3,000", "places"),
    SourcePosition("e", 1, 2, "Leaflet", None, None, None, "Nepal sent three people."),
)


def _citation(number: int, quote: str, locator: str) -> Citation:
    return Citation(number, f"p{number}", f"d{number}", "t", None, None, None, locator, quote, 0, len(quote), True)


def _answer(**changed: Any) -> Answer:
    met = _citation(1, "The RGRS met in Tirana on 4 and 5 June 2024.", "page 2")
    came = _citation(1, "Delegations from Nepal took part.", "page 3")
    said = _citation(2, "Nepal sent three people.", "")
    made = Answer(
        outcome=Outcome.ANSWERED,
        text="It met in Tirana in June 2024. Nepal took part.",
        language="en",
        sentences=(Sentence("It met in Tirana in June 2024.", (met,)), Sentence("Nepal took part.", (came, said, met))),
        sources=(_TIRANA, _LEAFLET),
        notices=(Notice("dated", "The newest source used here is dated 2024-06."),),
        provenance=Provenance("large"),
    )
    return replace(made, **changed)


def _note(answer: Answer, question: str = "Where did the RGRS meet?") -> bytes:
    return briefing_docx(question, answer, as_of=date(2026, 3, 1), made=_MADE)


def _paragraphs(answer: Answer, question: str = "Where did the RGRS meet?") -> list[Paragraph]:
    return docx.Document(BytesIO(_note(answer, question))).paragraphs


def test_a_note_has_all_that_is_needed_to_check_it() -> None:
    assert [
        (paragraph.style.name if paragraph.style else "", paragraph.text) for paragraph in _paragraphs(_answer())
    ] == [
        ("Title", "Briefing note"),
        ("Heading 1", "Question"),
        ("Normal", "Where did the RGRS meet?"),
        ("Heading 1", "Result"),
        ("Normal", "Answered from the documents."),
        ("Heading 1", "Answer"),
        ("List Number", "It met in Tirana in June 2024. [1]"),
        ("List Number", "Nepal took part. [1][2]"),
        ("Heading 1", "Please note"),
        ("List Bullet", "The newest source used here is dated 2024-06."),
        ("Heading 1", "Sources"),
        ("Normal", "[1] RGRS meets in Tirana"),
        ("Normal", "IOM · June 2024"),
        ("Normal", "https://example.org/tirana?a=1&b=2"),
        ("Normal", "page 2"),
        ("Quote", "“The RGRS met in Tirana on 4 and 5 June 2024.”"),
        ("Normal", "page 3"),
        ("Quote", "“Delegations from Nepal took part.”"),
        ("Normal", "[2] Leaflet"),
        ("Quote", "“Nepal sent three people.”"),
        ("Heading 1", "About this note"),
        ("Normal", "Sources as of 1 March 2026."),
        (
            "Normal",
            "Written by the language model large; each statement was checked against the passages it cites.",
        ),
        ("Normal", "Made on 1 March 2026, 23:30 (UTC)."),
        ("Normal", "Check every sentence against its source before you use it."),
    ]


def test_where_sources_differ_the_note_sets_side_by_side_what_each_says() -> None:
    paragraphs = _paragraphs(_answer(positions=_POSITIONS))
    told = [(paragraph.style.name if paragraph.style else "", paragraph.text) for paragraph in paragraphs]
    at = told.index(("Heading 1", "What the sources say"))
    assert told[at + 1 : at + 10] == [
        ("Normal", "places"),
        ("Normal", "UNHCR · October 2024"),
        ("List Continue", "some 1,200"),
        ("Normal", "https://example.org/b"),
        ("Normal", "IOM · June 2024"),
        ("List Continue", "up to 3,000 [1]"),
        ("Normal", "Leaflet"),
        ("List Continue", "Nepal sent three people. [2]"),
        ("Heading 1", "Please note"),
    ]
    assert told[at - 1] == ("List Number", "Nepal took part. [1][2]")
    one = _paragraphs(_answer(positions=_POSITIONS[:1]))
    assert "What the sources say" not in [paragraph.text for paragraph in one], "beside nothing"


def test_quotes_are_called_quotes_whether_or_not_a_model_was_asked() -> None:
    quoted = tuple(Sentence(citation.quote, (citation,)) for citation in _answer().sentences[1].citations[:2])
    for model in (None, "large"):
        texts = [p.text for p in _paragraphs(_answer(sentences=quoted, provenance=Provenance(model)))]
        assert any(text.startswith("Quotes only") for text in texts)
        assert not any("language model" in text for text in texts)


def test_a_refusal_says_why_and_claims_no_source() -> None:
    refused = _answer(outcome=Outcome.NOT_COVERED, text="They do not.", sentences=(), sources=(), notices=())
    texts = [paragraph.text for paragraph in _paragraphs(refused)]

    assert "Not answered: the documents do not hold it." in texts and "They do not." in texts
    assert not {"Answer", "Sources", "Please note"} & set(texts)
    assert not any("model" in text for text in texts)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_worded(outcome: Outcome) -> None:
    texts = [paragraph.text for paragraph in _paragraphs(_answer(outcome=outcome))]

    assert texts[texts.index("Result") + 1] == message(f"briefing.{outcome.lower()}", "en")


@pytest.mark.parametrize("language", languages())
def test_a_note_is_labelled_in_the_language_of_the_answer(language: str) -> None:
    document = docx.Document(BytesIO(_note(_answer(language=language))))

    assert document.paragraphs[0].text == message("briefing.title", language) == document.core_properties.title
    assert message("briefing.disclaimer", language) == document.paragraphs[-1].text
    spoken = {element.get(qn("w:val")) for element in document.styles.element.iter(qn("w:lang"))}
    assert {str(tag).split("-")[0] for tag in spoken} == {language.split("-")[0]}


def _runs_right_to_left(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr
    has_direction = properties is not None and properties.find(qn("w:bidi")) is not None
    assert all(bool(run.font.rtl) is has_direction for run in paragraph.runs)
    return has_direction


@pytest.mark.parametrize("language", ["ar", "ur"])
def test_words_of_right_to_left_run_so_and_quotes_as_they_were_written(language: str) -> None:
    statement = "اجتمع الفريق في Tirana في عام 2024."
    citation = _answer().sentences[0].citations
    answer = _answer(language=language, sentences=(Sentence(statement, citation),))
    paragraphs = _paragraphs(answer, "أين اجتمع؟")

    directed = {paragraph.text: _runs_right_to_left(paragraph) for paragraph in paragraphs}

    assert directed[f"{statement} [1]"] and directed["أين اجتمع؟"]
    assert all(directed[message(f"briefing.{key}", language)] for key in ("title", "sources", "disclaimer", "answered"))
    assert directed[message("briefing.as_of", language, date=written_date("2026-03-01", language))]
    assert not directed[f"“{citation[0].quote}”"] and not directed["[1] RGRS meets in Tirana"]


def test_left_to_right_notes_turn_nothing() -> None:
    assert not any(map(_runs_right_to_left, _paragraphs(_answer(language="sr"))))


def test_word_is_given_the_direction_where_it_looks_for_it() -> None:
    paragraph = _paragraphs(_answer(language="ar"))[4]
    assert paragraph._p.pPr is not None

    assert [child.tag for child in paragraph._p.pPr] == [qn("w:bidi"), qn("w:spacing")]


def _links(note: bytes) -> list[str]:
    relations = docx.Document(BytesIO(note)).part.rels.values()
    return [related.target_ref for related in relations if related.reltype == RELATIONSHIP_TYPE.HYPERLINK]


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://example.org/a b\"<>é", "https://example.org/a%20b%22%3C%3E%C3%A9"),
        ("HTTPS://EXAMPLE.ORG/", "HTTPS://EXAMPLE.ORG/"),
        ("https://example.org/\ud800", "https://example.org/%EF%BF%BD"),
    ],
)  # fmt: skip
def test_a_link_leads_to_its_page(address: str, target: str) -> None:
    note = _note(_answer(sources=(replace(_TIRANA, url=address),)))

    assert _links(note) == [target]
    [linked] = [p for p in docx.Document(BytesIO(note)).paragraphs if p.hyperlinks]
    assert linked.text == address.replace("\ud800", "\ufffd")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:a@example.org",
        "\\\\host\\share",
        "//example.org/a",
        "https://",
        "https://[bad/",
        "https://example.org:port/",
        "https://example.org/" + "a" * 2000,
        "  ",
        "\0",
    ],
)
def test_nothing_but_the_web_is_linked_to(address: str) -> None:
    note = _note(_answer(sources=(replace(_TIRANA, url=address),)))

    assert _links(note) == []
    assert not any(paragraph.hyperlinks for paragraph in docx.Document(BytesIO(note)).paragraphs)


def test_a_note_fetches_nothing_and_carries_no_picture() -> None:
    with zipfile.ZipFile(BytesIO(_note(_answer()))) as package:
        names = package.namelist()
        relations = "".join(package.read(name).decode() for name in names if name.endswith(".rels"))

    assert relations.count('TargetMode="External"') == 1
    assert not [name for name in names if name.endswith((".jpeg", ".png", ".emf", ".bin"))]


def test_a_question_keeps_its_lines_and_turns_nothing_around() -> None:
    [question] = [p for p in _paragraphs(_answer(), "First\nsecond \u202eevil\u202c\x07!") if "First" in p.text]

    assert question.text == "First\nsecond evil !"


_ANYTHING = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=25, deadline=None)
@given(
    question=_ANYTHING,
    text=_ANYTHING,
    title=_ANYTHING,
    quote=_ANYTHING,
    url=_ANYTHING,
    language=st.sampled_from(["en", "ar"]),
)
def test_no_character_of_a_document_can_break_the_file(
    question: str, text: str, title: str, quote: str, url: str, language: str
) -> None:
    citation = _citation(1, quote, title)
    answer = _answer(
        text=text,
        language=language,
        sentences=(Sentence(text, (citation,)),),
        sources=(SourceCard(1, "d", title, quote, text, f"https://example.org/{url}"),),
        notices=(Notice("k", title),),
        provenance=Provenance(quote),
    )

    paragraphs = _paragraphs(answer, question)

    assert paragraphs[0].text == message("briefing.title", language)
    assert paragraphs[-1].text == message("briefing.disclaimer", language)
    shown = next(paragraph.text for paragraph in paragraphs if paragraph.text.startswith("[1] "))
    assert _letters(shown) == "1" + (_letters(title) or _letters(shown)[1:])


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def test_the_time_of_a_note_is_its_making() -> None:
    document = docx.Document(BytesIO(_note(_answer())))

    assert document.core_properties.created == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert (document.core_properties.author, document.core_properties.comments) == ("Migration Desk", "")

"""A citation leads to the original publication and opens at exactly the quoted words."""

from assistant.citing import Citer, references_of
from assistant.types import Citation
from knowledge.types import Attribution, Reference, Retrieved, Span
from tests.assistant.passages import passage

_TEXT = "Nepal took part. Pakistan took part. Bangladesh stayed away."
_START = 100
_STORED = "x" * _START + _TEXT
_REPORT = Reference(
    "report", "Report on the meeting", "Institute of Meetings", "2024-06-05", "https://meetings.example/7"
)
_LETTER = Reference("letter", "Letter of the delegation")
_UNITS = (Span(100, 116), Span(117, 136), Span(137, 160))


def _brief() -> Retrieved:
    """A brief of our own on two publications; the middle sentence rests on both, the last on none."""
    return passage(
        _TEXT,
        document_id="brief",
        title="Our brief",
        publisher="Migration Desk",
        start=_START,
        references=(_REPORT, _LETTER),
        attributions=(Attribution(_UNITS[0], ("report",)), Attribution(_UNITS[1], ("letter", "report"))),
    )


def _stored(document_id: str, version: int, start: int, end: int) -> str | None:
    return _STORED[start:end]


def test_a_brief_leads_to_the_publication_that_the_sentence_rests_on() -> None:
    (citation,) = Citer(_stored).cite(_brief(), _UNITS[0])

    assert citation == Citation(
        number=1,
        passage_id="brief@100",
        document_id="brief",
        title="Report on the meeting",
        publisher="Institute of Meetings",
        published="2024-06-05",
        url="https://meetings.example/7",
        locator="p. 1",
        quote="Nepal took part.",
        start=100,
        end=116,
        verified=True,
    )


def test_a_sentence_on_two_publications_leads_to_both_in_the_order_they_are_named() -> None:
    citations = Citer(_stored).cite(_brief(), _UNITS[1])

    assert [(citation.number, citation.title) for citation in citations] == [
        (1, "Letter of the delegation"),
        (2, "Report on the meeting"),
    ]
    assert {citation.quote for citation in citations} == {"Pakistan took part."}


def test_a_sentence_without_a_publication_leads_to_the_document_itself() -> None:
    (citation,) = Citer(_stored).cite(_brief(), _UNITS[2])

    assert (citation.title, citation.publisher, citation.url) == ("Our brief", "Migration Desk", None)


def test_a_quote_over_two_sentences_leads_to_the_publications_of_both_once() -> None:
    assert [reference.id for reference in references_of(_brief(), Span(100, 136))] == ["report", "letter"]


def test_a_quote_that_only_touches_a_sentence_does_not_borrow_its_publication() -> None:
    assert references_of(_brief(), Span(116, 117)) == ()


def test_a_quote_that_no_longer_stands_in_the_stored_text_is_not_verified() -> None:
    citer = Citer(lambda _document, _version, start, end: _STORED.replace("Nepal", "Bhutan")[start:end])

    assert [citation.verified for citation in citer.cite(_brief(), _UNITS[0])] == [False]


def test_a_quote_from_a_document_that_the_reader_may_not_see_any_more_is_not_verified() -> None:
    citer = Citer(lambda *_: None)

    assert [citation.verified for citation in citer.cite(_brief(), _UNITS[0])] == [False]


def test_a_quote_is_verified_in_its_own_document_and_place() -> None:
    asked: list[tuple[str, int, int]] = []

    def excerpt(document_id: str, version: int, start: int, end: int) -> str | None:
        asked.append((document_id, start, end))
        return "Nepal took part."

    Citer(excerpt).cite(_brief(), _UNITS[0])

    assert asked == [("brief", 100, 116)]


def test_sources_are_numbered_in_the_order_of_their_first_citation_and_listed_once() -> None:
    citer = Citer(_stored)
    other = passage("Nepal took part.", document_id="other", title="Minutes", start=_START)
    numbers = [
        [citation.number for citation in citer.cite(found, span)]
        for found, span in ((_brief(), _UNITS[0]), (other, _UNITS[0]), (_brief(), _UNITS[1]), (other, _UNITS[0]))
    ]

    assert numbers == [[1], [2], [3, 1], [2]]
    assert [(card.number, card.title, card.document_id) for card in citer.sources()] == [
        (1, "Report on the meeting", "brief"),
        (2, "Minutes", "other"),
        (3, "Letter of the delegation", "brief"),
    ]


def test_a_source_is_listed_with_what_is_needed_to_find_it() -> None:
    citer = Citer(_stored)
    citer.cite(_brief(), _UNITS[0])

    (card,) = citer.sources()

    assert (card.publisher, card.published, card.url) == (_REPORT.publisher, _REPORT.published, _REPORT.url)

from dataclasses import replace

import pytest
from hypothesis import given

from knowledge.chunking import LIMIT, LONGEST_UNIT, passages_of
from knowledge.readers import plain
from knowledge.readers.reading import TextBuilder
from knowledge.sentences import sentence_spans
from knowledge.types import Document, Source
from tests.knowledge.documents import Part, document_of, parts
from tests.knowledge.patience import patience

documents = parts.map(document_of)


def paragraph(*sentences: str) -> Part:
    return Part("paragraph", " ".join(sentences))


def texts(document: Document) -> list[str]:
    return [passage.text for passage in passages_of(document)]


@given(documents)
def test_a_passage_is_its_documents_text_at_its_offsets(document: Document) -> None:
    for passage in passages_of(document):
        assert passage.text == document.text[passage.start : passage.end]
        for unit in passage.units:
            assert passage.text_at(unit) == document.text[unit.start : unit.end]


@given(documents)
def test_every_sentence_lies_in_exactly_one_passage_and_no_character_is_lost(document: Document) -> None:
    passages = passages_of(document)
    units = [unit for passage in passages for unit in passage.units]
    assert len(set(units)) == len(units)
    for before, after in zip(units, units[1:], strict=False):
        assert before.end <= after.start
    for passage in passages:
        assert (passage.start, passage.end) == (passage.units[0].start, passage.units[-1].end)
        for other in passages:
            inside = [unit for unit in passage.units if other.start <= unit.start < other.end]
            assert bool(inside) is (other is passage)
    cut = "".join("".join(document.text[unit.start : unit.end].split()) for unit in units)
    read = "".join("".join(document.text[b.span.start : b.span.end].split()) for b in document.blocks)
    assert cut == read


@given(documents)
def test_no_passage_starts_or_ends_in_the_middle_of_a_sentence(document: Document) -> None:
    starts = {block.span.start for block in document.blocks}
    ends = {block.span.end for block in document.blocks}
    for block in document.blocks:
        for sentence in sentence_spans(document.text, block.span.start, block.span.end):
            starts.add(sentence.start)
            ends.add(sentence.end)
    for passage in passages_of(document):
        assert passage.start in starts
        assert passage.end in ends
        assert all(unit.start in starts and unit.end in ends for unit in passage.units)


@given(documents)
def test_a_passage_never_crosses_a_heading(document: Document) -> None:
    for passage in passages_of(document):
        outside = list(passage.text)
        for block in document.blocks:
            if passage.start < block.span.end and block.span.start < passage.end:
                assert block.headings == passage.headings
                first = max(block.span.start, passage.start) - passage.start
                last = min(block.span.end, passage.end) - passage.start
                outside[first:last] = [" "] * (last - first)
        assert not "".join(outside).strip()


@given(documents)
def test_a_passage_stays_within_its_limit_unless_one_sentence_is_longer(document: Document) -> None:
    for passage in passages_of(document):
        assert len(passage.text) <= LIMIT or len(passage.units) == 1


@given(documents)
def test_the_same_document_gives_the_same_passages_with_ids_of_their_own(document: Document) -> None:
    passages = passages_of(document)
    assert passages == passages_of(document)
    ids = {passage.id for passage in passages}
    assert len(ids) == len(passages)
    elsewhere = replace(document, source=replace(document.source, id="another"))
    assert ids.isdisjoint(passage.id for passage in passages_of(elsewhere))


def test_text_added_at_the_end_leaves_the_ids_before_it_alone() -> None:
    beginning = [Part("heading", "One"), paragraph("The first sentence stands here, and it is long enough.")]
    before = passages_of(document_of(beginning))
    after = passages_of(document_of([*beginning, Part("heading", "Two"), paragraph("Something was added below.")]))
    assert len(after) == 2
    assert after[0] == before[0]


def test_a_passage_carries_its_headings_from_the_outermost_inwards() -> None:
    document = document_of(
        [
            Part("heading", "Meeting", 1),
            Part("heading", "Who came", 2),
            paragraph("Three delegations came to the meeting in Tirana."),
            Part("heading", "What followed", 2),
            paragraph("Nothing followed from the meeting in Tirana."),
        ]
    )
    assert [passage.headings for passage in passages_of(document)] == [
        ("Meeting", "Who came"),
        ("Meeting", "What followed"),
    ]


LONG = "This sentence fills the paragraph until nothing more fits beside it. " * 12


def test_a_locator_names_the_section_or_else_the_paragraph() -> None:
    document = document_of([paragraph(LONG), paragraph(LONG), Part("heading", "Annex"), paragraph(LONG)])
    assert [passage.locator for passage in passages_of(document)] == ["paragraph 1", "paragraph 2", "Annex"]


def test_the_documents_own_title_is_no_locator_but_what_stands_before_the_sections_is_its_opening() -> None:
    sections = [Part("heading", "The title", 1), paragraph(LONG), Part("heading", "Annex", 2), paragraph(LONG)]
    document = document_of(sections, title="The title")
    assert [passage.locator for passage in passages_of(document)] == ["opening", "Annex"]


def test_a_text_under_its_title_alone_is_located_by_its_paragraphs() -> None:
    document = document_of([Part("heading", "The title"), paragraph(LONG), paragraph(LONG)], title="The title")
    assert [passage.locator for passage in passages_of(document)] == ["paragraph 1", "paragraph 2"]


def placed(*blocks: tuple[str, str, str]) -> list[str]:
    """The locators of a document of (heading, place, text)."""
    builder = TextBuilder()
    for heading, place, text in blocks:
        builder.place = place
        if heading:
            builder.heading(1, heading)
        builder.block("paragraph", text)
    document = Document(Source("id", "A title", "public"), "digest", builder.text, tuple(builder.blocks))
    return [passage.locator for passage in passages_of(document)]


def test_a_locator_says_where_in_the_original_a_passage_stands() -> None:
    short = "A short sentence that leaves room for another one."
    assert placed(("", "page 4", short)) == ["page 4"]
    assert placed(("Key dates", "page 4", short)) == ["page 4, Key dates"]
    assert placed(("Key dates", "page 4", short), ("", "page 5", short)) == ["pages 4–5, Key dates"]
    assert placed(("A title", "slide 7", short)) == ["slide 7"]
    assert placed(("", "row 2", short), ("", "row 3", short), ("", "row 9", short)) == ["rows 2–9"]
    sheet = "sheet “2024”, row "
    assert placed(("2024", sheet + "12", short), ("", sheet + "15", short)) == ["sheet “2024”, rows 12–15"]
    assert placed(("", sheet + "12", short), ("", "sheet “B”, row 1", short)) == [
        "sheet “2024”, row 12 – sheet “B”, row 1"
    ]
    assert placed(("", "", short), ("", "page 2", short)) == ["page 2"]


def test_a_paragraph_in_parts_is_located_as_one() -> None:
    document = document_of([paragraph(LONG * 3), paragraph(LONG)])
    assert [passage.locator for passage in passages_of(document)][-2:] == ["paragraph 1", "paragraph 2"]


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    sentences = [
        f"Sentence number {n} of this paragraph says that delegation {n} agreed to the plan." for n in range(40)
    ]
    cut = texts(document_of([paragraph(*sentences)]))
    assert len(cut) > 1
    assert " ".join(cut) == " ".join(sentences)


def test_the_lead_in_of_a_list_stays_with_its_first_item() -> None:
    before = paragraph("This sentence fills the paragraph until little more fits beside it. " * 12)
    cut = texts(document_of([before, paragraph("The partners are:"), Part("item", "Nepal, " * 12 + "and others")]))
    lead_in = next(text for text in cut if "The partners are:" in text)
    assert "Nepal" in lead_in


@pytest.mark.parametrize("mark", ["•", "-", "–", "*", "{n}.", "({n})", "(a)", "• -"])
def test_a_list_in_plain_text_stays_in_one_passage_whatever_its_marks(mark: str) -> None:
    lines = [f"{mark.format(n=n)} readmission of person number {n} to the country of origin" for n in range(1, 13)]
    reading = plain.read("\n".join(["The members of the group agreed on:", *lines]).encode(), "list")
    document = Document(Source("list", "A list", "public"), "digest", reading.text, reading.blocks)
    (passage,) = passages_of(document)
    assert len(passage.units) >= 12


def test_a_very_short_sentence_is_joined_with_its_neighbour() -> None:
    (passage,) = passages_of(
        document_of([paragraph("Yes. The delegations of three countries agreed to the plan in June.")])
    )
    assert [passage.text_at(unit) for unit in passage.units] == [passage.text]


@pytest.mark.parametrize("blank", [" ", ""], ids=["words", "one word"])
def test_a_dump_without_sentences_is_cut_all_the_same(blank: str) -> None:
    dump = f"abcdefghi{blank}" * 5000
    passages = passages_of(document_of([paragraph(dump)]))
    assert "".join("".join(p.text.split()) for p in passages) == "".join(dump.split())
    assert max(len(passage.text) for passage in passages) <= LONGEST_UNIT


def test_a_document_of_very_many_paragraphs_is_cut_in_linear_time() -> None:
    document = document_of(
        [paragraph(f"Paragraph {n} says that {n} people came to the meeting.") for n in range(40_000)]
    )
    with patience():
        passages = passages_of(document)
    assert passages[-1].locator.startswith("paragraph 39")
    assert sum(len(passage.units) for passage in passages) == 40_000


def test_a_document_without_blocks_has_no_passages() -> None:
    assert passages_of(document_of([])) == []

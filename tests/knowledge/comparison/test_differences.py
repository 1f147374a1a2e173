"""What changed between two versions: what a reader would call added, removed, moved, reworded."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.comparison.differences import Change, Differences, FactChange, Kind, differences
from knowledge.comparison.outlines import HeadingChange
from knowledge.comparison.statements import Statement, statements_of
from knowledge.types import Document
from tests.knowledge.documents import Part, document_of, parts
from tests.knowledge.patience import patience


def heading(text: str, level: int = 2) -> Part:
    return Part("heading", text, level)


def paragraph(*sentences: str) -> Part:
    return Part("paragraph", " ".join(sentences))


def item(text: str) -> Part:
    return Part("item", text)


def between(old: Sequence[Part], new: Sequence[Part]) -> Differences:
    return differences(document_of(old), document_of(new))


def only(found: Differences) -> Change:
    assert len(found.changes) == 1, found.changes
    return found.changes[0]


FIRST = "The group of specialists met in Tirana for the second time."
SECOND = "Delegates of the ministries spoke about alternatives to agreements."
THIRD = "A third meeting of the specialists is planned in Sarajevo next spring."


def test_identical_documents_do_not_differ() -> None:
    found = between(
        [heading("Background"), paragraph(FIRST, SECOND)], [heading("Background"), paragraph(FIRST, SECOND)]
    )
    assert found.is_empty
    assert found.kept == 2
    assert set(found.counts.values()) == {0}


def test_a_statement_is_added_removed_or_stands_in_other_words() -> None:
    found = between(
        [paragraph(FIRST, SECOND)],
        [paragraph(FIRST.replace("specialists", "senior specialists"), THIRD)],
    )
    assert [change.kind for change in found.changes] == ["reworded", "removed", "added"]
    assert found.changes[0].old is not None
    assert found.changes[0].old.text == FIRST
    assert found.changes[1].old is not None
    assert found.changes[1].old.text == SECOND
    assert found.changes[2].new is not None
    assert found.changes[2].new.text == THIRD


def test_equal_words_under_another_heading_have_moved_and_in_another_order_they_stay() -> None:
    old = [heading("Law"), item(FIRST), item(SECOND), heading("Practice"), item(THIRD)]
    new = [heading("Law"), item(SECOND), heading("Practice"), item(THIRD), item(FIRST)]
    found = between(old, new)
    change = only(found)
    assert (change.kind, change.section, change.segments) == ("moved", ("Practice",), ())
    assert change.old is not None
    assert change.old.headings == ("Law",)
    assert only(between([item(FIRST), item(SECOND), item(THIRD)], [item(FIRST), item(THIRD)])).kind == "removed"
    assert between([item(FIRST), item(SECOND)], [item(SECOND), item(FIRST)]).is_empty


def test_a_statement_that_moved_may_be_reworded_too() -> None:
    old = [heading("Law"), item(FIRST), item(SECOND), heading("Practice"), item(THIRD)]
    new = [heading("Law"), item(SECOND), heading("Practice"), item(THIRD), item(FIRST.replace("second", "third"))]
    change = only(between(old, new))
    assert (change.kind, change.also) == ("reworded", ("moved",))


def test_a_section_with_a_new_heading_is_one_change_and_no_statement_has_moved() -> None:
    inner = [heading("Rules", 3), item(SECOND)]
    found = between([heading("Background"), item(FIRST), *inner], [heading("How it began"), item(FIRST), *inner])
    assert found.changes == ()
    assert found.headings == (HeadingChange("renamed", ("Background",), ("How it began",)),)
    # Nothing in it stayed the same: the words of the heading decide.
    found = between(
        [heading("Fees of 2023"), item("A permit is EUR 30 for everyone."), heading("Other"), item(FIRST)],
        [heading("Fees of 2024"), item("They have risen."), heading("Other"), item(FIRST)],
    )
    assert found.headings == (HeadingChange("renamed", ("Fees of 2023",), ("Fees of 2024",)),)


def test_of_two_sections_neither_is_taken_for_a_third() -> None:
    found = between(
        [heading("Annex 1"), item("Nothing of it stays."), heading("Annex 2"), item("Nor anything of this.")],
        [heading("Annex 3"), item("Completely different words here.")],
    )
    assert Counter(change.kind for change in found.headings) == Counter(added=1, removed=2)


def test_sections_that_come_and_go_are_told_of_in_their_places() -> None:
    old = [heading("Law"), item(FIRST), heading("Fees"), item("A permit is EUR 30."), heading("Practice"), item(SECOND)]
    new = [heading("Law"), item(FIRST), heading("Practice"), item(SECOND), heading("Outlook"), item(THIRD)]
    found = between(old, new)
    assert [(change.kind, change.old, change.new) for change in found.headings] == [
        ("removed", ("Fees",), None),
        ("added", None, ("Outlook",)),
    ]
    assert [(change.kind, change.section) for change in found.changes] == [
        ("removed", ("Fees",)),
        ("added", ("Outlook",)),
    ]


def test_what_is_gone_from_the_beginning_or_end_of_a_section_stays_with_that_section() -> None:
    old = [heading("A"), item(FIRST), heading("B"), item("Gone from the top."), item(SECOND), item("Gone below it.")]
    new = [heading("A"), item(FIRST), item("Entirely new words."), heading("B"), item(SECOND), item("Never seen yet.")]
    found = between(old, new)
    assert [(change.kind, change.section) for change in found.changes] == [
        ("added", ("A",)),
        ("removed", ("B",)),
        ("removed", ("B",)),
        ("added", ("B",)),
    ]


def test_the_title_is_no_section_whether_a_format_makes_it_a_heading_or_not() -> None:
    body = [heading("Law"), item(FIRST)]
    with_heading = document_of([heading("A title", 1), *body])
    assert differences(document_of(body), with_heading).is_empty
    retitled = document_of([heading("A better title", 1), *body], title="A better title")
    found = differences(with_heading, retitled)
    assert found.facts == (FactChange("title", "A title", "A better title"),)
    assert not found.changes + found.headings
    # The title in the front matter changed, the heading did not.
    assert not differences(with_heading, document_of([heading("A title", 1), *body], title="Another")).headings


def test_how_blanks_and_letters_are_written_is_no_change() -> None:
    assert between([paragraph("Marrëveshja u\nnënshkrua.")], [paragraph("Marre\u0308veshja u nënshkrua.")]).is_empty


def test_repeated_rows_are_paired_with_the_row_most_like_them() -> None:
    rows = [Part("row", f"Year: {year}; country: Serbia; returns: {count}") for year, count in ((2022, 5), (2023, 7))]
    newer = [Part("row", f"Year: {year}; country: Serbia; returns: {count}") for year, count in ((2023, 8), (2024, 9))]
    found = between([*rows], [rows[0], *newer])
    assert [change.kind for change in found.changes] == ["figure_changed", "added"]
    assert found.changes[0].old is not None
    assert "2023" in found.changes[0].old.text


def test_bare_figures_of_two_tables_are_not_taken_for_each_other() -> None:
    found = between([heading("A"), Part("row", "12"), item(FIRST)], [item(FIRST), heading("B"), Part("row", "977")])
    assert Counter(change.kind for change in found.changes) == Counter(("removed", "added", "moved"))


def test_facts_about_the_document_are_compared() -> None:
    document = document_of([paragraph(FIRST)])
    newer = replace(document, source=replace(document.source, version=2, as_of="2025-01", origin="elsewhere"))
    found = differences(document, newer)
    assert found.facts == (FactChange("as_of", None, "2025-01"),)
    assert not found.is_empty


versions = st.tuples(parts, parts) | parts.flatmap(
    lambda drawn: st.tuples(st.just(drawn), st.permutations(drawn).map(lambda mixed: mixed[: len(mixed) * 2 // 3]))
)


@given(versions)
def test_every_statement_of_both_versions_is_accounted_for_exactly_once(pair: tuple[list[Part], list[Part]]) -> None:
    old, new = document_of(pair[0]), document_of(pair[1])
    found = differences(old, new)
    for document, side in ((old, "old"), (new, "new")):
        told: list[Statement | None] = [getattr(change, side) for change in found.changes]
        spans = [statement.span for statement in told if statement is not None]
        whole = [statement.span for statement in statements_of(document)]
        assert len(set(spans)) == len(spans)
        assert set(spans) <= set(whole)
        assert len(spans) + found.kept == len(whole)
    # What is left out of both was kept: the same words as often.
    kept = [
        Counter(statement.text for statement in statements_of(document))
        - Counter(statement.text for change in found.changes if (statement := getattr(change, side)) is not None)
        for document, side in ((old, "old"), (new, "new"))
    ]
    assert kept[0] == kept[1]
    starts = [change.new.span.start for change in found.changes if change.new is not None]
    assert starts == sorted(starts)


@given(versions)
def test_the_segments_give_both_wordings(pair: tuple[list[Part], list[Part]]) -> None:
    for change in differences(document_of(pair[0]), document_of(pair[1])).changes:
        if change.old is None or change.new is None or change.old.text == change.new.text:
            assert change.segments == ()
            continue
        for statement, absent in ((change.old, "added"), (change.new, "removed")):
            said = "".join(segment.text for segment in change.segments if segment.kind != absent)
            assert "".join(said.split()) == "".join(statement.text.split())


@given(versions)
def test_comparing_the_other_way_round_swaps_what_was_added_and_removed(pair: tuple[list[Part], list[Part]]) -> None:
    old, new = document_of(pair[0]), document_of(pair[1])
    there, back = differences(old, new), differences(new, old)
    swapped = {"added": "removed", "removed": "added"}
    assert there.kept == back.kept
    assert _told(there.changes) == Counter(
        (swapped.get(change.kind, change.kind), change.also, change.new, change.old) for change in back.changes
    )
    assert Counter((change.old, change.new) for change in there.headings) == Counter(
        (change.new, change.old) for change in back.headings
    )


def _told(changes: Sequence[Change]) -> Counter[tuple[str, tuple[Kind, ...], Statement | None, Statement | None]]:
    return Counter((change.kind, change.also, change.old, change.new) for change in changes)


@given(parts)
def test_a_document_does_not_differ_from_itself(drawn: list[Part]) -> None:
    found = differences(document_of(drawn), document_of(drawn))
    assert found.is_empty
    assert found.kept == len(statements_of(document_of(drawn)))


def _long(sentences: Sequence[str]) -> Document:
    drawn: list[Part] = []
    for start in range(0, len(sentences), 8):
        if start % 160 == 0:
            drawn.append(heading(f"Section {start // 160}"))
        drawn.append(paragraph(*sentences[start : start + 8]))
    return document_of(drawn)


def test_a_long_document_is_compared_in_seconds_however_much_of_it_changed() -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("abdegiklmnoprstu", k=chance.randint(3, 9))) for _ in range(3000)]

    def sentences() -> list[str]:
        return [f"The {' '.join(chance.choices(words, k=chance.randint(8, 20)))}." for _ in range(4000)]

    first = sentences()
    table = [f"Country: Serbia; year: {chance.randint(1990, 2024)}; returns: {n * 7}." for n in range(4000)]
    raised = [f"Country: Serbia; year: {chance.randint(1990, 2024)}; returns: {n * 7 + 1}." for n in range(4000)]
    with patience(60):
        assert differences(_long(first), _long(first)).is_empty
        reworded = [f"The new {sentence.removeprefix('The ')}" for sentence in first]
        assert differences(_long(first), _long(reworded)).counts["reworded"] > 3900
        assert differences(_long(first), _long(sentences())).counts["added"] > 3500
        assert differences(_long(table), _long(raised)).counts["figure_changed"] > 3000


def test_very_many_new_headings_are_no_trap() -> None:
    def chapters(name: str) -> list[Part]:
        return [part for n in range(3000) for part in (heading(f"{name} {n}"), item(f"{name} says {n} to all."))]

    with patience(60):
        assert len(between(chapters("Chapter"), chapters("Part")).headings) > 0

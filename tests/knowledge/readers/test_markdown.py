import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import UnreadableDocument
from knowledge.readers import markdown
from knowledge.readers.reading import Reading
from tests.knowledge.readers.readings import BRIEF, attributed, blocks_of, headings_of


def read(text: str) -> Reading:
    return markdown.read(text.encode(), "file-name")


# ---- any Markdown ---------------------------------------------------------------------------------------------------


def test_headings_nest_and_blocks_stand_under_theirs() -> None:
    reading = read(
        "# Meeting\n\nOne.\n\n## Who came\n\nTwo.\n\n### From where\n\nThree.\n\n## What followed\n\nFour.\n"
    )
    assert blocks_of(reading) == ["One.", "Two.", "Three.", "Four."]
    assert headings_of(reading) == [
        ("Meeting",),
        ("Meeting", "Who came"),
        ("Meeting", "Who came", "From where"),
        ("Meeting", "What followed"),
    ]


def test_emphasis_links_and_code_leave_their_words() -> None:
    reading = read("The **second** _meeting_ of the [group](https://example.org) used `AVRR`.\n")
    assert blocks_of(reading) == ["The second meeting of the group used AVRR."]


def test_wrapped_lines_become_one_paragraph() -> None:
    assert blocks_of(read("The group\nmet in  \nTirana.\n")) == ["The group met in Tirana."]


def test_list_items_are_items_however_deep() -> None:
    reading = read("Partners:\n\n- Nepal\n- Pakistan\n  1. Lahore\n\nThe end.\n")
    assert blocks_of(reading) == ["Partners:", "Nepal", "Pakistan", "Lahore", "The end."]
    assert [block.kind for block in reading.blocks] == ["paragraph", "item", "item", "item", "paragraph"]


def test_a_table_row_can_be_read_alone() -> None:
    reading = read("| Country | Year | Returns |\n|---|---|---|\n| Nepal | 2023 | 120 |\n| Pakistan | 2024 |  |\n")
    assert blocks_of(reading) == ["Country: Nepal; Year: 2023; Returns: 120", "Country: Pakistan; Year: 2024"]
    assert {block.kind for block in reading.blocks} == {"row"}


def test_two_tables_do_not_share_their_headers() -> None:
    reading = read("| A |\n|---|\n| 1 |\n\nText.\n\n| B |\n|---|\n| 2 |\n")
    assert blocks_of(reading) == ["A: 1", "Text.", "B: 2"]


@pytest.mark.parametrize(
    "text",
    [
        "Kosovo* and Serbia took part.",
        "Serbia, Kosovo* and North Macedonia met; Kosovo* spoke first.",
        "(Kosovo*) and “Kosovo*”, Kosovo*.",
    ],
)
def test_the_asterisk_of_kosovo_is_kept(text: str) -> None:
    assert blocks_of(read(text)) == [text]


def test_comments_and_markup_are_gone_and_the_words_inside_a_line_stay() -> None:
    reading = read(
        "<!-- for editors only -->\n\nBefore <b>bold</b> after<!-- note --> the end.\n\n<script>alert(1)</script>\n"
    )
    assert blocks_of(reading) == ["Before bold after the end."]
    assert "editors" not in reading.text and "alert" not in reading.text


def test_code_is_kept_as_it_is_said() -> None:
    assert blocks_of(read("```\nArticle 5\nArticle 6\n```\n")) == ["Article 5\nArticle 6"]


def test_what_looks_like_a_footnote_stays_in_a_text_that_is_no_brief() -> None:
    assert blocks_of(read("A claim.[^1] More.\n")) == ["A claim.[^1] More."]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: From the front\n---\n# A heading\n\nText.\n", "From the front"),
        ("Text first.\n\n## A heading\n", "A heading"),
        ("Only text.\n", "file-name"),
        ("---\ntitle: [not, a, text]\n---\nText.\n", "file-name"),
    ],
)
def test_the_title_comes_from_the_front_matter_the_first_heading_or_the_name(text: str, title: str) -> None:
    assert read(text).title == title


def test_front_matter_is_no_part_of_the_text() -> None:
    assert read("---\nauthor: A. Person\n---\nText.\n").text == "Text."


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert blocks_of(read("---\n\nText.\n")) == ["Text."]


@pytest.mark.parametrize("audience", ["staff", "partner", "partner:nepal"])
def test_an_audience_in_any_front_matter_is_heeded(audience: str) -> None:
    assert read(f"---\ntitle: Internal note\naudience: {audience}\n---\nFor our eyes only.\n").audience == audience


def test_an_unknown_audience_in_any_front_matter_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="audience"):
        read("---\ntitle: Internal note\naudience: stafff\n---\nFor our eyes only.\n")


@pytest.mark.parametrize(
    "front",
    [
        "a: [1",
        "a: b: c",
        "\tx",
        "as_of: 2024-02-30",
        f"a: {'9' * 5000}",
        "a: " + "[" * 1200,
        "? [a]\n: b\n- c",
        "a: !!python/object:os.x {}",
    ],
    ids=["bracket", "colons", "tab", "no such day", "huge number", "deep", "mixed", "tag"],
)
def test_front_matter_that_is_no_yaml_is_refused(front: str) -> None:
    with pytest.raises(UnreadableDocument, match="front matter"):
        read(f"---\n{front}\n---\nText.\n")


# ---- briefs ---------------------------------------------------------------------------------------------------------


def test_a_brief_says_of_itself_what_its_front_matter_says() -> None:
    reading = read(
        BRIEF.replace("as_of: 2024-06\n", "as_of: 2024-06\nreview_by: 2025\naudience: Partner\nlanguage: sr\n")
        + "Text. [^first]\n"
    )
    assert (reading.id, reading.title, reading.audience) == ("test-brief", "A brief on readmission", "partner")
    assert (reading.as_of, reading.review_by, reading.language) == ("2024-06", "2025", "sr")
    first, second = reading.references
    assert (first.id, first.title, first.publisher, first.published) == (
        "first",
        "The first source",
        "IOM",
        "2024-06-05",
    )
    assert (first.url, second.url, second.published) == ("https://example.org/first", None, "2023")


def test_each_statement_of_a_brief_names_its_sources_and_the_markers_are_gone() -> None:
    reading = read(
        BRIEF + "# Title\n\nOne was agreed. [^first] Two was not. [^second] Three stands on both.[^first][^second]\n\n"
        "- An item stands alone. [^second]\n\n| Year | Returns |\n|---|---|\n| 2023 | 120 [^first] |\n"
    )
    assert "[^" not in reading.text
    assert blocks_of(reading) == [
        "One was agreed. Two was not. Three stands on both.",
        "An item stands alone.",
        "Year: 2023; Returns: 120",
    ]
    assert attributed(reading) == [
        ("One was agreed.", ("first",)),
        ("Two was not.", ("second",)),
        ("Three stands on both.", ("first", "second")),
        ("An item stands alone.", ("second",)),
        ("Year: 2023; Returns: 120", ("first",)),
    ]


def test_a_source_named_twice_for_a_statement_counts_once() -> None:
    assert attributed(read(BRIEF + "One. [^first] [^first]\n")) == [("One.", ("first",))]


def test_a_statement_after_the_last_marker_is_attributed_to_nothing() -> None:
    assert attributed(read(BRIEF + "One. [^first] Nobody said this.\n")) == [("One.", ("first",))]


@given(
    st.lists(st.sampled_from(["\u00ad", "\u200b", " ", "  ", "\u00a0", "\u202e", "\t", "é", "👩", "क्षा"]), max_size=12)
)
def test_statements_are_attributed_rightly_whatever_their_text_loses_when_it_is_cleaned(noise: list[str]) -> None:
    reading = read(BRIEF + f"Begin{''.join(noise)}end. [^first] Next{''.join(noise)}ends. [^second]\n")
    (first, first_ids), (second, second_ids) = attributed(reading)
    assert first.startswith("Begin") and first.endswith("end.") and first_ids == ("first",)
    assert second.startswith("Next") and second.endswith("ends.") and second_ids == ("second",)


def test_a_marker_in_a_heading_leaves_the_heading() -> None:
    assert headings_of(read(BRIEF + "## Who came [^first]\n\nText. [^first]\n")) == [("Who came",)]


def test_a_marker_that_names_no_source_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"\[\^thrid\]"):
        read(BRIEF + "A claim. [^thrid]\n")


@pytest.mark.parametrize("key", ["id", "title", "topic", "jurisdictions", "as_of", "sources"])
def test_a_misspelt_key_of_a_brief_is_refused_by_its_name(key: str) -> None:
    with pytest.raises(UnreadableDocument, match=f"front matter: .*{key}x"):
        read(BRIEF.replace(f"\n{key}:", f"\n{key}x:", 1) + "Text. [^first]\n")


@pytest.mark.parametrize("key", ["id", "title", "publisher", "published", "url"])
def test_a_misspelt_key_of_a_source_is_refused_by_its_place(key: str) -> None:
    broken = BRIEF.replace(f"    {key}:", f"    {key}x:", 1).replace(f"  - {key}:", f"  - {key}x:", 1)
    with pytest.raises(UnreadableDocument, match=rf"sources\.0\.{key}x"):
        read(broken + "Text.\n")


@pytest.mark.parametrize(
    ("wrong", "right", "named"),
    [
        ("id: Test Brief", "id: test-brief", "id"),
        ("as_of: June 2024", "as_of: 2024-06", "as_of"),
        ("as_of: 2024-13", "as_of: 2024-06", "as_of"),
        ("jurisdictions: [Albania]", "jurisdictions: [AL, RS]", "jurisdictions"),
        ("url: javascript:alert(1)", "url: https://example.org/first", "url"),
        ("audience: everybody", "topic: readmission", "audience"),
        ("title: ''", "title: A brief on readmission", "title"),
    ],
)
def test_a_wrong_value_in_a_brief_is_refused_with_the_key(wrong: str, right: str, named: str) -> None:
    broken = BRIEF.replace(right, f"{right}\n{wrong}" if named == "audience" else wrong)
    with pytest.raises(UnreadableDocument, match=f"front matter: .*{named}"):
        read(broken + "Text.\n")


def test_a_brief_without_sources_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="sources"):
        read(BRIEF[: BRIEF.index("sources:")] + "sources: []\n---\nText.\n")


# ---- what a brief says of its statements ----------------------------------------------------------------------------

DISAGREEMENT = """disagreements:
  - id: start
    about: the day on which it began
    positions:
      - says: 1 June 2023
        sources: [first]
      - says: 19 May 2023
        sources: [second, first]
"""
DISPUTED = BRIEF.replace("sources:\n", f"{DISAGREEMENT}sources:\n", 1)


def noted(reading: Reading) -> list[tuple[str, tuple[str, ...], tuple[str, ...], bool]]:
    return [
        (said, sources, attribution.disagreement_ids, attribution.may_change)
        for (said, sources), attribution in zip(attributed(reading), reading.attributions, strict=True)
    ]


def test_a_marker_of_a_disagreement_and_of_change_is_told_from_a_source_and_leaves_the_text() -> None:
    reading = read(
        DISPUTED + "It began in June. [^first] [^disagree:start] It costs 60 euros. [^may-change] [^second]\n\n"
        "- Both hold here.[^disagree:start][^second][^may-change][^first]\n- It is plain. [^first]\n"
    )
    assert noted(reading) == [
        ("It began in June.", ("first",), ("start",), False),
        ("It costs 60 euros.", ("second",), (), True),
        ("Both hold here.", ("second", "first"), ("start",), True),
        ("It is plain.", ("first",), (), False),
    ]
    assert "[^" not in reading.text and "disagree" not in reading.text


def test_a_disagreement_keeps_both_sides_with_their_sources() -> None:
    (disagreement,) = read(DISPUTED + "It began in June. [^first] [^disagree:start]\n").disagreements
    assert (disagreement.id, disagreement.about) == ("start", "the day on which it began")
    assert [(position.says, position.reference_ids) for position in disagreement.positions] == [
        ("1 June 2023", ("first",)),
        ("19 May 2023", ("second", "first")),
    ]


@pytest.mark.parametrize(
    "marker", ["disagree:begin", "disagree:", "disagree", "disagree:first", "may-changed", "start"]
)
def test_a_marker_that_is_almost_right_is_refused(marker: str) -> None:
    with pytest.raises(UnreadableDocument, match=rf"marker \[\^{marker}\] names nothing"):
        read(DISPUTED + f"It began in June. [^first] [^{marker}]\n")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("theme: readmission-and-return", "theme: readmission", "theme: .*'readmission' is no theme; use readm"),
        ("jurisdictions: [AL, RS]", "jurisdictions: [AL, KS]", r"jurisdictions\.1: .*'KS' is no code"),
        ("jurisdictions: [AL, RS]", "jurisdictions: [al]", r"jurisdictions\.0: .*'al' is no code"),
        ("sources: [second, first]", "sources: [thrid]", "disagreements: 'start' names 'thrid', which is no source"),
        ("sources: [second, first]", "sources: []", r"disagreements\.0\.positions\.1\.sources"),
        ("      - says: 19 May 2023\n        sources: [second, first]\n", "", r"disagreements\.0\.positions"),
        ("  - id: second", "  - id: first", "sources: the id 'first' is given twice"),
        ("  - id: second", "  - id: may-change", "sources: 'may-change' is a marker of its own"),
        ("    about:", "    on:", r"disagreements\.0\.about"),
    ],
)
def test_a_mistake_in_what_a_brief_says_of_itself_is_refused_by_its_place(right: str, wrong: str, told: str) -> None:
    assert right in DISPUTED
    with pytest.raises(UnreadableDocument, match=f"front matter: .*{told}"):
        read(DISPUTED.replace(right, wrong) + "Text. [^first]\n")


def test_a_brief_without_a_theme_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="front matter: theme: Field required"):
        read(BRIEF.replace("theme: readmission-and-return\n", "") + "Text. [^first]\n")


def test_what_looks_like_the_marker_of_a_brief_stays_in_a_text_that_is_none() -> None:
    assert blocks_of(read("Some deny it.[^may-change] Others do not.[^disagree:x]\n")) == [
        "Some deny it.[^may-change] Others do not.[^disagree:x]"
    ]

import pytest

from knowledge.readers import plain
from knowledge.readers.reading import Reading
from tests.knowledge.patience import patience
from tests.knowledge.readers.readings import blocks_of, headings_of


def read(text: str) -> Reading:
    return plain.read(text.encode(), "file-name")


PROSE = "The second thematic meeting of the group took place in Tirana in June of that year."

WRAPPED = """\
The Regional Group of Readmission Specialists met in the city of
Tirana on 4 and 5 June, with delegations from three countries of
origin and from the whole of the Western Balkans, to speak about
closer cooperation.

The next meeting was announced for the autumn. It will deal with
returns, and with what becomes of those who have returned to the
places they came from.
"""


def test_wrapped_lines_become_one_paragraph() -> None:
    first, second = blocks_of(read(WRAPPED))
    assert " ".join(first.split()).startswith(
        "The Regional Group of Readmission Specialists met in the city of Tirana on"
    )
    assert first.endswith("closer cooperation.")
    assert second.startswith("The next meeting") and second.endswith("they came from.")


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = f"{PROSE}\nA second paragraph stands on a line of its own, and it is longer. So be it all."
    assert len(blocks_of(read(text))) == 2


def test_a_line_that_plainly_goes_on_is_joined() -> None:
    text = "The meeting was attended by delegations from Bangladesh, Nepal\nand Pakistan.\nIt ended."
    assert blocks_of(read(text)) == [
        "The meeting was attended by delegations from Bangladesh, Nepal\nand Pakistan.",
        "It ended.",
    ]


def test_a_short_line_before_prose_is_its_heading() -> None:
    reading = read(f"{PROSE}\n\nWhat was agreed\n{PROSE}\n\nNext steps\n{PROSE}")
    assert blocks_of(reading) == [PROSE] * 3
    assert headings_of(reading) == [(), ("What was agreed",), ("Next steps",)]
    assert "What was agreed" in reading.text


def test_a_heading_in_another_script_is_recognised() -> None:
    prose = "तिरानामा भएको दोस्रो बैठकमा तीन देशका प्रतिनिधिमण्डल सहभागी भए र उनीहरूले धेरै विषयमा छलफल गरे।"
    reading = read(f"{prose}\n\nबैठकको निष्कर्ष\n{prose}")
    assert headings_of(reading) == [(), ("बैठकको निष्कर्ष",)]


@pytest.mark.parametrize(
    "line",
    ["A short line ends here.", "And so they agreed,", "the end of a thought", "Word"],
    ids=["sentence", "comma", "lower case", "word"],
)
def test_a_short_line_that_is_no_title_is_no_heading(line: str) -> None:
    reading = read(f"{PROSE}\n{line}\n{PROSE}")
    assert headings_of(reading) == [()] * len(reading.blocks)
    assert "".join(line.split()) in "".join("".join(blocks_of(reading)).split())


def test_lines_of_fields_are_no_headings() -> None:
    fields = [
        "Donor: European Union, Directorate for Neighbourhood",
        "Duration: May 2011 until the end of October 2012",
    ]
    reading = read("\n".join([*fields, f"Objective: {PROSE}", "Budget: 1,500,000 euros in all", f"Summary: {PROSE}"]))
    assert headings_of(reading) == [()] * 5
    assert blocks_of(reading)[:2] == fields


@pytest.mark.parametrize("mark", ["•", "-", "–", "—", "*", "▪", "1.", "12)", "(3)", "(a)", "b)", "• -"])
def test_a_list_line_is_an_item_without_its_bullet(mark: str) -> None:
    reading = read(f"{PROSE}\n{mark} returns from Germany\n{mark} returns from Austria")
    assert [block.kind for block in reading.blocks] == ["paragraph", "item", "item"]
    assert blocks_of(reading)[1:] == ["returns from Germany", "returns from Austria"]


def test_items_of_a_wrapped_text_stay_apart() -> None:
    text = (
        WRAPPED
        + "\n- an item that begins on a line of its own and that goes on so\n"
        + "  until the next line ends it\n- another item\n"
    )
    assert [" ".join(block.split()) for block in blocks_of(read(text))][-2:] == [
        "an item that begins on a line of its own and that goes on so until the next line ends it",
        "another item",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "5. juna 2024. godine u Tirani je održan sastanak.",
        "Sastanak Regionalne grupe specijalista za readmisiju, koji\n"
        "je održan u glavnom gradu Albanije, Tirani, završen je dana\n"
        "5. juna 2024. godine, kada su delegacije Bangladeša, Nepala\ni Pakistana usvojile zaključke.",
    ],
    ids=["at the beginning", "after a line break"],
)
def test_the_day_of_a_date_at_the_start_of_a_line_is_no_list_number(text: str) -> None:
    (block,) = blocks_of(read(text))
    assert " ".join(block.split()) == " ".join(text.split())


@pytest.mark.parametrize(
    "item", ["Declaration of intent", "Decisions taken", "Marriage certificates", "Mayors of cities"]
)
def test_a_numbered_item_that_begins_as_a_month_does_is_an_item(item: str) -> None:
    assert blocks_of(read(f"{PROSE}\n1. {item}\n2. {item}"))[1:] == [item, item]


def test_a_negative_figure_at_the_start_of_a_line_keeps_its_sign() -> None:
    text = "-12 per cent was the change of registered returns in that year."
    assert blocks_of(read(text)) == [text]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"PRESS RELEASE - The Group Meets in Tirana\n\n{PROSE}", "PRESS RELEASE - The Group Meets in Tirana"),
        (
            "Migration, a force as old as humanity, has shaped every one of the societies we know. And so on.",
            "Migration, a force as old as humanity, has shaped every one of …",
        ),
        ("The clinic\n\nIts head is Dr Sanja Vuković.", "The clinic"),
        ("Short note.", "file-name"),
        ("The ferry at Bar sails on Mondays.\nIt does not sail in winter.", "file-name"),
        ("Trajekt iz Bara plovi ponedjeljkom.\n\nZimi ne plovi.", "file-name"),
        ("Dear all,\n\nThe ferry sails on Mondays.", "file-name"),
        ("", "file-name"),
    ],
    ids=[
        "a title line",
        "the first words",
        "a short title",
        "a sentence",
        "two lines",
        "two paragraphs",
        "mail",
        "nothing",
    ],
)
def test_the_title_is_what_a_person_would_call_the_text(text: str, title: str) -> None:
    assert read(text).title == title


def test_a_text_that_is_all_headings_is_still_read() -> None:
    assert blocks_of(read("Programme of the meeting")) == ["Programme of the meeting"]


@pytest.mark.parametrize(
    "line",
    [
        "word " * 14,
        "words that begin in lower case and are much longer than a typewriter would write them " * 2,
        "- item",
        "XYZ",
    ],
    ids=["wrapped", "lower case", "items", "letters"],
)
def test_a_megabyte_of_lines_is_read_in_linear_time(line: str) -> None:
    with patience():
        reading = read(f"{line.strip()}\n" * (1_000_000 // (len(line) + 1)))
    assert reading.blocks

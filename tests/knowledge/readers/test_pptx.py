import io
from collections.abc import Callable
from typing import Any

import pytest
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.presentation import Presentation as PresentationType
from pptx.slide import Slide
from pptx.util import Inches, Pt

from knowledge.readers import pptx
from knowledge.readers.limits import Limits
from knowledge.readers.package import Package
from knowledge.readers.reading import Reading
from tests.knowledge.readers.readings import assert_sound, blocks_of, headings_of

WHITE = RGBColor.from_string("FFFFFF")  # type: ignore[no-untyped-call]
DARK = RGBColor.from_string("000050")  # type: ignore[no-untyped-call]


def made(fill: Callable[[PresentationType], object]) -> bytes:
    presentation = Presentation()
    fill(presentation)
    file = io.BytesIO()
    presentation.save(file)
    return file.getvalue()


def read(fill: Callable[[PresentationType], object]) -> Reading:
    with Package.open(made(fill), Limits()) as package:
        reading = pptx.read(package, "file-name")
    assert_sound(reading)
    return reading


def slide_of(presentation: PresentationType, title: str, *lines: str) -> Slide:
    slide: Slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    assert slide.shapes.title is not None
    slide.shapes.title.text = title
    slide.placeholders[1].text_frame.text = "\n".join(lines)
    return slide


def box(slide: Slide, words: str, left: float = 1) -> Any:
    frame = slide.shapes.add_textbox(Inches(left), Inches(1), Inches(3), Inches(1)).text_frame
    run = frame.paragraphs[0].add_run()
    run.text = words
    return run


def test_slides_have_titles_as_headings_and_say_their_number() -> None:
    def fill(presentation: PresentationType) -> None:
        slide_of(presentation, "Returns in 2023", "Nepal: 12", "Pakistan: 7")
        slide = slide_of(presentation, "Next steps", "One thing alone.")
        assert slide.notes_slide.notes_text_frame is not None
        slide.notes_slide.notes_text_frame.text = "Say that it is open."

    reading = read(fill)
    assert reading.title == "Returns in 2023"
    assert blocks_of(reading) == [
        "Nepal: 12",
        "Pakistan: 7",
        "One thing alone.",
        "Speaker notes: Say that it is open.",
    ]
    assert [block.kind for block in reading.blocks] == ["item", "item", "paragraph", "paragraph"]
    assert [block.place for block in reading.blocks] == ["slide 1", "slide 1", "slide 2", "slide 2"]
    assert headings_of(reading) == [("Returns in 2023",)] * 2 + [("Next steps",)] * 2


def test_a_slide_without_a_title_does_not_stand_under_the_one_before() -> None:
    def fill(presentation: PresentationType) -> None:
        slide_of(presentation, "Returns", "Text.")
        box(presentation.slides.add_slide(presentation.slide_layouts[6]), "Loose.")

    assert headings_of(read(fill)) == [("Returns",), ()]


def test_a_slide_with_nothing_but_a_title_is_text() -> None:
    assert blocks_of(read(lambda presentation: slide_of(presentation, "Thank you", ""))) == ["Thank you"]


def test_a_table_on_a_slide_is_read_row_by_row() -> None:
    def fill(presentation: PresentationType) -> None:
        slide = slide_of(presentation, "Figures", "")
        table = slide.shapes.add_table(2, 3, Inches(1), Inches(1), Inches(4), Inches(2)).table
        for row, cells in enumerate([("Country", "2022", "2023"), ("Nepal", "12", "15")]):
            for column, words in enumerate(cells):
                table.cell(row, column).text = words

    assert blocks_of(read(fill)) == ["Country: Nepal; 2022: 12; 2023: 15"]


def _white(slide: Slide) -> None:
    box(slide, "X9 secret").font.color.rgb = WHITE


def _tiny(slide: Slide) -> None:
    box(slide, "X9 secret").font.size = Pt(1)


def _off(slide: Slide) -> None:
    box(slide, "X9 secret", left=30)


def _hidden(slide: Slide) -> None:
    box(slide, "X9 secret")
    slide.shapes[-1]._element.nvSpPr.cNvPr.set("hidden", "1")


@pytest.mark.parametrize(
    ("hide", "kind"),
    [(_white, "colour of its background"), (_tiny, "too small"), (_off, "outside the page"), (_hidden, "formatting")],
)
def test_hidden_text_is_left_out_and_counted(hide: Callable[[Slide], None], kind: str) -> None:
    reading = read(lambda presentation: hide(slide_of(presentation, "Title", "Seen.")))
    assert blocks_of(reading) == ["Seen."]
    (remark,) = reading.remarks
    assert kind in remark and "8 characters" in remark


def test_white_text_on_a_dark_slide_or_shape_is_seen() -> None:
    def fill(presentation: PresentationType) -> None:
        slide = slide_of(presentation, "Title", "Seen.")
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = DARK
        _white(slide)
        shaped = slide_of(presentation, "Other", "Seen.")
        _white(shaped)
        shape: Any = shaped.shapes[-1]
        shape.fill.solid()
        shape.fill.fore_color.rgb = DARK

    assert blocks_of(read(fill)).count("X9 secret") == 2


def test_a_hidden_slide_is_left_out_and_named() -> None:
    def fill(presentation: PresentationType) -> None:
        slide_of(presentation, "Shown", "Seen.")
        slide_of(presentation, "Draft", "Not yet.")._element.set("show", "0")

    reading = read(fill)
    assert blocks_of(reading) == ["Seen."]
    assert reading.remarks == ("left out hidden slides: 2",)

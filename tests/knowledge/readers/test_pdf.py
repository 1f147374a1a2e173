import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import UnreadableDocument
from knowledge.readers import ocr, pdf
from knowledge.readers.limits import Limits
from knowledge.readers.reading import Reading
from tests.knowledge.patience import patience
from tests.knowledge.readers.papers import HEIGHT, WIDTH, by_hand, cells, lines, paper, picture, stream
from tests.knowledge.readers.readings import assert_sound, blocks_of, headings_of

PROSE = (
    "The delegations of three countries met in the capital of Albania in",
    "June and agreed on what becomes of those who return, on who pays",
    "for their journeys, and on the day of the next meeting.",
)
JOINED = " ".join(PROSE)


@pytest.fixture(autouse=True)
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_tesseract", lambda: None)


def read(*pages: Callable[[Any], object], **options: Any) -> Reading:
    return read_bytes(paper(*pages, **options))


def read_bytes(raw: bytes, limits: Limits | None = None) -> Reading:
    reading = pdf.read(raw, "file-name", limits or Limits())
    assert_sound(reading)
    return reading


def test_lines_are_joined_to_paragraphs_that_say_their_page() -> None:
    def first(canvas: Any) -> None:
        y = lines(canvas, *PROSE)
        lines(canvas, "A second paragraph stands apart.", y=y - 12)

    reading = read(first, lambda canvas: lines(canvas, *PROSE))
    assert blocks_of(reading) == [JOINED, "A second paragraph stands apart.", JOINED]
    assert [block.place for block in reading.blocks] == ["page 1", "page 1", "page 2"]
    assert reading.remarks == ()


def test_a_paragraph_that_begins_with_an_indent_is_one() -> None:
    def draw(canvas: Any) -> None:
        y = lines(canvas, *PROSE[:2], "for their journeys, and on the day of the next great meeting.", x=72)
        y = lines(canvas, "A second paragraph is set in a little, as in printed books it is", x=90, y=y)
        lines(canvas, "done, and goes on at the margin.", y=y)

    assert len(blocks_of(read(draw))) == 2


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    reading = read(lambda canvas: lines(canvas, *PROSE[:2]), lambda canvas: lines(canvas, *PROSE[2:]))
    assert blocks_of(reading) == [JOINED]


def test_a_word_broken_at_the_end_of_a_line_is_whole_but_a_hyphen_of_its_own_stays() -> None:
    def draw(canvas: Any) -> None:
        y = lines(canvas, "The members spoke about the reinte-", "gration of those who came home, and of cross-")
        y = lines(canvas, "border work between the countries that took part in it.", y=y)
        lines(canvas, "Such cross-border work is not new.", y=y - 12)

    text = read(draw).text
    assert "reintegration of those" in text and "of cross-border work between" in text


def test_headings_are_told_by_their_size_and_weight() -> None:
    def draw(canvas: Any) -> None:
        y = lines(canvas, "Readmission in the region", size=20)
        y = lines(canvas, "1. Who came", size=14, y=y - 10)
        y = lines(canvas, *PROSE, y=y - 6)
        y = lines(canvas, "Key dates", font="Helvetica-Bold", y=y - 10)
        lines(canvas, *PROSE, y=y - 6)

    reading = read(draw)
    assert reading.title == "Readmission in the region"
    assert headings_of(reading) == [
        ("Readmission in the region", "1. Who came"),
        ("Readmission in the region", "1. Who came", "Key dates"),
    ]


def test_a_bookmark_names_a_heading_that_looks_like_text() -> None:
    def draw(canvas: Any) -> None:
        canvas.bookmarkPage("one")
        canvas.addOutlineEntry("Scope of the agreement", "one", 0)
        y = lines(canvas, "Scope of the agreement")
        lines(canvas, *PROSE, y=y - 14)

    assert headings_of(read(draw)) == [("Scope of the agreement",)]


def test_what_repeats_at_the_edges_and_page_numbers_are_dropped() -> None:
    def page(number: int) -> Callable[[Any], None]:
        def draw(canvas: Any) -> None:
            lines(canvas, "Migration Review", y=HEIGHT - 40, size=9)
            lines(canvas, *PROSE, f"This is what page {number} adds to it.")
            lines(canvas, f"Page {number} of 4", y=30, size=9)

        return draw

    reading = read(*(page(number) for number in range(1, 5)))
    assert "Migration Review" not in reading.text and "of 4" not in reading.text
    assert "This is what page 3 adds to it." in reading.text


def test_page_numbers_alone_are_dropped_where_pages_are_numbered() -> None:
    def page(number: int) -> Callable[[Any], None]:
        def draw(canvas: Any) -> None:
            lines(canvas, *PROSE)
            lines(canvas, str(number), x=300, y=120)

        return draw

    assert blocks_of(read(*(page(number) for number in range(1, 3)))) == [JOINED, JOINED]
    assert blocks_of(read(page(1))) == [JOINED, "1"]


def test_pages_that_hold_nothing_but_the_same_line_keep_it() -> None:
    assert "Draft" in read(*[lambda canvas: lines(canvas, "Draft", y=HEIGHT - 40)] * 4).text


def test_what_stands_once_at_an_edge_is_kept() -> None:
    reading = read(
        lambda canvas: (lines(canvas, *PROSE), lines(canvas, "Adopted in Tirana on 5 June 2024.", y=40)),
        lambda canvas: lines(canvas, *PROSE),
    )
    assert "Adopted in Tirana" in reading.text


def test_two_columns_that_stand_close_are_read_one_after_the_other() -> None:
    def draw(canvas: Any) -> None:
        for n in range(8):
            lines(canvas, f"left {n} words that fill it out {n}", x=72, y=700 - 12 * n, size=10)
            lines(canvas, f"right {n} words that fill it {n}", x=225, y=700 - 12 * n, size=10)

    text = " ".join(read(draw).text.split())
    assert text.index("left 7") < text.index("right 0")


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left line {n} has some words in it" for n in range(1, 9)]
    right = [f"right line {n} has some words too" for n in range(1, 9)]

    def draw(canvas: Any) -> None:
        lines(canvas, "A title over both of the columns", size=18, y=740)
        for n in range(8):  # drawn from left to right, as some programs do
            lines(canvas, left[n], x=72, y=700 - 14 * n)
            lines(canvas, right[n], x=320, y=700 - 14 * n)

    text = " ".join(read(draw).text.split())
    assert text.index("left line 8") < text.index("right line 1")
    assert "left line 1 has some words in it left line 2" in text


def test_lists_are_told_by_their_bullets() -> None:
    def draw(canvas: Any) -> None:
        y = lines(canvas, "The group agreed on the following:")
        for item in ("\u2022 returns from Germany", "\u2022 returns from Austria", "1. returns from Italy"):
            y = lines(canvas, item, x=90, y=y)

    reading = read(draw)
    assert [block.kind for block in reading.blocks] == ["paragraph", "item", "item", "item"]
    assert blocks_of(reading)[1:] == ["returns from Germany", "returns from Austria", "1. returns from Italy"]


def test_a_table_is_read_row_by_row_with_its_headers() -> None:
    def draw(canvas: Any) -> None:
        lines(canvas, *PROSE)
        cells(canvas, [("Country", "2022", "2023"), ("Nepal", "12", "15"), ("Pakistan", "7", "9")], (72, 250, 400))
        lines(canvas, "Figures of the ministry, which are provisional until the summer.", y=500)

    reading = read(draw)
    assert blocks_of(reading)[1:] == [
        "Country: Nepal; 2022: 12; 2023: 15",
        "Country: Pakistan; 2022: 7; 2023: 9",
        "Figures of the ministry, which are provisional until the summer.",
    ]


def test_a_cell_of_several_lines_is_whole() -> None:
    def draw(canvas: Any) -> None:
        rows = [
            ("Country", "Body", "Year"),
            ("Nepal", "Ministry of", "2023"),
            ("", "Labour", ""),
            ("Ghana", "None", "2024"),
        ]
        for number, row in enumerate(rows):
            y = 600 - {0: 0, 1: 20, 2: 32, 3: 54}[number]
            for x, text in zip((72, 250, 400), row, strict=True):
                lines(canvas, text, x=x, y=y)

    assert blocks_of(read(draw)) == [
        "Country: Nepal; Body: Ministry of Labour; Year: 2023",
        "Country: Ghana; Body: None; Year: 2024",
    ]


def test_lines_of_a_table_of_contents_are_no_text() -> None:
    def draw(canvas: Any) -> None:
        y = lines(canvas, "Introduction" + " ." * 30 + " 4", "Key dates" + "." * 40 + "12")
        lines(canvas, *PROSE, y=y - 20)

    assert blocks_of(read(draw)) == [JOINED]


def test_a_page_that_lies_on_its_side_is_read() -> None:
    def draw(canvas: Any) -> None:
        canvas.rotate(90)
        canvas.translate(0, -WIDTH)
        lines(canvas, *PROSE, y=500)

    assert blocks_of(read(draw)) == [JOINED]


def _white(canvas: Any) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    lines(canvas, "X9 secret", y=500)


def _nearly_white(canvas: Any) -> None:
    canvas.setFillColorRGB(0.97, 0.97, 0.97)
    lines(canvas, "X9 secret", y=500)


def _see_through(canvas: Any) -> None:
    canvas.setFillAlpha(0.0)
    lines(canvas, "X9 secret", y=500)


def _tiny(canvas: Any) -> None:
    lines(canvas, "X9 secret", y=500, size=1)


def _scaled(canvas: Any) -> None:
    canvas.scale(0.05, 0.05)
    lines(canvas, "X9 secret", x=2000, y=9000)


def _mode_three(canvas: Any) -> None:
    text = canvas.beginText(72, 500)
    text.setTextRenderMode(3)
    text.textOut("X9 secret")
    canvas.drawText(text)


def _off_page(canvas: Any) -> None:
    lines(canvas, "X9 secret", y=-300)


def _covered(canvas: Any) -> None:
    lines(canvas, "X9 secret", y=500)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.rect(60, 490, 200, 30, stroke=0, fill=1)


@pytest.mark.parametrize(
    ("hide", "kind"),
    [
        (_white, "colour of its background"),
        (_nearly_white, "colour of its background"),
        (_see_through, "colour of its background"),
        (_tiny, "too small"),
        (_scaled, "too small"),
        (_mode_three, "drawn invisibly"),
        (_off_page, "outside the page"),
        (_covered, "covered by something"),
    ],
)
def test_hidden_text_is_left_out_and_counted(hide: Callable[[Any], None], kind: str) -> None:
    def draw(canvas: Any) -> None:
        lines(canvas, *PROSE)
        hide(canvas)

    reading = read(draw)
    assert blocks_of(reading) == [JOINED]
    (remark,) = reading.remarks
    assert kind in remark and "8 characters" in remark and "X9" not in remark


def test_white_text_on_a_dark_band_and_marked_text_are_seen() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(0, 0, 0.4)
        canvas.rect(60, 690, 300, 30, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        lines(canvas, "White words on a dark band.")
        canvas.setFillColorRGB(0, 0, 0)
        lines(canvas, "Words that somebody marked.", y=500)
        canvas.setFillColorRGB(1, 1, 0, alpha=0.5)
        canvas.rect(60, 490, 200, 30, stroke=0, fill=1)

    assert blocks_of(read(draw)) == ["White words on a dark band.", "Words that somebody marked."]


def test_letters_that_are_drawn_twice_to_be_bold_are_read_once() -> None:
    def draw(canvas: Any) -> None:
        for shift in (0, 0.2):
            lines(canvas, "Bold words by a poor program.", x=72 + shift)

    assert blocks_of(read(draw)) == ["Bold words by a poor program."]


def test_a_ligature_is_all_its_letters() -> None:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [65 /ff /ffi] >> >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
    )
    words = stream(b"BT /F 11 Tf 72 700 Td (OBcial oAers.) Tj ET")
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    raw = by_hand([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, words, font])
    assert blocks_of(read_bytes(raw)) == ["Official offers."]


def test_a_page_without_text_is_named_as_a_scan() -> None:
    reading = read(lambda canvas: lines(canvas, *PROSE), picture, picture)
    assert blocks_of(reading) == [JOINED]
    assert reading.remarks == ("pages 2–3 are a scan without text: needs OCR (install Tesseract)",)


def test_text_that_was_recognised_over_a_scan_is_kept_and_named() -> None:
    def draw(canvas: Any) -> None:
        picture(canvas)
        _mode_three(canvas)

    reading = read(draw)
    assert blocks_of(reading) == ["X9 secret"]
    assert "recognised by whoever made the file" in reading.remarks[0]


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that says what it was asked and how much it was given."""
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\nif [ "$1" = --list-langs ]; then echo "List:"; echo eng; echo osd; echo sqi; exit; fi\n'
        'echo "Recognised with $*"; echo "of $(head -c 2) $(wc -c) bytes."; echo; echo "Second paragraph."\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(ocr, "find_tesseract", lambda: str(program))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    ocr._installed.cache_clear()
    return program


def test_a_scan_is_recognised_where_tesseract_is_installed(tesseract: Path) -> None:
    reading = read(lambda canvas: lines(canvas, *PROSE), picture, lambda canvas: lines(canvas, "The last page."))
    first, recognised, second, last = blocks_of(reading)
    assert recognised.startswith("Recognised with stdin stdout --dpi 300 -l eng+sqi of P5 ")
    assert (second, last) == ("Second paragraph.", "The last page.")
    assert [block.place for block in reading.blocks] == ["page 1", "page 2", "page 2", "page 3"]
    assert "page 2 is a scan, its text recognised by Tesseract" in reading.remarks[0]


@pytest.mark.parametrize("script", ["exit 3", "exec sleep 60"], ids=["fails", "hangs"])
def test_a_tesseract_that_fails_or_hangs_leaves_a_remark(tesseract: Path, script: str) -> None:
    tesseract.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && exit 3\n{script}\n')
    with patience():
        reading = read_bytes(paper(picture, lambda canvas: lines(canvas, *PROSE)), Limits(ocr_seconds=1.5))
    assert blocks_of(reading) == [JOINED]
    assert reading.remarks == ("page 1 is a scan without text: was not recognised",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Readmission and return", "Readmission and return"),
        ("Microsoft Word - final_v3.docx", "Return in figures"),
        ("Some other paper altogether", "Return in figures"),
        ("", "Return in figures"),
    ],
)
def test_the_title_is_the_one_that_the_first_page_knows(title: str, expected: str) -> None:
    def draw(canvas: Any) -> None:
        y = lines(canvas, "Return in figures", size=20)
        lines(canvas, "On readmission and return.", *PROSE, y=y - 20)

    assert read(draw, title=title).title == expected


def test_a_file_with_a_password_is_refused_and_one_without_to_open_is_read() -> None:
    with pytest.raises(UnreadableDocument, match="protected with a password"):
        read(lambda canvas: lines(canvas, *PROSE), password="secret")
    assert blocks_of(read(lambda canvas: lines(canvas, *PROSE), password="")) == [JOINED]


def test_a_file_that_is_cut_short_is_refused_or_read_in_part() -> None:
    raw = paper(*[lambda canvas: lines(canvas, *PROSE)] * 5)
    for share in (0.02, 0.3, 0.6, 0.95):
        try:
            read_bytes(raw[: int(len(raw) * share)])
        except UnreadableDocument as refused:
            assert "damaged" in str(refused)


def test_very_many_pages_are_refused() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"
    many = b"<< /Type /Pages /Kids [%s] /Count 300 >>" % b" ".join([b"3 0 R"] * 300)
    raw = by_hand([b"<< /Type /Catalog /Pages 2 0 R >>", many, page])
    with pytest.raises(UnreadableDocument, match="more than 200 pages"):
        read_bytes(raw, Limits(pages=200))


@pytest.mark.parametrize(
    "pages",
    [
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 100000000 >>",
        b"<< /Type /Pages /Kids [] /Count -1 >>",
    ],
    ids=["a ring", "a false count", "less than none"],
)
def test_a_page_tree_that_lies_is_read_or_refused_at_once(pages: bytes) -> None:
    raw = by_hand([b"<< /Type /Catalog /Pages 2 0 R >>", pages, b"<< /Type /Page /Parent 2 0 R >>"])
    with patience():
        try:
            assert read_bytes(raw).blocks == ()
        except UnreadableDocument as refused:
            assert str(refused)


def test_bookmarks_in_a_ring_do_no_harm() -> None:
    raw = by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
            b"<< /First 5 0 R /Last 5 0 R /Count 1 >>",
            b"<< /Title (a) /Parent 4 0 R /First 5 0 R /Next 5 0 R >>",
        ]
    )
    with patience():
        assert read_bytes(raw).blocks == ()

import datetime
import io
from collections.abc import Callable, Sequence

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from knowledge.errors import UnreadableDocument
from knowledge.readers import sheets
from knowledge.readers.limits import Limits
from knowledge.readers.package import Package
from knowledge.readers.reading import Reading
from knowledge.readers.spreadsheet_numbers import pattern_of, shown
from tests.knowledge.patience import patience
from tests.knowledge.readers.office import packed, rewritten
from tests.knowledge.readers.readings import assert_sound, blocks_of, headings_of

RETURNS = [("Country", "Year", "Returns"), ("Nepal", 2023, 12), ("Pakistan", 2023, 7)]


def made(fill: Callable[[Workbook], object]) -> bytes:
    workbook = Workbook()
    fill(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def filled(rows: Sequence[Sequence[object]]) -> Callable[[Workbook], None]:
    def fill(workbook: Workbook) -> None:
        assert workbook.active is not None
        for row in rows:
            workbook.active.append(list(row))

    return fill


def read(raw: bytes, limits: Limits | None = None) -> Reading:
    with Package.open(raw, limits or Limits()) as package:
        reading = sheets.read_xlsx(package, "file-name")
    assert_sound(reading)
    return reading


def read_csv(text: str | bytes, limits: Limits | None = None) -> Reading:
    reading = sheets.read_csv(text.encode() if isinstance(text, str) else text, "file-name", limits or Limits())
    assert_sound(reading)
    return reading


def test_each_row_can_be_read_alone_and_found_in_its_sheet() -> None:
    def fill(workbook: Workbook) -> None:
        sheet = workbook.create_sheet("Returns 2023", 0)
        for row in RETURNS:
            sheet.append(row)
        other = workbook.create_sheet("Notes")
        other.append(["Figures are provisional."])

    reading = read(made(fill))
    assert blocks_of(reading) == [
        "Country: Nepal; Year: 2023; Returns: 12",
        "Country: Pakistan; Year: 2023; Returns: 7",
        "Figures are provisional.",
    ]
    assert [block.place for block in reading.blocks] == [
        "sheet “Returns 2023”, row 2",
        "sheet “Returns 2023”, row 3",
        "sheet “Notes”, row 1",
    ]
    assert headings_of(reading) == [("Returns 2023",)] * 2 + [("Notes",)]
    assert reading.title == "file-name"


def test_dates_shares_and_figures_are_read_as_they_are_shown() -> None:
    def fill(workbook: Workbook) -> None:
        filled([("Day", "Share", "Sum", "Open", "Ratio")])(workbook)
        sheet = workbook.active
        assert sheet is not None
        sheet.append([datetime.date(2024, 6, 5), 0.125, 1234567, True, 0.1 + 0.2])
        sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", "#,##0"

    assert blocks_of(read(made(fill))) == ["Day: 2024-06-05; Share: 12.5%; Sum: 1,234,567; Open: yes; Ratio: 0.3"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("45448", "dd.mm.yyyy", "2024-06-05"),
        ("45448.5", "dd/mm/yyyy hh:mm", "2024-06-05 12:00"),
        ("0.5", "h:mm", "12:00"),
        ("45448", '#,##0 "days"', "45,448"),
        ("45448", '[Red]0.00', "45448.00"),
        ("-5", "0;[Red]-0", "-5"),
        ("1e20", "", "1e+20"),
        ("nan", "0", "nan"),
        ("inf", "", "inf"),
        ("45448", "[$-409]mmmm yyyy", "2024-06-05"),
        ("99999999999", "yyyy", "99999999999"),
        ("12", "General", "12"),
    ],
)  # fmt: skip
def test_a_format_says_what_a_number_is(value: str, code: str, text: str) -> None:
    assert shown(value, pattern_of(164, {164: code})) == text


def test_a_formula_is_read_by_its_stored_result_and_one_without_is_named() -> None:
    raw = made(filled([("Country", "Year", "Returns"), ("Nepal", 2023, "=6*2"), ("Ghana", 2023, "=1+1")]))
    raw = rewritten(
        raw, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<f>6*2</f><v", "<f>6*2</f><v>12</v><v", 1)
    )
    reading = read(raw)
    assert blocks_of(reading) == ["Country: Nepal; Year: 2023; Returns: 12", "Country: Ghana; Year: 2023"]
    assert any("1 formulas have no stored result" in remark for remark in reading.remarks)


def test_a_title_above_a_table_and_a_second_table_below_keep_their_own_headers() -> None:
    rows: list[Sequence[object]] = [("Returns by country",), *RETURNS, (), ("Donor", "Sum", "Note"), ("EU", 5, "paid")]
    assert blocks_of(read(made(filled(rows)))) == [
        "Returns by country",
        "Country: Nepal; Year: 2023; Returns: 12",
        "Country: Pakistan; Year: 2023; Returns: 7",
        "Donor: EU; Sum: 5; Note: paid",
    ]


def test_a_header_in_two_rows_is_joined() -> None:
    rows = [("", "Returns", "", "Readmissions", ""), ("Country", 2022, 2023, 2022, 2023), ("Nepal", 1, 2, 3, 4)]
    assert blocks_of(read(made(filled(rows))))[0].startswith("Country: Nepal; Returns 2022: 1; Returns 2023: 2; Readm")


def test_rows_of_figures_alone_have_no_header() -> None:
    assert blocks_of(read(made(filled([(1, 2), (3, 4)])))) == ["1; 2", "3; 4"]


def _white(workbook: Workbook) -> None:
    assert workbook.active is not None
    workbook.active["C2"].font = Font(color="FFFFFFFF")


def _tiny(workbook: Workbook) -> None:
    assert workbook.active is not None
    workbook.active["C2"].font = Font(size=1)


def _format(workbook: Workbook) -> None:
    assert workbook.active is not None
    workbook.active["C2"].number_format = ";;;"


def _column(workbook: Workbook) -> None:
    assert workbook.active is not None
    workbook.active.column_dimensions["C"].hidden = True


def _row(workbook: Workbook) -> None:
    assert workbook.active is not None
    workbook.active.row_dimensions[2].hidden = True


@pytest.mark.parametrize("hide", [_white, _tiny, _format, _column, _row])
def test_hidden_cells_are_left_out_and_counted(hide: Callable[[Workbook], None]) -> None:
    def fill(workbook: Workbook) -> None:
        filled([("Country", "Year", "Note"), ("Nepal", 2023, 99998), ("Ghana", 2024, 1)])(workbook)
        hide(workbook)

    reading = read(made(fill))
    assert "99998" not in reading.text and "Ghana" in reading.text
    assert len(reading.remarks) == 1 and reading.remarks[0].startswith("left out")


def test_white_figures_on_a_dark_cell_are_seen() -> None:
    def fill(workbook: Workbook) -> None:
        filled(RETURNS)(workbook)
        assert workbook.active is not None
        workbook.active["C2"].font = Font(color="FFFFFFFF")
        workbook.active["C2"].fill = PatternFill("solid", fgColor="FF1F3864")

    assert "Returns: 12" in read(made(fill)).text


def test_a_hidden_sheet_is_left_out_and_named() -> None:
    def fill(workbook: Workbook) -> None:
        filled(RETURNS)(workbook)
        hidden = workbook.create_sheet("Draft")
        hidden.append(["X9"])
        hidden.sheet_state = "veryHidden"

    reading = read(made(fill))
    assert "X9" not in reading.text
    assert reading.remarks == ("left out hidden sheets: Draft",)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="more than 2 rows"):
        read(made(filled(RETURNS)), Limits(rows=2))
    with pytest.raises(UnreadableDocument, match="more than 2 rows"):
        read_csv("a,b\n1,2\n3,4\n", Limits(rows=2))


def test_cells_far_away_cost_nothing() -> None:
    raw = made(filled(RETURNS))
    far = '<row r="1048576"><c r="XFD1048576"><v>7</v></c><c r="ZZZ1"><v>8</v></c></row></sheetData>'
    raw = rewritten(raw, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", far))
    with patience():
        assert blocks_of(read(raw))[-1] == "7"


def test_strings_that_are_shared_are_found_without_their_pronunciation() -> None:
    raw = made(filled([("Country", "Year", "Note"), ("Nepal", 2023, "plain")]))
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>other</t></si>'
        "<si><r><t>shared </t></r><r><rPr><b/></rPr><t>words</t></r><rPh><t>X9</t></rPh></si></sst>"
    )
    relation = (
        '<Relationship Id="rIdS" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    raw = packed(raw, {"xl/sharedStrings.xml": strings})
    raw = rewritten(raw, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace("</Relationships>", relation))
    raw = rewritten(
        raw,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("</sheetData>", '<row r="9"><c r="A9" t="s"><v>1</v></c></row></sheetData>'),
    )
    assert blocks_of(read(raw)) == ["Country: Nepal; Year: 2023; Note: plain", "shared words"]
    bomb = packed(raw, {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 2_000_000})
    with pytest.raises(UnreadableDocument, match="unpacks to more than"):
        read(bomb, Limits(unpacked=5_000_000))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_csv_is_read_with_the_separator_it_has(separator: str) -> None:
    reading = read_csv(f"Country{separator}Returns\r\nNepal{separator}12\r\n\r\nPakistan{separator}7\r\n")
    assert blocks_of(reading) == ["Country: Nepal; Returns: 12", "Country: Pakistan; Returns: 7"]
    assert [block.place for block in reading.blocks] == ["row 2", "row 4"]


def test_a_quoted_cell_may_hold_separators_and_line_ends() -> None:
    assert blocks_of(read_csv('Country,Note\n"Nepal","a, b\nc"\n')) == ["Country: Nepal; Note: a, b c"]


def test_a_csv_with_a_mark_of_its_byte_order_keeps_its_first_name() -> None:
    assert blocks_of(read_csv("Country,Returns\nNepal,12\n".encode("utf-8-sig"))) == ["Country: Nepal; Returns: 12"]


def test_formulas_in_a_csv_are_words_like_others() -> None:
    assert blocks_of(read_csv("Country,Note\nNepal,=HYPERLINK(1)\n")) == ["Country: Nepal; Note: =HYPERLINK(1)"]


def test_a_field_longer_than_others_allow_is_read() -> None:
    assert len(read_csv("a,b\n1," + "word " * 60_000).text) > 200_000

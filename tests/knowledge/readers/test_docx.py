import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from knowledge.errors import UnreadableDocument
from knowledge.readers import docx
from knowledge.readers.formats import read_bytes
from knowledge.readers.limits import Limits
from knowledge.readers.package import Package
from knowledge.readers.reading import Reading
from tests.knowledge.readers.office import packed, rewritten
from tests.knowledge.readers.readings import assert_sound, blocks_of, headings_of


def made(fill: Callable[[DocumentType], object]) -> bytes:
    document = Document()
    fill(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read(raw: bytes, limits: Limits | None = None) -> Reading:
    with Package.open(raw, limits or Limits()) as package:
        reading = docx.read(package, "file-name")
    assert_sound(reading)
    return reading


def text(fill: Callable[[DocumentType], object]) -> list[str]:
    return blocks_of(read(made(fill)))


def body(xml: str) -> bytes:
    """A document whose body is this XML."""

    def fill(document: DocumentType) -> None:
        element = document.element.body
        for child in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
            element.append(child)

    return made(fill)


def test_headings_paragraphs_and_lists_are_told_by_their_styles() -> None:
    def fill(document: DocumentType) -> None:
        document.add_heading("Readmission in the region", 0)
        document.add_heading("Who came", 1)
        document.add_paragraph("Three delegations came to Tirana.")
        document.add_paragraph("Nepal", style="List Bullet")
        document.add_paragraph("Pakistan", style="List Number")
        document.add_heading("Key dates", 2)
        document.add_paragraph("The next meeting is in June.")

    reading = read(made(fill))
    assert reading.title == "Readmission in the region"
    assert [(b.kind, t) for b, t in zip(reading.blocks, blocks_of(reading), strict=True)] == [
        ("paragraph", "Three delegations came to Tirana."),
        ("item", "Nepal"),
        ("item", "1. Pakistan"),
        ("paragraph", "The next meeting is in June."),
    ]
    assert headings_of(reading) == [("Who came",)] * 3 + [("Who came", "Key dates")]
    assert reading.remarks == ()


def test_a_line_in_bold_before_text_is_a_heading_but_one_alone_is_text() -> None:
    def fill(document: DocumentType) -> None:
        document.add_paragraph().add_run("Who came").bold = True
        document.add_paragraph("Three delegations came to Tirana.")
        document.add_paragraph().add_run("Apply before 5 June").bold = True

    reading = read(made(fill))
    assert blocks_of(reading) == ["Three delegations came to Tirana.", "Apply before 5 June"]
    assert headings_of(reading)[0] == ("Who came",)


def test_a_table_row_can_be_read_alone() -> None:
    def fill(document: DocumentType) -> None:
        table = document.add_table(3, 3)
        for row, cells in zip(
            table.rows, [("Country", "2022", "2023"), ("Nepal", "12", "15"), ("Ghana", "", "3")], strict=True
        ):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words

    assert text(fill) == ["Country: Nepal; 2022: 12; 2023: 15", "Country: Ghana; 2023: 3"]


def test_a_table_of_pairs_and_a_frame_around_text_are_no_tables_with_headers() -> None:
    def fill(document: DocumentType) -> None:
        table = document.add_table(2, 2)
        for row, cells in zip(table.rows, [("Donor", "European Union"), ("Duration", "2011–2012")], strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
        document.add_table(1, 1).cell(0, 0).text = "A frame around text."

    assert text(fill) == ["Donor: European Union", "Duration: 2011–2012", "A frame around text."]


def test_a_merged_cell_counts_for_each_row_it_spans() -> None:
    def fill(document: DocumentType) -> None:
        table = document.add_table(3, 3)
        rows = [("Region", "Country", "Returns"), ("South Asia", "Nepal", "12"), ("", "Pakistan", "7")]
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
        table.cell(1, 0).merge(table.cell(2, 0))

    assert text(fill)[1] == "Region: South Asia; Country: Pakistan; Returns: 7"


def test_what_was_deleted_is_gone_and_what_was_added_is_there() -> None:
    raw = body(
        '<w:p><w:r><w:t xml:space="preserve">The fee is </w:t></w:r>'
        '<w:del w:id="1" w:author="a"><w:r><w:delText>20</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>30</w:t></w:r></w:ins>'
        '<w:r><w:t xml:space="preserve"> euros.</w:t></w:r></w:p>'
        '<w:p><w:moveFrom w:id="3" w:author="a"><w:r><w:t>Moved away.</w:t></w:r></w:moveFrom></w:p>'
    )
    assert blocks_of(read(raw)) == ["The fee is 30 euros."]


def _white(document: DocumentType) -> None:
    document.add_paragraph().add_run("X9 secret").font.color.rgb = RGBColor(255, 255, 255)


def _tiny(document: DocumentType) -> None:
    document.add_paragraph().add_run("X9 secret").font.size = Pt(1)


def _vanished(document: DocumentType) -> None:
    document.add_paragraph().add_run("X9 secret").font.hidden = True


def _styled(document: DocumentType) -> None:
    style = document.styles.add_style("Sly", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    document.add_paragraph().add_run("X9 secret", style="Sly")


def _inherited(document: DocumentType) -> None:
    style = document.styles.add_style("Pale", WD_STYLE_TYPE.PARAGRAPH)
    style.font.color.rgb = RGBColor(250, 250, 250)
    style.base_style = document.styles["Normal"]
    document.add_paragraph("X9 secret", style="Pale")


@pytest.mark.parametrize(
    ("hide", "kind"),
    [
        (_white, "colour of its background"),
        (_tiny, "too small"),
        (_vanished, "hidden by its formatting"),
        (_styled, "hidden by its formatting"),
        (_inherited, "colour of its background"),
    ],
)
def test_hidden_text_is_left_out_and_counted(hide: Callable[[DocumentType], None], kind: str) -> None:
    def fill(document: DocumentType) -> None:
        document.add_paragraph("Seen.")
        hide(document)

    reading = read(made(fill))
    assert blocks_of(reading) == ["Seen."]
    (remark,) = reading.remarks
    assert kind in remark and "8 characters" in remark and "X9" not in remark


def test_white_text_on_a_dark_cell_is_seen() -> None:
    def fill(document: DocumentType) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.paragraphs[0].add_run("On dark blue.").font.color.rgb = RGBColor(255, 255, 255)
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="1F3864"/>'))

    assert text(fill) == ["On dark blue."]


def test_invisible_characters_are_counted() -> None:
    reading = read(made(lambda document: document.add_paragraph("Re\u202eturn \U000e0041\U000e0042po\u200blicy")))
    assert blocks_of(reading) == ["Return policy"]
    assert [remark.split()[2] for remark in reading.remarks] == ["2", "1", "1"]


def test_numbers_that_word_shows_are_part_of_the_text() -> None:
    numbered = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="77"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    )
    items = [(0, "Scope."), (1, "First."), (1, "Second."), (0, "Terms."), (1, "Third.")]
    raw = body("".join(numbered.format(level, words) for level, words in items))
    levels = (
        '<w:abstractNum w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="Article %1"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
        '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1(%2)"/></w:lvl></w:abstractNum>'
    )
    raw = rewritten(
        raw,
        "word/numbering.xml",
        lambda xml: xml.replace("<w:num ", levels + "<w:num ", 1).replace(
            "</w:numbering>", '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>'
        ),
    )
    assert blocks_of(read(raw)) == [
        "Article 1 Scope.",
        "1(a) First.",
        "1(b) Second.",
        "Article 2 Terms.",
        "2(a) Third.",
    ]


def test_footnotes_follow_the_paragraph_that_refers_to_them() -> None:
    raw = body('<w:p><w:r><w:t>A claim.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p><w:p><w:r><w:t>'
               "Next.</w:t></w:r></w:p>")  # fmt: skip
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>Its source.</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    raw = packed(raw, {"word/footnotes.xml": notes})
    relation = (
        '<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" '
        'Target="footnotes.xml"/></Relationships>'
    )
    raw = rewritten(raw, "word/_rels/document.xml.rels", lambda xml: xml.replace("</Relationships>", relation))
    assert blocks_of(read(raw)) == ["A claim.", "Footnote 1: Its source.", "Next."]


def test_a_document_of_the_strict_standard_is_read() -> None:
    raw = made(lambda document: document.add_paragraph("Strictly speaking."))
    transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    for part in ("word/document.xml", "word/styles.xml"):
        raw = rewritten(raw, part, lambda xml: xml.replace(transitional, strict))
    assert blocks_of(read(raw)) == ["Strictly speaking."]


def test_a_field_shows_its_result_and_a_link_its_words() -> None:
    raw = body(
        "<w:p><w:hyperlink><w:r><w:t>The agreement</w:t></w:r></w:hyperlink><w:r><w:instrText>HYPERLINK x</w:instrText>"
        '</w:r><w:fldSimple w:instr="DATE"><w:r><w:t xml:space="preserve"> of 2007</w:t></w:r></w:fldSimple></w:p>'
    )
    assert blocks_of(read(raw)) == ["The agreement of 2007"]


@pytest.mark.parametrize("title", ["Microsoft Word - draft3.docx", "Document1", "untitled", "Report"])
def test_a_title_that_a_program_gave_is_no_title(title: str) -> None:
    def fill(document: DocumentType) -> None:
        document.core_properties.title = title
        document.add_heading("Returns in 2023", 1)
        document.add_paragraph("Text.")

    assert read(made(fill)).title == "Returns in 2023"


def test_a_file_that_is_cut_short_is_refused() -> None:
    raw = made(lambda document: document.add_paragraph("Text."))
    for share in (0.1, 0.5, 0.9, 0.99):
        with pytest.raises(UnreadableDocument):
            read_bytes(".docx", "cut", raw[: int(len(raw) * share)], Limits())


def test_a_part_nested_very_deep_is_refused() -> None:
    raw = made(lambda document: None)
    deep = "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000
    raw = rewritten(raw, "word/document.xml", lambda xml: xml.replace("<w:body>", f"<w:body>{deep}"))
    with pytest.raises(UnreadableDocument, match="nested too deeply"):
        read(raw)


def test_entities_are_refused() -> None:
    raw = made(lambda document: document.add_paragraph("Text."))
    bomb = "<!DOCTYPE d [" + "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12)
    ) + "]>"  # fmt: skip
    for declared in (bomb, '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'):
        hostile = rewritten(raw, "word/document.xml", lambda xml, d=declared: xml.replace("?>", f"?>{d}", 1))  # type: ignore[misc]
        with pytest.raises(UnreadableDocument, match="declares entities"):
            read(hostile)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp037"])
def test_entities_in_another_encoding_are_refused_too(encoding: str) -> None:
    raw = made(lambda document: document.add_paragraph("Text."))
    xml = f'<?xml version="1.0" encoding="{encoding[:6]}"?><!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'
    with zipfile.ZipFile(io.BytesIO(raw)) as before:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as after:
            for info in before.infolist():
                is_main = info.filename == "word/document.xml"
                after.writestr(info, xml.encode(encoding) if is_main else before.read(info))
    with pytest.raises(UnreadableDocument):
        read(file.getvalue())


def test_a_zip_bomb_is_refused_by_what_comes_out_of_it() -> None:
    raw = made(lambda document: document.add_paragraph("Text."))
    bomb = packed(raw, {"word/document.xml": b"<a>" + b" " * 60_000_000})
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableDocument, match="unpacks to more than 200 times its size"):
        read(bomb)
    with pytest.raises(UnreadableDocument, match="unpacks to more than 20 MB"):
        read(bomb, Limits(unpacked=20_000_000, ratio=10**9))


def test_a_zip_of_very_many_parts_is_refused() -> None:
    raw = made(lambda document: document.add_paragraph("Text."))
    with pytest.raises(UnreadableDocument, match="more than 50 parts"):
        read(packed(raw, {f"word/{n}.xml": "<a/>" for n in range(60)}), Limits(entries=50))


def test_parts_outside_the_file_are_not_asked_for() -> None:
    raw = made(lambda document: document.add_paragraph("Text."))
    relation = (
        '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" '
        'TargetMode="External" Target="http://169.254.169.254/"/></Relationships>'
    )
    raw = rewritten(raw, "word/_rels/document.xml.rels", lambda xml: xml.replace("</Relationships>", relation))
    assert blocks_of(read(raw)) == ["Text."]

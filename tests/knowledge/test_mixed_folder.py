"""A folder as offices have them: three hundred files of every kind, twenty of them broken."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from knowledge.locators import locator_at
from knowledge.types import IngestReport, Span
from tests.knowledge.bases import ingest, search
from tests.knowledge.readers.papers import lines, paper

pytestmark = pytest.mark.usefixtures("probed_here")
OF_EACH = 35
KINDS = ("pdf", "docx", "pptx", "xlsx", "csv", "html", "md", "eml")
BROKEN: dict[str, bytes] = {
    "cut.pdf": b"%PDF-1.7\n1 0 obj <<",
    "page.pdf": b"<!DOCTYPE html><p>Sign in",
    "nothing.pdf": b"",
    "secret.pdf": b"",  # written below
    "cut.docx": b"PK\x03\x04 and no more",
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "paper.docx": b"%PDF-1.7 ",
    "cut.pptx": b"PK\x03\x04",
    "text.pptx": b"just text",
    "cut.xlsx": b"PK\x05\x06" + bytes(18),
    "text.xlsx": b"a;b;c",
    "entities.docx": b"",
    "bomb.xlsx": b"",
    "latin.txt": "Ripranimi n\xeb Tiran\xeb".encode("latin-1"),
    "blank.txt": b" \n\t\n",
    "empty.html": b"<html><script>go()</script></html>",
    "wrong.md": b"---\nid: x\ntitle: y\ntopic: z\nsources: []\n---\nText.",
    "no.eml": b"\x00\x01\x02",
    "image.png": b"\x89PNG\r\n",
    "old.doc": b"\xd0\xcf\x11\xe0",
}


def statement(kind: str, number: int) -> str:
    return f"Office {kind}{number} counted {number + 100} returns in town{kind}{number}."


def made(kind: str, number: int) -> bytes:
    said, buffer = statement(kind, number), io.BytesIO()
    match kind:
        case "pdf":
            return paper(lambda canvas: lines(canvas, f"Cover of {number}"), lambda canvas: lines(canvas, said))
        case "docx":
            word = docx.Document()
            word.add_heading(f"Report {number}", 1)
            word.add_paragraph(said)
            word.save(buffer)
        case "pptx":
            slides = pptx.Presentation()
            for title, text in ((f"Talk {number}", "Opening."), ("Figures", said)):
                slide = slides.slides.add_slide(slides.slide_layouts[1])
                assert slide.shapes.title is not None
                slide.shapes.title.text = title
                slide.placeholders[1].text = text
            slides.save(buffer)
        case "xlsx":
            book = openpyxl.Workbook()
            sheet = book.active
            assert sheet is not None
            sheet.title = "2024"
            sheet.append(["Office", "What it said"])
            sheet.append([f"No {number}", said])
            book.save(buffer)
        case "csv":
            return f"Office,What it said\nNo {number},{said}\n".encode()
        case "html":
            return f"<nav>Home</nav><main><h1>Page {number}</h1><p>{said}</p></main>".encode()
        case "md":
            return f"# Note {number}\n\n## Figures\n\n{said}\n".encode()
        case "eml":
            mail = EmailMessage()
            mail["Subject"], mail["From"], mail["Date"] = (
                f"Mail {number}",
                "a@example.org",
                "Wed, 5 Jun 2024 10:00:00 +0000",
            )
            mail.set_content(said)
            return mail.as_bytes()
    return buffer.getvalue()


def broken(name: str) -> bytes:
    buffer = io.BytesIO()
    match name:
        case "secret.pdf":
            return paper(lambda canvas: lines(canvas, "Secret."), password="open sesame")
        case "entities.docx" | "bomb.xlsx":
            source = made("docx" if name.endswith("docx") else "xlsx", 1)
            with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
                for part in old.namelist():
                    content = old.read(part)
                    if part == "word/document.xml":
                        content = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
                    if part == "xl/worksheets/sheet1.xml":
                        content = b"<?xml version='1.0'?><worksheet>" + b" " * 120_000_000
                    new.writestr(part, content)
            return buffer.getvalue()
    return BROKEN[name]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("office")
    for kind in KINDS:
        (root / kind).mkdir()
        for number in range(OF_EACH):
            (root / kind / f"{number:02}.{kind}").write_bytes(made(kind, number))
    for name in BROKEN:
        (root / name).write_bytes(broken(name))
    return root


@pytest.fixture(scope="module")
def ingested(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, IngestReport]:
    data = tmp_path_factory.mktemp("base")
    return data, ingest(data, folder)


def test_three_hundred_files_are_read_and_each_broken_one_is_named_with_its_reason(
    ingested: tuple[Path, IngestReport],
) -> None:
    _, report = ingested
    assert len(report.added) == OF_EACH * len(KINDS)
    reasons = {Path(refusal.origin).name: refusal.reason for refusal in report.refused}
    assert set(reasons) == set(BROKEN)
    for name, wanted in {
        "secret.pdf": "password",
        "entities.docx": "entities",
        "bomb.xlsx": "unpack",
        "latin.txt": "not valid UTF-8",
        "blank.txt": "holds no text",
        "page.pdf": "web page",
        "image.png": "not read",
        "wrong.md": "sources",
    }.items():
        assert wanted in reasons[name], reasons[name]
    assert all("\n" not in reason and "Traceback" not in reason and len(reason) < 300 for reason in reasons.values())


@pytest.mark.parametrize(
    ("kind", "locator"),
    [
        ("pdf", "page 2"),
        ("docx", "paragraph 1"),
        ("pptx", "slide 2, Figures"),
        ("xlsx", "sheet “2024”, row 2"),
        ("csv", "row 2"),
        ("html", "paragraph 1"),
        ("md", "Figures"),
        ("eml", "paragraph 1"),
    ],
)
def test_each_kind_is_found_and_its_place_is_what_a_person_would_say(
    ingested: tuple[Path, IngestReport], kind: str, locator: str
) -> None:
    data, _ = ingested
    found = {item.source.id: item.passage for item in search(data, f"Office {kind}7 town{kind}7", depth=5)}
    passage = found[f"{kind}/07.{kind}"]
    start = passage.start + passage.text.index(statement(kind, 7))
    assert locator_at(passage, Span(start, start + 5)) == locator


def test_the_second_run_changes_nothing(ingested: tuple[Path, IngestReport], folder: Path) -> None:
    data, first = ingested
    second = ingest(data, folder)
    assert sorted(second.unchanged) == sorted(first.added) and not second.added and not second.replaced
    assert len(second.refused) == len(first.refused)

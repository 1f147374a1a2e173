"""What a file is: by its ending, checked against its first bytes."""

from knowledge.errors import UnreadableDocument

# Ending → kind. Kinds in OFFICE are told apart by what the zip holds, whatever the ending says.
KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "plain",
    ".text": "plain",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".eml": "eml",
}
SUFFIXES = frozenset(KINDS)
OFFICE = frozenset({"docx", "pptx", "xlsx"})
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(suffix: str, raw: bytes) -> str:
    """The kind of the file, for Office files still by its ending alone. Raises UnreadableDocument where bytes and
    ending do not belong together."""
    kind = KINDS[suffix]
    if not raw.strip():
        raise UnreadableDocument("holds no text")
    if kind == "pdf" and b"%PDF-" not in raw[:1024]:
        raise UnreadableDocument("is no PDF, whatever its name says" + _looks_like(raw))
    if kind in OFFICE and not raw.startswith(_ZIP):
        if raw.startswith(_OLD_OFFICE):
            raise UnreadableDocument(
                f"is protected with a password or in the Office format before 2007; save it as {suffix} without a "
                f"password"
            )
        raise UnreadableDocument(f"is no {suffix[1:].upper()} file, whatever its name says" + _looks_like(raw))
    if kind not in OFFICE and kind != "pdf" and (raw.startswith(_ZIP) or raw.startswith(b"%PDF-")):
        raise UnreadableDocument(f"is no {kind} text, whatever its name says" + _looks_like(raw))
    return kind


def _looks_like(raw: bytes) -> str:
    if raw.startswith(b"%PDF-"):
        return "; it looks like a PDF, so give it the ending .pdf"
    if raw.startswith(_ZIP):
        return "; it looks like a zip or Office file"
    if raw[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "; it looks like a web page, perhaps a message that came instead of the file"
    return ""

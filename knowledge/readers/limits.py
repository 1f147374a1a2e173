"""How much one file may cost before it is refused. Defaults are for documents that people wrote for people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` are both the clock's and the processor's; reading scans may take ``ocr_seconds`` more of the clock's.
    ``memory`` is address space in bytes, ``unpacked`` what a zip may unpack to, ``ratio`` how many times its packed
    size an entry may reach, ``answer`` the bytes that come back. After ``files`` files the reading process is
    replaced."""

    seconds: float = 60
    ocr_seconds: float = 240
    memory: int = 1_500_000_000
    pages: int = 5_000
    rows: int = 200_000
    unpacked: int = 300_000_000
    entries: int = 5_000
    ratio: int = 200
    depth: int = 200
    characters: int = 20_000_000
    blocks: int = 400_000
    answer: int = 200_000_000
    files: int = 200


def counted(number: int) -> str:
    """A limit as a person reads it: 5,000 or 300 million."""
    return f"{number / 1_000_000:g} million" if number >= 1_000_000 else f"{number:,}"


def size(number: int) -> str:
    """Bytes as a person reads them: 1.5 GB or 20 MB."""
    return f"{number / 1_000_000_000:g} GB" if number >= 1_000_000_000 else f"{number / 1_000_000:g} MB"

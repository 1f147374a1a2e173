"""Titles that programs write into a file's properties, and whether a person would know the document by them."""

import re

_SUFFIX = re.compile(r"\.(docx?|pptx?|xlsx?|pdf|indd|qxd|odt|rtf|html?|txt|tmp)\b", re.IGNORECASE)
_EMPTY = re.compile(
    r"(microsoft (word|powerpoint|excel)\b.*|untitled.*|(document|presentation|slide|book|sheet|title|template)\s*\d*"
    r"|powerpoint presentation|word document|no title|\(anonymous\)|anonymous|unspecified)",
    re.IGNORECASE,
)


def is_telling(title: str) -> bool:
    """Whether the title was given by a person: words, no file name and no program's default."""
    return (
        len(title.split()) > 1
        and any(character.isalpha() for character in title)
        and not _SUFFIX.search(title)
        and not _EMPTY.fullmatch(title)
    )

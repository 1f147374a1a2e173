"""Addresses and markup, which no statement may carry. Pure."""

import re

_ADDRESS = re.compile(
    r"\w+://|https?:|www\.|\]\(|!\[|<\s*[a-zA-Z/!]"
    r"|\b[\w.+-]+@[\w-]+\.\w"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}/"
    r"|\b[\w-]+\.(?:com|org|net|int|info|eu|gov|edu|io)\b",
    re.IGNORECASE,
)


def holds_address(text: str) -> bool:
    """Whether anything in the text could lead a reader away from our sources."""
    return _ADDRESS.search(text) is not None

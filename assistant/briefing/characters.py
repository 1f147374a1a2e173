"""Which characters a note may hold, which way its paragraphs run, and which addresses it may lead to. Pure."""

import unicodedata
from urllib.parse import quote, urlsplit

_LONGEST_LINK = 2000  # what Word follows
_SAFE_IN_LINKS = "%/:?#[]@!$&'()*+,;=-._~"
# Characters that turn the words around them: a document or a question has no business with them.
_TURNING = dict.fromkeys(ord(c) for c in "\u202a\u202b\u202c\u202d\u202e")


def clean(text: str) -> str:
    """Without what XML cannot hold, and what turns the words around it."""
    return "".join(c if _can_stand(c) else " " if c < "\xa0" else "\ufffd" for c in text.translate(_TURNING))


def one_line(text: str) -> str:
    """The clean text with every run of white space as one blank."""
    return " ".join(clean(text).split())


def is_right_to_left(text: str) -> bool:
    """By the first character with a direction of its own, outside isolated parts (rules P2 and P3 of UAX #9)."""
    depth = 0
    for character in text:
        match unicodedata.bidirectional(character):
            case "LRI" | "RLI" | "FSI":
                depth += 1
            case "PDI":
                depth = max(0, depth - 1)
            case "L" if not depth:
                return False
            case "R" | "AL" if not depth:
                return True
    return False


def web_address(address: str) -> str | None:
    """The address, so that every program takes it; None where it is not one of the web."""
    target = quote(clean(address).strip(), safe=_SAFE_IN_LINKS)
    try:
        parts = urlsplit(target)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return target if is_whole and len(target) <= _LONGEST_LINK else None


def _can_stand(character: str) -> bool:
    if character in "\t\n\r":
        return True
    return unicodedata.category(character) not in ("Cc", "Cs") and ord(character) & 0xFFFE != 0xFFFE

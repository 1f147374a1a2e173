"""From characters as they come to the text that is stored, quoted and offered to a model.

Words stay as the author wrote them, misprints included. What goes is what a person cannot see and a machine would
stumble over: control, bidirectional-override and tag characters, soft hyphens, runs of blanks.
"""

import re
import unicodedata
from functools import lru_cache

# Zero-width joiner and non-joiner stay: Bengali, Nepali and Urdu are misspelt without them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# Of the invisible, what text is made to deceive with; soft hyphens, marks of direction and of byte order are ordinary.
_DECEPTIVE = {
    "tag characters": re.compile("[\U000e0000-\U000e007f]"),
    "characters that turn the direction of text": re.compile("[\u202a-\u202e\u2066-\u2069]"),
    "characters without width": re.compile("[\u200b\u2060-\u2064]"),
}
_ANY_DECEPTIVE = re.compile("[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\U000e0000-\U000e007f]")
_BLANKS = re.compile(r"[^\S\n]+")
_JOINERS = "\u200c\u200d"
_PLAIN_WORD = re.compile(r"[^\W_]+")
# Latin, Greek and Cyrillic without loose diacritics need no look at each character, which is most of the text there is.
_MARKED_SCRIPTS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u1cff\u1dc0-\u1dff\u20d0-\u20ff\u200c\u200d\u2de0-\U0010ffff]"
)
_MANY_LINES = re.compile(r"\n{3,}")


def normalise(raw: str) -> str:
    """Text with one kind of line end, single blanks, and nothing invisible. Idempotent."""
    text = (
        raw.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n\n")
        .replace("\x85", "\n")
    )
    text = _INVISIBLE.sub("", text)
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def deceptive_in(text: str) -> dict[str, int]:
    """How many characters of each deceptive kind ``normalise`` takes from the text; kinds that do not occur are
    absent."""
    if _ANY_DECEPTIVE.search(text) is None:
        return {}
    counts = {kind: len(pattern.findall(text)) for kind, pattern in _DECEPTIVE.items()}
    return {kind: count for kind, count in counts.items() if count}


def one_line(text: str) -> str:
    """The text with every run of white space as one blank: for comparing and for titles."""
    return " ".join(text.split())


def title_of(text: str) -> str:
    """The text as a title: on one line, with nothing invisible."""
    return one_line(normalise(text))


def words_of(text: str) -> list[str]:
    """The text's words: runs of letters, digits and combining marks, in every script."""
    if _MARKED_SCRIPTS.search(text) is None:
        return _PLAIN_WORD.findall(text)
    runs = "".join(character if _in_word(character) else " " for character in text).split()
    return [run for run in runs if any(character.isalnum() for character in run)]


@lru_cache(maxsize=4096)
def _in_word(character: str) -> bool:
    # A plain ``\w`` leaves combining marks out and shreds Bengali and Nepali.
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("Mn", "Mc") or character in _JOINERS

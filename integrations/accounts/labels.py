"""Names, reasons and short names as they may be kept: text that is shown to others and does nothing to them. Pure."""

import re
import unicodedata
from datetime import timedelta

from assistant.types import Reader
from integrations.accounts.errors import UnusableEntry
from integrations.accounts.types import audience_of

MOST_IN_A_NAME = 120
MOST_IN_A_REASON = 500
MOST_WHO = 80
_SLUG = re.compile(r"[a-z](?:[a-z0-9-]{0,39}[a-z0-9])?", re.ASCII)
# Without these two, names in Bengali, Nepali and Urdu are spelt wrong.
_JOINERS = "\u200c\u200d"
# Letters and marks that show nothing: fillers, empty Braille, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def shown(text: str, most: int = MOST_IN_A_NAME) -> str:
    """On one line, composed, without characters that are invisible, turn the direction of what follows or are not
    assigned; cut after ``most`` characters. May be empty."""
    visible = _UNSEEN.sub("", "".join(_visible(character) for character in text))
    composed = unicodedata.normalize("NFC", _with_needed_joiners(visible))
    return " ".join(composed.split())[:most].strip()


def name_from(text: str, what: str = "name") -> str:
    """A name to keep. Raises UnusableEntry where nothing readable is left of it, or too much."""
    name = shown(text, MOST_IN_A_NAME + 1)
    if not any(character.isalnum() for character in name):
        raise UnusableEntry(f"The {what} is empty. Give one with letters or digits.")
    if len(name) > MOST_IN_A_NAME:
        raise UnusableEntry(f"The {what} is too long. Give one of {MOST_IN_A_NAME} characters or fewer.")
    return name


def reason_from(text: str) -> str:
    """A reason that readers see. Raises UnusableEntry where there is none, or too much of it."""
    reason = shown(text, MOST_IN_A_REASON + 1)
    if not any(character.isalnum() for character in reason):
        raise UnusableEntry("Give a reason: readers see it in place of an answer.")
    if len(reason) > MOST_IN_A_REASON:
        raise UnusableEntry(f"The reason is too long. Give one of {MOST_IN_A_REASON} characters or fewer.")
    return reason


def who(by: str) -> str:
    """Who does something, as it is kept. Raises UnusableEntry where nobody is named."""
    named = shown(by, MOST_WHO)
    if not named:
        raise UnusableEntry("It must be said who does this.")
    return named


def slug_from(text: str) -> str:
    """The short name of a delegation, such that ``partner:<slug>`` is an audience. Raises UnusableEntry."""
    slug = text.strip().lower()
    if not _SLUG.fullmatch(slug):
        raise UnusableEntry(
            f"'{shown(text, 60)}' cannot be the short name of a delegation. Use the letters a to z, digits and "
            "hyphens between them, 41 characters at most, beginning with a letter: nepal, for example."
        )
    Reader.of(audience_of(slug))
    return slug


def days_from(days: int, most: int) -> timedelta:
    """Raises UnusableEntry for fewer days than one or more than ``most``."""
    if not 1 <= days <= most:
        raise UnusableEntry(f"{days} days cannot be used. Give a number from 1 to {most}.")
    return timedelta(days=days)


def _visible(character: str) -> str:
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category[0] == "C" else character


def _with_needed_joiners(text: str) -> str:
    """One joiner after a letter of a script without capitals, or its marks; elsewhere two names would look the same."""
    kept: list[str] = []
    follows_letter = False
    for character in text:
        if character not in _JOINERS:
            kept.append(character)
            category = unicodedata.category(character)
            follows_letter = category == "Lo" or (follows_letter and category[0] == "M")
        elif follows_letter and kept[-1] not in _JOINERS:
            kept.append(character)
    return "".join(kept)

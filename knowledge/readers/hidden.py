"""What a person who opens the original does not see. Hidden text is where instructions to a model are put, so it never
becomes part of a document; the operator is told how much there was, and of which kind."""

from collections import Counter

from knowledge.normalisation import deceptive_in

# The kinds, as the operator reads them after "left out 12 characters of ".
PALE = "text in the colour of its background"
TINY = "text too small to be seen"
INVISIBLE = "text drawn invisibly"
OFF_PAGE = "text outside the page"
COVERED = "text covered by something drawn over it"
STYLED_AWAY = "text hidden by its formatting"
COMMENT = "comments"
# Letters smaller than this many points are no letters to a person.
SMALLEST_POINTS = 2.0
# Colours whose parts (0 to 1) all lie this close to the background's cannot be told from it.
_NEAR = 0.08


class LeftOut:
    """Counts the characters that were left out of one document, by kind."""

    def __init__(self) -> None:
        self._characters: Counter[str] = Counter()
        self._deceptive: Counter[str] = Counter()

    def add(self, kind: str, text: str) -> None:
        self._characters[kind] += sum(not character.isspace() for character in text)

    def count_deceptive(self, text: str) -> None:
        """Counts what ``normalise`` will take out of this text."""
        self._deceptive.update(deceptive_in(text))

    def remarks(self) -> tuple[str, ...]:
        return (
            *(f"left out {_characters(count)} of {kind}" for kind, count in self._characters.items() if count),
            *(f"left out {count:,} {kind}" for kind, count in self._deceptive.items()),
        )


def is_near(colour: tuple[float, float, float], background: tuple[float, float, float] = (1, 1, 1)) -> bool:
    """Whether text of this colour (red, green, blue; 0 to 1) is invisible on its background."""
    return all(abs(a - b) <= _NEAR for a, b in zip(colour, background, strict=True))


def colour_of(hexadecimal: str | None) -> tuple[float, float, float] | None:
    """A colour written as RRGGBB (or with alpha before it, as Excel does), or None for ``auto`` and the like."""
    digits = (hexadecimal or "").removeprefix("#")[-6:]
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        return None
    return red / 255, green / 255, blue / 255


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count:,} characters"

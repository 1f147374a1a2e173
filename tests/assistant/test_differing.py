"""Two sources with different figures for one thing: told where it is certain, and nowhere else."""

import pytest

from assistant.differing import differing
from assistant.types import Citation, Sentence

_ISSUED = "Serbia issued 52,178 work permits to foreign workers in 2023."


def _quoted(text: str, number: int) -> Sentence:
    citation = Citation(number, f"p{number}", f"d{number}", "T", "P", "2024", None, "", text, 0, len(text), True)
    return Sentence(text, (citation,))


def _pairs(first: str, second: str, numbers: tuple[int, int] = (1, 2)) -> int:
    return len(differing([_quoted(first, numbers[0]), _quoted(second, numbers[1])]))


def test_two_figures_for_one_place_year_and_unit_are_told() -> None:
    assert _pairs(_ISSUED, "In 2023 Serbia issued 61,000 work permits to foreign workers.") == 1


@pytest.mark.parametrize(
    "other",
    [
        "In 2023 Serbia issued 52178 work permits to foreign workers.",  # the same figure
        "In 2022 Serbia issued 61,000 work permits to foreign workers.",
        "In 2023 Albania issued 61,000 work permits to foreign workers.",
        "In 2023 Serbia issued 61,000 visas to foreign workers.",
        "In 2023 Serbia withdrew 61,000 work permits after checks on agencies in the building trade.",
        "In 2023 Serbia issued 61,000 work permits, 4,000 of them to Nepal.",
        "Serbia issued 61,000 work permits to foreign workers.",
        "Article 61 of the law of Serbia of 2023 deals with work permits of foreign workers.",
    ],
)
def test_what_may_be_something_else_is_not(other: str) -> None:
    assert _pairs(_ISSUED, other) == 0


def test_one_source_does_not_contradict_itself() -> None:
    assert _pairs(_ISSUED, "In 2023 Serbia issued 61,000 work permits to foreign workers.", (1, 1)) == 0

"""Who asks, and what they may see."""

import pytest

from assistant.types import Reader
from knowledge.errors import UnknownAudience


def test_a_reader_of_whom_nothing_is_known_sees_what_is_public() -> None:
    assert Reader().audiences == Reader.of("public").audiences == {"public"}


@pytest.mark.parametrize(
    ("label", "audiences"),
    [
        ("partner", {"public", "partner"}),
        ("partner:nepal", {"public", "partner", "partner:nepal"}),
        ("staff", {"public", "partner", "staff"}),
    ],
)
def test_a_reader_sees_what_is_shared_and_their_own(label: str, audiences: set[str]) -> None:
    assert Reader.of(label).audiences == audiences


@pytest.mark.parametrize("label", ["", "chief", "partner:", "staff,public", "partner:*", "public staff"])
def test_a_reader_with_an_unknown_label_is_nobody(label: str) -> None:
    with pytest.raises(UnknownAudience):
        Reader.of(label)

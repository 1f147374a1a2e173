"""Names, reasons and short names: whatever is typed in, what is kept is harmless to those who see it."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.types import Reader
from integrations.accounts.errors import UnusableEntry
from integrations.accounts.labels import MOST_IN_A_NAME, days_from, name_from, reason_from, shown, slug_from
from integrations.accounts.types import audience_of

_JOINERS = "\u200c\u200d"
_WILD = st.text() | st.text("aé́ن्ক\u200c\u200d\u202e\u2066\n\x00\x1b\u3164\ufe0f \u2028\ud800\U000e0041")


@given(_WILD)
@example("\u202eevil\u202c \x1b[31m\u2028line\x00")
@example("a\u200d\u0301\u200d")
def test_what_is_shown_is_one_line_that_turns_nothing_around_and_hides_nothing(text: str) -> None:
    kept = shown(text)

    assert len(kept) <= MOST_IN_A_NAME and kept == " ".join(kept.split())
    assert all(unicodedata.category(c)[0] != "C" or c in _JOINERS for c in kept)
    assert kept.encode().decode() == kept == unicodedata.normalize("NFC", kept)
    assert shown(kept) == kept


@pytest.mark.parametrize("name", ["Ana Petrović-Đurić", "سید علی‌رضا", "सीता शर्मा", "মোঃ রহমান ক্‍ষ", "O’Brien, J. (IOM)"])
def test_names_of_our_readers_are_kept_as_they_are_spelt(name: str) -> None:
    assert name_from(f"  {name}\n") == unicodedata.normalize("NFC", name)


def test_names_that_look_the_same_are_the_same() -> None:
    for twin in ("A\u200dna", "An\u200ba", "\ufeffAna", "Ana\u3164", "A\u034fna", "\u2066Ana\u2069"):
        assert name_from(twin) == "Ana"


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u202e", "\u3164\u2800", "—", "\x00", "x" * 501])
def test_what_cannot_be_a_name_or_a_reason_is_refused(text: str) -> None:
    for made in (name_from, reason_from):
        with pytest.raises(UnusableEntry, match=r"empty|too long|reason"):
            made(text)


@given(
    _WILD
    | st.text("ab1-", max_size=45)
    | st.sampled_from(["a" * 41, "a" * 42, "nepal\n", "ne pal", "nepal-", "ß", "K"])
)
def test_a_short_name_is_taken_exactly_where_it_makes_an_audience(text: str) -> None:
    try:
        Reader.of(audience_of(text.strip()))
    except Exception as error:
        assert "is not an audience" in str(error)
        with pytest.raises(UnusableEntry, match="cannot be the short name") as refused:
            slug_from(text)
        assert str(refused.value).isprintable() or any(j in text for j in _JOINERS)
    else:
        assert audience_of(slug_from(text)) in Reader.of(audience_of(text.strip())).audiences


@pytest.mark.parametrize("days", [0, -1, 91, 10**12])
def test_days_have_bounds(days: int) -> None:
    with pytest.raises(UnusableEntry, match="from 1 to 90"):
        days_from(days, 90)

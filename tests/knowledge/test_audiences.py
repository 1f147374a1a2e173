import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.audiences import PARTNER, PUBLIC, STAFF, audiences_seen_by, parse_audience, stricter
from knowledge.errors import UnknownAudience

NEPAL, BANGLADESH = "partner:nepal", "partner:bangladesh"
LABELS = [PUBLIC, PARTNER, NEPAL, BANGLADESH, STAFF]


@pytest.mark.parametrize(
    ("label", "parsed"),
    [
        ("public", PUBLIC),
        (" Staff ", STAFF),
        ("PARTNER", PARTNER),
        ("Partner:Nepal", NEPAL),
        ("partner:a-b-2", "partner:a-b-2"),
    ],
)
def test_an_audience_is_read_whatever_its_case_and_blanks(label: str, parsed: str) -> None:
    assert parse_audience(label) == parsed


@pytest.mark.parametrize(
    "label",
    [
        "",
        "everyone",
        "partner:",
        "partner:-x",
        "partner:2",
        "partner:नेपाल",
        "partner:a b",
        "partner:a.b",
        "staff,public",
        "partner:nepal:kathmandu",
        "public\nstaff",
        "partner:" + "x" * 60,
        "*",
        "staff\x00",
    ],
)
def test_anything_else_is_refused_with_the_labels_there_are(label: str) -> None:
    with pytest.raises(UnknownAudience, match="public, partner, partner:<delegation> .* or staff"):
        parse_audience(label)


def test_a_very_long_label_does_not_fill_the_screen() -> None:
    with pytest.raises(UnknownAudience) as refused:
        parse_audience("x" * 100_000)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        (PUBLIC, {PUBLIC}),
        (PARTNER, {PUBLIC, PARTNER}),
        (NEPAL, {PUBLIC, PARTNER, NEPAL}),
        (STAFF, {PUBLIC, PARTNER, STAFF}),
    ],
)
def test_a_reader_sees_what_is_shared_and_their_own(reader: str, seen: set[str]) -> None:
    assert audiences_seen_by(reader) == seen


def test_no_delegation_sees_what_is_meant_for_another() -> None:
    assert NEPAL not in audiences_seen_by(BANGLADESH)


def test_an_unknown_reader_is_not_taken_for_anyone() -> None:
    with pytest.raises(UnknownAudience):
        audiences_seen_by("administrator")


@pytest.mark.parametrize(("first", "second"), list(itertools.product(LABELS, LABELS)))
def test_of_two_audiences_the_stricter_is_seen_by_nobody_whom_either_excludes(first: str, second: str) -> None:
    narrowed = stricter(first, second)
    assert narrowed == stricter(second, first)
    for reader in (PUBLIC, PARTNER, NEPAL, BANGLADESH):  # staff do not read what is meant for one delegation
        if narrowed in audiences_seen_by(reader):
            assert {first, second} <= audiences_seen_by(reader)


@given(st.text(max_size=60) | st.from_regex(r"(?i)partner:[a-z0-9-]{0,45}", fullmatch=True))
def test_a_label_is_either_refused_or_comes_back_the_same_when_parsed_again(label: str) -> None:
    try:
        parsed = parse_audience(label)
    except UnknownAudience:
        return
    assert parse_audience(parsed) == parsed
    assert parsed in audiences_seen_by(parsed)

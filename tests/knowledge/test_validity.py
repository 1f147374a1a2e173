"""On which days a version is in force: dates of a year, a month or a day, and what each document's first day is."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import InvalidDecision
from knowledge.validity import day_after, first_day, is_in_force, parse_day, starts_on

TODAY = "2024-05-10"
days = st.dates(date(1, 1, 1), date(9999, 12, 30)).map(date.isoformat)
# A date as publications carry it: the year, the month or the day.
dates = st.builds(lambda day, length: day[:length], days, st.sampled_from([4, 7, 10])).filter(
    lambda when: not when.startswith("9999")
)


@pytest.mark.parametrize(
    ("when", "first", "after"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2023-02", "2023-02-01", "2023-03-01"),
        ("1900-02", "1900-02-01", "1900-03-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-04", "2024-04-01", "2024-05-01"),
        ("2024-02-28", "2024-02-28", "2024-02-29"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2023-02-28", "2023-02-28", "2023-03-01"),
        ("2024-12-31", "2024-12-31", "2025-01-01"),
        ("2024-04-30", "2024-04-30", "2024-05-01"),
    ],
)
def test_a_date_lasts_from_its_first_day_to_its_last(when: str, first: str, after: str) -> None:
    assert parse_day(when) == when
    assert (first_day(when), day_after(when)) == (first, after)


@given(when=dates)
def test_the_day_after_a_date_is_the_first_that_does_not_lie_in_it(when: str) -> None:
    assert parse_day(when) == when
    last = date.fromisoformat(day_after(when)) - timedelta(days=1)
    assert first_day(when).startswith(when) and last.isoformat().startswith(when)
    assert first_day(when) <= last.isoformat()
    assert not day_after(when).startswith(when)
    if len(when) == 7:
        assert last.day == monthrange(last.year, last.month)[1]


@pytest.mark.parametrize(
    "when",
    [
        "", " ", "24", "2024-", "2024-6", "2024-13", "2024-00", "2024-02-30", "2023-02-29", "2024-04-31", "0000",
        "2024-06-1", "2024-06-01T10:00", "20240601", "2024-W01", "2024-06-01\n", " 2024", "2024/06/01", "-2024",
        "٢٠٢٤", "2024-०६", "today", "x" * 10_000, "2024\0",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_how_to_write_one(when: str) -> None:
    with pytest.raises(InvalidDecision, match="write YYYY, YYYY-MM or YYYY-MM-DD") as refused:
        parse_day(when)
    assert len(str(refused.value)) < 150


@given(when=st.text(max_size=12))
def test_any_text_is_a_date_or_refused(when: str) -> None:
    try:
        assert date.fromisoformat(first_day(parse_day(when)))
    except InvalidDecision:
        assert when not in ("2024", "2024-06", "2024-06-01")


@pytest.mark.parametrize("when", ["9999", "9999-12", "9999-12-31"])
def test_the_last_day_of_all_has_none_after_it_and_that_is_said(when: str) -> None:
    assert parse_day(when) == when
    with pytest.raises(InvalidDecision, match="clear the date of what does not end"):
        day_after(when)


# ---- the first day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_from", "dated", "starts"),
    [
        (None, None, None),
        (None, "2023", "2023-01-01"),
        (None, "2023-06", "2023-06-01"),
        (None, "2023-06-05", "2023-06-05"),
        (None, "2024-05-10", "2024-05-10"),
        (None, "2024-05-11", TODAY),
        (None, "2031", TODAY),
        ("2022-03", "2023", "2022-03-01"),
        ("2031-01-01", "2023", "2031-01-01"),
        ("2031", None, "2031-01-01"),
    ],
)
def test_a_first_version_counts_from_the_operators_word_else_from_its_date_else_always(
    valid_from: str | None, dated: str | None, starts: str | None
) -> None:
    assert starts_on(valid_from, dated, TODAY) == starts


@pytest.mark.parametrize(
    ("valid_from", "dated", "before", "starts"),
    [
        (None, "2024-02", "2023-06-01", "2024-02-01"),
        (None, "2023-06-01", "2023-06-01", TODAY),
        (None, "2022", "2023-06-01", TODAY),
        (None, None, "2023-06-01", TODAY),
        (None, None, None, TODAY),
        (None, "2023", None, TODAY),
        (None, "2031", "2023-06-01", TODAY),
        ("2023-12", "2024-02", "2023-06-01", "2023-12-01"),
        ("2020", "2024-02", "2023-06-01", "2020-01-01"),
        (None, None, "2031-01-01", "2031-01-01"),
        (None, "2024-02", "2031-01-01", "2031-01-01"),
    ],
)
def test_a_later_version_counts_from_its_newer_date_else_from_when_it_was_seen_and_not_before_the_one_it_replaces(
    valid_from: str | None, dated: str | None, before: str | None, starts: str
) -> None:
    assert starts_on(valid_from, dated, TODAY, before, is_first=False) == starts


@given(dated=st.none() | dates, today=days, before=st.none() | days)
def test_without_an_operators_word_nothing_counts_from_the_future_or_before_what_it_replaces(
    dated: str | None, today: str, before: str | None
) -> None:
    first = starts_on(None, dated, today)
    assert first is None if dated is None else first is not None and first <= today
    later = starts_on(None, dated, today, before, is_first=False)
    assert later is not None and (before or "") <= later <= max(today, before or "")


def test_the_first_day_is_in_force_and_the_end_is_not() -> None:
    in_force = [day for day in ("2024-05-09", "2024-05-10", "2024-05-31", "2024-06-01")
                if is_in_force("2024-05-10", "2024-06-01", day)]  # fmt: skip
    assert in_force == ["2024-05-10", "2024-05-31"]


@pytest.mark.parametrize("day", ["0001-01-01", TODAY, "9999-12-31"])
def test_what_has_no_bounds_is_always_in_force_and_what_ends_before_it_starts_never(day: str) -> None:
    assert is_in_force(None, None, day)
    assert not is_in_force("2024-05-10", "2024-05-10", day)
    assert not is_in_force("2024-05-11", "2024-05-10", day)

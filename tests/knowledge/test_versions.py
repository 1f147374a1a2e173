"""A document through its versions: which one answers today and on any day before, whatever was ingested and decided."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.candidates import Candidate
from knowledge.catalogue import Catalogue
from knowledge.decisions import Decisions
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from knowledge.types import Decision
from tests.knowledge.bases import ranking, search
from tests.knowledge.embedders import word_embedder
from tests.knowledge.histories import (
    Calendar,
    ask,
    assert_sound,
    catalogue_of,
    days_of,
    find,
    history,
    opened,
    paper,
    take_in,
    versions_found,
)

pytestmark = pytest.mark.usefixtures("probed_here")

OLD = "The fee for the okapi is 10 euros."
NEW = "The fee for the okapi is 20 euros."
NEWEST = "The fee for the okapi is 30 euros."
OTHER = "The gnu pays nothing at all."
QUESTION = "What is the fee for the okapi?"


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch, "2024-05-10")


def okapi(text: str, **more: str) -> Candidate:
    return paper("okapi", text, **more)


def settle(data: Path) -> None:
    """As an ingest of nothing new does it."""
    assert not take_in(data).changed


def versions_of(data: Path, as_of: str | None = None, reader: str = "public") -> list[int]:
    """Which versions of the okapi's paper are found."""
    return sorted(version for name, version in ask(data, QUESTION, reader, as_of) if name == "okapi")


def over_the_days(data: Path, days: Sequence[str]) -> list[list[int]]:
    with opened(data) as base:
        return [sorted(v for _, v in versions_found(find(base, QUESTION, as_of=day))) for day in days]


@pytest.fixture
def two(data: Path, calendar: Calendar) -> Path:
    """A paper of 2023-01 in force until its second version of 2024-03; ingested on 2024-05-10 and 2024-06-10."""
    take_in(data, okapi(OLD, published="2023-01"))
    calendar.day = "2024-06-10"
    take_in(data, okapi(NEW, published="2024-03"))
    return data


@pytest.fixture
def three(two: Path, calendar: Calendar) -> Path:
    """And a third of 2024-09."""
    calendar.day = "2024-10-10"
    take_in(two, okapi(NEWEST, published="2024-09"))
    return two


# ---- a new version ---------------------------------------------------------------------------------------------------


def test_a_changed_file_is_a_second_version_and_the_first_stays_for_the_days_before_it(
    data: Path, calendar: Calendar
) -> None:
    assert take_in(data, okapi(OLD, published="2023-01"), paper("gnu", OTHER)).added == ["okapi", "gnu"]
    calendar.day = "2024-06-10"
    report = take_in(data, okapi(NEW, published="2024-03"), paper("gnu", OTHER))

    assert (report.replaced, report.unchanged, report.added) == (["okapi"], ["gnu"], [])
    assert days_of(data, "okapi") == [("2023-01-01", "2024-03-01"), ("2024-03-01", None)]
    assert [info.ingested_at[:10] for info in history(data, "okapi")] == ["2024-05-10", "2024-06-10"]
    assert versions_of(data) == [2]
    days = ["2022-12-31", "2023-01-01", "2024-02-29", "2024-03-01", "2024-06-10", "2030-01-01"]
    assert [versions_of(data, day) for day in days] == [[], [1], [1], [2], [2], [2]]
    with opened(data) as base:
        assert {name for name, _ in versions_found(find(base, QUESTION, as_of="2022-12-31"))} == {"gnu"}
        (then,) = [found for found in find(base, QUESTION, as_of="2024-02-29") if found.source.id == "okapi"]
        (now,) = [found for found in find(base, QUESTION) if found.source.id == "okapi"]
    assert (then.passage.text.endswith(OLD), then.superseded, then.source.version) == (True, True, 1)
    assert (now.passage.text.endswith(NEW), now.superseded, now.source.version) == (True, False, 2)
    assert_sound(data, calendar.day)


def test_each_version_can_be_opened_and_quoted_and_without_a_number_the_one_in_force_is(three: Path) -> None:
    public = frozenset({"public"})
    with catalogue_of(three) as catalogue:
        for version, text in ((1, OLD), (2, NEW), (3, NEWEST), (None, NEWEST)):
            document = catalogue.document("okapi", public, version)
            assert document is not None and document.text.endswith(text)
            start = document.text.index(text)
            assert catalogue.excerpt("okapi", start, start + len(text), public, version or 3) == text
        newest = catalogue.newest("okapi", public)
        assert newest is not None and newest.version == 3
        for version in (0, -1, 4, 10**6, 10**30):
            assert catalogue.document("okapi", public, version) is None


def test_an_undated_first_version_counts_as_always_in_force_and_ends_when_the_change_was_seen(
    data: Path, calendar: Calendar
) -> None:
    take_in(data, okapi(OLD))
    assert days_of(data, "okapi") == [(None, None)]
    assert versions_of(data, "1950-01-01") == [1]
    calendar.day = "2024-06-10"
    take_in(data, okapi(NEW))
    assert days_of(data, "okapi") == [(None, "2024-06-10"), ("2024-06-10", None)]
    assert [versions_of(data, day) for day in ("1950-01-01", "2024-06-09", "2024-06-10")] == [[1], [1], [2]]


@pytest.mark.parametrize("published", [{}, {"published": "2023-01"}, {"published": "2022"}, {"published": "2031"}])
def test_a_second_version_without_a_newer_date_counts_from_the_day_on_which_it_was_ingested(
    data: Path, calendar: Calendar, published: dict[str, str]
) -> None:
    take_in(data, okapi(OLD, published="2023-01"))
    calendar.day = "2024-06-10"
    take_in(data, okapi(NEW, **published))
    assert days_of(data, "okapi") == [("2023-01-01", "2024-06-10"), ("2024-06-10", None)]
    assert [versions_of(data, day) for day in ("2024-06-09", "2024-06-10")] == [[1], [2]]


def test_two_changes_on_one_day_leave_the_last_in_force_and_one_version_a_day(data: Path, calendar: Calendar) -> None:
    for text in (OLD, NEW, NEWEST):
        take_in(data, okapi(text))
    assert days_of(data, "okapi") == [(None, "2024-05-10"), ("2024-05-10", "2024-05-10"), ("2024-05-10", None)]
    assert [versions_of(data, day) for day in ("2024-05-09", "2024-05-10")] == [[1], [3]]
    assert_sound(data, calendar.day)


def test_a_file_that_goes_back_to_its_old_text_is_a_third_version(two: Path, calendar: Calendar) -> None:
    calendar.day = "2024-07-01"
    assert take_in(two, okapi(OLD, published="2023-01")).replaced == ["okapi"]
    assert days_of(two, "okapi") == [("2023-01-01", "2024-03-01"), ("2024-03-01", "2024-07-01"), ("2024-07-01", None)]
    with opened(two) as base:
        ids = [find(base, QUESTION, as_of=day)[0].passage.id for day in ("2024-02-01", "2024-05-01", "2024-07-01")]
        assert len(set(ids)) == 3  # the same words, and a passage of its own
        assert find(base, QUESTION)[0].passage.id == ids[2]
    assert take_in(two, okapi(OLD, published="2023-01")).unchanged == ["okapi"]
    assert_sound(two, calendar.day)


def test_three_versions_answer_each_for_their_days_and_passages_never_share_an_id(three: Path) -> None:
    days = ["2022-12-31", "2023-06-01", "2024-03-01", "2024-08-31", "2024-09-01", "2026-01-01"]
    assert over_the_days(three, days) == [[], [1], [2], [2], [3], [3]]
    assert [info.latest for info in history(three, "okapi")] == [False, False, True]
    assert_sound(three, "2024-10-10")


def test_ingesting_the_same_again_changes_nothing_of_any_version(three: Path, calendar: Calendar) -> None:
    before, index = history(three, "okapi"), sorted((three / "index").iterdir())
    calendar.day = "2025-01-01"
    assert take_in(three, okapi(NEWEST, published="2024-09")).unchanged == ["okapi"]
    assert (history(three, "okapi"), sorted((three / "index").iterdir())) == (before, index)


# ---- the same bytes, read in another way -----------------------------------------------------------------------------


def test_the_same_bytes_read_in_another_way_take_the_place_of_the_version_and_keep_its_number_and_days(
    two: Path, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = history(two, "okapi")
    calendar.day = "2024-12-01"
    monkeypatch.setattr("knowledge.ingest.READERS_VERSION", "next")
    assert take_in(two, okapi(NEW, published="2024-03")).replaced == ["okapi"]
    assert history(two, "okapi") == before
    assert [versions_of(two, day) for day in (None, "2024-02-29", "2024-03-01")] == [[2], [1], [2]]
    assert take_in(two, okapi(NEW, published="2024-03")).unchanged == ["okapi"]
    assert_sound(two, calendar.day)


def reread(candidate: Candidate, other: Candidate) -> Candidate:
    """The bytes of one candidate with the reading of another: what a better reader makes of the same file."""
    return Candidate(candidate.origin, candidate.name, lambda: (candidate.read()[0], other.read()[1]))


def test_a_date_that_a_better_reader_finds_moves_the_days_as_if_it_had_been_found_at_first(
    data: Path, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(data, okapi(OLD, published="2023-01"))
    calendar.day = "2024-06-10"
    take_in(data, okapi(NEW))
    calendar.day = "2024-12-01"
    monkeypatch.setattr("knowledge.ingest.READERS_VERSION", "next")
    take_in(data, reread(okapi(NEW), okapi(NEW, published="2024-03")))
    assert days_of(data, "okapi") == [("2023-01-01", "2024-03-01"), ("2024-03-01", None)]
    assert_sound(data, calendar.day)


def test_what_an_operator_said_of_the_dates_outlasts_another_reading_of_the_file(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = Decisions(two)
    decisions.date("ana", "okapi", published="2024-02", valid_from="2024-04-01", valid_until="2024-12")
    monkeypatch.setattr("knowledge.ingest.READERS_VERSION", "next")
    take_in(two, okapi(NEW, published="2024-03"))
    assert days_of(two, "okapi") == [("2023-01-01", "2024-04-01"), ("2024-04-01", "2025-01-01")]
    with catalogue_of(two) as catalogue:
        dates = {"published": "2024-02", "valid_from": "2024-04-01", "valid_until": "2024-12"}
        assert catalogue.dates("okapi", 2) == dates
    decisions.date("ana", "okapi", published=None)  # what was said before still counts
    assert days_of(two, "okapi") == [("2023-01-01", "2024-04-01"), ("2024-04-01", "2025-01-01")]


def test_another_title_of_the_same_bytes_is_searched_by_and_is_no_new_version(two: Path) -> None:
    def titled(title: str) -> Candidate:
        return Candidate("/lines#7", "line", lambda: (b"raw", paper("line", OTHER, title=title).read()[1]))

    take_in(two, titled("On the aardvark"), paper("gnu", OTHER), paper("emu", OTHER))
    assert take_in(two, titled("On the zebra")).replaced == ["line"]
    assert len(history(two, "line")) == 1
    with opened(two) as base:
        assert base.searcher.rare_terms("aardvark zebra", frozenset({"public"})) == ["zebra"]
        (found,) = [found for found in find(base, "zebra") if found.source.id == "line"]
        assert found.source.title == "On the zebra" and found.why.keywords > 0
    assert_sound(two, "2024-06-10")


def test_a_new_version_may_bear_another_title_and_the_old_keeps_its_own(two: Path, calendar: Calendar) -> None:
    calendar.day = "2024-07-01"
    take_in(two, okapi(NEWEST, title="On fees"))
    with opened(two) as base:
        titles = [find(base, QUESTION, as_of=day)[0].source.title for day in ("2024-06-30", "2024-07-01")]
    assert titles == ["A paper", "On fees"]


# ---- audiences -------------------------------------------------------------------------------------------------------


def test_only_another_audience_relabels_every_version_and_makes_no_new_one(three: Path) -> None:
    days = ["2023-06-01", "2024-05-01", None]
    newest = okapi(NEWEST, published="2024-09")
    assert take_in(three, newest, audience="partner").relabelled == ["okapi"]
    assert [info.audience for info in history(three, "okapi")] == ["partner"] * 3
    assert [versions_of(three, day) for day in days] == [[], [], []]
    assert [versions_of(three, day, "partner:nepal") for day in days] == [[1], [2], [3]]
    assert_sound(three, "2024-10-10")

    assert take_in(three, newest).relabelled == ["okapi"]  # and back
    assert [versions_of(three, day) for day in days] == [[1], [2], [3]]
    assert_sound(three, "2024-10-10")


@pytest.mark.parametrize(
    ("old", "new", "then"),
    [
        ("public", "staff", "staff"),
        ("partner", "partner:nepal", "partner:nepal"),
        ("partner:nepal", "partner:bangladesh", "staff"),
        ("staff", "public", "staff"),
        ("partner:nepal", "partner", "partner:nepal"),
    ],
)
def test_a_new_version_for_fewer_narrows_the_old_ones_and_one_for_more_does_not_widen_them(
    data: Path, calendar: Calendar, old: str, new: str, then: str
) -> None:
    take_in(data, okapi(OLD, audience=old, published="2023-01"), paper("gnu", OTHER))
    take_in(data, okapi(NEW, audience=new, published="2024-03"))
    assert [info.audience for info in history(data, "okapi")] == [then, new]
    with catalogue_of(data) as catalogue:
        first = catalogue.document("okapi", frozenset({then}), 1)
        assert first is not None and first.source.audience == then
    assert_sound(data, calendar.day)


def test_what_an_old_file_kept_for_staff_is_not_shown_when_a_later_ingest_names_a_wider_audience(
    data: Path, calendar: Calendar
) -> None:
    take_in(data, okapi(OLD, audience="staff", published="2023-01"), paper("gnu", OTHER))
    latest = okapi(NEW, published="2024-03")
    for audience, audiences in (
        (None, ["staff", "public"]),
        ("partner", ["staff", "partner"]),
        ("staff", ["staff", "staff"]),
        (None, ["staff", "public"]),
    ):
        take_in(data, latest, audience=audience)
        assert [info.audience for info in history(data, "okapi")] == audiences
    assert versions_of(data, "2023-06-01") == []
    assert versions_of(data, "2023-06-01", "staff") == [1]
    take_in(data, latest, audience="staff")
    take_in(data, okapi(NEWEST, published="2024-05"))  # and not after another version either
    take_in(data, okapi(NEWEST, published="2024-05"), audience="partner")
    take_in(data, okapi(NEWEST, published="2024-05"))
    assert [info.audience for info in history(data, "okapi")] == ["staff", "staff", "public"]
    assert versions_of(data, "2023-06-01") == []
    Decisions(data).relabel("ana", "okapi", "public")  # only an operator who says so shows it
    assert versions_of(data, "2023-06-01") == [1]
    assert_sound(data, calendar.day)


def test_a_file_for_staff_that_became_public_while_the_ingest_named_staff_stays_with_staff(
    data: Path, calendar: Calendar
) -> None:
    take_in(data, okapi(OLD, audience="staff", published="2023-01"), paper("gnu", OTHER))
    take_in(data, okapi(NEW, published="2024-03"), audience="staff")
    assert take_in(data, okapi(NEW, published="2024-03")).relabelled == ["okapi"]
    assert [info.audience for info in history(data, "okapi")] == ["staff", "public"]
    assert (versions_of(data), versions_of(data, "2023-06-01")) == ([2], [])
    assert_sound(data, calendar.day)


def test_an_audience_that_an_operator_decided_on_holds_for_the_versions_to_come(two: Path, calendar: Calendar) -> None:
    Decisions(two).relabel("ana", "okapi", "partner:nepal")
    assert take_in(two, okapi(NEW, published="2024-03")).unchanged == ["okapi"]
    calendar.day = "2024-10-10"
    take_in(two, okapi(NEWEST, published="2024-09"))
    assert [info.audience for info in history(two, "okapi")] == ["partner:nepal"] * 3
    assert versions_of(two) == [] and versions_of(two, reader="partner:nepal") == [3]
    assert_sound(two, calendar.day)


# ---- days ------------------------------------------------------------------------------------------------------------


def test_a_version_of_the_future_leaves_the_old_one_in_force_until_its_day_comes(two: Path, calendar: Calendar) -> None:
    Decisions(two).date("ana", "okapi", valid_from="2024-08-01")
    assert days_of(two, "okapi") == [("2023-01-01", "2024-08-01"), ("2024-08-01", None)]
    with opened(two) as base:
        (found,) = find(base, QUESTION)
        assert (found.source.version, found.superseded) == (1, False)  # nothing has taken its place yet
        newest = base.catalogue.newest("okapi", frozenset({"public"}))
        assert newest is not None and newest.version == 1
        assert [source.version for source in base.catalogue.sources(frozenset({"public"}))] == [1]
    assert versions_of(two, "2024-08-01") == [2]
    assert_sound(two, calendar.day)

    for day, version in (("2024-07-31", 1), ("2024-08-01", 2)):
        calendar.day = day
        assert versions_of(two) == [version]  # whether or not anything was ingested on that day
        settle(two)
        assert versions_of(two) == [version]
        assert_sound(two, day)
    with opened(two) as base:
        assert base.searcher.rare_terms("10 20", frozenset({"public"})) == ["20"]
        (then,) = find(base, QUESTION, as_of="2024-07-31")
        assert (then.source.version, then.superseded) == (1, True)


def test_a_correction_of_a_version_of_the_future_waits_for_the_same_day(two: Path, calendar: Calendar) -> None:
    Decisions(two).date("ana", "okapi", valid_from="2024-08-01")
    calendar.day = "2024-07-01"
    take_in(two, okapi(NEWEST, published="2024-06"))
    assert days_of(two, "okapi") == [("2023-01-01", "2024-08-01"), ("2024-08-01", "2024-08-01"), ("2024-08-01", None)]
    assert versions_of(two) == [1]
    calendar.day = "2024-08-01"
    settle(two)
    assert versions_of(two) == [3]
    assert_sound(two, calendar.day)


def test_the_last_day_of_validity_is_in_force_and_the_day_after_is_not(data: Path, calendar: Calendar) -> None:
    take_in(data, okapi(OLD, published="2023-01"), paper("gnu", OTHER))
    Decisions(data).date("ana", "okapi", valid_until="2024-06")
    for day, found in (("2024-06-30", [1]), ("2024-07-01", [])):
        calendar.day = day
        assert versions_of(data) == found
        settle(data)
        assert versions_of(data) == found
        assert_sound(data, day)
    assert [versions_of(data, day) for day in ("2024-06-30", "2024-07-01")] == [[1], []]
    Decisions(data).date("ana", "okapi", valid_until="2024-12-31")  # it is prolonged after it ended
    assert versions_of(data) == [1]
    assert_sound(data, calendar.day)
    Decisions(data).date("ana", "okapi", valid_until=None)
    assert days_of(data, "okapi") == [("2023-01-01", None)]


def test_a_new_version_of_what_is_not_valid_any_more_is_valid_again(data: Path, calendar: Calendar) -> None:
    take_in(data, okapi(OLD, published="2023-01"), paper("gnu", OTHER))
    Decisions(data).date("ana", "okapi", valid_until="2023-12")
    take_in(data, okapi(NEW, published="2024-03"))
    assert days_of(data, "okapi") == [("2023-01-01", "2024-01-01"), ("2024-03-01", None)]
    assert [versions_of(data, day) for day in ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01")] == [
        [1], [], [], [2],
    ]  # fmt: skip
    assert_sound(data, calendar.day)


@pytest.mark.parametrize(
    ("version", "dates", "days"),
    [
        (1, {"published": "2022"}, [("2022-01-01", "2024-03-01"), ("2024-03-01", "2024-09-01"), ("2024-09-01", None)]),
        (1, {"published": None}, [(None, "2024-03-01"), ("2024-03-01", "2024-09-01"), ("2024-09-01", None)]),
        (
            1,
            {"valid_until": "2023-12"},
            [("2023-01-01", "2024-01-01"), ("2024-03-01", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            1,
            {"valid_from": "2024-05"},  # after the second version began: it is never in force
            [("2024-05-01", "2024-03-01"), ("2024-03-01", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            2,
            {"valid_from": "2024-05"},
            [("2023-01-01", "2024-05-01"), ("2024-05-01", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            2,
            {"valid_from": "2022"},
            [("2023-01-01", "2022-01-01"), ("2022-01-01", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            2,
            {"valid_from": "2024-11"},
            [("2023-01-01", "2024-09-01"), ("2024-11-01", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            2,
            {"valid_until": "2024-12"},  # no longer than until the next version
            [("2023-01-01", "2024-03-01"), ("2024-03-01", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            2,
            {"published": None},  # then it counts from the day of its ingest
            [("2023-01-01", "2024-06-10"), ("2024-06-10", "2024-09-01"), ("2024-09-01", None)],
        ),
        (
            3,
            {"valid_from": "2023-06", "valid_until": "2025"},  # before the second: that one is never in force
            [("2023-01-01", "2023-06-01"), ("2024-03-01", "2023-06-01"), ("2023-06-01", "2026-01-01")],
        ),
        (
            3,
            {"valid_from": "2031"},
            [("2023-01-01", "2024-03-01"), ("2024-03-01", "2031-01-01"), ("2031-01-01", None)],
        ),
    ],
)
def test_other_dates_of_a_version_move_its_days_and_those_of_the_versions_before_it(
    three: Path, version: int, dates: dict[str, str | None], days: list[tuple[str | None, str | None]]
) -> None:
    before = days_of(three, "okapi")
    Decisions(three).date("ana", "okapi", version, **dates)
    assert days_of(three, "okapi") == days
    assert_sound(three, "2024-10-10")
    inside = [day for span in days for day in span if day is not None]
    for day in ("2022-06-01", "2023-06-01", "2024-03-01", "2024-10-10", *inside):
        found = [n for n, (starts, ends) in enumerate(days, 1) if (starts or "") <= day < (ends or "9")]
        assert versions_of(three, day) == found and len(found) <= 1

    back = {1: "2023-01", 2: "2024-03", 3: "2024-09"}[version]
    Decisions(three).date("ana", "okapi", version, published=back, valid_from=None, valid_until=None)
    assert days_of(three, "okapi") == before


# ---- decisions on the whole document ---------------------------------------------------------------------------------


def test_a_document_that_another_takes_the_place_of_is_in_force_until_then(two: Path, calendar: Calendar) -> None:
    take_in(two, paper("gnu", OTHER, published="2024-04"))
    Decisions(two).supersede("ana", "okapi", "gnu")
    assert days_of(two, "okapi") == [("2023-01-01", "2024-03-01"), ("2024-03-01", "2024-04-01")]
    assert ask(two, QUESTION) == {("gnu", 1)}
    assert [versions_of(two, day) for day in ("2024-02-29", "2024-03-31", "2024-04-01")] == [[1], [2], []]
    with opened(two) as base:
        assert find(base, QUESTION, as_of="2024-03-31")[0].superseded
        found = base.catalogue.document("okapi", frozenset({"public"}))  # a citation of it still opens
        assert found is not None and found.source.version == 2
        assert [source.id for source in base.catalogue.sources(frozenset({"public"}))] == ["gnu"]
    assert_sound(two, calendar.day)


def test_a_place_taken_in_the_future_is_not_taken_today(two: Path, calendar: Calendar) -> None:
    take_in(two, paper("gnu", OTHER))
    Decisions(two).supersede("ana", "okapi", "gnu", "2024-09")
    with opened(two) as base:
        (found,) = [found for found in find(base, QUESTION) if found.source.id == "okapi"]
        assert not found.superseded
    calendar.day = "2024-09-01"
    settle(two)
    assert versions_of(two) == []
    assert_sound(two, calendar.day)


def test_no_later_version_or_date_brings_back_a_document_whose_place_was_taken(two: Path, calendar: Calendar) -> None:
    take_in(two, paper("gnu", OTHER))
    decisions = Decisions(two)
    decisions.supersede("ana", "okapi", "gnu", "2024-05-01")
    take_in(two, okapi(NEWEST, published="2024-06"))
    assert days_of(two, "okapi")[1:] == [("2024-03-01", "2024-05-01"), ("2024-06-01", "2024-05-01")]
    for version, dates in (
        (3, {"valid_from": "2030"}),
        (2, {"valid_until": "2024-03"}),
        (2, {"valid_until": None}),
        (3, {"valid_from": None}),
        (1, {"valid_until": "2026"}),
    ):
        decisions.date("ana", "okapi", version, **dates)
        assert versions_of(two) == []
        assert_sound(two, calendar.day)
    assert days_of(two, "okapi") == [
        ("2023-01-01", "2024-03-01"),
        ("2024-03-01", "2024-05-01"),
        ("2024-06-01", "2024-05-01"),
    ]


def test_the_day_on_which_a_place_is_taken_can_be_put_right(two: Path, calendar: Calendar) -> None:
    take_in(two, paper("gnu", OTHER))
    for since, ends in (("2024-04", "2024-04-01"), ("2024-05", "2024-05-01"), ("2024-03-15", "2024-03-15")):
        Decisions(two).supersede("ana", "okapi", "gnu", since)
        assert days_of(two, "okapi") == [("2023-01-01", "2024-03-01"), ("2024-03-01", ends)]
    assert_sound(two, calendar.day)


def test_a_withdrawn_document_is_nowhere_on_any_day_and_back_when_it_is_reinstated(
    three: Path, calendar: Calendar
) -> None:
    take_in(three, paper("gnu", OTHER))
    public, days = frozenset({"public"}), ["2023-06-01", "2024-05-01", "2024-10-10", None]
    before = days_of(three, "okapi")
    Decisions(three).withdraw("ana", "okapi", "a mistake in it")
    assert [versions_of(three, day, "staff") for day in days] == [[], [], [], []]
    with opened(three) as base:
        assert base.searcher.rare_terms("okapi", public) == []
        for version in (None, 1, 2, 3):
            assert base.catalogue.document("okapi", public, version) is None
        assert [base.catalogue.excerpt("okapi", 0, 5, public, version) for version in (1, 2, 3)] == [None] * 3
        assert base.catalogue.newest("okapi", public) is None
        assert [source.id for source in base.catalogue.sources(public)] == ["gnu"]
    assert_sound(three, calendar.day)

    Decisions(three).reinstate("ana", "okapi", "it was none")
    assert [versions_of(three, day) for day in days] == [[1], [2], [3], [3]]
    assert days_of(three, "okapi") == before
    with opened(three) as base:
        assert base.searcher.rare_terms("okapi", public) == ["okapi"]
    assert_sound(three, calendar.day)


@pytest.mark.parametrize("text", [NEW, NEWEST], ids=["the same bytes", "changed bytes"])
def test_a_withdrawn_document_stays_withdrawn_when_its_file_is_ingested_again(
    two: Path, calendar: Calendar, text: str
) -> None:
    take_in(two, paper("gnu", OTHER))
    Decisions(two).withdraw("ana", "okapi", "a mistake in it")
    candidate = okapi(text, published="2024-03")
    report = take_in(two, candidate)
    assert (report.withdrawn, report.replaced, report.added, report.unchanged) == (["okapi"], [], [], [])
    assert not report.changed and ask(two, QUESTION) == {("gnu", 1)}
    assert len(history(two, "okapi")) == 2
    Decisions(two).reinstate("ana", "okapi", "put right")
    report = take_in(two, candidate)
    assert report.replaced == (["okapi"] if text == NEWEST else [])
    assert versions_of(two) == [3 if text == NEWEST else 2]
    assert_sound(two, calendar.day)


def test_a_withdrawn_document_whose_file_is_now_for_fewer_comes_back_for_those_only(two: Path) -> None:
    take_in(two, paper("gnu", OTHER))
    Decisions(two).withdraw("ana", "okapi", "was for staff")
    assert take_in(two, okapi(NEW, published="2024-03"), audience="staff").withdrawn == ["okapi"]
    Decisions(two).reinstate("ana", "okapi", "labelled")
    assert versions_of(two) == [] and versions_of(two, reader="staff") == [2]
    assert versions_of(two, "2023-06-01") == []
    assert_sound(two, "2024-06-10")


def test_a_file_that_moved_keeps_its_versions_and_its_withdrawal(two: Path, calendar: Calendar, tmp_path: Path) -> None:
    moved = okapi(NEW, published="2024-03", origin="/elsewhere/okapi")
    assert take_in(two, moved).unchanged == ["okapi"]
    assert [info.origin for info in history(two, "okapi")] == ["/papers/okapi", "/elsewhere/okapi"]
    assert take_in(two, okapi(NEWEST, published="2024-05", origin="/elsewhere/okapi")).replaced == ["okapi"]
    assert [versions_of(two, day) for day in ("2023-06-01", "2024-03-01", None)] == [[1], [2], [3]]
    take_in(two, paper("gnu", OTHER))
    Decisions(two).withdraw("ana", "okapi", "a mistake in it")
    assert take_in(two, okapi(NEW, origin="/third/okapi")).withdrawn == ["okapi"]
    assert ask(two, QUESTION) == {("gnu", 1)}
    assert_sound(two, calendar.day)


# ---- what the indexes hold -------------------------------------------------------------------------------------------


def test_the_ranking_of_today_does_not_depend_on_how_many_old_versions_and_withdrawn_documents_there_are(
    data: Path, calendar: Calendar, tmp_path: Path
) -> None:
    others = [paper(f"{n}", f"The okapi{n} pays {n} euros for the gnu.") for n in range(6)]
    clean = tmp_path / "clean"
    take_in(clean, okapi(NEWEST), *others)
    take_in(data, *others, *[paper(f"gone{n}", f"{NEWEST} It was said {n} times.") for n in range(30)])
    for number in range(5):
        take_in(data, okapi(f"{OLD} This is draft {number}."))
    take_in(data, okapi(NEWEST))
    for n in range(30):
        with catalogue_of(data) as catalogue:  # without the index built anew each time
            catalogue.decide(Decision("ana", f"gone{n}", "withdraw"))
    settle(data)
    with opened(data) as many, opened(clean) as few:
        for question in (QUESTION, "okapi3", "draft", "euros for the gnu"):
            scored = [
                [
                    (found.source.id, round(found.score, 5), round(found.why.keywords, 5))
                    for found in find(base, question)
                ]
                for base in (many, few)
            ]
            assert scored[0] == scored[1]
            then = [[found.source.id for found in find(base, question, as_of=calendar.day)] for base in (many, few)]
            assert then[0] == then[1]
        public = frozenset({"public"})
        assert many.searcher.rare_terms(QUESTION, public) == few.searcher.rare_terms(QUESTION, public)
        assert many.searcher.rare_terms("draft said times", public) == []
    assert_sound(data, calendar.day)


def test_a_rebuild_with_another_embedder_keeps_versions_days_and_what_is_withdrawn(
    three: Path, calendar: Calendar
) -> None:
    take_in(three, paper("gnu", OTHER), paper("emu", "The fee for the okapi is no secret."))
    Decisions(three).withdraw("ana", "emu", "a mistake in it")
    Decisions(three).relabel("ana", "gnu", "staff")
    days = ["2022-12-31", "2023-06-01", "2024-05-01", None]
    before = [history(three, name) for name in ("okapi", "gnu", "emu")]
    expected = [ask(three, QUESTION, "staff", day) for day in days]
    other = word_embedder("test/another")
    assert Ingest(three, other).rebuild() == 5
    assert [history(three, name) for name in ("okapi", "gnu", "emu")] == before
    assert [ask(three, QUESTION, "staff", day, other) for day in days] == expected
    assert ask(three, QUESTION, embedder=other) == {("okapi", 3)}
    assert_sound(three, calendar.day, other)
    Decisions(three).reinstate("ana", "emu", "it was none")
    assert ask(three, QUESTION, embedder=other) == {("okapi", 3), ("emu", 1)}
    assert_sound(three, calendar.day, other)


def test_a_rebuild_that_was_broken_off_goes_on_after_what_was_decided_in_between(
    three: Path, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(three, paper("gnu", OTHER), paper("emu", "The fee for the okapi is no secret."))
    other = word_embedder("test/another")
    put, written = Catalogue.put_passages, 0

    def once_or_twice(*arguments: object) -> None:
        nonlocal written
        written += 1
        if written > 3:
            raise KeyboardInterrupt
        put(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "put_passages", once_or_twice)
        with pytest.raises(KeyboardInterrupt):
            Ingest(three, other).rebuild()
    assert versions_of(three) == [3]  # questions go on as before
    Decisions(three).withdraw("ana", "emu", "a mistake in it")
    Decisions(three).relabel("ana", "gnu", "staff")
    Decisions(three).date("ana", "okapi", valid_until="2024-09")
    assert_sound(three, calendar.day)
    Ingest(three, other).rebuild()
    assert ask(three, QUESTION, "staff", embedder=other) == {("gnu", 1)}
    assert ask(three, QUESTION, "staff", "2024-09-30", embedder=other) == {("okapi", 3), ("gnu", 1)}
    assert_sound(three, calendar.day, other)


def test_the_index_is_built_anew_when_many_vectors_were_deleted_and_copied_when_few(
    data: Path, calendar: Calendar
) -> None:
    def deleted() -> int:
        with catalogue_of(data) as catalogue:
            return int(catalogue.setting("index_deleted") or 0)

    names = [f"{n}" for n in range(20)]
    take_in(data, *[paper(name, f"The gnu{name} pays {name} euros.") for name in names])
    counts = []
    for round_ in range(8):
        take_in(data, paper(names[round_], f"The gnu{round_} pays nothing."))
        counts.append(deleted())
        assert_sound(data, calendar.day)
    # A fifth of twenty may go before the graph is built without what went.
    assert counts == [1, 2, 3, 4, 0, 1, 2, 3]
    expected = ranking(search(data, "Who pays nothing?"))
    shutil.rmtree(data / "index")
    assert ranking(search(data, "Who pays nothing?")) == expected


def test_a_version_is_whole_or_absent_when_its_passages_cannot_be_stored(
    two: Path, calendar: Calendar, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = history(two, "okapi")
    monkeypatch.setattr("knowledge.versions.settle", _fails)
    with pytest.raises(ZeroDivisionError):
        take_in(two, okapi(NEWEST, published="2024-05"))
    monkeypatch.undo()
    Calendar(monkeypatch, calendar.day)
    assert history(two, "okapi") == before
    assert versions_of(two) == [2]


def _fails(*_: object) -> None:
    raise ZeroDivisionError


def test_what_ran_out_since_the_last_ingest_takes_no_place_from_what_holds(data: Path, calendar: Calendar) -> None:
    spent = [paper(f"spent{number}", OLD) for number in range(60)]
    take_in(data, *spent, paper("sound", f"{OLD} {OTHER}"))
    for candidate in spent:
        Decisions(data).date("ana", candidate.name, valid_until="2024-05")
    assert len(ask(data, OLD)) > 24
    calendar.day = "2024-06-01"
    assert ask(data, OLD) == {("sound", 1)}

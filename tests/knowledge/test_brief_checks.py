"""What a check finds in a library of briefs: each fault by a brief that has exactly that one."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.brief_checks import LibraryReport, briefs_in, check_library
from knowledge.topics import KOSOVO_FOOTNOTE

TODAY = date(2026, 11, 22)
SURVEY = {"id": "survey", "title": "Survey of orchard workers", "publisher": "Institute", "published": "2019-07"}
LEAFLET = {"id": "leaflet", "title": "Leaflet on seasonal visas", "url": "https://visas.example/leaflet"}
FEE = {
    "id": "fee",
    "about": "what a seasonal visa costs",
    "positions": [
        {"says": "60 euros, by the survey", "sources": ["survey"]},
        {"says": "75 euros, by the leaflet", "sources": ["leaflet"]},
    ],
}
FRONT: dict[str, Any] = {
    "id": "orchards",
    "title": "Seasonal work in the orchards",
    "topic": "seasonal work",
    "theme": "labour-mobility",
    "jurisdictions": ["BA", "RS"],
    "as_of": "2019-07",
    "review_by": "2027-06",
    "disagreements": [FEE],
    "sources": [SURVEY, LEAFLET],
}
PICKERS = "In 2019 about 420 workers from Nepal picked raspberries in the valley. [^survey]"
COST = "A seasonal visa for the orchards cost 75 euros at that time. [^leaflet] [^disagree:fee] [^may-change]"
BODY = f"# Seasonal work\n\n{PICKERS}\n\n- {COST}\n"
FOOTNOTE = f"\n\\{KOSOVO_FOOTNOTE}\n"


def brief(folder: Path, body: str = BODY, name: str = "orchards.md", without: str = "", **front: Any) -> Path:
    """A brief that is sound but for what the test changes."""
    told: Mapping[str, Any] = {key: value for key, value in (FRONT | front).items() if key != without}
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{yaml.safe_dump(dict(told))}---\n\n{body}", encoding="utf-8")
    return path


def check(*paths: Path, today: date = TODAY) -> LibraryReport:
    return check_library(paths, today)


def test_a_sound_brief_has_no_finding_and_is_counted(tmp_path: Path) -> None:
    report = check(brief(tmp_path))
    assert (report.findings, report.is_sound) == ((), True)
    assert (report.briefs, report.statements, report.sources, report.disagreements) == (1, 2, 2, 1)


FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "another name": (BODY, {"id": "vineyards"}, "id: 'vineyards' is not the name of the file"),
    "no source": (
        BODY + "\nNobody says where this last sentence comes from.\n",
        {},
        "names no source, or shares its markers with another statement: “Nobody says where",
    ),
    "a disagreement is no source": (
        BODY + "\nNobody says where this last sentence comes from. [^disagree:fee]\n",
        {},
        "names no source, or shares its markers with another statement: “Nobody says where",
    ),
    "a marker in the middle": (
        BODY + "\nThe pickers of the valley came from Nepal [^survey] and paid for a visa of their own. [^leaflet]\n",
        {},
        "names no source, or shares its markers with another statement: “The pickers",
    ),
    "an unused source": (
        BODY,
        {"sources": [SURVEY, LEAFLET, {"id": "census", "title": "Census"}]},
        "sources: no statement rests on 'census'",
    ),
    "an address without a host": (
        BODY,
        {"sources": [SURVEY, LEAFLET | {"url": "https:///leaflet"}]},
        "sources: the url of 'leaflet' names no host",
    ),
    "an address that is none": (
        BODY,
        {"sources": [SURVEY, LEAFLET | {"url": "https://[leaflet"}]},
        "sources: the url of 'leaflet' names no host",
    ),
    "an unmarked disagreement": (
        BODY,
        {"disagreements": [FEE, FEE | {"id": "season"}]},
        "disagreements: no statement is marked [^disagree:season]",
    ),
    "Kosovo without asterisk": (
        BODY.replace("from Nepal", "from Kosovo"),
        {},
        "Kosovo is written without its asterisk: “n 2019 about 420 workers from Kosovo picked ra”",
    ),
    "no footnote": (BODY.replace("from Nepal", "from Kosovo*"), {}, "Kosovo* stands without its footnote"),
    "Kosovo in the title": (
        BODY,
        {"title": "Work in Kosovo"},
        "Kosovo is written without its asterisk: “Work in Kosovo",
    ),
    "Kosovo in a disagreement": (
        BODY,
        {"disagreements": [FEE | {"about": "what a seasonal visa for Kosovo costs"}]},
        "Kosovo is written without its asterisk: “",
    ),
    "no footnote for the title": (BODY, {"title": "Work in Kosovo*"}, "Kosovo* stands without its footnote"),
    "no review": (BODY, {"without": "review_by"}, "review_by: is needed where statements are marked [^may-change]"),
    "a wrong key": (BODY, {"review": "2027"}, "front matter: review: "),
}


@pytest.mark.parametrize(("body", "front", "told"), FAULTS.values(), ids=list(FAULTS))
def test_each_fault_is_found_and_named(tmp_path: Path, body: str, front: dict[str, Any], told: str) -> None:
    path = brief(tmp_path, body, **front)
    report = check(path)
    assert [(finding.file, finding.level) for finding in report.findings] == [("orchards.md", "error")]
    assert report.findings[0].message.startswith(told)
    assert not report.is_sound


def test_two_statements_before_one_marker_are_both_found(tmp_path: Path) -> None:
    shared = (
        "Nobody says where the first sentence comes from. The second one is what the survey of 2019 says. [^survey]"
    )
    first, second = check(brief(tmp_path, f"{BODY}\n{shared}\n")).findings
    assert "shares its markers with another statement: “Nobody says" in first.message
    assert "shares its markers with another statement: “The second" in second.message


def test_kosovo_may_stand_alone_in_a_quotation_and_in_the_footnote(tmp_path: Path) -> None:
    quoted = "- The leaflet of that year has the heading “Visas for Kosovo and Serbia”, about Kosovo* too. [^leaflet]\n"
    assert check(brief(tmp_path, BODY + quoted + FOOTNOTE)).findings == ()


@pytest.mark.parametrize(
    ("review_by", "last", "after"),
    [
        ("2026", date(2026, 12, 31), date(2027, 1, 1)),
        ("2026-11", date(2026, 11, 30), date(2026, 12, 1)),
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 23)),
    ],
)
def test_a_review_is_due_when_its_last_day_is_over_and_is_no_error(
    tmp_path: Path, review_by: str, last: date, after: date
) -> None:
    path = brief(tmp_path, review_by=review_by)
    assert check(path, today=last).findings == ()
    report = check(path, today=after)
    assert [(finding.level, finding.message) for finding in report.findings] == [
        ("warning", f"review_by: the review planned for {review_by} is due")
    ]
    assert report.is_sound


def test_an_id_that_is_given_twice_is_found_at_the_second_brief(tmp_path: Path) -> None:
    report = check(brief(tmp_path / "a"), brief(tmp_path / "b"))
    assert [(finding.level, finding.message) for finding in report.findings] == [
        ("error", "the id 'orchards' is taken by another brief")
    ]


def test_what_is_no_brief_is_said_to_be_none_and_the_others_are_still_checked(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("---\ntitle: A note\n---\nA note about the orchards.\n", encoding="utf-8")
    broken = tmp_path / "zz.md"
    broken.write_bytes(b"\xff\xfe\xff")
    report = check(brief(tmp_path, id="vineyards"), note, broken, tmp_path / "absent.md")
    told = {finding.file: finding.message for finding in report.findings}
    assert told["note.md"] == "is no brief: its front matter is missing"
    assert told["orchards.md"].startswith("id: 'vineyards'")
    assert told["absent.md"].startswith("cannot be read")
    assert len(told) == 4
    assert report.briefs == 1


def test_a_folder_is_checked_with_the_folders_in_it_and_only_its_markdown(tmp_path: Path) -> None:
    paths = [brief(tmp_path), brief(tmp_path / "deep" / "er", name="vineyards.md", id="vineyards")]
    (tmp_path / "readme.txt").write_text("Not a brief.", encoding="utf-8")
    assert briefs_in(tmp_path) == sorted(paths, key=lambda path: (path.parent != tmp_path / "deep" / "er", path))
    assert briefs_in(paths[0]) == [paths[0]]
    report = check(*briefs_in(tmp_path))
    assert (report.briefs, report.findings) == (2, ())
    assert report.sources == 2, "a publication that two briefs rest on is counted once"

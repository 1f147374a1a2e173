"""``migdesk library`` on the briefs that ship and on a folder of one's own, and the themes in ``migdesk status``."""

from pathlib import Path

import pytest

from tests.integrations.command import migdesk

BRIEF = """---
id: {id}
title: {title}
topic: seasonal work
theme: {theme}
jurisdictions: [{codes}]
as_of: "{as_of}"
review_by: "{review_by}"
disagreements:
  - id: fee
    about: what a visa costs
    positions:
      - {{says: 60 euros, sources: [survey]}}
      - {{says: 75 euros, sources: [leaflet]}}
sources:
  - {{id: leaflet, title: Leaflet on visas, url: "https://visas.example/leaflet"}}
  - {{id: survey, title: Survey of workers, publisher: Institute, published: "2019-07-15"}}
---

# {title}

In 2019 about 420 workers from Nepal picked raspberries in the Drina valley. [^survey] [^leaflet]

## What it costs

- A seasonal visa for the orchards cost 75 euros, as the leaflet says. [^leaflet] [^disagree:fee]
- A seasonal visa for the orchards cost 60 euros, as the survey says. [^survey] [^disagree:fee] [^may-change]
"""
TOPIC = {
    "id": "orchards",
    "title": "Work in the orchards",
    "topic": "seasonal work",
    "theme": "labour-mobility",
    "jurisdictions": ["BA", "RS"],
    "as_of": "2019-07",
    "review_by": "2099-06",
    "review_due": False,
    "publications": 2,
}


def write(folder: Path, identifier: str, **changes: str) -> Path:
    told = {
        "title": f"Work in the {identifier}",
        "theme": "labour-mobility",
        "codes": "BA, RS",
        "as_of": "2019-07",
        "review_by": "2099-06",
    }
    path = folder / f"{identifier}.md"
    path.write_text(BRIEF.format(id=identifier, **(told | changes)), encoding="utf-8")
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with two briefs: one due for review and on another theme and country."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    write(folder, "orchards")
    write(folder, "checkpoints", theme="borders-and-visas", codes="XK", as_of="2021", review_by="2022-01")
    return folder


# --- the library that ships -------------------------------------------------------------------------------------------


def test_the_library_that_ships_is_listed_by_theme_with_the_date_of_each_brief() -> None:
    ran = migdesk("library", "list")
    assert ran.code == 0
    assert ran.said.index("Readmission and return") < ran.said.index("Figures and trends") < ran.said.index("glossary")
    assert "rgrs-tirana-june-2024" in ran.out
    assert "as of 2024-06" in ran.said


def test_the_library_that_ships_is_sound_and_can_be_shown() -> None:
    checked = migdesk("library", "check")
    assert (checked.code, "0 errors" in checked.said) == (0, True)
    listed = migdesk("library", "list", "--json").json()
    assert f"{len(listed)} briefs" in checked.said
    shown = migdesk("library", "show", "rgrs-tirana-june-2024")
    assert shown.code == 0
    assert "https://albania.iom.int/" in shown.out


# --- list -------------------------------------------------------------------------------------------------------------


def test_a_list_can_be_narrowed_to_a_theme_and_a_country(shelf: Path) -> None:
    def listed(*options: str) -> list[str]:
        return [topic["id"] for topic in migdesk("library", "list", "--in", shelf, "--json", *options).json()]

    assert listed() == ["orchards", "checkpoints"]
    assert listed("--theme", "borders-and-visas") == ["checkpoints"]
    assert listed("--country", "XK") == listed("--country", "xk") == ["checkpoints"]
    assert listed("--country", "RS", "--theme", "labour-mobility") == ["orchards"]
    assert listed("--country", "RS", "--theme", "borders-and-visas") == []


def test_a_list_as_json_has_the_fields_that_the_web_has(shelf: Path) -> None:
    first, second = migdesk("library", "list", "--in", shelf, "--json").json()
    assert first == TOPIC
    assert (second["review_by"], second["review_due"], second["as_of"]) == ("2022-01", True, "2021")


def test_a_list_in_words_says_which_review_is_due_and_counts_rightly(shelf: Path) -> None:
    both = migdesk("library", "list", "--in", shelf).said
    assert both.count("review due") == 1
    assert both.index("as of 2019-07") < both.index("as of 2021 review due")
    assert "2 briefs in 2 themes" in both
    assert "1 brief in 1 theme." in migdesk("library", "list", "--in", shelf, "--country", "BA").said


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--theme", "labour", "labour-mobility, asylum-and-protection"),
        ("--theme", "other", "'other' is no theme"),
        ("--country", "ZZ", "'ZZ' is no code"),
        ("--country", "Serbia", "such as RS or XK"),
    ],
)
def test_a_theme_or_country_that_is_none_is_told_with_what_to_use(option: str, value: str, told: str) -> None:
    ran = migdesk("library", "list", option, value)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.said


def test_a_file_that_is_no_brief_is_named_and_hides_no_other(shelf: Path) -> None:
    (shelf / "note.md").write_text("# A note\n\nOn the orchards.\n", encoding="utf-8")
    (shelf / "broken.md").write_text((shelf / "orchards.md").read_text().replace("theme:", "themes:"), encoding="utf-8")
    listed = migdesk("library", "list", "--in", shelf, "--json")
    assert [topic["id"] for topic in listed.json()] == ["orchards", "checkpoints"]
    assert f"{shelf / 'note.md'} is left out: it is no brief" in listed.err
    assert f"{shelf / 'broken.md'} is left out: front matter: " in listed.err and "themes" in listed.err
    assert migdesk("library", "show", "orchards", "--in", shelf).code == 0


@pytest.mark.parametrize("arguments", [("list", "--in"), ("show", "orchards", "--in"), ("check",)])
def test_a_place_that_is_not_there_or_holds_nothing_is_told_so(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()
    for place, told in (("absent", "no such file or directory"), ("empty", "holds no Markdown file")):
        ran = migdesk("library", *arguments, tmp_path / place)
        assert ran.code == 2
        assert told in ran.said and place in ran.said


# --- show -------------------------------------------------------------------------------------------------------------


def test_a_brief_is_shown_with_the_numbers_of_the_publications_behind_each_statement(shelf: Path) -> None:
    ran = migdesk("library", "show", "orchards", "--in", shelf)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Work in the orchards"
    assert "as of 2019-07, review by 2099-06" in lines
    assert "In 2019 about 420 workers from Nepal picked raspberries in the Drina valley. [2][1]" in lines
    assert "What it costs" in lines
    assert "- A seasonal visa for the orchards cost 75 euros, as the leaflet says. [1]" in lines
    assert lines[-2:] == [
        "[1] Leaflet on visas. undated, https://visas.example/leaflet",
        "[2] Survey of workers. Institute, 2019-07-15",
    ]
    assert "[^" not in ran.out


def test_a_brief_as_json_has_its_text_sources_and_disagreements(shelf: Path) -> None:
    shown = migdesk("library", "show", "orchards", "--in", shelf, "--json").json()
    assert {key: shown[key] for key in TOPIC} == TOPIC
    assert set(shown) - set(TOPIC) == {"text", "sources", "disagreements"}
    assert shown["text"].startswith("Work in the orchards\n\nIn 2019 about 420 workers")
    assert shown["sources"][1] == {
        "id": "survey",
        "title": "Survey of workers",
        "publisher": "Institute",
        "published": "2019-07-15",
        "url": None,
    }
    assert shown["disagreements"] == [
        {
            "id": "fee",
            "about": "what a visa costs",
            "positions": [
                {"says": "60 euros", "reference_ids": ["survey"]},
                {"says": "75 euros", "reference_ids": ["leaflet"]},
            ],
        }
    ]


def test_an_id_that_no_brief_has_is_told_so(shelf: Path) -> None:
    ran = migdesk("library", "show", "vineyards", "--in", shelf)
    assert (ran.code, ran.out) == (2, "")
    assert "There is no brief 'vineyards'" in ran.said
    as_json = migdesk("library", "show", "vineyards", "--in", shelf, "--json")
    assert (as_json.code, as_json.json()["error"]["code"]) == (2, "input")


# --- check ------------------------------------------------------------------------------------------------------------


def test_a_check_names_every_finding_and_fails_on_an_error(shelf: Path) -> None:
    broken = shelf / "orchards.md"
    broken.write_text(broken.read_text(encoding="utf-8").replace(" [^disagree:fee]", ""), encoding="utf-8")
    ran = migdesk("library", "check", shelf)
    assert ran.code == 1
    assert "error orchards.md: disagreements: no statement is marked [^disagree:fee]" in ran.said
    assert "warning checkpoints.md: review_by: the review planned for 2022-01 is due" in ran.said
    assert "2 briefs, 6 statements, 2 publications, 2 disagreements shown · 1 error, 1 warning" in ran.said


def test_warnings_alone_do_not_fail_a_check(shelf: Path) -> None:
    ran = migdesk("library", "check", shelf / "checkpoints.md")
    assert ran.code == 0
    assert "0 errors, 1 warning" in ran.said


def test_a_check_as_json_has_counts_and_findings(shelf: Path) -> None:
    ran = migdesk("library", "check", shelf, shelf / "orchards.md", "--json")  # a file named twice is one brief
    assert ran.code == 0
    assert ran.json() == {
        "briefs": 2,
        "statements": 6,
        "sources": 2,
        "disagreements": 2,
        "findings": [
            {
                "file": "checkpoints.md",
                "level": "warning",
                "message": "review_by: the review planned for 2022-01 is due",
            }
        ],
    }


# --- status -----------------------------------------------------------------------------------------------------------


def test_status_counts_documents_by_theme_with_the_newest_date_and_the_reviews_due(shelf: Path, tmp_path: Path) -> None:
    write(shelf, "vineyards", as_of="2020-02-01", review_by="2021")
    (shelf / "note.md").write_text("# A note\n\nThe orchards are closed in winter.\n", encoding="utf-8")
    data = tmp_path / "data"
    assert migdesk("ingest", shelf, "--data", data).code == 0
    assert migdesk("status", "--json", "--data", data).json()["themes"] == {
        "labour-mobility": {"documents": 2, "newest": "2020-02-01", "review_due": 1},
        "borders-and-visas": {"documents": 1, "newest": "2021", "review_due": 1},
        "other": {"documents": 1, "newest": None, "review_due": 0},
    }
    said = migdesk("status", "--data", data).said
    assert "Labour mobility 2 documents, newest of 2020-02-01, 1 due for review" in said
    assert "Borders and visas 1 document, newest of 2021, 1 due for review" in said
    assert "Other documents 1 document" in said

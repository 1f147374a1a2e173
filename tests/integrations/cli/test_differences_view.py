"""What changed between two versions, as the terminal shows it and as ``--json`` tells it."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from integrations.cli.differences_view import differences_json, print_differences
from knowledge.comparison.differences import Differences, differences
from knowledge.types import Reference
from tests.knowledge.documents import Part, document_of


@pytest.fixture
def found() -> Differences:
    old = document_of(
        [
            Part("heading", "Background", 2),
            Part(
                "paragraph",
                "It was attended by 30 delegates of the ministries. Applicants may not work for the first six months.",
            ),
            Part("paragraph", "The pilot project has ended and [bold]nobody[/bold] has evaluated it."),
            Part("heading", "Contacts", 2),
            Part("item", "Ministry of Labour, Skopje office"),
            Part("item", "Ministry of Interior, Belgrade"),
        ]
    )
    new = document_of(
        [
            Part("heading", "Background and context", 2),
            Part(
                "paragraph",
                "It was attended by 35 delegates of the ministries. Applicants may not work for the first six months.",
            ),
            Part("paragraph", "Another meeting is planned in Sarajevo next spring."),
            Part("item", "Ministry of Labour, Skopje office"),
            Part("heading", "Contacts", 2),
            Part("item", "Ministry of Interior, Belgrade"),
        ],
        title="A better \x1b[31mtitle",
    )
    press = Reference("a", "Press release", "IOM", "2024-06", "https://albania.iom.int/x")
    return differences(
        replace(old, source=replace(old.source, as_of="2024-06", references=(press,))),
        replace(new, source=replace(new.source, version=2, references=(replace(press, published="2024-07"),))),
    )


def shown(found: Differences, colours: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=40, force_terminal=colours, color_system="truecolor" if colours else None)
    print_differences(found, console)
    return out.getvalue()


def test_counts_come_first_and_every_change_has_a_mark_that_needs_no_colour(found: Differences) -> None:
    assert shown(found).splitlines() == [
        "A better [31mtitle",
        "version 1, as of 2024-06 → version 2",
        "",
        "4 statements changed, 2 unchanged",
        "     1 figure changed",
        "     1 moved",
        "     1 added",
        "     1 removed",
        "",
        "About the document",
        "~ title: [-A title-] {+A better [31mtitle+}",
        "~ as of: [-2024-06-]",
        "",
        "Headings",
        "~ [-Background-] {+Background and context+}",
        "",
        "Publications it rests on",
        "~ [-Press release, IOM, 2024-06, https://albania.iom.int/x-] "
        "{+Press release, IOM, 2024-07, https://albania.iom.int/x+}",
        "",
        "Background and context",
        "~ figure changed: It was attended by [-30-]{+35+} delegates of the ministries.",
        "- The pilot project has ended and [bold]nobody[/bold] has evaluated it.",
        "+ Another meeting is planned in Sarajevo next spring.",
        "~ moved from Contacts: Ministry of Labour, Skopje office",
    ]


def test_colour_changes_no_word(found: Differences) -> None:
    coloured = shown(found, colours=True)
    assert "\x1b[" in coloured
    assert Console(file=io.StringIO()).render_str(coloured, markup=False).plain
    for line in ("- ", "+ ", "~ "):
        assert line in coloured


def test_where_nothing_changed_it_says_so() -> None:
    document = document_of([Part("paragraph", "One and the same.")])
    assert "Nothing changed." in shown(differences(document, document))


def test_json_holds_every_change_and_where_it_lies(found: Differences) -> None:
    told = json.loads(json.dumps(differences_json(found)))
    assert told == differences_json(found)
    assert (told["old"]["version"], told["new"]["version"], told["old"]["as_of"]) == (1, 2, "2024-06")
    assert (told["kept"], told["changed"], told["counts"]["added"]) == (2, 4, 1)
    assert told["headings"] == [{"kind": "renamed", "old": ["Background"], "new": ["Background and context"]}]
    assert [reference["kind"] for reference in told["references"]] == ["changed"]
    figure = told["changes"][0]
    assert (figure["kind"], figure["also"], figure["section"]) == ("figure_changed", [], ["Background and context"])
    assert figure["old"]["text"] == "It was attended by 30 delegates of the ministries."
    assert figure["old"]["end"] - figure["old"]["start"] == len(figure["old"]["text"])
    assert {"kind": "removed", "text": "30"} in figure["segments"]
    assert told["changes"][1]["new"] is None
    assert "origin" not in json.dumps(told)

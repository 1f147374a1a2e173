"""``migdesk knowledge``: what an operator sees and decides, as processes on a base with two versions of a document."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from tests.integrations.command import Ran, migdesk
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import serving_desk

QUESTION = "What is the quota for seasonal workers in Testland?"
OLD = "In 2024 the quota for seasonal workers in Testland is 500 permits. The fee must not be paid by the worker."
NEW = "In 2025 the quota for seasonal workers in Testland is 750 permits. The fee must be paid by the worker."


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A data directory with quota.txt in two versions and another note."""
    folder = tmp_path_factory.mktemp("quota")
    paper, other = folder / "quota.txt", folder / "other.txt"
    other.write_text("The office in Testville opens at nine.", encoding="utf-8")
    for text in (OLD, NEW):
        paper.write_text(text, encoding="utf-8")
        Ingest(folder / "data", embedder).run(files_in([paper, other])[0])
    return folder / "data"


@pytest.fixture
def data(two_versions: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_versions, tmp_path / "data"))


def knowledge(data: Path, *arguments: str | Path) -> Ran:
    return migdesk("knowledge", *arguments, "--data", data)


def test_the_list_shows_the_latest_version_of_each_document_and_can_be_narrowed(two_versions: Path) -> None:
    listed = knowledge(two_versions, "list", "--json").json()
    assert [(info["id"], info["version"], info["audience"], info["in_force"]) for info in listed] == [
        ("other.txt", 1, "public", True),
        ("quota.txt", 2, "public", True),
    ]
    assert "2 of 2 documents" in knowledge(two_versions, "list").said
    assert [info["id"] for info in knowledge(two_versions, "list", "--matching", "QUOTA", "--json").json()] == [
        "quota.txt"
    ]
    assert knowledge(two_versions, "list", "--audience", "staff", "--json").json() == []
    assert knowledge(two_versions, "list", "--audience", "everybody").code == 2


def test_a_version_is_shown_with_its_text(two_versions: Path) -> None:
    assert NEW in knowledge(two_versions, "show", "quota.txt").said
    older = knowledge(two_versions, "show", "quota.txt", "--version", "1", "--json").json()
    assert (older["text"], older["version"], older["latest"]) == (OLD, 1, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "absent.txt"),
        ("show", "quota.txt", "--version", "9"),
        ("history", "absent.txt"),
        ("diff", "absent.txt"),
        ("relabel", "absent.txt", "staff"),
        ("relabel", "quota.txt", "everybody"),
        ("withdraw", "absent.txt", "--reason", "wrong"),
        ("supersede", "quota.txt", "quota.txt"),
        ("date", "quota.txt"),
        ("date", "quota.txt", "--valid-from", "soon"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_and_is_wrong_usage(two_versions: Path, arguments: tuple[str, ...]) -> None:
    ran = knowledge(two_versions, *arguments)
    assert ran.code == 2 and ran.err.strip() and not ran.out.strip()
    assert knowledge(two_versions, *arguments, "--json").json()["error"]["message"]


def test_the_difference_of_two_versions_names_what_changed(two_versions: Path, tmp_path: Path) -> None:
    said = knowledge(two_versions, "diff", "quota.txt").said
    assert "figure changed" in said and "date changed" in said and "negation changed" in said
    assert "500" in said and "750" in said
    assert knowledge(two_versions, "diff", "quota.txt", "--json").json()
    page = tmp_path / "changes.html"
    assert knowledge(two_versions, "diff", "quota.txt", "--html", page).code == 0
    assert "750" in page.read_text(encoding="utf-8")
    assert "only one version" in knowledge(two_versions, "diff", "other.txt").said
    assert knowledge(two_versions, "diff", "quota.txt", "--html", tmp_path / "no" / "page.html").code == 2


def test_an_answer_as_of_a_day_rests_on_what_was_in_force_and_says_so(data: Path) -> None:
    assert knowledge(data, "date", "quota.txt", "--version", "1", "--valid-from", "2024-01-01").code == 0
    assert knowledge(data, "date", "quota.txt", "--version", "2", "--valid-from", "2025-01-01").code == 0
    then = migdesk("ask", QUESTION, "--as-of", "2024-06-30", "--json", "--data", data).json()
    assert "500" in then["text"] and "750" not in then["text"]
    assert {notice["kind"] for notice in then["notices"]} >= {"as_of", "superseded"}
    assert {c["version"] for s in then["sentences"] for c in s["citations"]} == {1}
    now = migdesk("ask", QUESTION, "--json", "--data", data).json()
    assert "750" in now["text"] and not {"as_of", "superseded"} & {notice["kind"] for notice in now["notices"]}
    assert migdesk("ask", QUESTION, "--as-of", "yesterday", "--data", data).code == 2


def test_decisions_are_kept_with_who_made_them(data: Path) -> None:
    assert knowledge(data, "relabel", "quota.txt", "staff", "--by", "Ana").code == 0
    assert knowledge(data, "withdraw", "other.txt", "--reason", "moved", "--by", "Boris").code == 0
    assert "750" not in migdesk("ask", QUESTION, "--data", data).said
    assert "750" in migdesk("ask", QUESTION, "--as", "staff", "--data", data).said
    decided = knowledge(data, "history", "quota.txt", "--json").json()["decisions"]
    assert [(one["who"], one["action"], one["detail"]) for one in decided] == [
        ("Ana", "relabel", {"audience": "staff"})
    ]
    assert "Boris: withdraw (reason moved)" in knowledge(data, "history", "other.txt").said
    assert [info["id"] for info in knowledge(data, "list", "--withdrawn", "--json").json()] == ["other.txt"]
    assert knowledge(data, "reinstate", "other.txt", "--reason", "it is back").code == 0
    assert knowledge(data, "list", "--withdrawn", "--json").json() == []


def test_another_document_takes_the_place_of_one(data: Path) -> None:
    assert knowledge(data, "supersede", "quota.txt", "other.txt", "--since", "2026-01-01").code == 0
    assert "superseded by other.txt" in knowledge(data, "list").said
    assert "750" not in migdesk("ask", QUESTION, "--data", data).said


@pytest.fixture
def address(two_versions: Path, desk_on: DeskOn) -> Iterator[str]:
    with serving_desk(desk_on(two_versions)) as served:
        yield served


def test_an_older_version_leads_to_the_newer_one_and_each_to_its_own_file(address: str) -> None:
    older = httpx.get(f"{address}/api/documents/quota.txt?version=1").json()
    assert (older["text"], older["version"], older["newer"]["version"], older["has_original"]) == (OLD, 1, 2, True)
    assert httpx.get(f"{address}/api/documents/quota.txt").json()["newer"] is None
    for version, text in ((1, OLD), (2, NEW)):
        file = httpx.get(f"{address}/api/originals/quota.txt?version={version}")
        assert file.text == text and file.headers["content-type"] == "application/octet-stream"
        assert file.headers["content-disposition"] == f'attachment; filename="quota-v{version}.txt"'
        assert file.headers["x-content-type-options"] == "nosniff"
    page = httpx.get(f"{address}/library/quota.txt?version=1").text
    assert "This is version 1." in page and "Download the original file" in page
    assert "This is version" not in httpx.get(f"{address}/library/quota.txt").text

"""A version that an operator uploaded, and the next ingests of the folder that the document came from."""

from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from tests.knowledge.bases import contents, ingest, upload, write

OLD = "The quota of the readmission office is 40 places."
NEWER = "The quota of the readmission office is 75 places."
LATER = "The quota of the readmission office is 90 places."


@pytest.fixture
def folder(data: Path, tmp_path: Path) -> Path:
    """Ingested, and then a newer version was uploaded."""
    folder = write(tmp_path / "in", {"quota.txt": OLD})
    ingest(data, folder)
    assert upload(data, "quota.txt", NEWER, title="The quota, as decided").replaced == ["quota.txt"]
    return folder


def versions(data: Path) -> list[tuple[int, str, bool]]:
    """Number, text and whether it was uploaded, of each version."""
    catalogue = Catalogue(data)
    try:
        infos = catalogue.history("quota.txt")
        return [(info.version, catalogue.stored(info.id, info.version).text, info.uploaded) for info in infos]
    finally:
        catalogue.close()


def test_a_file_that_is_as_before_does_not_undo_an_upload(data: Path, folder: Path) -> None:
    before = contents(data)
    for _ in range(2):
        report = ingest(data, folder)
        assert (report.kept, report.replaced, report.unchanged, report.passages) == (["quota.txt"], [], [], 0)
    assert contents(data) == before


def test_a_file_of_other_bytes_that_says_what_it_said_is_no_news(data: Path, folder: Path) -> None:
    report = ingest(data, write(folder, {"quota.txt": OLD + "\r\n\r\n"}))
    assert (report.kept, report.replaced) == (["quota.txt"], [])


def test_a_file_that_changed_after_the_upload_is_the_next_version_and_that_is_told(data: Path, folder: Path) -> None:
    report = ingest(data, write(folder, {"quota.txt": LATER}))
    assert (report.kept, report.replaced) == ([], ["quota.txt"])
    assert "takes the place of version 2, which was uploaded on" in report.remarks[-1].text
    assert versions(data) == [(1, OLD, False), (2, NEWER, True), (3, LATER, False)]
    report = ingest(data, write(folder, {"quota.txt": OLD}))
    assert report.replaced == ["quota.txt"], "no upload stands any more: the folder has its way, as ever"


def test_the_uploaded_file_in_the_folder_changes_nothing_that_was_said_of_it(data: Path, folder: Path) -> None:
    report = ingest(data, write(folder, {"quota.txt": NEWER}))
    assert (report.unchanged, report.kept, report.replaced) == (["quota.txt"], [], [])
    assert [d.source.title for d in contents(data).documents.values()] == ["The quota, as decided"]


def test_an_ingest_for_fewer_holds_for_what_it_keeps_and_one_for_more_does_not(data: Path, folder: Path) -> None:
    assert ingest(data, folder, audience="staff").relabelled == ["quota.txt"]
    assert {d.source.audience for d in contents(data).documents.values()} == {"staff"}
    report = ingest(data, folder)
    assert (report.kept, report.relabelled) == (["quota.txt"], [])
    assert {d.source.audience for d in contents(data).documents.values()} == {"staff"}

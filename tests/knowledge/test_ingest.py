import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from knowledge.audiences import STAFF
from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.errors import DataDirectoryError, EmbedderUnavailable, StoreBusy, UnknownAudience
from knowledge.ingest import Ingest
from knowledge.locks import writer_lock
from tests.knowledge.bases import contents, documents_found, ingest, revision_of, search, write
from tests.knowledge.embedders import DIMENSIONS, WordBag, word_embedder
from tests.knowledge.readers.readings import BRIEF

pytestmark = pytest.mark.usefixtures("probed_here")

TIRANA = "The second meeting took place in Tirana. Three delegations came from afar."
BELGRADE = "The first meeting took place in Belgrade. Nobody came from afar."


# ---- synchronisation ------------------------------------------------------------------------------------------------


def test_files_of_a_folder_become_documents_and_each_kind_of_file_is_reported(data: Path, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in",
        {
            "a.txt": TIRANA,
            "sub/b.md": f"# Belgrade\n\n{BELGRADE}\n",
            "sub/deep/c.html": "<title>On return</title><p>The aardvark returned.</p>",
            "d.odt": b"PK",
            "e.txt": b"not \xff text",
            "f.md": "",
            ".hidden.txt": "hidden",
            ".git/g.txt": "hidden",
        },
    )
    report = ingest(data, folder)
    assert sorted(report.added) == ["a.txt", "sub/b.md", "sub/deep/c.html"]
    assert report.unchanged == report.replaced == []
    assert report.passages == 3 and report.changed
    reasons = {Path(refusal.origin).name: refusal.reason for refusal in report.refused}
    assert set(reasons) == {"d.odt", "e.txt", "f.md"}
    assert "'.odt'" in reasons["d.odt"] and "byte 4" in reasons["e.txt"] and "holds no text" in reasons["f.md"]
    assert documents_found(search(data, "Where is the aardvark?"))[0] == "sub/deep/c.html"


def test_ingesting_twice_changes_nothing(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA, "b.txt": BELGRADE})
    ingest(data, folder)
    before, revision, index = contents(data), revision_of(data), sorted((data / "index").iterdir())
    report = ingest(data, folder)
    assert sorted(report.unchanged) == ["a.txt", "b.txt"]
    assert report.added == report.replaced == [] and report.refused == []
    assert report.passages == 0 and not report.changed
    assert (contents(data), revision_of(data), sorted((data / "index").iterdir())) == (before, revision, index)


def test_a_changed_file_replaces_its_document(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA, "b.txt": BELGRADE})
    ingest(data, folder)
    write(folder, {"a.txt": "The aardvark is all that is left of this note."})
    report = ingest(data, folder)
    assert (report.replaced, report.unchanged, report.added) == (["a.txt"], ["b.txt"], [])
    assert "Tirana" not in "".join(document.text for document in contents(data).documents.values())
    assert all("Tirana" not in found.passage.text for found in search(data, "meeting in Tirana"))
    assert documents_found(search(data, "aardvark"))[0] == "a.txt"


def test_a_file_that_vanished_stays_in_the_base(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA, "b.txt": BELGRADE})
    ingest(data, folder)
    (folder / "a.txt").unlink()
    ingest(data, folder)
    assert set(contents(data).documents) == {"a.txt", "b.txt"}


def test_a_file_that_became_unreadable_leaves_its_document_as_it_was(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA})
    ingest(data, folder)
    before = contents(data)
    report = ingest(data, write(folder, {"a.txt": b"\xff"}))
    assert len(report.refused) == 1
    assert contents(data) == before


def test_the_same_file_at_another_place_is_the_same_document(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "in", {"a.txt": TIRANA, "b.txt": BELGRADE}))
    before = contents(data).passages.keys()
    shutil.move(tmp_path / "in", tmp_path / "moved")
    report = ingest(data, tmp_path / "moved")
    assert sorted(report.unchanged) == ["a.txt", "b.txt"] and not report.changed
    assert contents(data).passages.keys() == before
    report = ingest(data, write(tmp_path / "moved", {"a.txt": f"{TIRANA} And more."}))
    assert (report.replaced, report.unchanged) == (["a.txt"], ["b.txt"])


def test_a_file_that_moved_and_changed_replaces_its_document(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "in", {"a.txt": TIRANA}))
    shutil.move(tmp_path / "in", tmp_path / "moved")
    report = ingest(data, write(tmp_path / "moved", {"a.txt": BELGRADE}))
    assert report.replaced == ["a.txt"]
    assert [document.text for document in contents(data).documents.values()] == [BELGRADE]


def test_a_file_given_alone_and_within_its_folder_is_one_document(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"sub/a.txt": TIRANA})
    report = ingest(data, folder, folder / "sub" / "a.txt", folder / "sub" / ".." / "sub" / "a.txt")
    assert report.added == ["sub/a.txt"] and report.unchanged == ["sub/a.txt", "sub/a.txt"]
    assert set(contents(data).documents) == {"sub/a.txt"}


def test_two_folders_with_the_same_file_name_do_not_overwrite_each_other(data: Path, tmp_path: Path) -> None:
    first = write(tmp_path / "first", {"a.txt": TIRANA})
    second = write(tmp_path / "second", {"a.txt": BELGRADE})
    for order in ((first, second), (second, first), (first,), (second,)):
        ingest(data, *order)
        assert sorted(document.text for document in contents(data).documents.values()) == sorted([TIRANA, BELGRADE])
    assert not ingest(data, first, second).changed


def test_two_briefs_with_the_same_id_do_not_overwrite_each_other(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.md": BRIEF + "One. [^first]\n", "b.md": BRIEF + "Two. [^second]\n"})
    report = ingest(data, folder)
    assert len(set(report.added)) == 2 and "test-brief" in report.added
    assert not ingest(data, folder).changed


def test_a_brief_keeps_its_id_whatever_its_file_is_called(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.md": BRIEF + "One. [^first]\n"})
    ingest(data, folder)
    (folder / "a.md").rename(folder / "renamed.md")
    report = ingest(data, folder)
    assert report.unchanged == ["test-brief"]
    assert set(contents(data).documents) == {"test-brief"}


def test_what_a_brief_says_of_itself_is_kept_with_it(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "in", {"a.md": BRIEF + "One was agreed in Tirana. [^first]\n"}))
    (found,) = search(data, "What was agreed in Tirana?")
    assert (found.source.title, found.source.as_of) == ("A brief on readmission", "2024-06")
    assert [reference.id for reference in found.source.references] == ["first", "second"]
    (attribution,) = found.attributions
    assert attribution.reference_ids == ("first",)
    assert found.passage.text_at(attribution.span) == "One was agreed in Tirana."


def test_progress_tells_each_file_once_and_the_whole_number(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA, "b.odt": b"x", "c.txt": BELGRADE})
    told: list[tuple[int, int, str]] = []
    Ingest(data, word_embedder()).run(files_in([folder])[0], progress=lambda *step: told.append(step))
    assert told == [(1, 3, "a.txt"), (2, 3, "b.odt"), (3, 3, "c.txt")]


def test_a_text_met_twice_is_embedded_once(data: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(WordBag):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            asked.extend(texts)
            return super().embed_documents(texts)

    folder = write(tmp_path / "in", {f"{n}.txt": "The same one sentence stands in each of them." for n in range(5)})
    ingest(data, folder, embedder=Embedder(Listening(), "test/listening", DIMENSIONS))
    assert asked == ["The same one sentence stands in each of them."]


# ---- audiences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_the_file", "of_the_operator", "stored"),
    [
        (None, None, "public"),
        (None, "partner", "partner"),
        ("staff", None, "staff"),
        ("staff", "public", "staff"),
        ("public", "staff", "staff"),
        ("partner", "partner:nepal", "partner:nepal"),
        ("partner:nepal", "staff", "staff"),
    ],
)
def test_the_stricter_audience_wins(
    data: Path, tmp_path: Path, of_the_file: str | None, of_the_operator: str | None, stored: str
) -> None:
    front = BRIEF.replace("as_of:", f"audience: {of_the_file}\nas_of:") if of_the_file else BRIEF
    ingest(data, write(tmp_path / "in", {"a.md": front + "One was agreed. [^first]\n"}), audience=of_the_operator)
    assert contents(data).documents["test-brief"].source.audience == stored


def test_a_document_is_found_by_its_audience_only(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "in", {"a.txt": "The aardvark is ours alone."}), audience="partner:nepal")
    assert documents_found(search(data, "aardvark", "partner:nepal")) == ["a.txt"]
    for reader in ("public", "partner", "partner:bangladesh"):
        assert search(data, "aardvark", reader) == []


def test_a_document_made_stricter_leaves_the_audience_it_had(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA, "b.txt": BELGRADE})
    ingest(data, folder)
    report = ingest(data, folder / "a.txt", audience=STAFF)
    assert report.relabelled == ["a.txt"] and not report.replaced
    assert documents_found(search(data, "meeting in Tirana")) == ["b.txt"]
    assert set(documents_found(search(data, "meeting in Tirana", "staff"))) == {"a.txt", "b.txt"}


def test_an_audience_in_ordinary_front_matter_keeps_a_file_from_the_public(data: Path, tmp_path: Path) -> None:
    ingest(
        data,
        write(tmp_path / "in", {"a.md": f"---\ntitle: Internal\naudience: staff\n---\n{TIRANA}\n", "b.txt": BELGRADE}),
    )
    assert documents_found(search(data, "meeting in Tirana")) == ["b.txt"]


def test_an_unknown_audience_is_refused_before_anything_is_written(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA})
    with pytest.raises(UnknownAudience, match="'everybody'"):
        ingest(data, folder, audience="everybody")
    assert not data.exists()


# ---- bad input ------------------------------------------------------------------------------------------------------


def test_a_missing_path_is_refused_and_the_rest_goes_on(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA})
    report = ingest(data, tmp_path / "absent", folder)
    assert report.added == ["a.txt"]
    assert [(refusal.origin, refusal.reason) for refusal in report.refused] == [
        (str(tmp_path / "absent"), "no such file or directory")
    ]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "\udcff"], ids=["too long", "NUL", "no text"])
def test_a_path_that_can_be_no_path_is_refused(tmp_path: Path, name: str) -> None:
    candidates, refused = files_in([tmp_path / name])
    assert candidates == [] and len(refused) == 1
    assert (refused[0].origin + refused[0].reason).encode()  # it can be printed


@pytest.mark.parametrize("files", [{}, {"a.odt": b"x", ".b.txt": b"x"}], ids=["empty", "nothing that is read"])
def test_a_folder_without_readable_files_is_refused_with_what_is_read(
    data: Path, tmp_path: Path, files: dict[str, bytes]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    report = ingest(data, write(folder, files))
    assert any(
        refusal.origin == str(folder) and ".md" in refusal.reason and ".txt" in refusal.reason
        for refusal in report.refused
    )
    assert not report.changed


def test_a_file_whose_name_is_no_text_does_not_stop_the_others(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"good.txt": TIRANA})
    with open(os.fsencode(folder) + b"/bad\xff.txt", "w") as file:
        file.write(BELGRADE)
    report = ingest(data, folder)
    assert "good.txt" in report.added
    assert len(report.added) + len(report.refused) == 2
    assert all((refusal.origin + refusal.reason).encode() for refusal in report.refused)  # it can be printed


@pytest.mark.parametrize(
    "front", ["as_of: 2024-02-30", "a: " + "[" * 1200, f"a: {'9' * 5000}"], ids=["no such day", "deep", "huge number"]
)
def test_a_file_that_is_broken_in_a_rare_way_does_not_stop_the_others(data: Path, tmp_path: Path, front: str) -> None:
    report = ingest(data, write(tmp_path / "in", {"a.md": f"---\n{front}\n---\nText.\n", "b.txt": BELGRADE}))
    assert report.added == ["b.txt"]
    assert [Path(refusal.origin).name for refusal in report.refused] == ["a.md"]


def test_a_data_directory_that_cannot_be_written_is_named_and_nothing_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA})
    data = folder / "a.txt" / "data"
    with pytest.raises(DataDirectoryError, match=f"{data} cannot be written: Not a directory"):
        ingest(data, folder)


_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.knowledge.bases import ingest
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    ingest(Path(sys.argv[1]), Path(sys.argv[2]))
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_full_disk_stops_the_ingest_clearly_and_asking_goes_on(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "before", {"before.txt": "The aardvark came before."}))
    folder = write(tmp_path / "in", {f"{n:03}.txt": f"{TIRANA} Number {n} of many. " * 20 for n in range(40)})
    done = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK, str(data), str(folder), "400000"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("DataDirectoryError"), done.stdout[:300]
    assert documents_found(search(data, "aardvark"))[0] == "before.txt"
    report = ingest(data, folder)
    assert len(report.added) + len(report.unchanged) == 40 and report.added
    assert len(contents(data).documents) == 41


def test_a_second_writer_is_told_who_the_first_is_and_changes_nothing(data: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": TIRANA})
    ingest(data, folder)
    before = contents(data)
    write(folder, {"a.txt": BELGRADE})
    with writer_lock(data):
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            ingest(data, folder)
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            Ingest(data, word_embedder()).rebuild()
        assert contents(data) == before
        assert documents_found(search(data, "Tirana")) == ["a.txt"]  # asking needs no lock
    assert ingest(data, folder).replaced == ["a.txt"]


def test_documents_are_found_while_an_ingest_is_still_at_work(data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "in", {"a.txt": TIRANA}))
    reached, go_on = threading.Event(), threading.Event()

    class Slow(WordBag):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            reached.set()
            assert go_on.wait(30)
            return super().embed_documents(texts)

    slow = Embedder(Slow(), word_embedder().name, DIMENSIONS)
    writer = threading.Thread(
        target=ingest, args=(data, write(tmp_path / "in", {"b.txt": BELGRADE})), kwargs={"embedder": slow}
    )
    writer.start()
    try:
        assert reached.wait(30)
        assert documents_found(search(data, "meeting in Tirana")) == ["a.txt"]
    finally:
        go_on.set()
        writer.join()
    assert set(documents_found(search(data, "meeting in Belgrade"))) == {"a.txt", "b.txt"}


def test_what_was_stored_before_the_embedder_failed_is_kept_and_the_rest_comes_later(
    data: Path, tmp_path: Path
) -> None:
    long = "\n\n".join(f"Sentence {n} is a paragraph of its own in this long note." for n in range(130))
    folder = write(tmp_path / "in", {"a.txt": long, "b.txt": long + "\n\nAnd more."})

    class Failing(WordBag):
        calls = 0

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            self.calls += 1
            if self.calls > 1:
                raise ConnectionError
            return super().embed_documents(texts)

    with pytest.raises(EmbedderUnavailable):
        ingest(data, folder, embedder=Embedder(Failing(), word_embedder().name, DIMENSIONS))
    assert set(contents(data).documents) == {"a.txt"}
    assert documents_found(search(data, "Sentence 7 of the note")) == ["a.txt"]
    report = ingest(data, folder)
    assert (report.unchanged, report.added) == (["a.txt"], ["b.txt"])

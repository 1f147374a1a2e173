import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase, open_base
from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.errors import DataDirectoryError, IndexDamaged, KnowledgeError
from knowledge.ingest import Ingest, embed
from knowledge.locks import shared_lock
from knowledge.store import ChromaStore
from tests.knowledge.bases import EVERYONE, PUBLIC, documents_found, ingest, note, ranking, search, write
from tests.knowledge.embedders import word_embedder

QUESTION = "How many returned to Nepal in 2007?"


def fill(folder: Path, count: int = 150) -> Path:
    """More passages than a search takes as candidates, so that what the vector index returns matters."""
    return write(
        folder,
        {
            f"{n}.txt": f"In {2000 + n} the group met in town{n}. They spoke of return to Nepal, and {n} went."
            for n in range(count)
        },
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with its index; tests that change it take a copy."""
    root = tmp_path_factory.mktemp("filled")
    ingest(root / "data", fill(root / "notes"))
    return root / "data"


@pytest.fixture
def base(filled: Path, data: Path, embedder: Embedder) -> Iterator[KnowledgeBase]:
    shutil.copytree(filled, data)
    opened = open_base(data, embedder)
    yield opened
    opened.close()


def index_of(data: Path) -> Path:
    (snapshot,) = (path for path in (data / "index").iterdir() if path.is_dir())
    return snapshot


def test_an_ingest_publishes_an_index_that_holds_every_passage(base: KnowledgeBase) -> None:
    assert not base.snapshots.is_behind()
    opened = base.snapshots.open()
    assert opened is not None
    store, release = opened
    try:
        ids = store.nearest(word_embedder().question(QUESTION), EVERYONE, 500)
        assert set(ids) == base.catalogue.passages.ids(base.fingerprint, "public")
    finally:
        release()
    assert base.snapshots.size() > 10_000


def test_the_index_is_asked_and_not_only_the_catalogue(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("compared exactly")

    monkeypatch.setattr(base.searcher, "_exact", refuse)
    assert base.searcher.search(QUESTION, PUBLIC, 5).passages
    assert base.searcher.damage is None


def test_the_index_gives_the_same_results_as_an_exact_comparison(base: KnowledgeBase) -> None:
    with_index = base.searcher.search(QUESTION, PUBLIC, 8).passages
    shutil.rmtree(base.directory / "index")
    exact = open_base(base.directory, word_embedder())
    try:
        assert ranking(exact.searcher.search(QUESTION, PUBLIC, 8).passages) == ranking(with_index)
    finally:
        exact.close()


@pytest.mark.usefixtures("probed_here")
def test_a_reader_that_is_open_finds_what_is_added_changed_or_hidden_at_the_next_question(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    def ask() -> list[str]:
        return documents_found(base.searcher.search("Where is the aardvark?", PUBLIC, 3).passages)[:1]

    assert ask() != ["aardvark.txt"]
    for text in ("The aardvark is in Tirana.", "The aardvark has left for Belgrade."):
        notes = write(tmp_path / "new", {"aardvark.txt": text})
        ingest(base.directory, notes)
        assert ask() == ["aardvark.txt"]
        assert base.searcher.search("aardvark", PUBLIC, 1).passages[0].passage.text == text
        assert not base.snapshots.is_behind() and base.searcher.damage is None
    ingest(base.directory, tmp_path / "new", audience="staff")
    assert ask() != ["aardvark.txt"]


@pytest.mark.usefixtures("probed_here")
def test_old_snapshots_go_when_nobody_uses_them_and_stay_while_somebody_does(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    base.searcher.search(QUESTION, PUBLIC, 1)
    first = index_of(base.directory)
    for n in range(3):
        ingest(base.directory, write(tmp_path / "new", {"new.txt": f"Version {n} of a note."}))
    assert first.is_dir()
    base.close()
    ingest(base.directory, write(tmp_path / "new", {"new.txt": "The last version of a note."}))
    assert index_of(base.directory) != first


def test_what_a_killed_build_left_behind_goes_with_the_next_ingest_even_if_nothing_changed(
    base: KnowledgeBase, filled: Path
) -> None:
    left = write(base.directory / "index" / "building-99999", {"chroma.sqlite3": b"half of it"})
    assert not ingest(base.directory, filled.parent / "notes").changed
    assert not left.exists()


@pytest.mark.usefixtures("probed_here")
def test_questions_asked_while_documents_come_in_are_all_answered(base: KnowledgeBase, tmp_path: Path) -> None:
    expected = ranking(base.searcher.search(QUESTION, PUBLIC, 3).passages)[0][0]

    def ask(_: int) -> str:
        return base.searcher.search(QUESTION, PUBLIC, 3).passages[0].passage.id

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(ask, range(40))
        for n in range(3):
            ingest(base.directory, write(tmp_path / "new", {f"{n}.txt": f"Something else altogether, version {n}."}))
        assert set(answers) == {expected}


# ---- an index that is behind, missing or damaged ---------------------------------------------------------------------


def test_an_index_that_is_behind_still_finds_new_documents_and_not_the_old_versions(base: KnowledgeBase) -> None:
    embedder = word_embedder()
    base.searcher.search(QUESTION, PUBLIC, 1)  # the index is open
    replaced = note("7.txt", "The seventh note now speaks of something else.")
    for document in (note("new", "The aardvark is in Tirana."), replaced):
        base.catalogue.put(document, base.fingerprint, embed([document], embedder)[0])
    assert base.snapshots.is_behind()
    assert documents_found(base.searcher.search("Where is the aardvark?", PUBLIC, 3).passages)[0] == "new"
    (found,) = [item for item in base.searcher.search("seventh note", PUBLIC, 50).passages if item.source.id == "7.txt"]
    assert found.passage.text == replaced.text
    assert all("2007" not in item.passage.text for item in base.searcher.search(QUESTION, PUBLIC, 50).passages)


def test_what_is_gone_does_not_crowd_out_what_is_there_while_the_index_is_behind(base: KnowledgeBase) -> None:
    question = "In which year did the group meet and speak of return to Nepal?"
    every = [item.source.id for item in base.searcher.search(question, PUBLIC, 200).passages]
    assert len(every) == 150
    for identifier in every[:75]:
        base.catalogue.remove(identifier)
    assert base.snapshots.is_behind()
    assert [item.source.id for item in base.searcher.search(question, PUBLIC, 5).passages] == every[75:80]


def test_documents_are_found_when_their_index_could_not_be_written(
    filled: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(filled, data)
    notes = write(tmp_path / "new", {"aardvark.txt": "The aardvark is in Tirana."})

    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(ChromaStore, "fill", fail)
        with pytest.raises(DataDirectoryError, match="No space left on device"):
            ingest(data, notes)
    assert documents_found(search(data, "Where is the aardvark?"))[0] == "aardvark.txt"
    assert ingest(data, notes).unchanged == ["aardvark.txt"]
    assert not list((data / "index").glob("building-*"))


_HARMS: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4]),
}
_VITAL = ("data_level0.bin", "chroma.sqlite3", "link_lists.bin")


def damaged_copies(filled: Path, folder: Path) -> list[Path]:
    """The data directory once for each file of its index, with that file gone or harmed."""
    copies = []
    for path in sorted(index_of(filled).rglob("*.*")):
        for harm, inflict in _HARMS.items():
            if path.is_file() and (harm == "missing" or path.name in _VITAL):
                copy = folder / f"{harm} {path.name}"
                shutil.copytree(filled, copy)
                inflict(copy / path.relative_to(filled))
                copies.append(copy)
    assert len(copies) >= len(_VITAL) * len(_HARMS) + 3
    return copies


def asked(copies: list[Path]) -> dict[str, object]:
    """What each data directory answers, by a child process that may die of it."""
    answers: dict[str, object] = {}
    left = list(copies)
    while left:
        command = [sys.executable, "-m", "tests.knowledge.asking", QUESTION, *map(str, left)]
        done = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[2], timeout=120)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        for directory, answer in zip(lines[::2], lines[1::2], strict=False):
            answers[Path(directory["asked"]).name] = answer["found"]
        if done.returncode:
            answers[left[len(lines) // 2].name] = f"ended with {done.returncode}: {done.stderr.decode()[-300:]}"
        left = left[(len(lines) + 1) // 2 :]
    return answers


def test_a_question_is_answered_the_same_whatever_file_of_the_index_is_damaged(filled: Path, tmp_path: Path) -> None:
    expected = [list(place) for place in ranking(search(filled, QUESTION, depth=8))]
    answers = asked(damaged_copies(filled, tmp_path))
    assert {name: answer for name, answer in answers.items() if answer != expected} == {}


def test_an_index_that_is_swept_away_while_it_is_opened_does_not_fail_the_question(
    base: KnowledgeBase, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ranking(search(filled, QUESTION, depth=8))

    def sweep(path: Path) -> AbstractContextManager[bool]:
        shutil.rmtree(path.parent)  # as a writer does that has just published another
        return shared_lock(path)

    monkeypatch.setattr("knowledge.snapshots.shared_lock", sweep)
    assert ranking(base.searcher.search(QUESTION, PUBLIC, 8).passages) == expected


def test_a_restored_copy_of_a_data_directory_keeps_its_index(
    filled: Path, data: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    shutil.copytree(filled, data, copy_function=shutil.copyfile)  # as a backup does that keeps no times
    base = open_base(data, embedder)
    try:
        expected = ranking(search(filled, QUESTION, depth=8))
        monkeypatch.setattr(base.searcher, "_exact", lambda *_, **__: pytest.fail("compared exactly"))
        assert ranking(base.searcher.search(QUESTION, PUBLIC, 8).passages) == expected
        assert base.searcher.damage is None
    finally:
        base.close()


def test_a_missing_index_is_told_and_mended_by_a_rebuild(base: KnowledgeBase) -> None:
    expected = ranking(base.searcher.search(QUESTION, PUBLIC, 8).passages)
    base.close()
    shutil.rmtree(base.directory / "index")
    broken = open_base(base.directory, word_embedder())
    try:
        assert ranking(broken.searcher.search(QUESTION, PUBLIC, 8).passages) == expected
        assert "missing" in (broken.searcher.damage or "") and "migdesk ingest --rebuild" in (
            broken.searcher.damage or ""
        )
        with pytest.raises(IndexDamaged, match="migdesk ingest --rebuild"):
            broken.snapshots.open()
        assert Ingest(base.directory, word_embedder()).rebuild() == 150
        assert ranking(broken.searcher.search(QUESTION, PUBLIC, 8).passages) == expected
        assert broken.searcher.damage is None
    finally:
        broken.close()


@pytest.mark.usefixtures("probed_here")
def test_a_truncated_index_is_mended_by_the_next_ingest_or_a_rebuild(
    filled: Path, tmp_path: Path, embedder: Embedder
) -> None:
    expected = ranking(search(filled, QUESTION))
    for mend in ("ingest", "rebuild"):
        data = tmp_path / mend
        shutil.copytree(filled, data)
        victim = next(index_of(data).rglob("data_level0.bin"))
        victim.write_bytes(victim.read_bytes()[:100])
        if mend == "ingest":
            ingest(data, filled.parent / "notes")
        else:
            Ingest(data, embedder).rebuild()
        base = open_base(data, embedder)
        try:
            assert ranking(base.searcher.search(QUESTION, PUBLIC, 50).passages) == expected
            assert base.searcher.damage is None and not base.snapshots.is_behind()
        finally:
            base.close()


def test_an_index_that_holds_too_little_is_never_switched_to(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = base.snapshots.current()
    monkeypatch.setattr("knowledge.snapshots.probe", lambda directory: {"public": 3})
    notes = write(tmp_path / "new", {"aardvark.txt": "The aardvark is in Tirana."})
    with pytest.raises(KnowledgeError, match="holds 3 passages instead of 151"):
        Ingest(base.directory, word_embedder()).run(files_in([notes])[0])
    assert base.snapshots.current() == before
    assert documents_found(base.searcher.search("aardvark", PUBLIC, 1).passages) == ["aardvark.txt"]


def test_a_file_in_the_place_of_the_index_is_named(data: Path, tmp_path: Path) -> None:
    data.mkdir()
    (data / "index").touch()
    with pytest.raises(DataDirectoryError, match=f"cannot be written to {data / 'index'}"):
        ingest(data, write(tmp_path / "notes", {"a.txt": "A note on return."}))


def test_an_index_that_was_asked_is_trusted_the_next_time(base: KnowledgeBase) -> None:
    for _ in range(3):
        opened = open_base(base.directory, word_embedder())
        try:
            assert opened.searcher.search(QUESTION, PUBLIC, 8).passages
            assert opened.searcher.damage is None
        finally:
            opened.close()

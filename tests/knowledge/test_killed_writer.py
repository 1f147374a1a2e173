"""A writer that is killed at any moment leaves every document whole or absent, and running again mends all."""

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.base import fingerprint_of, open_base
from knowledge.catalogue import Catalogue
from knowledge.chunking import passages_of
from knowledge.originals import Originals
from knowledge.types import Scope
from tests.knowledge.bases import EVERYONE, contents, documents_found, ingest, ranking, search, write
from tests.knowledge.embedders import word_embedder

pytestmark = pytest.mark.usefixtures("probed_here")  # what the test itself ingests; the killed writer probes in a child

ROOT = Path(__file__).parents[2]
FILES = 60
QUESTIONS = ["okapi7", "Who spoke of okapi31?", "note return Tirana"]


def generation(folder: Path, number: int) -> dict[str, str]:
    """Notes of several passages each; those of the second generation replace those of the first, and more are new."""
    files = {}
    for n in range(FILES if number == 2 else FILES // 2):
        paragraphs = [
            f"Note {n} says that they met in town{n} in generation {number}.",
            *(
                (f"Part {part} of it, on okapi{n}, is about the return of {part} people to Tirana. " * 12).strip()
                for part in range(3)
            ),
        ]
        files[f"{n:03}.txt"] = "\n\n".join(paragraphs)
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, files)
    return files


def killed(data: Path, folder: Path, after: str, lines: int, seconds: float) -> bool:
    """Starts a writer and kills it ``seconds`` after it has printed so many lines. Returns whether it had finished."""
    command = [sys.executable, "-m", "tests.knowledge.writer", str(data), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            lines -= line.strip() == after
            if lines <= 0:
                break
        try:
            writer.wait(seconds)
        except subprocess.TimeoutExpired:
            writer.kill()
        return writer.wait() != -signal.SIGKILL


def assert_whole_or_absent(data: Path, *generations: dict[str, str]) -> int:
    """Every version of every document is one of its generations from end to end, with exactly its passages and its
    original file, and the newest is the one in force. Returns the documents."""
    fingerprint = fingerprint_of(word_embedder())
    originals = Originals(data)
    catalogue = Catalogue(data)
    try:
        documents = list(catalogue.documents())
        newest = {document.source.id: document.source.version for document in documents}  # the newest comes last
        for document in documents:
            name, version = document.source.id, document.source.version
            assert document.text in [files[name] for files in generations if name in files]
            assert document.original is not None and originals.get(document.original) == document.text.encode()
            # All were ingested today, so the newest is in force today and the one before it was until then.
            scope = Scope(EVERYONE, frozenset({name}), None if version == newest[name] else yesterday())
            keys, vectors = catalogue.passages.matrix(fingerprint, scope)
            stored = {item.embedded.passage for item in catalogue.passages.fetch(keys, scope)}
            assert stored == set(passages_of(document)) and vectors is not None and len(vectors) == len(stored)
        assert catalogue.counts(fingerprint).get("public", (0, 0))[0] == len(newest)
    finally:
        catalogue.close()
    return len(newest)


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def versions_in(data: Path) -> list[tuple[object, ...]]:
    """What is known of each version, without the moment at which it came in."""
    catalogue = Catalogue(data)
    try:
        every = [info for latest in catalogue.history() for info in catalogue.history(latest.id)]
    finally:
        catalogue.close()
    return [(i.id, i.version, i.audience, i.starts, i.ends, i.latest, i.in_force, i.original) for i in every]


def assert_equal(data: Path, clean: Path) -> None:
    """Whoever asks finds the same, today and before, and the same lies on the disk."""
    assert contents(data) == contents(clean)
    assert versions_in(data) == versions_in(clean)
    kept = [{path.name for path in (of / "originals").glob("*/*") if path.name[0] != "."} for of in (data, clean)]
    assert kept[0] == kept[1] and kept[0]
    assert len([path for path in (data / "index").iterdir() if path.is_dir()]) == 1
    assert answers_of(data) == answers_of(clean)


def answers_of(data: Path) -> list[list[tuple[str, float]]]:
    """To each question, today and before."""
    base = open_base(data, word_embedder())
    try:
        scopes = [Scope(frozenset({"public"}), None, as_of) for as_of in (None, yesterday())]
        found = [base.searcher.search(question, scope, 50).passages for question in QUESTIONS for scope in scopes]
        assert all(found) and base.searcher.damage is None
        return [ranking(passages) for passages in found]
    finally:
        base.close()


@dataclass(frozen=True)
class Prepared:
    """A base of the first generation, a base of both that nobody disturbed, the notes of the second generation, and
    how many seconds a writer takes from its first file to its end."""

    first: Path
    clean: Path
    folder: Path
    generations: tuple[dict[str, str], dict[str, str]]
    seconds: float


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    root = tmp_path_factory.mktemp("prepared")
    first, clean, folder = root / "first", root / "clean", root / "notes"
    one = generation(folder, 1)
    ingest(first, folder)
    shutil.copytree(first, clean)
    two = generation(folder, 2)
    command = [sys.executable, "-m", "tests.knowledge.writer", str(clean), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "file\n"
        started = time.monotonic()
        assert writer.stdout.read().endswith("done\n") and writer.wait() == 0
    return Prepared(first, clean, folder, (one, two), time.monotonic() - started)


@pytest.mark.parametrize(
    ("after", "moments"),
    [
        ("file", [(13, 0.05), (31, 0.15), (53, 0.02)]),  # the thirteenth file was begun, and so many seconds passed
        ("index", [(1, 0.1), (1, 1.0)]),  # the second is later: the index is built and being probed or switched to
    ],
    ids=["while documents are written", "while the index is written"],
)
def test_documents_are_whole_or_absent_after_each_kill_and_running_again_equals_a_clean_run(
    tmp_path: Path, prepared: Prepared, after: str, moments: list[tuple[int, float]]
) -> None:
    data = Path(shutil.copytree(prepared.first, tmp_path / "data"))
    first, second = prepared.generations
    interrupted = 0
    for lines, seconds in moments:
        interrupted += not killed(data, prepared.folder, after, lines, random.uniform(0, seconds))
        assert assert_whole_or_absent(data, first, second) >= len(first)
        assert documents_found(search(data, QUESTIONS[0], depth=3))[0] == "007.txt"
    assert interrupted

    report = ingest(data, prepared.folder)
    assert len(report.added) + len(report.replaced) + len(report.unchanged) == FILES and not report.refused
    assert_equal(data, prepared.clean)
    assert ingest(data, prepared.folder).unchanged == sorted(second)


def test_twenty_kills_at_random_moments_of_any_phase_leave_documents_whole_or_absent_and_running_again_mends_all(
    tmp_path: Path, prepared: Prepared
) -> None:
    first, second = prepared.generations
    kills = attempts = 0
    while kills < 20:
        data = Path(shutil.copytree(prepared.first, tmp_path / f"{attempts}"))
        # The first moment of a round may be any from the first file to the end; the next ones find less left to do.
        for share in (0.9, 0.5, 0.3, 0.3):
            attempts += 1
            assert attempts < 100, "the writer is always done before it is killed"
            finished = killed(data, prepared.folder, "file", 1, random.uniform(0, share * prepared.seconds))
            kills += not finished
            assert assert_whole_or_absent(data, first, second) >= len(first)
            assert documents_found(search(data, QUESTIONS[0], depth=3))[0] == "007.txt"
            if finished or kills == 20:
                break
        assert not ingest(data, prepared.folder).refused
        assert_equal(data, prepared.clean)
        shutil.rmtree(data)

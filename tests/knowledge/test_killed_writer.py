"""A writer that is killed at any moment leaves every document whole or absent, and running again mends all."""

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.base import fingerprint_of
from knowledge.catalogue import Catalogue
from knowledge.chunking import passages_of
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
    """Every document is one of its generations from end to end, with exactly its passages. Returns the documents."""
    fingerprint = fingerprint_of(word_embedder())
    catalogue = Catalogue(data)
    try:
        documents = {document.source.id: document for document in catalogue.documents()}  # the newest comes last
        for document in documents.values():
            name = document.source.id
            assert document.text in [files[name] for files in generations if name in files]
            keys, vectors = catalogue.passages.matrix(fingerprint, Scope(EVERYONE, frozenset({name})))
            stored = {item.embedded.passage for item in catalogue.passages.fetch(keys, Scope(EVERYONE))}
            assert stored == set(passages_of(document)) and vectors is not None and len(vectors) == len(stored)
        assert catalogue.counts(fingerprint).get("public", (0, 0))[0] == len(documents)
    finally:
        catalogue.close()
    return len(documents)


@pytest.mark.parametrize(
    ("after", "moments"),
    [
        ("file", [(13, 0.05), (31, 0.15), (53, 0.02)]),  # the thirteenth file was begun, and so many seconds passed
        ("index", [(1, 0.1), (1, 1.0)]),  # the second is later: the index is built and being probed or switched to
    ],
    ids=["while documents are written", "while the index is written"],
)
def test_documents_are_whole_or_absent_after_each_kill_and_running_again_equals_a_clean_run(
    tmp_path: Path, after: str, moments: list[tuple[int, float]]
) -> None:
    data, clean, folder = tmp_path / "data", tmp_path / "clean", tmp_path / "notes"
    for number in (1, 2):
        generation(folder, number)
        ingest(clean, folder)
    first = generation(folder, 1)
    ingest(data, folder)
    second = generation(folder, 2)
    interrupted = 0
    for lines, seconds in moments:
        interrupted += not killed(data, folder, after, lines, random.uniform(0, seconds))
        assert assert_whole_or_absent(data, first, second) >= len(first)
        assert documents_found(search(data, QUESTIONS[0], depth=3))[0] == "007.txt"
    assert interrupted

    report = ingest(data, folder)
    assert len(report.added) + len(report.replaced) + len(report.unchanged) == FILES and not report.refused
    assert contents(data) == contents(clean)
    for question in QUESTIONS:
        assert ranking(search(data, question)) == ranking(search(clean, question))
    assert ingest(data, folder).unchanged == sorted(second)

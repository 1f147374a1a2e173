import json
import os
from pathlib import Path

import pytest

from knowledge.candidates import lines_of
from knowledge.ingest import Ingest
from knowledge.types import IngestReport
from tests.knowledge.bases import contents, documents_found, ingest, search, write
from tests.knowledge.embedders import word_embedder

pytestmark = pytest.mark.usefixtures("probed_here")


def corpus(path: Path, *lines: object) -> Path:
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(written))
    return path


def load(data: Path, path: Path) -> IngestReport:
    candidates, refused = lines_of(path)
    report = Ingest(data, word_embedder()).run(candidates)
    report.refused.extend(refused)
    return report


def test_each_line_becomes_a_document_with_its_id_and_title(data: Path, tmp_path: Path) -> None:
    path = corpus(
        tmp_path / "c.jsonl",
        {"id": "d1", "title": "On Tirana", "text": "The group met in Tirana. Three came."},
        b"",
        {"id": "d2", "text": "The aardvark was there.", "extra": 1},
    )
    report = load(data, path)
    assert (report.added, report.refused) == (["d1", "d2"], [])
    documents = contents(data).documents
    assert documents["d1"].source.title == "On Tirana"
    assert documents["d1"].text == "The group met in Tirana. Three came."
    assert documents_found(search(data, "aardvark"))[0] == "d2"
    assert load(data, path).unchanged == ["d1", "d2"]


def test_a_changed_line_replaces_its_document_also_when_only_the_title_changed(data: Path, tmp_path: Path) -> None:
    line = {"id": "d1", "title": "One", "text": "The group met in Tirana."}
    load(data, corpus(tmp_path / "c.jsonl", line))
    report = load(data, corpus(tmp_path / "c.jsonl", line | {"title": "Two"}))
    assert report.replaced == ["d1"]
    assert contents(data).documents["d1"].source.title == "Two"


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[1, 2]",
        b"17",
        b"null",
        {"title": "no id", "text": "x"},
        {"id": "d", "title": "no text"},
        {"id": 7, "title": "t", "text": "x"},
        {"id": "d", "title": ["t"], "text": "x"},
        {"id": "d", "title": "t", "text": None},
        {"id": " ", "title": "t", "text": "x"},
        b'{"id": "d", "text": "cut off',
        b'\xff{"id": "d", "title": "t", "text": "x"}',
        b"[" * 100_000,
    ],
    ids=[
        "words",
        "list",
        "number",
        "null",
        "no id",
        "no text",
        "id",
        "title",
        "text",
        "blank id",
        "cut off",
        "bytes",
        "deep",
    ],
)
def test_a_bad_line_is_refused_by_file_and_line_and_the_rest_goes_on(tmp_path: Path, line: object) -> None:
    good = {"id": "a", "title": "t", "text": "Good."}
    path = corpus(tmp_path / "c.jsonl", good, b"", line, good | {"id": "z"})
    candidates, (refusal,) = lines_of(path)
    assert [candidate.name for candidate in candidates] == ["a", "z"]
    assert refusal.origin == f"{path}:3"
    assert '"id", "title" and "text"' in refusal.reason


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\x00"], ids=["empty", "blank", "invisible"])
def test_a_line_without_text_is_refused_by_its_id(data: Path, tmp_path: Path, text: str) -> None:
    path = corpus(
        tmp_path / "c.jsonl", {"id": "d1", "title": "Empty", "text": text}, {"id": "d2", "title": "t", "text": "Good."}
    )
    report = load(data, path)
    assert report.added == ["d2"]
    (refusal,) = report.refused
    assert refusal.origin.endswith("c.jsonl#d1") and refusal.reason == "holds no text"


@pytest.mark.parametrize("key", ["id", "title", "text"])
def test_a_broken_character_in_a_line_does_not_stop_the_others(data: Path, tmp_path: Path, key: str) -> None:
    line = {"id": "d1", "title": "A title", "text": "Some text."}
    line[key] += "\ud800"
    report = load(data, corpus(tmp_path / "c.jsonl", line, {"id": "d2", "title": "t", "text": "Good."}))
    assert "d2" in report.added
    assert len(report.added) + len(report.refused) == 2


def test_a_title_holds_nothing_invisible(data: Path, tmp_path: Path) -> None:
    load(
        data,
        corpus(
            tmp_path / "c.jsonl", {"id": "d", "title": "Re\u202eturn\u200b \U000e0041\npolicy\x00", "text": "Good."}
        ),
    )
    assert contents(data).documents["d"].source.title == "Return policy"


def test_an_id_given_twice_is_refused_the_second_time_and_a_second_run_changes_nothing(
    data: Path, tmp_path: Path
) -> None:
    path = corpus(
        tmp_path / "c.jsonl",
        {"id": "d", "title": "t", "text": "The first."},
        {"id": "d", "title": "t", "text": "The second."},
    )
    report = load(data, path)
    assert report.added == ["d"] and report.replaced == []
    (refusal,) = report.refused
    assert refusal.origin == f"{path}:2"
    again = load(data, path)
    assert again.unchanged == ["d"] and not again.changed


def test_two_corpora_with_the_same_ids_do_not_overwrite_each_other(data: Path, tmp_path: Path) -> None:
    first = corpus(tmp_path / "first.jsonl", {"id": "1", "title": "t", "text": "The first of them."})
    second = corpus(tmp_path / "second.jsonl", {"id": "1", "title": "t", "text": "The second of them."})
    for path in (first, second, first, second):
        load(data, path)
    assert sorted(d.text for d in contents(data).documents.values()) == ["The first of them.", "The second of them."]


def test_a_corpus_that_moved_gives_the_same_documents(data: Path, tmp_path: Path) -> None:
    first = corpus(tmp_path / "first.jsonl", {"id": "1", "title": "t", "text": "The first of them."})
    load(data, first)
    first.rename(tmp_path / "renamed.jsonl")
    assert load(data, tmp_path / "renamed.jsonl").unchanged == ["1"]


def test_a_corpus_and_a_file_of_the_same_name_do_not_overwrite_each_other(data: Path, tmp_path: Path) -> None:
    load(data, corpus(tmp_path / "c.jsonl", {"id": "a.txt", "title": "t", "text": "From the corpus."}))
    ingest(data, write(tmp_path / "in", {"a.txt": "From the file."}))
    assert sorted(d.text for d in contents(data).documents.values()) == ["From the corpus.", "From the file."]


@pytest.mark.parametrize("name", ["absent.jsonl", "."])
def test_a_corpus_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    candidates, refused = lines_of(tmp_path / name)
    assert candidates == []
    (refusal,) = refused
    assert refusal.origin == str(tmp_path / name) and refusal.reason in ("No such file or directory", "Is a directory")


def test_a_corpus_whose_name_is_no_text_is_read_or_refused(data: Path, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/c\xff.jsonl"))
    report = load(data, corpus(path, {"id": "d", "title": "t", "text": "Good."}))
    assert len(report.added) + len(report.refused) == 1
    assert all((refusal.origin + refusal.reason).encode() for refusal in report.refused)  # it can be printed


def test_an_empty_corpus_has_no_documents(tmp_path: Path) -> None:
    assert lines_of(corpus(tmp_path / "c.jsonl")) == ([], [])

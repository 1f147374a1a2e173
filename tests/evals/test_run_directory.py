"""The directory of a run, read with messages that name what is wrong in which line."""

import json
from pathlib import Path

import pytest

from evals.errors import InvalidRun
from evals.questions import Question
from evals.records import AnswerRecord, Manifest
from evals.run_directory import ANSWERS, MANIFEST, QUESTIONS, read_run, write_manifest, write_questions

_MANIFEST = Manifest(
    name="n", made_at="2026-01-01T00:00:00+00:00", code=None, code_changed=False, version="0.1.0", model=None,
    embedder="e", index="i", prompts={}, data={}, settings={}, questions=2, repeats=2, whole_corpus=False,
    finished=True,
)  # fmt: skip
_ASKED = [Question(id="b", question="Who?"), Question(id="a", question="When?\u2028Or not?")]


def _answer(identifier: str, repeat: int) -> str:
    record = AnswerRecord(question_id=identifier, repeat=repeat, outcome="ANSWERED", answer="x", language="en")
    return record.model_dump_json() + "\n"


def _directory(tmp_path: Path, answers: str, **changed: object) -> Path:
    write_manifest(tmp_path, _MANIFEST.model_copy(update=changed))
    write_questions(tmp_path, _ASKED)
    (tmp_path / ANSWERS).write_text(answers, encoding="utf-8")
    return tmp_path


ALL = [_answer(identifier, repeat) for repeat in (0, 1) for identifier in ("a", "b")]


def test_answers_come_in_the_order_of_the_questions_whatever_order_they_came_in(tmp_path: Path) -> None:
    ran = read_run(_directory(tmp_path, "".join(ALL)))

    assert list(ran.questions) == ["b", "a"]
    assert ran.questions["a"].question == "When?\u2028Or not?"
    assert [(answer.question_id, answer.repeat) for answer in ran.answers] == [("b", 0), ("b", 1), ("a", 0), ("a", 1)]


def test_an_unfinished_run_is_read_as_far_as_it_went(tmp_path: Path) -> None:
    ran = read_run(_directory(tmp_path, ALL[0] + ALL[1] + ALL[2][:-30], finished=False))

    assert [(answer.question_id, answer.repeat) for answer in ran.answers] == [("b", 0), ("a", 0)]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("".join(ALL[:3]), "answers.jsonl: 1 answers are missing"),
        ("".join([*ALL, ALL[0]]), "answers.jsonl:5: the question a was answered in an earlier line"),
        ("".join([ALL[0], _answer("c", 0)]), "answers.jsonl:2: answers the question c, which questions.jsonl lacks"),
        (ALL[0] + "{not json\n", "answers.jsonl:2: "),
        (ALL[0] + '{"question_id": "a"}\n', "answers.jsonl:2: outcome: "),
        (ALL[0] + ALL[1][:-30], "answers.jsonl:2: "),
    ],
)
def test_what_is_wrong_with_a_finished_run_is_told_with_its_line(tmp_path: Path, answers: str, told: str) -> None:
    with pytest.raises(InvalidRun) as raised:
        read_run(_directory(tmp_path, answers))
    assert str(raised.value).startswith(f"{tmp_path}/{told}")


def test_a_directory_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidRun, match="holds no run: there is no manifest.json. `migdesk eval run` makes one"):
        read_run(tmp_path)


def test_a_run_of_another_format_is_not_read_as_if_it_were_ours(tmp_path: Path) -> None:
    directory = _directory(tmp_path, "".join(ALL))
    made = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    (directory / MANIFEST).write_text(json.dumps({**made, "format": 2, "version": "9.1"}), encoding="utf-8")
    with pytest.raises(InvalidRun, match=r"in format 2 and this version reads 1. Read it with .* \(9\.1\)"):
        read_run(directory)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (MANIFEST, "{}", "manifest.json: name: Field required"),
        (QUESTIONS, '{"id": "a"}\n', "questions.jsonl:1: question: Field required"),
        (QUESTIONS, '{"id": "a", "question": "?"}\n' * 2, "questions.jsonl:2: the id a was given in an earlier line"),
    ],
)
def test_a_broken_file_of_a_run_is_named(tmp_path: Path, name: str, text: str, told: str) -> None:
    directory = _directory(tmp_path, "".join(ALL))
    (directory / name).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRun) as raised:
        read_run(directory)
    assert str(raised.value).startswith(f"{tmp_path}/{told}")

"""The directory a run leaves behind: ``manifest.json``, ``questions.jsonl`` and ``answers.jsonl``. Answers are appended
as they come, a whole line at a time, so that a run that was broken off can be gone on with."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evals.errors import InvalidRun
from evals.lines import line_of, read_models
from evals.questions import Question
from evals.records import FORMAT, AnswerRecord, Manifest
from evals.whole_files import read_whole, write_whole

MANIFEST, QUESTIONS, ANSWERS = "manifest.json", "questions.jsonl", "answers.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was read: its questions by id, and its answers in the order of the questions and repeats. An
    unfinished run (``manifest.finished``) has fewer answers than questions × repeats."""

    directory: Path
    manifest: Manifest
    questions: dict[str, Question]
    answers: list[AnswerRecord]


def read_run(directory: Path) -> Run:
    """Raises InvalidRun naming file and line."""
    manifest = read_manifest(directory)
    questions: dict[str, Question] = {}
    path = directory / QUESTIONS
    for line, question in read_models(path, InvalidRun, Question.model_validate_json):
        if question.id in questions:
            raise InvalidRun(f"{path}:{line}: the id {question.id} was given in an earlier line")
        questions[question.id] = question
    place = {identifier: number for number, identifier in enumerate(questions)}
    answers: dict[tuple[str, int], AnswerRecord] = {}
    path = directory / ANSWERS
    for line, answer in read_models(
        path, InvalidRun, AnswerRecord.model_validate_json, only_whole=not manifest.finished
    ):
        key = (answer.question_id, answer.repeat)
        if answer.question_id not in questions:
            raise InvalidRun(f"{path}:{line}: answers the question {answer.question_id}, which {QUESTIONS} lacks")
        if key in answers:
            raise InvalidRun(f"{path}:{line}: the question {answer.question_id} was answered in an earlier line")
        answers[key] = answer
    missing = len(questions) * manifest.repeats - len(answers)
    if manifest.finished and missing:
        raise InvalidRun(f"{path}: {missing} answers are missing, although the manifest says that the run is finished")
    ordered = sorted(answers.values(), key=lambda answer: (place[answer.question_id], answer.repeat))
    return Run(directory, manifest, questions, ordered)


def read_manifest(directory: Path) -> Manifest:
    """Raises InvalidRun where there is none or it is not one."""
    absent = f"{directory} holds no run: there is no {MANIFEST}. `migdesk eval run` makes one."
    manifest = read_whole(directory / MANIFEST, Manifest, absent)
    if manifest.format != FORMAT:
        raise InvalidRun(
            f"{directory} was written in format {manifest.format} and this version reads {FORMAT}. Read it with the "
            f"version that made it ({manifest.version or 'which it does not name'}), or run the questions again."
        )
    return manifest


def write_manifest(directory: Path, manifest: Manifest) -> None:
    write_whole(directory / MANIFEST, manifest.model_dump_json(indent=2) + "\n")


def write_questions(directory: Path, questions: Iterable[Question]) -> None:
    write_whole(directory / QUESTIONS, "".join(line_of(question) for question in questions))


def drop_torn_line(answers: Path) -> None:
    """Cuts off what a kill left of a line half written."""
    try:
        with answers.open("r+b") as file:
            raw = file.read()
            if raw and not raw.endswith(b"\n"):
                file.truncate(raw.rfind(b"\n") + 1)
    except FileNotFoundError:
        write_whole(answers, "")
    except OSError as error:
        raise InvalidRun(f"{answers}: {error.strerror}") from error

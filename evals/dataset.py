"""Question packs: JSON lines in the packs' format, read as questions with messages that name file and line."""

import json
from pathlib import Path
from typing import Any

from evals.errors import InvalidPack
from evals.lines import read_models
from evals.questions import Question
from knowledge.audiences import parse_audience
from knowledge.errors import UnknownAudience


def load_pack(path: Path) -> list[Question]:
    """The questions of a pack in its order. Fields that are null count as left out; those that are not ours are
    ignored. Raises InvalidPack naming the first wrong line."""
    questions: list[Question] = []
    given: dict[str, int] = {}
    for line, question in read_models(path, InvalidPack, _question):
        if question.id in given:
            raise InvalidPack(f"{path}:{line}: the id {question.id} was given in an earlier line, {given[question.id]}")
        given[question.id] = line
        questions.append(_checked(question, f"{path}:{line}", path.parent.name))
    if not questions:
        raise InvalidPack(f"{path}: holds no question")
    return questions


def _question(line: str) -> Question:
    record = json.loads(line)
    if not isinstance(record, dict):
        return Question.model_validate(record)
    return question_of(record)


def question_of(record: dict[str, Any]) -> Question:
    """A question from a pack's record. Raises ValidationError."""
    given = {key: value for key, value in record.items() if value is not None}
    if given.get("answerable") is False:
        given.setdefault("expected", "abstain")
    given.setdefault("cluster", given.get("parallel_id") or given.get("id", ""))
    return Question.model_validate(given)


def _checked(question: Question, where: str, pack: str) -> Question:
    if not question.question.strip():
        raise InvalidPack(f"{where}: question: is blank")
    try:
        reader = parse_audience(question.reader)
    except UnknownAudience as error:
        raise InvalidPack(f"{where}: reader: {error}") from error
    return question.model_copy(update={"reader": reader, "pack": question.pack or pack})

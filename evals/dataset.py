"""Question packs and predictions: JSON lines, validated with messages that name file and line."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.errors import InvalidPack


class PackTurn(BaseModel):
    model_config = ConfigDict(frozen=True)
    role: Literal["user", "assistant"]
    text: str


class PackQuestion(BaseModel):
    """What the desk is given of a question. Gold answers stay in the file: whoever predicts does not read them."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str = Field(min_length=1)
    question: str
    lang: str = "en"
    history: tuple[PackTurn, ...] = ()
    abstain_scope: Literal["corpus", "source_doc", "pool"] | None = None
    source_doc_id: str | None = None
    pool: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_it_narrows_itself_to(self) -> "PackQuestion":
        if self.abstain_scope == "source_doc" and not self.source_doc_id:
            raise ValueError("abstain_scope is source_doc, and there is no source_doc_id")
        if self.abstain_scope == "pool" and not self.pool:
            raise ValueError("abstain_scope is pool, and there is no pool")
        return self

    def on_offer(self) -> frozenset[str] | None:
        """The only documents the question may be answered from, or None for all."""
        if self.abstain_scope == "source_doc" and self.source_doc_id:
            return frozenset({self.source_doc_id})
        if self.abstain_scope == "pool" and self.pool:
            return frozenset(self.pool)
        return None


class Quoted(BaseModel):
    model_config = ConfigDict(frozen=True)
    doc_id: str
    text: str


class Prediction(BaseModel):
    """One question's result, in the format that packs are scored in."""

    model_config = ConfigDict(frozen=True)
    id: str
    ranked_doc_ids: tuple[str, ...]
    answer_text: str
    abstained: bool
    cited_doc_ids: tuple[str, ...]
    quotes: tuple[Quoted, ...]
    clarified: bool
    flagged: bool = False


def load_questions(path: Path) -> list[PackQuestion]:
    """Raises InvalidPack naming the first wrong line."""
    questions: list[PackQuestion] = []
    given: set[str] = set()
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPack(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = PackQuestion.model_validate(json.loads(line))
            if not question.question.strip():
                raise InvalidPack(f"{path}:{number}: question: is blank")
            questions.append(question)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "question"
            raise InvalidPack(f"{path}:{number}: {where}: {first['msg']}") from error
        except ValueError as error:
            raise InvalidPack(f"{path}:{number}: not JSON ({error})") from error
        if questions[-1].id in given:
            raise InvalidPack(f"{path}:{number}: the id {questions[-1].id} was given in an earlier line")
        given.add(questions[-1].id)
    if not questions:
        raise InvalidPack(f"{path}: holds no question")
    return questions


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    """Whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as file:
            for prediction in predictions:
                file.write(json.dumps(prediction.model_dump(), ensure_ascii=False) + "\n")
        beside.replace(path)
    except OSError as error:
        raise InvalidPack(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)

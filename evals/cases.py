"""The questions that people write: files of cases, checked with messages that name file and line. The library's own
lie beside this file: ``cases/<brief>.yaml`` holds the questions on a brief, ``cases/conversations.yaml`` follow-ups,
``cases/translations/<language>.yaml`` some of them in another language."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from evals.case_files import SUFFIXES, mappings_of, yaml_mapping
from evals.errors import InvalidCases
from evals.lines import first_fault
from evals.questions import PackTurn, Question
from knowledge.audiences import PUBLIC, parse_audience
from knowledge.errors import UnknownAudience

FOLDER = Path(__file__).parent / "cases"
_Text = Annotated[str, Field(min_length=1)]


def _as_text(value: object) -> object:
    """YAML reads 2024 as a number; an accepted answer is meant as written."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _audience(label: str) -> str:
    try:
        return parse_audience(label)
    except UnknownAudience as error:
        raise ValueError(str(error)) from error


_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$")]
_Group = Annotated[tuple[Annotated[_Text, BeforeValidator(_as_text)], ...], Field(min_length=1)]


class Gold(BaseModel):
    """A statement that answers the question, word for word as it stands in the document."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    document: _Text
    statement: _Text


class Case(BaseModel):
    """A question with what a right answer holds: every group of ``accepted`` by one of its strings. A near miss has
    neither: it differs from what the library holds in one thing, and the right answer is that it is not covered.
    ``contradiction``: the sources differ on what is asked. A ``draft`` waits for a person: it may be incomplete, and is
    neither asked nor counted."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+/[A-Za-z0-9-]+$")]
    question: _Text
    kind: Literal["answerable", "two_documents", "near_miss"]
    differs_in: Literal["year", "country", "city", "body", "person", "figure"] | None = None
    evidence: tuple[Gold, ...] = ()
    accepted: tuple[_Group, ...] = ()
    forbidden: tuple[_Text, ...] = ()
    language: _Language = "en"
    history: tuple[PackTurn, ...] = ()
    as_of: date | None = None
    reader: Annotated[str, AfterValidator(_audience)] = PUBLIC
    topic: _Text | None = None
    contradiction: bool = False
    never_break: bool = False
    draft: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.draft:
            if self.never_break:
                raise ValueError("a draft cannot be never_break: it is not asked")
            return self
        if self.kind == "near_miss":
            if self.evidence or self.accepted:
                raise ValueError("a near miss has no evidence and no accepted answers")
            if self.differs_in is None:
                raise ValueError("a near miss says in what it differs: differs_in")
            return self
        if self.differs_in is not None:
            raise ValueError("differs_in is for near misses")
        if not self.evidence or not self.accepted:
            raise ValueError("an answerable question has evidence and accepted answers")
        if (self.kind == "two_documents") != (len(self.documents) > 1):
            raise ValueError("kind is two_documents exactly where the evidence lies in two documents")
        return self

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(gold.document for gold in self.evidence))

    @property
    def part(self) -> Literal["tuning", "test"]:
        """Half of the cases may be tuned on. Which half rests on the id alone, so that no one chooses."""
        return "tuning" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "test"


class Translations(BaseModel):
    """Questions in another language, by the id of the case."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    language: _Language
    reviewed_by_native_speaker: bool
    questions: dict[str, _Text]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Cases of one file, each with the line it begins in."""

    path: Path
    cases: tuple[tuple[int, Case], ...]


def load_cases(folder: Path = FOLDER) -> list[CaseFile]:
    """Every case file of the folder, or the one file. Raises InvalidCases naming the first wrong place."""
    paths = [folder] if folder.is_file() else [path for path in folder.glob("*") if path.suffix in SUFFIXES]
    files = [load_case_file(path) for path in sorted(paths)]
    if not files:
        raise InvalidCases(f"{folder}: holds no case file")
    return files


def load_case_file(path: Path) -> CaseFile:
    """Raises InvalidCases."""
    cases = []
    for line, item in mappings_of(path):
        try:
            cases.append((line, Case.model_validate(item)))
        except ValidationError as error:
            raise InvalidCases(f"{path}:{line}: {first_fault(error)}") from error
    return CaseFile(path, tuple(cases))


def load_translations(folder: Path = FOLDER) -> list[Translations]:
    """Raises InvalidCases."""
    loaded = []
    for path in sorted((folder / "translations").glob("*.yaml")):
        try:
            loaded.append(Translations.model_validate(yaml_mapping(path)))
        except ValidationError as error:
            raise InvalidCases(f"{path}: {first_fault(error)}") from error
        if loaded[-1].language != path.stem:
            raise InvalidCases(f"{path}: language: is '{loaded[-1].language}', and the file is named otherwise")
    return loaded


def as_questions(files: Sequence[CaseFile], translations: Sequence[Translations] = ()) -> list[Question]:
    """The cases as questions of a pack; drafts are left out. Raises InvalidCases for a translation of no case."""
    cases = [case for file in files for _, case in file.cases]
    questions = [_question(case, case.language, case.question) for case in cases if not case.draft]
    by_id = {case.id: case for case in cases}
    for translation in translations:
        for identifier, text in translation.questions.items():
            if identifier not in by_id:
                raise InvalidCases(f"translations/{translation.language}.yaml: there is no case {identifier}")
            if not by_id[identifier].draft:
                questions.append(_question(by_id[identifier], translation.language, text))
    return questions


def _question(case: Case, language: str, text: str) -> Question:
    return Question(
        id=f"{case.id}@{language}",
        pack="library",
        lang=language,
        question=text,
        history=case.history,
        expected="abstain" if case.kind == "near_miss" else "answer",
        gold_doc_ids=case.documents,
        answers=case.accepted[0] if len(case.accepted) == 1 else (),
        answer_groups=case.accepted if len(case.accepted) > 1 else (),
        evidence=tuple(gold.statement for gold in case.evidence),
        forbidden=case.forbidden,
        cluster=case.id,
        parallel_id=case.id,
        topic=case.topic,
        kind="follow_up" if case.history and case.kind != "near_miss" else case.kind,
        differs_in=case.differs_in,
        contradiction=case.contradiction,
        part=case.part,
        reader=case.reader,
        as_of=case.as_of,
        # Only the question as a person wrote it: its translations were not reviewed.
        never_break=case.never_break and language == case.language,
    )

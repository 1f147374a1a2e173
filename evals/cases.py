"""The library's own questions, which people write: YAML files beside this one, checked with messages that name file
and line. ``cases/<brief>.yaml`` holds the questions on a brief, ``cases/translations/<language>.yaml`` some of them in
another language."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from evals.errors import InvalidCases

FOLDER = Path(__file__).parent / "cases"
_Text = Annotated[str, Field(min_length=1)]


def _as_text(value: object) -> object:
    """YAML reads 2024 as a number; an accepted answer is meant as written."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Gold(BaseModel):
    """A statement that answers the question, word for word as it stands in the document."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    document: _Text
    statement: _Text


class Case(BaseModel):
    """A question with what a right answer holds: every group of ``accepted`` by one of its strings. A near miss has
    neither: it differs from what the library holds in one thing, and the right answer is that it is not covered."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+/[A-Za-z0-9-]+$")]
    question: _Text
    kind: Literal["answerable", "two_documents", "near_miss"]
    differs_in: Literal["year", "country", "city", "body", "person", "figure"] | None = None
    evidence: tuple[Gold, ...] = ()
    accepted: tuple[Annotated[tuple[Annotated[_Text, BeforeValidator(_as_text)], ...], Field(min_length=1)], ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
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
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$")]
    reviewed_by_native_speaker: bool
    questions: dict[str, _Text]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Cases of one file, each with the line it begins in."""

    path: Path
    cases: tuple[tuple[int, Case], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a case that is well formed."""

    where: str
    message: str


def load_cases(folder: Path = FOLDER) -> list[CaseFile]:
    """Every case file of the folder. Raises InvalidCases naming the first wrong place."""
    files = [_case_file(path) for path in sorted(folder.glob("*.yaml"))]
    if not files:
        raise InvalidCases(f"{folder}: holds no case file")
    return files


def load_translations(folder: Path = FOLDER) -> list[Translations]:
    """Raises InvalidCases."""
    loaded = []
    for path in sorted((folder / "translations").glob("*.yaml")):
        try:
            loaded.append(Translations.model_validate(_yaml(path, _text(path))))
        except ValidationError as error:
            raise InvalidCases(f"{path}: {_first(error)}") from error
        if loaded[-1].language != path.stem:
            raise InvalidCases(f"{path}: language: is '{loaded[-1].language}', and the file is named otherwise")
    return loaded


def lint(files: Sequence[CaseFile], translations: Sequence[Translations], texts: Mapping[str, str]) -> list[Finding]:
    """What is wrong with cases beside the documents (id → text) they ask about: given twice, gold text that no longer
    stands in its document, accepted answers that do not stand in the gold text, translations of no case."""
    return [*_lint_cases(files, texts), *_lint_translations(files, translations)]


def _lint_cases(files: Sequence[CaseFile], texts: Mapping[str, str]) -> Iterator[Finding]:
    ids: dict[str, str] = {}
    questions: dict[str, str] = {}
    for file in files:
        for line, case in file.cases:
            where = f"{file.path.name}:{line}"
            if case.id in ids:
                yield Finding(where, f"the id {case.id} was given at {ids[case.id]}")
            ids.setdefault(case.id, where)
            asked = " ".join(case.question.casefold().split())
            if asked in questions:
                yield Finding(where, f"the same question is asked at {questions[asked]}")
            questions.setdefault(asked, where)
            if case.id.split("/")[0] != file.path.stem:
                yield Finding(where, f"the id does not begin with the name of its file, {file.path.stem}/")
            for gold in case.evidence:
                if gold.document not in texts:
                    yield Finding(where, f"there is no document '{gold.document}'")
                elif gold.statement not in texts[gold.document]:
                    yield Finding(where, f"stands no more in {gold.document}: “{gold.statement[:80]}”")
            said = " ".join(gold.statement for gold in case.evidence).casefold()
            for group in case.accepted:
                if not any(answer.casefold() in said for answer in group):
                    yield Finding(where, f"no answer of {list(group)} stands in the evidence")


def _lint_translations(files: Sequence[CaseFile], translations: Sequence[Translations]) -> Iterator[Finding]:
    ids = {case.id for file in files for _, case in file.cases}
    for translation in translations:
        for unknown in sorted(translation.questions.keys() - ids):
            yield Finding(f"translations/{translation.language}.yaml", f"there is no case {unknown}")


def as_questions(files: Sequence[CaseFile], translations: Sequence[Translations] = ()) -> list[dict[str, Any]]:
    """The cases as questions of a pack, with the gold answers in the form that packs are scored in. Raises InvalidCases
    for a translation of no case."""
    cases = [case for file in files for _, case in file.cases]
    questions = [_question(case, "en", case.question) for case in cases]
    by_id = {case.id: case for case in cases}
    for translation in translations:
        for identifier, text in translation.questions.items():
            if identifier not in by_id:
                raise InvalidCases(f"translations/{translation.language}.yaml: there is no case {identifier}")
            questions.append(_question(by_id[identifier], translation.language, text))
    return questions


def _question(case: Case, language: str, text: str) -> dict[str, Any]:
    answerable = case.kind != "near_miss"
    return {
        "id": f"{case.id}@{language}",
        "pack": "library",
        "lang": language,
        "question": text,
        "gold_doc_ids": list(case.documents),
        "answers": list(case.accepted[0]) if len(case.accepted) == 1 else [],
        "answer_groups": [list(group) for group in case.accepted] if len(case.accepted) > 1 else None,
        "evidence": [gold.statement for gold in case.evidence],
        "answerable": answerable,
        "expected": "answer" if answerable else "abstain",
        "abstain_scope": "corpus",
        "cluster": case.id,
        "parallel_id": case.id,
        "kind": case.kind,
        "differs_in": case.differs_in,
        "part": case.part,
    }


def _case_file(path: Path) -> CaseFile:
    text = _text(path)
    data = _yaml(path, text)
    listed = data.get("cases")
    if set(data) != {"cases"} or not isinstance(listed, list) or not listed:
        raise InvalidCases(f"{path}:1: the file holds one key, cases, with a list under it")
    cases = []
    for line, item in zip(_lines(text), listed, strict=True):
        try:
            cases.append((line, Case.model_validate(item)))
        except ValidationError as error:
            raise InvalidCases(f"{path}:{line}: {_first(error)}") from error
    return CaseFile(path, tuple(cases))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidCases(f"{path}: {getattr(error, 'strerror', None) or error}") from error


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice: YAML would keep the last, and a question or its evidence would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        given: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in given:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            given.add(str(key.value))
        return super().construct_mapping(node, deep)


def _yaml(path: Path, text: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidCases(f"{path}:{line}: not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidCases(f"{path}: not YAML: {error}") from error
    if not isinstance(data, dict):
        raise InvalidCases(f"{path}:1: is no mapping")
    return data


def _lines(text: str) -> list[int]:
    """The lines in which the items under ``cases`` begin, counted from 1."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    sequence = next(value for key, value in root.value if key.value == "cases")
    return [item.start_mark.line + 1 for item in sequence.value]


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"]).removeprefix("Value error, ")

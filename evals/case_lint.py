"""What is wrong with cases that are well formed, beside the documents they ask about and the prompts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Case, CaseFile, Translations, as_questions
from evals.contamination import leaks
from evals.metrics.matching import contains


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a case, and where it stands."""

    where: str
    message: str


def lint(
    files: Sequence[CaseFile],
    translations: Sequence[Translations],
    texts: Mapping[str, str],
    prompts: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Cases given twice, gold text that no longer stands in its document (``texts``: id → text), accepted answers that
    do not stand in the gold text, translations of no case, and prompts (file name → text) that hold a case."""
    found = [*_cases(files, texts), *_translations(files, translations)]
    return found if found else list(_contaminated(files, translations, prompts or {}))


def drafts(files: Sequence[CaseFile]) -> list[Finding]:
    """The cases that wait for a person, with what is still missing."""
    return [
        Finding(f"{file.path.name}:{line}", f"draft {case.id}: {_missing(case)}")
        for file in files
        for line, case in file.cases
        if case.draft
    ]


def _missing(case: Case) -> str:
    if case.kind == "near_miss":
        return "say in what it differs (differs_in), then take out draft" if not case.differs_in else "take out draft"
    lacking = [name for name in ("evidence", "accepted") if not getattr(case, name)]
    return f"give {' and '.join(lacking)}, then take out draft" if lacking else "check it and take out draft"


def _cases(files: Sequence[CaseFile], texts: Mapping[str, str]) -> Iterator[Finding]:
    ids: dict[str, str] = {}
    questions: dict[tuple[object, ...], str] = {}
    for file in files:
        for line, case in file.cases:
            where = f"{file.path.name}:{line}"
            if case.id in ids:
                yield Finding(where, f"the id {case.id} was given at {ids[case.id]}")
            ids.setdefault(case.id, where)
            asked = (" ".join(case.question.casefold().split()), case.history, case.as_of, case.reader)
            if asked in questions:
                yield Finding(where, f"the same question is asked at {questions[asked]}")
            questions.setdefault(asked, where)
            if case.id.split("/")[0] != file.path.stem:
                yield Finding(where, f"the id does not begin with the name of its file, {file.path.stem}/")
            yield from _gold(where, case, texts)


def _gold(where: str, case: Case, texts: Mapping[str, str]) -> Iterator[Finding]:
    for gold in case.evidence:
        if gold.document not in texts:
            yield Finding(where, f"there is no document '{gold.document}'")
        elif gold.statement not in texts[gold.document]:
            yield Finding(where, f"stands no more in {gold.document}: “{gold.statement[:80]}”")
    said = " ".join(gold.statement for gold in case.evidence)
    for group in case.accepted:
        # By the rule that answers are scored with: "5" does not stand in "2025".
        if not any(contains(answer, said, "en") for answer in group):
            yield Finding(where, f"no answer of {list(group)} stands in the evidence")


def _translations(files: Sequence[CaseFile], translations: Sequence[Translations]) -> Iterator[Finding]:
    ids = {case.id for file in files for _, case in file.cases}
    for translation in translations:
        for unknown in sorted(translation.questions.keys() - ids):
            yield Finding(f"translations/{translation.language}.yaml", f"there is no case {unknown}")


def _contaminated(
    files: Sequence[CaseFile], translations: Sequence[Translations], prompts: Mapping[str, str]
) -> Iterator[Finding]:
    for leak in leaks(as_questions(files, translations), prompts):
        yield Finding(leak.prompt, f"the prompt holds the {leak.what} of {leak.question_id}: “{leak.text[:80]}”")

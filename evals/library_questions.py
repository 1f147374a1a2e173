"""The library's cases as questions, with what only its briefs can tell: the theme, and where sources differ."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

from evals.cases import FOLDER, Case, CaseFile, Translations, as_questions, load_cases, load_translations
from evals.questions import Question
from knowledge.brief_checks import briefs_in
from knowledge.readers import read_file
from knowledge.readers.reading import Reading


def library_readings() -> dict[str, Reading]:
    """Brief id → what was read of it."""
    with resources.as_file(resources.files("knowledge") / "library") as folder:
        readings = [read_file(path)[1] for path in briefs_in(folder)]
    return {reading.id or "": reading for reading in readings}


def library_questions(folder: Path = FOLDER) -> list[Question]:
    """The questions of a folder of cases on the starter library, each with its theme for a topic and marked where its
    evidence bears one of the brief's disagreements. Raises InvalidCases."""
    files = load_cases(folder)
    translations = load_translations(folder) if folder.is_dir() else []
    return with_briefs(files, translations, library_readings())


def with_briefs(
    files: Sequence[CaseFile], translations: Sequence[Translations], readings: Mapping[str, Reading]
) -> list[Question]:
    cases = {case.id: (case, file.path.stem) for file in files for _, case in file.cases}
    told = {}
    for identifier, (case, stem) in cases.items():
        topic = case.topic or _theme(readings, (*case.documents, stem))
        told[identifier] = {"topic": topic, "contradiction": case.contradiction or _is_disputed(case, readings)}
    return [
        question.model_copy(update=told[question.parallel_id or ""]) for question in as_questions(files, translations)
    ]


def _theme(readings: Mapping[str, Reading], documents: Iterable[str]) -> str | None:
    for document in documents:
        reading = readings.get(document)
        if reading is not None and reading.subject is not None:
            return reading.subject.theme
    return None


def _is_disputed(case: Case, readings: Mapping[str, Reading]) -> bool:
    """Whether a statement of the evidence overlaps one that the brief marks with a disagreement of its sources."""
    for gold in case.evidence:
        reading = readings.get(gold.document)
        start = reading.text.find(gold.statement) if reading is not None else -1
        if reading is None or start < 0:
            continue
        end = start + len(gold.statement)
        if any(
            mark.disagreement_ids and mark.span.start < end and start < mark.span.end for mark in reading.attributions
        ):
            return True
    return False

"""Drafts of cases: made from a question that was asked, appended to a file, completed by a person."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from evals.case_files import SUFFIXES, mappings_of
from evals.cases import Case, load_case_file
from evals.errors import InvalidCases
from evals.records import AnswerRecord, CitationRecord
from knowledge.spelling import folded_words

_LONGEST_SLUG = 8


def citations_shown(answer: AnswerRecord) -> list[CitationRecord]:
    """The statements of an answer that a person may choose from, each document and quote once."""
    quotes = {(c.document_id, c.quote): c for sentence in answer.sentences for c in sentence.citations}
    return list(quotes.values())


def new_id(path: Path, question: str, taken: Iterable[str]) -> str:
    """``<file>/<first words of the question>``, numbered where that is taken."""
    words = [word for word in map(_plain, folded_words(question)) if word][:_LONGEST_SLUG]
    stem = _plain(path.stem.lower()) or "cases"
    base = f"{stem}/{'-'.join(words) or 'question'}"
    held = set(taken)
    number = 1
    while (f"{base}-{number}" if number > 1 else base) in held:
        number += 1
    return f"{base}-{number}" if number > 1 else base


def _plain(word: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", word))


def existing(path: Path) -> list[Case]:
    """The cases that stand in the file, drafts too; none where there is no file. Raises InvalidCases."""
    if path.suffix not in SUFFIXES:
        raise InvalidCases(f"{path}: a file of cases ends in {' or '.join(SUFFIXES)}")
    return [case for _, case in load_case_file(path).cases] if path.exists() else []


def append(path: Path, case: Case) -> int:
    """Adds the case at the end of the file, which is made where it is missing; what stands there stays as it is
    written. Returns the line the case begins in. Raises InvalidCases and leaves the file alone where it cannot be."""
    existing(path)
    mapping = _mapping(case)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        before += "\n"
    after = _json_line(before, mapping) if path.suffix == ".jsonl" else _yaml_item(before, mapping)
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(after, encoding="utf-8")
        lines = [line for line, item in mappings_of(beside) if item.get("id") == case.id]
        if not lines:
            raise InvalidCases(f"{path}: nothing can be added behind what stands there; name another file")
        beside.replace(path)
    except OSError as error:
        raise InvalidCases(f"{path} cannot be written: {error.strerror}") from error
    except InvalidCases as error:
        raise InvalidCases(f"{path}: nothing can be added behind what stands there; name another file") from error
    finally:
        beside.unlink(missing_ok=True)
    return lines[-1]


def _mapping(case: Case) -> dict[str, Any]:
    """The keys that say something, with those a person has to fill in always there."""
    said = case.model_dump(mode="json", exclude_defaults=True)
    if case.kind != "near_miss":
        said = {**said, "evidence": said.get("evidence", []), "accepted": said.get("accepted", [])}
    order = list(Case.model_fields)
    return {key: said[key] for key in sorted(said, key=order.index)}


def _json_line(before: str, mapping: Mapping[str, Any]) -> str:
    return before + json.dumps(mapping, ensure_ascii=False) + "\n"


def _yaml_item(before: str, mapping: Mapping[str, Any]) -> str:
    text = yaml.safe_dump([dict(mapping)], allow_unicode=True, sort_keys=False, width=110)
    indent = _indent(before)
    text = "".join(f"{' ' * indent}{line}" if line.strip() else line for line in text.splitlines(keepends=True))
    return (before or "cases:\n") + text


def _indent(before: str) -> int:
    """How far the dashes of the list stand in."""
    found = re.search(r"^( *)- ", before, flags=re.MULTILINE)
    return len(found[1]) if found else 0

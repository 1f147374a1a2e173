"""Cases at the terminal: what lint finds, and how a question that was asked becomes a case."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from assistant.build import build_desk
from assistant.language import language_of
from assistant.settings import Settings, load_settings
from evals.asking import ask
from evals.case_lint import Finding, drafts, lint
from evals.cases import FOLDER, Case, load_cases, load_translations
from evals.contamination import prompt_texts
from evals.drafts import append, citations_shown, existing, new_id
from evals.errors import InvalidCases, InvalidChoice
from evals.lines import first_fault
from evals.questions import PackTurn, Question
from evals.records import AnswerRecord, CitationRecord
from knowledge.candidates import files_in


def run_lint(folder: Path | None, documents: list[Path] | None, as_json: bool) -> list[Finding]:
    chosen = folder or FOLDER
    files = load_cases(chosen)
    translations = load_translations(chosen) if chosen.is_dir() else []
    with resources.as_file(resources.files("knowledge") / "library") as shipped:
        candidates, refused = files_in(documents or [shipped])
        if refused:
            raise InvalidCases(f"{refused[0].origin}: {refused[0].reason}")
        readings = [(candidate.name, candidate.read()[1]) for candidate in candidates]
    texts = {reading.id or name: reading.text for name, reading in readings}
    found, waiting = lint(files, translations, texts, prompt_texts()), drafts(files)
    if as_json:
        print(json.dumps({"findings": _told(found), "drafts": _told(waiting)}, ensure_ascii=False))
        return found
    for each in (*waiting, *found):
        print(f"{each.where}: {each.message}")
    cases = [case for file in files for _, case in file.cases if not case.draft]
    near = sum(case.kind == "near_miss" for case in cases)
    two = sum(case.kind == "two_documents" for case in cases)
    translated = sum(len(translation.questions) for translation in translations)
    print(
        f"{len(cases)} cases in {len(files)} files ({two} need two documents, {near} are near misses), "
        f"{translated} translations into {len(translations)} languages"
        + (f" · {len(waiting)} drafts" if waiting else "")
        + f" · {len(found)} {'finding' if len(found) == 1 else 'findings'}"
    )
    return found


def _told(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [{"where": each.where, "message": each.message} for each in findings]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said of a case by options."""

    kind: str
    differs_in: str | None
    evidence: Sequence[str]
    accepted: Sequence[str]
    language: str | None
    reader: str
    as_of: date | None
    topic: str | None
    history: tuple[PackTurn, ...] = ()


def run_add(
    question: str | None,
    from_feedback: str | None,
    to: Path | None,
    wanted: Wanted,
    *,
    contradiction: bool,
    never_break: bool,
    model: str | None,
    no_model: bool,
    data: Path | None,
) -> None:
    if (question is None) == (from_feedback is None):
        raise InvalidChoice("Give a question, or --from-feedback with the id of an answer or all.")
    settings = load_settings()
    path = to or (data or settings.data) / "evals" / "drafts.yaml"
    asked = [(question, wanted)] if question is not None else list(_complaints(settings, data, from_feedback, wanted))
    flags = {"contradiction": contradiction, "never_break": never_break}
    if from_feedback == "all":
        _draft_all(path, asked, flags)
        return
    for text, about in asked:
        _add_one(path, text, about, flags, settings, model, no_model, data)


def _add_one(
    path: Path,
    text: str,
    wanted: Wanted,
    flags: dict[str, bool],
    settings: Settings,
    model: str | None,
    no_model: bool,
    data: Path | None,
) -> None:
    cases = existing(path)
    if _is_there(cases, text, wanted):
        raise InvalidChoice(f"{path} holds this question already.")
    language = wanted.language or language_of(text)
    question = Question(
        id="asked", question=text, lang=language, history=wanted.history, reader=wanted.reader, as_of=wanted.as_of
    )
    chosen = None if no_model else settings.model_settings(model)
    desk = build_desk(settings, data=data, model=chosen)
    try:
        answer = asyncio.run(ask(desk, question))
    finally:
        desk.base.close()
    shown = citations_shown(answer)
    _show(answer, shown)
    if sys.stdin.isatty() and not wanted.evidence and not wanted.accepted:
        wanted = _ask_person(wanted)
    case = _case(new_id(path, text, [case.id for case in cases]), text, language, wanted, flags, shown)
    line = append(path, case)
    print(f"{path}:{line}: {'draft ' if case.draft else ''}{case.id}")
    if case.draft:
        print("Complete it in the file (what is missing: `migdesk eval lint --cases FILE`), then take out draft: true.")


def _draft_all(path: Path, asked: Sequence[tuple[str, Wanted]], flags: dict[str, bool]) -> None:
    cases = existing(path)
    added = 0
    for text, wanted in asked:
        if _is_there(cases, text, wanted):
            continue
        language = wanted.language or language_of(text)
        case = _case(new_id(path, text, [case.id for case in cases]), text, language, wanted, flags, [])
        append(path, case)
        cases.append(case)
        added += 1
    print(f"{added} drafts added to {path}; {len(asked) - added} were there already.")


def _case(
    identifier: str,
    text: str,
    language: str,
    wanted: Wanted,
    flags: dict[str, bool],
    shown: Sequence[CitationRecord],
) -> Case:
    """A whole case where all is given, else a draft. Raises InvalidChoice."""
    evidence = [_gold(given, shown) for given in wanted.evidence]
    accepted = [[part.strip() for part in group.split("|") if part.strip()] for group in wanted.accepted]
    whole = bool(wanted.differs_in) if wanted.kind == "near_miss" else bool(evidence and accepted)
    given = {
        "id": identifier,
        "question": text,
        "kind": wanted.kind,
        "differs_in": wanted.differs_in,
        "evidence": evidence,
        "accepted": accepted,
        "language": language,
        "history": wanted.history,
        "as_of": wanted.as_of,
        "reader": wanted.reader,
        "topic": wanted.topic,
        "draft": not whole,
        **flags,
    }
    try:
        return Case.model_validate(given)
    except ValidationError as error:
        raise InvalidChoice(f"This makes no case: {first_fault(error)}") from error


def _gold(given: str, shown: Sequence[CitationRecord]) -> dict[str, str]:
    if given.isdecimal():
        if not 1 <= int(given) <= len(shown):
            raise InvalidChoice(f"--evidence {given}: {len(shown)} statements were shown; or write DOCUMENT=its words.")
        chosen = shown[int(given) - 1]
        return {"document": chosen.document_id, "statement": chosen.quote}
    document, separator, statement = given.partition("=")
    if not separator or not document.strip() or not statement.strip():
        raise InvalidChoice(f"--evidence {given}: write the number of a statement shown, or DOCUMENT=its words.")
    return {"document": document.strip(), "statement": statement.strip()}


def _is_there(cases: Sequence[Case], text: str, wanted: Wanted) -> bool:
    return any((case.question, case.history, case.reader) == (text, wanted.history, wanted.reader) for case in cases)


def _show(answer: AnswerRecord, shown: Sequence[CitationRecord]) -> None:
    print(f"{answer.outcome}: {answer.answer or answer.failure or ''}")
    for number, citation in enumerate(shown, start=1):
        print(f"  {number}. “{' '.join(citation.quote.split())}” ({citation.document_id}, {citation.locator})")
    nearest = dict.fromkeys(passage.document_id for passage in answer.passages)
    print(f"Found in: {', '.join(list(nearest)[:6]) or 'nothing'}")


def _ask_person(wanted: Wanted) -> Wanted:
    print("\nWhat is the right answer? An empty line leaves the case a draft.")
    covered = _line("Do the documents answer it? [Y/n] ").lower()
    if covered.startswith("n"):
        differs_in = _line("In what does it differ from what they hold (year, country, city, body, person, figure)? ")
        return replace(wanted, kind="near_miss", differs_in=differs_in or None)
    evidence = list(_lines("Statement: its number above, or DOCUMENT=its words (empty: no more): "))
    accepted = list(_lines("Accepted answers, | between them; each line needed (empty: no more): "))
    return replace(wanted, evidence=evidence, accepted=accepted)


def _lines(prompt: str) -> Iterator[str]:
    while line := _line(prompt):
        yield line


def _line(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:  # Ctrl-D says as much as an empty line
        print()
        return ""


def _complaints(
    settings: Settings, data: Path | None, answer_id: str | None, wanted: Wanted
) -> Iterator[tuple[str, Wanted]]:
    from assistant.conversations.store import Conversations, open_conversations
    from evals.from_feedback import complaints

    @contextmanager
    def opened() -> Iterator[Conversations]:
        address = settings.database_url.get_secret_value() if settings.database_url else None
        conversations = open_conversations(data or settings.data, address, settings.keep_days, create=False)
        try:
            yield conversations
        finally:
            conversations.close()

    with opened() as conversations:
        found = complaints(conversations, None if answer_id == "all" else answer_id)
    for each in found:
        yield (
            each.question,
            replace(wanted, language=each.language, reader=each.audience, history=each.history),
        )

"""What ``migdesk conversations`` prints and erases. No text of a reader is shown unless it was asked for."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Feedback, Kept
from assistant.settings import load_settings
from integrations.operators.counting import asked_by_readers, held_of_readers
from integrations.operators.store import open_operators


@contextmanager
def opened(data: Path | None) -> Iterator[Conversations]:
    settings = load_settings()
    address = settings.database_url.get_secret_value() if settings.database_url else None
    conversations = open_conversations(data or settings.data, address, settings.keep_days, create=False)
    try:
        yield conversations
    finally:
        conversations.close()


def run_status(days: int, data: Path | None, as_json: bool) -> None:
    since = datetime.now(UTC).date() - timedelta(days=days - 1)
    with opened(data) as conversations:
        watches = open_operators(conversations.engine).watches
        held = held_of_readers(conversations.holdings(), watches.held())
        again = watches.usage(since)
        usage = asked_by_readers(conversations.usage(since), again)
    report = {
        **asdict(held),
        "oldest": held.oldest.isoformat() if held.oldest else None,
        "keep_days": load_settings().keep_days,
        "since": since.isoformat(),
        "asked": sum(line.count for line in usage),
        "answered_again_by_the_desk": sum(line.count for line in again),
        "by_outcome": _summed((line.outcome, line.count) for line in usage),
        "by_language": _summed((line.language, line.count) for line in usage),
        "by_surface": _summed((line.surface, line.count) for line in usage),
        "by_day": _summed((line.day.isoformat(), line.count) for line in usage),
    }
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in report.items():
        if name != "by_day":
            table.add_row(Text(name.replace("_", " "), style="dim"), Text(_plain(value)))
    Console(highlight=False).print(table)


def run_purge(data: Path | None, as_json: bool) -> None:
    with opened(data) as conversations:
        erased = conversations.erased_at_opening + conversations.purge(datetime.now(UTC))
    days = load_settings().keep_days
    _say({"erased": erased}, f"Questions erased that were older than {days} days: {erased}.", as_json)


def run_forget(person: str, yes: bool, data: Path | None, as_json: bool) -> int:
    """The exit code: 1 where the erasure was not confirmed."""
    with opened(data) as conversations:
        if not (yes or _is_confirmed(person, as_json)):
            _say({"erased": 0}, "Nothing was erased. Run it again with --yes.", as_json)
            return 1
        erased = conversations.forget(person)
    name = _printable(person)
    said = f"Records of {name} erased: {erased}." if erased else f"Nothing is kept of {name}."
    _say({"erased": erased}, said, as_json)
    return 0


def _is_confirmed(person: str, as_json: bool) -> bool:
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(f"Erase everything of {_printable(person)}, for good?", err=True)


def run_unanswered(days: int, limit: int, texts: bool, data: Path | None, as_json: bool) -> None:
    with opened(data) as conversations:
        found = conversations.unanswered(datetime.now(UTC) - timedelta(days=days), limit)
    if as_json:
        print(json.dumps([_line(kept, texts) for kept in found], ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for kept in found:
        console.print(_heading(kept))
        if texts:
            console.print(Text(f"    {_printable(kept.question or '')}"))
    console.print(Text(f"{_counted(len(found), 'question')} without a written answer in {days} days", style="dim"))
    _say_how_to_see_texts(console, bool(found), texts)


def run_feedback(helpful: bool | None, limit: int, texts: bool, data: Path | None, as_json: bool) -> None:
    with opened(data) as conversations:
        found = conversations.feedback(helpful, limit)
    if as_json:
        print(json.dumps([_opinion(*pair, texts) for pair in found], ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for kept, said in found:
        mark = ("helpful    ", "green") if said.helpful else ("not helpful", "red")
        console.print(Text.assemble(mark, " ", _heading(kept), f" · {_printable(said.reason)}" if said.reason else ""))
        if texts:
            for text in filter(None, (kept.question, said.comment)):
                console.print(Text(f"    {_printable(text)}"))
    console.print(Text(_counted(len(found), "opinion"), style="dim"))
    _say_how_to_see_texts(console, bool(found), texts)


def _line(kept: Kept, texts: bool) -> dict[str, Any]:
    line = {
        "id": kept.id,
        "asked_at": kept.asked_at.isoformat(timespec="seconds"),
        "outcome": kept.outcome,
        "language": kept.language,
        "surface": kept.surface,
        "audience": kept.audience,
    }
    return {**line, "question": kept.question} if texts else line


def _opinion(kept: Kept, said: Feedback, texts: bool) -> dict[str, Any]:
    line = {**_line(kept, texts), "helpful": said.helpful, "reason": said.reason}
    return {**line, "comment": said.comment} if texts else line


def _heading(kept: Kept) -> Text:
    when = kept.asked_at.isoformat(" ", timespec="minutes").removesuffix("+00:00")
    known = " · ".join((kept.outcome, kept.language, kept.surface, kept.audience))
    return Text.assemble((when, "dim"), f" {_printable(known)} ", (kept.id, "cyan"))


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for name, count in pairs:
        counted[name] += count
    return dict(counted.most_common())


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_printable(name)} {count}" for name, count in value.items()) or "none"
    return "none" if value is None else str(value)


def _printable(text: str) -> str:
    """Nothing in what people write is meant for the terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


def _say(report: dict[str, Any], said: str, as_json: bool) -> None:
    print(json.dumps(report) if as_json else said)


def _say_how_to_see_texts(console: Console, is_something: bool, texts: bool) -> None:
    if is_something and not texts:
        console.print(Text("The questions themselves are shown with --texts.", style="dim"))

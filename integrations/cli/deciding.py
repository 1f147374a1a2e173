"""The decisions of operators on the command line: each says what holds now."""

import getpass
import json
from pathlib import Path

from assistant.settings import load_settings
from knowledge.decisions import Decisions


def run_relabel(document: str, audience: str, who: str | None, data: Path | None, as_json: bool) -> None:
    _decisions(data).relabel(_by(who), document, audience)
    _say(document, f"is for {audience} now, in every version", as_json)


def run_date(
    document: str, version: int | None, dates: dict[str, str | None], who: str | None, data: Path | None, as_json: bool
) -> None:
    given = {name: (None if day == "none" else day) for name, day in dates.items() if day is not None}
    _decisions(data).date(_by(who), document, version, **given)
    said = ", ".join(f"{name.replace('_', ' ')} {day or 'cleared'}" for name, day in given.items())
    _say(document, f"is dated: {said}", as_json)


def run_supersede(
    document: str, successor: str, since: str | None, who: str | None, data: Path | None, as_json: bool
) -> None:
    _decisions(data).supersede(_by(who), document, successor, since)
    _say(document, f"has its place taken by {successor}", as_json)


def run_withdraw(document: str, reason: str, who: str | None, data: Path | None, as_json: bool) -> None:
    _decisions(data).withdraw(_by(who), document, reason)
    _say(document, "is withdrawn: nobody sees it from the next question on", as_json)


def run_reinstate(document: str, reason: str, who: str | None, data: Path | None, as_json: bool) -> None:
    _decisions(data).reinstate(_by(who), document, reason)
    _say(document, "is back", as_json)


def _decisions(data: Path | None) -> Decisions:
    settings = load_settings()
    return Decisions(data or settings.data, settings.chroma_url)


def _by(who: str | None) -> str:
    return who or getpass.getuser()


def _say(document: str, what: str, as_json: bool) -> None:
    print(json.dumps({"document": document, "done": what}, ensure_ascii=False) if as_json else f"{document} {what}.")

"""``migdesk conversations backup`` and ``restore``, and what whoever keeps a copy has to know."""

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from assistant.conversations.copying import Copied, restore
from assistant.settings import load_settings
from integrations.accounts.tables import states
from integrations.cli.remembering import opened
from integrations.slack.tables import TRANSIENT

_TRANSIENT = (*TRANSIENT, states.name)


def run_backup(file: Path, texts: bool, data: Path | None, as_json: bool) -> None:
    keep_days = load_settings().keep_days
    with opened(data) as conversations:
        copied = conversations.back_up(file, texts=texts, transient=_TRANSIENT)
    if as_json:
        return _print_json(copied)
    held = f"{_questions(copied)} and accounts" if texts else "accounts, no question"
    print(f"{copied.file}: {held} · {copied.size / 2**10:.0f} KB · as of {copied.made_at.isoformat()} · looked through")
    print("It lets in whoever was let in then. Keep it as safe as the desk itself.")
    if texts:
        last = (copied.made_at + timedelta(days=keep_days)).date()
        print(
            f"What people erase from now on, and texts that grow older than {keep_days} days, stay in it: put the next "
            f"backup in its place, and delete it by {last} at the latest. --no-texts leaves them out."
        )


def run_restore(file: Path, data: Path | None, as_json: bool) -> None:
    settings = load_settings()
    address = settings.database_url.get_secret_value() if settings.database_url else None
    copied = restore(file, data or settings.data, address, settings.keep_days)
    if as_json:
        return _print_json(copied)
    when = copied.made_at.isoformat()
    print(f"restored: {_questions(copied)} and accounts, as of {when} · {copied.file}")
    if copied.erased:
        print(f"older than {settings.keep_days} days and erased: {copied.erased}")
    print(
        "What was taken away after that moment is there again: look through `migdesk accounts list` for people, links "
        "and keys, and run `migdesk conversations forget PERSON` for whoever had their questions erased since."
    )


def _questions(copied: Copied) -> str:
    return "1 question with its answer," if copied.questions == 1 else f"{copied.questions} questions with answers,"


def _print_json(copied: Copied) -> None:
    print(json.dumps({**asdict(copied), "made_at": copied.made_at.isoformat()}, ensure_ascii=False))

"""How ``migdesk accounts`` shows who was let in, as JSON and on a terminal. Names were made harmless when they came."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from integrations.accounts.types import SCOPES, Account, AuditEntry, Closed, Delegation, Invitation, Key


def delegation(one: Delegation) -> dict[str, Any]:
    return {"slug": one.slug, "name": one.name, "created_at": _iso(one.created_at), "closed_at": _iso(one.closed_at)}


def account(one: Account) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "audience": one.audience,
        "is_operator": one.is_operator,
        "created_at": _iso(one.created_at),
        "last_seen_at": _iso(one.last_seen_at),
        "disabled_at": _iso(one.disabled_at),
    }


def invitation(one: Invitation) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "audience": one.audience,
        "is_operator": one.is_operator,
        "by": one.by,
        "created_at": _iso(one.created_at),
        "expires_at": _iso(one.expires_at),
        "account_id": one.account_id,
    }


def key(one: Key) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "audience": one.audience,
        "scopes": _scopes(one),
        "by": one.by,
        "created_at": _iso(one.created_at),
        "expires_at": _iso(one.expires_at),
        "revoked_at": _iso(one.revoked_at),
        "last_used_at": _iso(one.last_used_at),
    }


def entry(one: AuditEntry) -> dict[str, Any]:
    return {"at": _iso(one.at), "by": one.by, "action": one.action, "about": one.about, "digest": one.digest}


def day(moment: datetime) -> str:
    return moment.date().isoformat()


def print_delegations(found: Sequence[Delegation]) -> None:
    lines = (
        (one.slug, [one.name, f"closed {day(one.closed_at)}" if one.closed_at is not None else ""]) for one in found
    )
    _print(lines, _counted(len(found), "delegation"))


def print_accounts(people: Sequence[Account], unused: Sequence[Invitation], closed: Closed | None) -> None:
    now = datetime.now(UTC)
    lines = [(one.id, [one.name, *_rights(one), _state(one)]) for one in people]
    lines += [
        (
            one.id,
            [one.name, *_rights(one), f"link {'ended' if one.expires_at <= now else 'until'} {day(one.expires_at)}"],
        )
        for one in unused
    ]
    _print(lines, f"{_counted(len(people), 'account')}, {_counted(len(unused), 'unused link')}")
    if closed is not None:
        Console(highlight=False, soft_wrap=True).print(Text(f"The desk is closed: {closed.reason}", style="yellow"))


def print_keys(found: Sequence[Key]) -> None:
    lines = ((one.id, [one.name, one.audience, " ".join(_scopes(one)), _use(one)]) for one in found)
    _print(lines, _counted(len(found), "key"))


def print_audit(found: Sequence[AuditEntry], holds: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        when = one.at.isoformat(" ", timespec="seconds").removesuffix("+00:00")
        console.print(Text.assemble((when, "dim"), f" {one.by} ", (one.action, "bold"), f" {one.about}"))
    if holds:
        newest = f" The newest digest is {found[0].digest}." if found else ""
        console.print(Text(f"The record is whole.{newest}", style="dim"))
    else:
        said = "The record was changed by hand: entries are missing or altered. Compare it with a backup."
        console.print(Text(said, style="red"))


def _print(lines: Iterable[tuple[str, list[str]]], total: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for identifier, parts in lines:
        console.print(Text.assemble((identifier, "cyan"), "  ", " · ".join(filter(None, parts))))
    console.print(Text(total, style="dim"))


def _rights(one: Account | Invitation) -> list[str]:
    return [one.audience, "operator" if one.is_operator else ""]


def _state(one: Account) -> str:
    if one.disabled_at is not None:
        return f"disabled {day(one.disabled_at)}"
    return f"last seen {day(one.last_seen_at)}" if one.last_seen_at is not None else "never seen"


def _use(one: Key) -> str:
    if one.revoked_at is not None:
        return f"revoked {day(one.revoked_at)}"
    used = f"last used {day(one.last_used_at)}" if one.last_used_at is not None else "never used"
    if one.expires_at is None:
        return used
    return f"{used}, {'ended' if one.expires_at <= datetime.now(UTC) else 'until'} {day(one.expires_at)}"


def _scopes(one: Key) -> list[str]:
    return [scope for scope in SCOPES if scope in one.scopes]


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None

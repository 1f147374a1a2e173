"""What ``migdesk accounts`` does. A secret is printed once, when it is made, and by nothing else."""

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import typer

from assistant.conversations.store import Conversations, open_conversations
from assistant.errors import InvalidQuestion
from assistant.settings import load_settings
from integrations.accounts.errors import AccountsError, AuditDamaged
from integrations.accounts.store import Accounts, open_accounts
from integrations.accounts.types import STAFF, Account, Delegation, Invitation, Scope, audience_of
from integrations.cli import accounts_view as view
from integrations.settings import load_server_settings


def run_add_delegation(slug: str, name: str, data: Path | None, as_json: bool) -> None:
    with _opened(data, create=True) as (accounts, _):
        made = accounts.add_delegation(slug, name, _me())
    said = f"Delegation {made.slug} added. `migdesk accounts invite --delegation {made.slug} NAME` lets somebody in."
    _say(view.delegation(made), said, as_json)


def run_list_delegations(data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        found = accounts.delegations()
    if as_json:
        _print_json({"delegations": [view.delegation(one) for one in found]})
    else:
        view.print_delegations(found)


def run_close_delegation(slug: str, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        closed = accounts.close_delegation(slug, _me())
    _say(view.delegation(closed), f"Delegation {closed.slug} is closed: its members and keys are not let in.", as_json)


def run_reopen_delegation(slug: str, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        opened: Delegation = accounts.reopen_delegation(slug, _me())
    _say(view.delegation(opened), f"Delegation {opened.slug} is open.", as_json)


def run_invite(
    name: str, delegation: str | None, staff: bool, operator: bool, days: int, data: Path | None, as_json: bool
) -> None:
    audience = _audience(delegation, staff, operator)
    with _opened(data, create=True) as (accounts, _):
        _say_link(*accounts.invite(audience, name, _me(), is_operator=operator, days=days), as_json)


def run_link(account_id: str, days: int, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        _say_link(*accounts.invite_again(account_id, _me(), days=days), as_json)


def run_withdraw(invitation_id: str, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        if not accounts.withdraw_invitation(invitation_id, _me()):
            raise InvalidQuestion("There is no open link of this id. `migdesk accounts list` shows them.")
    _say({"withdrawn": invitation_id}, "The link is good for nothing any more.", as_json)


def run_list(data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        people, invitations, closed = accounts.accounts(), accounts.invitations(), accounts.closed()
    unused = [one for one in invitations if one.used_at is None]
    if as_json:
        report = {
            "accounts": [view.account(one) for one in people],
            "invitations": [view.invitation(one) for one in unused],
            "closed": closed.reason if closed is not None else None,
        }
        _print_json(report)
    else:
        view.print_accounts(people, unused, closed)


def run_rights(
    account_id: str, delegation: str | None, staff: bool, operator: bool, data: Path | None, as_json: bool
) -> None:
    audience = _audience(delegation, staff, operator)
    with _opened(data) as (accounts, _):
        changed = accounts.change_rights(account_id, _me(), audience=audience, is_operator=operator)
    as_what = f"{changed.audience}, as an operator" if changed.is_operator else changed.audience
    _say(view.account(changed), f"{changed.name} reads as {as_what} from now on.", as_json)


def run_disable(account_id: str, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        disabled = accounts.disable(account_id, _me())
    _say(view.account(disabled), f"{disabled.name} is signed out and kept out.", as_json)


def run_enable(account_id: str, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        enabled: Account = accounts.enable(account_id, _me())
    said = f"{enabled.name} may sign in again. `migdesk accounts link {enabled.id}` makes a link."
    _say(view.account(enabled), said, as_json)


def run_remove(account_id: str, yes: bool, data: Path | None, as_json: bool) -> int:
    """The exit code: 1 where the erasure was not confirmed."""
    with _opened(data) as (accounts, conversations):
        gone = accounts.account(account_id)
        if gone is None:
            raise InvalidQuestion("There is no account of this id. `migdesk accounts list` shows them.")
        if not (yes or _is_confirmed(gone, as_json)):
            _say({"removed": None, "erased": 0}, "Nothing was erased. Run it again with --yes.", as_json)
            return 1
        accounts.remove(gone.id, _me())
        erased = conversations.forget(gone.person)
    said = f"{gone.name} is removed. Records of what they asked erased: {erased}."
    _say({"removed": gone.id, "erased": erased}, said, as_json)
    return 0


def run_make_key(
    name: str, audience: str, scopes: list[str], days: int | None, data: Path | None, as_json: bool
) -> None:
    with _opened(data, create=True) as (accounts, _):
        # What is no scope is refused there, with the names of those there are.
        key, secret = accounts.make_key(name, audience, cast(list[Scope], scopes), _me(), days=days)
    if as_json:
        _print_json({"key": view.key(key), "secret": secret})
        return
    print(f"The key {key.name} reads as {key.audience}. Send it as `Authorization: Bearer`. It is shown only now:")
    print(secret)


def run_list_keys(data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        found = accounts.keys()
    if as_json:
        _print_json({"keys": [view.key(one) for one in found]})
    else:
        view.print_keys(found)


def run_revoke_key(key_id: str, data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        if not accounts.revoke_key(key_id, _me()):
            raise InvalidQuestion("There is no key of this id that is good. `migdesk accounts key list` shows them.")
    _say({"revoked": key_id}, "The key is good for nothing any more.", as_json)


def run_audit(limit: int, data: Path | None, as_json: bool) -> int:
    """The exit code: 1 where the record was changed."""
    with _opened(data) as (accounts, _):
        found, holds = accounts.audited(limit), accounts.check_audit()
    if as_json:
        _print_json({"holds": holds, "entries": [view.entry(one) for one in found]})
    else:
        view.print_audit(found, holds)
    return 0 if holds else 1


def run_close(reason: str, data: Path | None, as_json: bool) -> None:
    with _opened(data, create=True) as (accounts, _):
        closed = accounts.close_desk(reason, _me())
    said = f"The desk is closed. Readers see: {closed.reason}"
    _say({"closed": closed.reason}, said, as_json)


def run_open(data: Path | None, as_json: bool) -> None:
    with _opened(data) as (accounts, _):
        was_closed = accounts.open_desk(_me())
    _say({"closed": None}, "The desk is open again." if was_closed else "The desk was open already.", as_json)


@contextmanager
def _opened(data: Path | None, *, create: bool = False) -> Iterator[tuple[Accounts, Conversations]]:
    """Raises InvalidQuestion for what cannot be done: it is for whoever typed the command to mend."""
    settings = load_settings()
    address = settings.database_url.get_secret_value() if settings.database_url else None
    conversations = open_conversations(data or settings.data, address, settings.keep_days, create=create)
    try:
        yield open_accounts(conversations.engine), conversations
    except AuditDamaged:
        raise
    except AccountsError as error:
        raise InvalidQuestion(str(error)) from error
    finally:
        conversations.close()


def _audience(delegation: str | None, staff: bool, operator: bool) -> str:
    if (delegation is None) is not staff:
        raise InvalidQuestion("Say into what: --delegation SHORT_NAME, or --staff.")
    if operator and not staff:
        raise InvalidQuestion("Only staff can be operators: use --staff --operator.")
    return STAFF if delegation is None else audience_of(delegation)


def _me() -> str:
    """Who sits at the terminal, as the machine knows them."""
    try:
        return f"terminal:{getpass.getuser()}"
    except (KeyError, OSError):
        return "terminal"


def _say_link(invitation: Invitation, secret: str, as_json: bool) -> None:
    path = f"/invitation/{secret}"
    public = load_server_settings().public_url
    address = f"{public.rstrip('/')}{path}" if public is not None else None
    if as_json:
        _print_json({"invitation": view.invitation(invitation), "path": path, "url": address})
        return
    print(f"{invitation.name} can sign in with this link, once, until {view.day(invitation.expires_at)}:")
    print(address or path)
    print("It is shown only now. Send it where nobody else reads it.")
    if address is None:
        print("Put the address of the desk before it, or set MIGDESK_PUBLIC_URL.")


def _is_confirmed(account: Account, as_json: bool) -> bool:
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(f"Erase the account of {account.name} and everything they asked, for good?", err=True)


def _say(report: dict[str, Any], said: str, as_json: bool) -> None:
    if as_json:
        _print_json(report)
    else:
        print(said)


def _print_json(report: dict[str, Any]) -> None:
    print(json.dumps(report, ensure_ascii=False, indent=2))

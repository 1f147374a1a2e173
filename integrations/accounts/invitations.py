"""Invitations: a link that lets one person in, once. Also how somebody who is known signs in again."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from integrations.accounts import audit, people, sessions, tables
from integrations.accounts.labels import days_from, name_from, who
from integrations.accounts.secrets import digest_of, new_id, new_secret
from integrations.accounts.standing import (
    account_in_force,
    is_open,
    known_account,
    may_act,
    require_in_force,
    require_operator,
)
from integrations.accounts.types import Account, Invitation, is_id

DAYS = 7
MOST_DAYS = 90
# How long a link that was never used is still listed after its end.
_LISTED_AFTER = timedelta(days=30)
_table = tables.invitations


def invite(
    connection: Connection, now: datetime, audience: str, name: str, by: str, *, is_operator: bool, days: int
) -> tuple[Invitation, str]:
    """Somebody new."""
    require_operator(connection, by)
    audience = people.audience_from(connection, audience, is_operator=is_operator)
    until = now + days_from(days, MOST_DAYS)
    made = Invitation(new_id(), audience, name_from(name), is_operator, now, until, None, who(by))
    return made, _keep(connection, now, made, "invitation.made")


def invite_again(connection: Connection, now: datetime, account_id: str, by: str, days: int) -> tuple[Invitation, str]:
    """Somebody who is known; earlier links of theirs are good no longer."""
    require_operator(connection, by)
    known = known_account(connection, account_id)
    require_in_force(connection, known)
    until = now + days_from(days, MOST_DAYS)
    people.drop_open_links(connection, known.id)
    made = Invitation(
        new_id(), known.audience, known.name, known.is_operator, now, until, None, who(by), account_id=known.id
    )
    return made, _keep(connection, now, made, "invitation.made-again")


def every(connection: Connection) -> list[Invitation]:
    """Newest first, used ones and such as came to their end lately among them."""
    rows = connection.execute(select(_table).order_by(_table.c.created_at.desc(), _table.c.id))
    return [_invitation_from(row) for row in rows]


def withdraw(connection: Connection, now: datetime, identifier: str, by: str) -> bool:
    """False where it is not there, or was used."""
    open_one = (_table.c.id == identifier, _table.c.used_at.is_(None))
    if not is_id(identifier) or not connection.execute(delete(_table).where(*open_one)).rowcount:
        return False
    audit.append(connection, now, by, "invitation.withdrawn", f"invitation:{identifier}")
    return True


def usable(connection: Connection, now: datetime, secret: str) -> Invitation | None:
    """The invitation, where accepting it would let somebody in now."""
    digest = digest_of("inv", secret)
    if digest is None:
        return None
    good = (_table.c.digest == digest, _table.c.used_at.is_(None), _table.c.expires_at > now)
    row = connection.execute(select(_table).where(*good)).first()
    if row is None or not may_act(connection, row.by, as_operator=True):
        return None
    if row.account_id is not None:
        is_good = account_in_force(connection, row.account_id) is not None
    else:
        is_good = is_open(connection, row.audience)
    return _invitation_from(row) if is_good else None


def accept(connection: Connection, now: datetime, secret: str) -> tuple[Account, str] | None:
    """Uses it up: the account, made where there was none, and the secret of a new session."""
    invitation = usable(connection, now, secret)
    if invitation is None:
        return None
    this = update(_table).where(_table.c.id == invitation.id)
    if not connection.execute(this.where(_table.c.used_at.is_(None)).values(used_at=now)).rowcount:
        return None
    account = _account_of(connection, now, invitation)
    connection.execute(this.values(account_id=account.id))
    audit.append(connection, now, account.person, "invitation.accepted", f"invitation:{invitation.id}")
    return account, sessions.start(connection, now, account.id, sessions.DAYS)


def _account_of(connection: Connection, now: datetime, invitation: Invitation) -> Account:
    if invitation.account_id is not None:
        return known_account(connection, invitation.account_id)
    return people.make(
        connection, now, name=invitation.name, audience=invitation.audience, is_operator=invitation.is_operator
    )


def _keep(connection: Connection, now: datetime, made: Invitation, action: str) -> str:
    secret, digest = new_secret("inv")
    connection.execute(delete(_table).where(_table.c.used_at.is_(None), _table.c.expires_at < now - _LISTED_AFTER))
    connection.execute(
        insert(_table).values(
            id=made.id,
            digest=digest,
            audience=made.audience,
            name=made.name,
            is_operator=made.is_operator,
            created_at=made.created_at,
            expires_at=made.expires_at,
            by=made.by,
            account_id=made.account_id,
        )
    )
    whom = f" web:{made.account_id}" if made.account_id else ""
    rights = f"{made.audience}{' operator' if made.is_operator else ''}"
    audit.append(connection, now, made.by, action, f"invitation:{made.id}{whom} {rights}")
    return secret


def _invitation_from(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        audience=row.audience,
        name=row.name,
        is_operator=row.is_operator,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        by=row.by,
        account_id=row.account_id,
    )

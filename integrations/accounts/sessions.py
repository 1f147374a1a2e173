"""Sessions: what a browser shows after signing in. Good until they end, and while the account may be used."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, update

from integrations.accounts import audit, tables
from integrations.accounts.labels import days_from
from integrations.accounts.secrets import digest_of, new_secret
from integrations.accounts.standing import account_from, accounts_in_force, known_account, require_in_force
from integrations.accounts.types import Account

DAYS = 14
MOST_DAYS = 90
# Reading must not be a write at each request.
SEEN_EVERY = timedelta(hours=1)
_table, _accounts = tables.sessions, tables.accounts


def start(connection: Connection, now: datetime, account_id: str, days: int) -> str:
    """The secret. Raises UnknownAccount, AccountDisabled and DelegationClosed."""
    lasting = days_from(days, MOST_DAYS)
    account = known_account(connection, account_id)
    require_in_force(connection, account)
    secret, digest = new_secret("ses")
    connection.execute(delete(_table).where(_table.c.expires_at <= now))
    connection.execute(
        insert(_table).values(digest=digest, account_id=account.id, created_at=now, expires_at=now + lasting)
    )
    audit.append(connection, now, account.person, "session.started")
    return secret


def holder(connection: Connection, now: datetime, secret: str) -> Account | None:
    """Whose it is, where it is good now."""
    digest = digest_of("ses", secret)
    if digest is None:
        return None
    mine = accounts_in_force().join(_table, _table.c.account_id == _accounts.c.id)
    row = connection.execute(mine.where(_table.c.digest == digest, _table.c.expires_at > now)).first()
    return account_from(row) if row is not None else None


def is_worth_noting(last: datetime | None, now: datetime) -> bool:
    return last is None or last <= now - SEEN_EVERY


def note_seen(connection: Connection, now: datetime, account_id: str) -> None:
    c = _accounts.c
    not_lately = or_(c.last_seen_at.is_(None), c.last_seen_at <= now - SEEN_EVERY)
    connection.execute(update(_accounts).where(c.id == account_id, not_lately).values(last_seen_at=now))


def end(connection: Connection, secret: str) -> bool:
    digest = digest_of("ses", secret)
    return digest is not None and connection.execute(delete(_table).where(_table.c.digest == digest)).rowcount == 1


def end_all(connection: Connection, now: datetime, account_id: str, by: str) -> int:
    """Raises UnknownAccount."""
    account = known_account(connection, account_id)
    ended = connection.execute(delete(_table).where(_table.c.account_id == account.id)).rowcount
    audit.append(connection, now, by, "sessions.ended", account.person)
    return ended

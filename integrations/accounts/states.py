"""What must be known again when somebody comes back from elsewhere, such as the provider that signs them in: for one
use, within minutes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from integrations.accounts import tables
from integrations.accounts.secrets import digest_of, new_secret

LASTING = timedelta(minutes=10)
_table = tables.states


def put(connection: Connection, now: datetime, purpose: str, payload: Mapping[str, str]) -> str:
    """The secret by which it is found again, for the same purpose only."""
    secret, digest = new_secret("sta")
    connection.execute(delete(_table).where(_table.c.expires_at <= now))
    values = {"digest": _bound(purpose, digest), "payload": json.dumps(dict(payload)), "expires_at": now + LASTING}
    connection.execute(insert(_table).values(values))
    return secret


def take(connection: Connection, now: datetime, purpose: str, secret: str) -> dict[str, str] | None:
    """Uses it up."""
    digest = digest_of("sta", secret)
    if digest is None:
        return None
    taking = delete(_table).where(_table.c.digest == _bound(purpose, digest))
    row = connection.execute(taking.returning(_table.c.payload, _table.c.expires_at)).first()
    if row is None or row.expires_at <= now:
        return None
    payload: dict[str, str] = json.loads(row.payload)
    return payload


def _bound(purpose: str, digest: str) -> str:
    return hashlib.sha256(f"{purpose} {digest}".encode()).hexdigest()

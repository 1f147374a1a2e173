"""The workspaces that have installed the desk by OAuth: their bot tokens, encrypted at rest, and the states of
installations under way, each good for one use."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, delete, insert, select

from integrations.slack import tables
from integrations.slack.errors import NotInstalled

STATE_SECONDS = 600.0
_installed, _states = tables.installed, tables.states


@dataclass(frozen=True, slots=True)
class Installation:
    """``team`` is a workspace's id, or an organisation's where the desk is installed in all of it."""

    team: str
    name: str
    scopes: tuple[str, ...]


class Installations:
    """Blocking. ``key`` is a Fernet key; without it the tokens cannot be read."""

    def __init__(self, engine: Engine, key: str, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock, self._box = engine, clock, Fernet(key)
        tables.make_tables(engine)

    def save(self, installation: Installation, token: str) -> None:
        """In place of what the workspace had before."""
        values = {
            "team": installation.team,
            "name": installation.name,
            "token": self._box.encrypt(token.encode()).decode(),
            "scopes": ",".join(installation.scopes),
            "installed": self._clock(),
        }
        with self._engine.begin() as connection:
            connection.execute(delete(_installed).where(_installed.c.team == installation.team))
            connection.execute(insert(_installed).values(values))

    def token(self, team_id: str | None, enterprise_id: str | None) -> str | None:
        """The bot token of the workspace, else of its organisation. Raises NotInstalled where the key is another than
        that it was kept with."""
        with self._engine.connect() as connection:
            for team in (team_id, enterprise_id):
                kept = connection.execute(select(_installed.c.token).where(_installed.c.team == team)).scalar()
                if team and kept is not None:
                    return self._opened(str(kept))
        return None

    def remove(self, team_id: str | None, enterprise_id: str | None) -> None:
        """The workspace's, or where none is named its organisation's."""
        with self._engine.begin() as connection:
            connection.execute(delete(_installed).where(_installed.c.team == (team_id or enterprise_id or "")))

    def all(self) -> list[Installation]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(_installed).order_by(_installed.c.team))
            return [Installation(row.team, row.name, tuple(filter(None, row.scopes.split(",")))) for row in rows]

    def new_state(self) -> str:
        """For one installation, within ten minutes. Only its digest is kept."""
        state = secrets.token_urlsafe(32)
        with self._engine.begin() as connection:
            connection.execute(delete(_states).where(_states.c.until < self._clock()))
            connection.execute(insert(_states).values(digest=_digest(state), until=self._clock() + STATE_SECONDS))
        return state

    def use_state(self, state: str) -> bool:
        """Whether it was given out, in time, and not used before; it is used now."""
        with self._engine.begin() as connection:
            used = delete(_states).where(_states.c.digest == _digest(state)).returning(_states.c.until)
            until = connection.execute(used).scalar()
        return until is not None and float(until) >= self._clock()

    def _opened(self, kept: str) -> str:
        try:
            return self._box.decrypt(kept.encode()).decode()
        except InvalidToken:
            raise NotInstalled(
                "A token was kept with another MIGDESK_SLACK_ENCRYPTION_KEY. Set that key again, or install the app "
                "anew."
            ) from None


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()

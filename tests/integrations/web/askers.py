"""Everybody who may come to the desk, with what a browser or a program of theirs sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.conversations.store import open_conversations
from assistant.desk import Desk
from integrations.accounts.store import Accounts
from integrations.accounts.types import Account, Scope
from integrations.server import create_app
from integrations.settings import ServerSettings
from integrations.web.entry.provider import Provider
from integrations.web.identity import SESSION_COOKIE, VISITOR_COOKIE
from tests.integrations.servers import serving, unhurried

TERMINAL = "terminal"
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class House:
    """A running desk with its accounts."""

    address: str
    accounts: Accounts

    def signed_in(self, audience: str = "staff", name: str = "Asha", *, is_operator: bool = False) -> Headers:
        """What the browser of somebody new sends."""
        return with_session(
            self.accounts.open_session(self.account(audience, name, is_operator=is_operator).id), self.address
        )

    def account(self, audience: str = "staff", name: str = "Asha", *, is_operator: bool = False) -> Account:
        return account(self.accounts, audience, name, is_operator=is_operator)

    def program(self, audience: str = "public", *scopes: Scope) -> Headers:
        _, secret = self.accounts.make_key("A program", audience, scopes or ("ask", "read"), TERMINAL)
        return with_key(secret)


@contextmanager
def open_house(desk: Desk, settings: ServerSettings | None = None, provider: Provider | None = None) -> Iterator[House]:
    """A desk with a memory of its own that is gone after it; closes ``desk``."""
    with TemporaryDirectory() as folder:
        conversations = open_conversations(Path(folder))
        application = create_app(desk, settings or unhurried(), conversations, provider=provider)
        with serving(application) as address:
            yield House(address, application.state.accounts)


def account(accounts: Accounts, audience: str, name: str = "Asha", *, is_operator: bool = False) -> Account:
    """Somebody new, of a delegation that is made where it is missing."""
    slug = audience.partition(":")[2]
    if slug and slug not in {delegation.slug for delegation in accounts.delegations()}:
        accounts.add_delegation(slug, f"Delegation of {slug.title()}", TERMINAL)
    accepted = accounts.accept(accounts.invite(audience, name, TERMINAL, is_operator=is_operator)[1])
    assert accepted is not None
    return accepted[0]


def with_session(secret: str, site: str) -> Headers:
    """A client of ours sends no Secure cookie over plain HTTP by itself. A form of the page carries its origin."""
    return {"Cookie": f"{SESSION_COOKIE}={secret}", "Origin": site}


def with_visit(token: str, site: str) -> Headers:
    return {"Cookie": f"{VISITOR_COOKIE}={token}", "Origin": site}


def with_key(secret: str) -> Headers:
    return {"Authorization": f"Bearer {secret}"}

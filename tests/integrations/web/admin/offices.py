"""A served desk with an operator, visitors and members of delegations, each with a client of their own."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.conversations.store import Conversations, open_conversations
from assistant.desk import Desk
from integrations.accounts.store import Accounts, open_accounts
from integrations.accounts.types import Account
from integrations.operators.store import Operators, open_operators
from integrations.server import create_app
from knowledge.catalogue import Catalogue
from tests.integrations.servers import serving, unhurried

# What a browser says of a form that our own page sends.
OUR_OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a browser, signed in or not."""

    address: str
    headers: dict[str, str]
    person: str
    account: Account | None = None

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**OUR_OWN, **self.headers}
        # Nothing is encrypted here, and reading the list of authorities takes longer than any answer.
        return httpx.request(method, f"{self.address}{path}", headers=headers, timeout=60, verify=False, **more)

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """A form."""
        return self.post(path, data=fields)

    def page(self, path: str) -> LexborHTMLParser:
        response = self.get(path)
        assert response.status_code == 200, response.text[:500]
        return LexborHTMLParser(response.text)

    def press(self, button: LexborNode, **fields: str) -> httpx.Response:
        """Sends the form that a button belongs to, with what is written in it already."""
        form: LexborNode | None = button
        while form is not None and form.tag != "form":
            form = form.parent
        assert form is not None, "the button stands in no form"
        written = {
            str(field.attributes["name"]): str(field.attributes.get("value") or field.text())
            for field in form.css("input[name], textarea[name]")
            if field.attributes.get("type") not in ("checkbox", "file")
        }
        return self.post(str(form.attributes["action"]), data={**written, **fields})

    def asks(self, question: str, conversation: str | None = None) -> dict[str, Any]:
        body = {"question": question, **({"conversation": conversation} if conversation else {})}
        response = self.post("/api/v1/ask", json=body)
        assert response.status_code == 200, response.text
        told: dict[str, Any] = response.json()
        return told

    def turns(self, conversation: str) -> list[dict[str, Any]]:
        response = self.get(f"/api/v1/conversations/{conversation}")
        assert response.status_code == 200, response.text
        turns: list[dict[str, Any]] = response.json()["turns"]
        return turns


@dataclass(frozen=True, slots=True)
class Office:
    address: str
    data: Path
    conversations: Conversations
    accounts: Accounts
    operators: Operators

    def operator(self) -> Person:
        return self.signed_in(self.account("Mira Petrović", "staff", is_operator=True))

    def member(self, audience: str, name: str = "Sita Gurung") -> Person:
        return self.signed_in(self.account(name, audience))

    def account(self, name: str, audience: str, *, is_operator: bool = False) -> Account:
        _, secret = self.accounts.invite(audience, name, "terminal", is_operator=is_operator)
        accepted = self.accounts.accept(secret)
        assert accepted is not None
        return accepted[0]

    def signed_in(self, account: Account) -> Person:
        secret = self.accounts.open_session(account.id)
        return Person(self.address, {"Cookie": f"__Host-session={secret}"}, account.person, account)

    def visitor(self) -> Person:
        token = secrets.token_urlsafe(32)
        person = f"visitor:{hashlib.sha256(token.encode()).hexdigest()[:32]}"
        return Person(self.address, {"Cookie": f"__Host-visitor={token}"}, person)

    def program(self, secret: str) -> Person:
        return Person(self.address, {"Authorization": f"Bearer {secret}"}, "")

    def is_settled(self) -> bool:
        """Whether every question under watch has been asked of the documents as they are now, and none is under way."""
        tomorrow = open_operators(self.conversations.engine, lambda: datetime.now(UTC) + timedelta(days=1))
        catalogue = Catalogue(self.data)
        try:
            return not tomorrow.watches.due(catalogue.revision)
        finally:
            catalogue.close()

    def nobody(self) -> Person:
        return Person(self.address, {}, "")


@contextmanager
def opened(desk: Desk, data: Path, memory: Path) -> Iterator[Office]:
    """An office on this desk, whose documents are in ``data``; the server closes the desk."""
    conversations = open_conversations(memory)
    # The server closes its own.
    with serving(create_app(desk, unhurried(), open_conversations(memory))) as address:
        accounts = open_accounts(conversations.engine)
        yield Office(address, data, conversations, accounts, open_operators(conversations.engine))
    conversations.close()


def only(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """The first of what is selected, which is there."""
    node = page.css_first(selector)
    assert node is not None, f"nothing is {selector}"
    return node


def words(node: LexborNode | LexborHTMLParser | None) -> str:
    assert node is not None
    return " ".join(node.text(separator=" ").split())


def button(page: LexborHTMLParser, label: str, within: str = "main") -> LexborNode:
    """The first button that says this."""
    found = [one for one in page.css(f"{within} button") if words(one).startswith(label)]
    assert found, f"no button says {label!r}: {[words(one) for one in page.css('button')]}"
    return found[0]


def told(person: Person, response: httpx.Response) -> str:
    """What an action came to, on the page that it leads to."""
    if response.status_code == 303:
        response = person.get(response.headers["location"])
    notices = LexborHTMLParser(response.text).css(".admin > .notice[role]")
    assert notices, response.text[:600]
    return words(notices[0])

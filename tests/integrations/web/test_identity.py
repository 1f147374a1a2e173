"""Who asks is read in one place, at every request, from what a browser or a program shows; and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.conversations.store import open_conversations
from integrations.accounts.store import open_accounts
from integrations.server import create_app
from integrations.web.identity import SESSION_COOKIE, VISITOR_COOKIE
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.askers import TERMINAL, Headers, House, open_house, with_key, with_session, with_visit


@pytest.fixture(scope="module")
def house(small_base: Path, desk_on: DeskOn) -> Iterator[House]:
    """One that asks everybody to sign in."""
    with open_house(desk_on(small_base), unhurried(public=False)) as opened:
        yield opened


@pytest.fixture(scope="module")
def public_house(small_base: Path, desk_on: DeskOn) -> Iterator[House]:
    with open_house(desk_on(small_base)) as opened:
        yield opened


def me(house: House, headers: Headers) -> httpx.Response:
    return httpx.get(f"{house.address}/api/v1/me", headers=headers)


def test_each_kind_reads_with_its_own_rights(house: House) -> None:
    seen = {
        "delegate": me(house, house.signed_in("partner:nepal", "Asha")).json(),
        "operator": me(house, house.signed_in("staff", "Mira", is_operator=True)).json(),
        "program": me(house, house.program("partner:nepal", "read")).json(),
    }
    assert [(who["signed_in"], who["audience"], who["is_operator"]) for who in seen.values()] == [
        (True, "partner:nepal", False),
        (True, "staff", True),
        (False, "partner:nepal", False),
    ]
    assert seen["delegate"]["name"] == "Asha"


def test_without_public_mode_a_program_is_told_to_sign_in_and_a_reader_is_led_there_and_back(house: House) -> None:
    for headers in ({}, with_visit("v" * 43, house.address)):
        refused = me(house, headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "sign_in")
        assert refused.headers["www-authenticate"] == "Bearer"
        led = httpx.get(f"{house.address}/library?q=a b&lang=sr", headers=headers)
        assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=/library%3Fq%3Da%2520b%26lang%3Dsr")
    assert httpx.get(f"{house.address}/").headers["location"] == "/sign-in"
    assert httpx.get(f"{house.address}/openapi.json").status_code == 401, "what doors there are is nobody's business"
    for path in ("/healthz", "/readyz", "/static/style.css", "/sign-in", "/privacy"):
        assert httpx.get(f"{house.address}{path}").status_code == 200


def test_a_visitors_token_is_kept_by_its_digest_only_and_two_visitors_are_two_persons(public_house: House) -> None:
    first = httpx.post(f"{public_house.address}/api/v1/ask", json={"question": "Is Tabanovce open?"}, timeout=30)
    sent = first.headers["set-cookie"]
    token = sent.partition("=")[2].partition(";")[0]
    assert sent.startswith(f"{VISITOR_COOKIE}=")
    for wanted in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert wanted in sent
    assert "Domain" not in sent
    listed = [
        httpx.get(
            f"{public_house.address}/api/v1/conversations", headers=with_visit(shown, public_house.address)
        ).json()
        for shown in (token, "x" * 43, "not a token")
    ]
    assert [len(each) for each in listed] == [1, 0, 0]
    again = httpx.get(f"{public_house.address}/api/v1/me", headers=with_visit(token, public_house.address))
    assert "set-cookie" not in again.headers


def test_what_an_operator_takes_away_is_gone_at_the_next_request(house: House) -> None:
    accounts = house.accounts

    def refused(headers: Headers) -> bool:
        return me(house, headers).status_code == 401

    for take in (
        lambda one: accounts.disable(one.id, TERMINAL),
        lambda one: accounts.remove(one.id, TERMINAL),
        lambda one: accounts.end_sessions(one.id, TERMINAL),
        lambda one: accounts.close_delegation("ghana", TERMINAL),
    ):
        account = house.account("partner:ghana")
        headers = with_session(accounts.open_session(account.id), house.address)
        assert not refused(headers)
        take(account)
        assert refused(headers)
    accounts.reopen_delegation("ghana", TERMINAL)

    key, secret = accounts.make_key("A program", "partner:ghana", ["read"], TERMINAL)
    assert not refused(with_key(secret))
    accounts.close_delegation("ghana", TERMINAL)
    assert refused(with_key(secret))
    accounts.reopen_delegation("ghana", TERMINAL)
    assert not refused(with_key(secret))
    accounts.revoke_key(key.id, TERMINAL)
    assert refused(with_key(secret))


def test_who_is_an_operator_no_more_finds_nothing_where_operators_work(house: House) -> None:
    provided = house.accounts.account_for("https://i", "1", name="Mira", audience="staff", is_operator=True)
    headers = with_session(house.accounts.open_session(provided.id), house.address)
    assert httpx.get(f"{house.address}/admin", headers=headers).status_code == 200
    house.accounts.account_for("https://i", "1", name="Mira", audience="staff", is_operator=False)
    gone, never = (httpx.get(f"{house.address}{path}", headers=headers) for path in ("/admin", "/nimda"))
    assert (gone.status_code, gone.content) == (404, never.content)


def test_sessions_and_keys_come_to_their_end(small_base: Path, desk_on: DeskOn, tmp_path: Path) -> None:
    desk, conversations = desk_on(small_base), open_conversations(tmp_path)
    application = create_app(desk, unhurried(public=False), conversations)
    now = datetime.now(UTC)
    accounts = application.state.accounts = open_accounts(conversations.engine, lambda: now)
    opened = accounts.accept(accounts.invite("staff", "Asha", TERMINAL)[1])
    assert opened is not None
    shown = (with_session(opened[1], ""), with_key(accounts.make_key("A", "staff", ["read"], TERMINAL, days=14)[1]))
    with TestClient(application, base_url="http://desk") as client:
        assert [client.get("/api/v1/me", headers=headers).status_code for headers in shown] == [200, 200]
        now += timedelta(days=14, seconds=1)
        assert [client.get("/api/v1/me", headers=headers).status_code for headers in shown] == [401, 401]
    conversations.close()
    desk.base.close()


def test_a_session_that_has_ended_does_not_become_a_visitor_without_a_word(public_house: House) -> None:
    """They would not know why what is theirs is gone."""
    house = public_house
    account = house.account("partner:nepal")
    secret = house.accounts.open_session(account.id)
    house.accounts.end_session(secret)
    headers = with_session(secret, house.address)
    assert me(house, headers).status_code == 401
    led = httpx.get(f"{house.address}/library", headers=headers)
    assert led.headers["location"] == "/sign-in?next=/library&ended=1"
    told = httpx.get(f"{house.address}{led.headers['location']}", headers=headers)
    assert "Your sign-in has ended" in told.text
    assert told.headers["set-cookie"].startswith(f'{SESSION_COOKIE}="";'), "the next page is a visitor's"


def test_a_key_is_read_from_its_one_header_and_never_beside_a_cookie(public_house: House) -> None:
    house = public_house
    key = house.program("staff")
    secret = key["Authorization"].partition(" ")[2]
    assert me(house, {"Authorization": f"bearer {secret}"}).json()["audience"] == "staff"
    session = house.signed_in("partner:nepal")
    for cookie in (session, with_visit("v" * 43, house.address)):
        both = me(house, {**key, **cookie})
        assert (both.status_code, both.json()["error"]["code"]) == (400, "two_credentials")
    twice = httpx.get(f"{house.address}/api/v1/me", headers=[("Authorization", key["Authorization"])] * 2)
    assert twice.status_code == 400
    # Nowhere else: as whoever shows nothing.
    for headers in ({"X-API-Key": secret}, {"Cookie": f"{SESSION_COOKIE}x={secret}"}, {"Proxy-Authorization": secret}):
        assert me(house, headers).json()["audience"] == "public"
    assert httpx.get(f"{house.address}/api/v1/me?key={secret}&access_token={secret}").json()["audience"] == "public"


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Basic YTpi", "Bearer key_", "Bearer ses_{session}", "key_{key}", "Bearer \xff"]
)
def test_what_is_no_key_is_refused_and_never_taken_for_a_visitor(public_house: House, shown: str) -> None:
    house = public_house
    session = house.accounts.open_session(house.account("staff").id)
    key = house.program("staff")["Authorization"].partition("_")[2]
    filled = shown.format(session=session.removeprefix("ses_"), key=key).encode("latin-1")
    refused = httpx.get(f"{house.address}/api/v1/me", headers=[(b"Authorization", filled)])
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "sign_in")


@pytest.mark.parametrize("shown", ["", "x", "inv_{}", "key_{}", "ses_{}\x80", "ses_" + "a" * 5000])
def test_what_is_no_session_is_refused(public_house: House, shown: str) -> None:
    secret = public_house.accounts.open_session(public_house.account("staff").id)
    cookie = f"{SESSION_COOKIE}={shown.format(secret.removeprefix('ses_'))}".encode("latin-1")
    refused = httpx.get(f"{public_house.address}/api/v1/me", headers=[(b"Cookie", cookie)])
    assert refused.status_code == 401


def test_a_key_for_reading_asks_nothing(house: House) -> None:
    reading = house.program("staff", "read")
    asked = httpx.post(f"{house.address}/api/v1/ask", headers=reading, json={"question": "Who?"})
    assert (asked.status_code, asked.json()["error"]["code"]) == (403, "scope")
    assert httpx.get(f"{house.address}/api/v1/library", headers=reading).status_code == 200
    asking = house.program("staff", "ask")
    asked = httpx.post(f"{house.address}/api/v1/ask", headers=asking, json={"question": "Who?"}, timeout=30)
    assert asked.status_code == 200
    assert "set-cookie" not in asked.headers, "a program keeps no cookie"

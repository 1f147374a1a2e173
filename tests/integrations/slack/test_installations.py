"""Several workspaces: installed by OAuth, tokens encrypted, states used once, staff only in those that are ours."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet

from assistant.conversations.store import Conversations
from assistant.desk import Desk
from integrations.slack.errors import NotInstalled
from integrations.slack.installations import STATE_SECONDS, Installation, Installations
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_QUESTION, STAFF_ANSWER, STAFF_QUESTION
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM, BOT, OTHER_TEAM, TEAM, channel, person

KEY = Fernet.generate_key().decode()
MANY = {
    "bot_token": None,
    "app_token": None,
    "client_id": "1.2",
    "client_secret": "a client secret",
    "encryption_key": KEY,
    "home_teams": [TEAM],
}


@pytest.fixture
async def many(slack: Slack, desk: Desk, conversations: Conversations) -> AsyncIterator[Office]:
    slack.tokens = {}
    async with office_of(slack, desk, conversations, **MANY) as office:
        yield office


async def install(office: Office, team: str, token: str) -> tuple[int, str]:
    """As a browser does it, from the link to the page at the end."""
    office.slack.oauth_codes[f"code-{team}"] = granted(team, token)
    office.slack.tokens[token] = (team, None)
    state, cookie = await begin(office)
    return await come_back(office, f"code-{team}", state, cookie)


def granted(team: str, token: str, **more: Any) -> dict[str, Any]:
    return {
        "access_token": token,
        "token_type": "bot",
        "scope": "chat:write,commands",
        "team": {"id": team, "name": f"Team {team}"},
        "enterprise": None,
        "authed_user": {"id": ANA, "access_token": "xoxp-of-a-person"},
        **more,
    }


async def begin(office: Office) -> tuple[str, str]:
    async with office.http.get(f"{office.address}/slack/install", allow_redirects=False) as response:
        assert response.status == 302
        location = urlsplit(response.headers["Location"])
        assert (location.scheme, location.netloc) == ("https", "slack.com")
        query = parse_qs(location.query)
        assert "user_scope" not in query and "chat:write" in query["scope"][0]
        cookie = response.headers["Set-Cookie"]
        assert {"HttpOnly", "Secure"} <= {part.strip() for part in cookie.split(";")}
        return query["state"][0], cookie.split(";")[0]


async def come_back(office: Office, code: str, state: str, cookie: str) -> tuple[int, str]:
    address = f"{office.address}/slack/oauth_redirect"
    async with office.http.get(address, params={"code": code, "state": state}, headers={"Cookie": cookie}) as response:
        return response.status, await response.text()


async def ask(office: Office, team: str, where: str, question: str) -> str:
    asked = office.slack.write(ANA, where, question)
    body = event_body(message_event(asked), team_id=team, authorizations=[{"team_id": team}])
    assert await office.event(body) == 200
    await office.settled()
    answers = office.slack.answers(where, asked.ts)
    return answers[0].read if answers else ""


async def test_a_workspace_is_installed_and_answered(many: Office) -> None:
    assert await ask(many, TEAM, ANAS_DM, PUBLIC_QUESTION) == ""
    status, page = await install(many, TEAM, "xoxb-one")
    assert status == 200 and "Team T0HOME" in page
    assert PUBLIC_ANSWER in await ask(many, TEAM, ANAS_DM, PUBLIC_QUESTION)
    assert STAFF_ANSWER in await ask(many, TEAM, ANAS_DM, STAFF_QUESTION)


async def test_members_of_another_workspace_that_installs_the_desk_are_not_our_staff(many: Office) -> None:
    await install(many, OTHER_TEAM, "xoxb-two")
    many.slack.users[ANA] = person(ANA, OTHER_TEAM)
    many.slack.channels["D1"] = channel("D1", ANA, BOT, is_im=True, user=ANA)
    assert PUBLIC_ANSWER in await ask(many, OTHER_TEAM, "D1", PUBLIC_QUESTION)
    assert STAFF_ANSWER not in await ask(many, OTHER_TEAM, "D1", STAFF_QUESTION)


async def test_each_workspace_is_answered_with_its_own_token(many: Office) -> None:
    await install(many, TEAM, "xoxb-one")
    await install(many, OTHER_TEAM, "xoxb-two")
    del many.slack.tokens["xoxb-two"]
    assert PUBLIC_ANSWER in await ask(many, TEAM, ANAS_DM, PUBLIC_QUESTION)
    assert await ask(many, OTHER_TEAM, ANAS_DM, PUBLIC_QUESTION) == ""


async def test_a_state_is_good_once_for_the_browser_it_was_given_to(many: Office) -> None:
    many.slack.oauth_codes["c"] = granted(TEAM, "xoxb-one")
    state, cookie = await begin(many)
    other_state, other_cookie = await begin(many)
    for code, given, with_cookie in (
        ("c", "made-up", "__Host-migdesk-slack-state=made-up"),
        ("c", state, other_cookie),
        ("c", state, ""),
        ("c", "", ""),
    ):
        assert (await come_back(many, code, given, with_cookie))[0] == 401
    assert (await come_back(many, "c", state, cookie))[0] == 200
    many.slack.oauth_codes["c"] = granted(TEAM, "xoxb-three")
    assert (await come_back(many, "c", state, cookie))[0] == 401
    assert (await come_back(many, "unknown", other_state, other_cookie))[0] == 502


async def test_a_token_that_is_no_bots_is_not_kept(many: Office) -> None:
    many.slack.oauth_codes["c"] = granted(TEAM, "xoxp-person", token_type="user")
    state, cookie = await begin(many)
    assert (await come_back(many, "c", state, cookie))[0] == 502
    assert many.service.installations is not None and many.service.installations.all() == []


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [BOT], "oauth": []}}]
)
async def test_a_workspace_that_takes_the_desk_away_is_forgotten(many: Office, event: dict[str, Any]) -> None:
    await install(many, TEAM, "xoxb-one")
    await many.event(event_body(event))
    await many.settled()
    assert many.service.installations is not None and many.service.installations.all() == []
    assert await ask(many, TEAM, ANAS_DM, PUBLIC_QUESTION) == ""


async def test_the_revoked_token_of_a_person_takes_nothing_away(many: Office) -> None:
    await install(many, TEAM, "xoxb-one")
    await many.event(event_body({"type": "tokens_revoked", "tokens": {"oauth": [ANA], "bot": []}}))
    await many.settled()
    assert PUBLIC_ANSWER in await ask(many, TEAM, ANAS_DM, PUBLIC_QUESTION)


def test_tokens_are_encrypted_at_rest_and_useless_with_another_key(conversations: Conversations, tmp_path: Any) -> None:
    kept = Installations(conversations.engine, KEY)
    kept.save(Installation(TEAM, "Home", ("chat:write",)), "xoxb-very-secret")
    kept.save(Installation(TEAM, "Home", ("chat:write",)), "xoxb-newer-secret")
    assert kept.token(TEAM, None) == "xoxb-newer-secret"
    assert kept.token("T9", TEAM) == "xoxb-newer-secret"
    assert kept.token(None, None) is None
    conversations.engine.dispose()
    assert not any(b"secret" in path.read_bytes() for path in tmp_path.rglob("conversations*"))
    with pytest.raises(NotInstalled, match="MIGDESK_SLACK_ENCRYPTION_KEY"):
        Installations(conversations.engine, Fernet.generate_key().decode()).token(TEAM, None)


def test_a_state_runs_out(conversations: Conversations) -> None:
    now = 1000.0
    kept = Installations(conversations.engine, KEY, lambda: now)
    early, late = kept.new_state(), kept.new_state()
    assert kept.use_state(early) and not kept.use_state(early)
    now += STATE_SECONDS + 1
    assert not kept.use_state(late)

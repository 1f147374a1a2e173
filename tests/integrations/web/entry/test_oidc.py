"""Staff sign in at their organisation's own provider; whoever forges, replays or borrows anything of it does not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from integrations.web.entry import provider as provider_module
from integrations.web.entry.provider import Provider
from integrations.web.identity import SESSION_COOKIE
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.askers import TERMINAL, House, open_house
from tests.integrations.web.entry.providers import OurProvider, our_provider, settings_for, their_provider

ASHA: dict[str, Any] = {"sub": "1", "email": "Asha@IOM.example", "email_verified": True, "name": "Asha"}
STAY = "/library?q=x"


class Browser:
    """Keeps cookies as a browser does, also over plain HTTP on this machine."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> httpx.Response:
        """Without following a redirect."""
        shown = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = httpx.URL(self.house.address).join(address)
        response = httpx.get(
            url, headers={"Cookie": shown, "Accept": "text/html"} if shown else {"Accept": "text/html"}
        )
        for sent in response.headers.get_list("set-cookie"):
            name, _, value = sent.partition(";")[0].partition("=")
            if "Max-Age=0" in sent:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return response

    def depart(self, address: str = f"/sign-in/oidc?next={STAY.replace('?', '%3F')}") -> str:
        """Where the provider is to be asked."""
        response = self.get(address)
        assert response.status_code == 303, response.text
        return str(response.headers["location"])

    def come_back(self, authorize: str) -> httpx.Response:
        """Signs in there, where nothing is to be typed in, and follows the way back."""
        return self.get(httpx.get(authorize).headers["location"])

    def me(self) -> dict[str, Any]:
        shown = f"{SESSION_COOKIE}={self.cookies.get(SESSION_COOKIE, '')}"
        known: dict[str, Any] = httpx.get(f"{self.house.address}/api/v1/me", headers={"Cookie": shown}).json()
        return known


@contextmanager
def house_of(issuer: str, base: Path, desk_on: DeskOn, **settings: Any) -> Iterator[House]:
    """One to which the provider leads back: at the address that it is told, whatever its port turns out to be."""
    provider = Provider(settings_for(issuer, **settings), "http://127.0.0.1")
    with open_house(desk_on(base), unhurried(public=False), provider) as house:
        provider._redirect = f"{house.address}/sign-in/oidc/return"
        yield house


@contextmanager
def both(base: Path, desk_on: DeskOn, settings: dict[str, Any] | None = None, **lies: Any) -> Iterator[Any]:
    with (
        our_provider(**{"person": ASHA, **lies}) as ours,
        house_of(ours.issuer, base, desk_on, **settings or {}) as house,
    ):
        yield ours, house


# ---- as it should be ----------------------------------------------------------------------------------------------


def test_staff_sign_in_at_a_provider_that_others_made(small_base: Path, desk_on: DeskOn) -> None:
    with their_provider() as issuer, house_of(issuer, small_base, desk_on, operators="asha") as house:
        browser = Browser(house)
        assert "Sign in with your organisation" in browser.get("/sign-in").text
        authorize = browser.depart()
        form = httpx.post(authorize, data={"sub": "asha"})
        arrived = browser.get(form.headers["location"])
        assert (arrived.status_code, arrived.headers["location"]) == (303, STAY)
        who = browser.me()
        assert (who["name"], who["audience"], who["is_operator"]) == ("Asha", "staff", True)

        again = browser.get(form.headers["location"])
        assert again.status_code == 403, "what was used once is used up"
        replayed = Browser(house)
        state = parse_qs(urlsplit(replayed.depart()).query)["state"][0]
        code = parse_qs(urlsplit(form.headers["location"]).query)["code"][0]
        assert replayed.get(f"/sign-in/oidc/return?code={code}&state={state}").status_code == 403
        assert SESSION_COOKIE not in replayed.cookies

        stranger = Browser(house)
        refused = stranger.get(httpx.post(stranger.depart(), data={"sub": "stranger"}).headers["location"])
        assert refused.status_code == 403
        assert "not among those who may use this desk" in refused.text
        assert SESSION_COOKIE not in stranger.cookies
        denied = httpx.post(stranger.depart(), data={"action": "deny"}).headers["location"]
        assert stranger.get(denied).status_code == 403


def test_signing_in_again_is_the_same_account_with_the_rights_of_today(small_base: Path, desk_on: DeskOn) -> None:
    with both(small_base, desk_on, {"operators": "asha@iom.example"}) as (ours, house):
        first, second = Browser(house), Browser(house)
        first.come_back(first.depart())
        assert first.me()["is_operator"]
        ours.person = {**ASHA, "email": "asha@unhcr.example", "name": "Asha B."}
        second.come_back(second.depart())
        assert len(house.accounts.accounts()) == 1
        assert [(who["name"], who["is_operator"]) for who in (first.me(), second.me())] == [("Asha B.", False)] * 2


def test_what_the_browser_had_before_is_worth_nothing_after_signing_in(shared: tuple[OurProvider, House]) -> None:
    _, house = shared
    browser = Browser(house)
    planted = house.accounts.open_session(house.account("partner:nepal").id)
    browser.cookies[SESSION_COOKIE] = planted
    browser.come_back(browser.depart())
    assert browser.cookies[SESSION_COOKIE] != planted
    assert house.accounts.session(planted) is None
    assert browser.me()["audience"] == "staff"


def test_whoever_is_let_in_by_the_provider_asks_it_again_the_next_day(shared: tuple[OurProvider, House]) -> None:
    _, house = shared
    browser = Browser(house)
    arrived = browser.get(httpx.get(browser.depart()).headers["location"])
    assert f"Max-Age={24 * 3600};" in arrived.headers["set-cookie"]


def test_a_group_or_an_address_told_only_when_asked_for_counts_too(small_base: Path, desk_on: DeskOn) -> None:
    settings = {"staff_domains": "", "staff_groups": "desk, others", "groups_claim": "roles"}
    told = {"roles": ["readers", "desk"]}
    with both(small_base, desk_on, settings, person={"sub": "1"}, only_in_userinfo=told) as (_, house):
        browser = Browser(house)
        assert browser.come_back(browser.depart()).status_code == 303
        assert browser.me()["audience"] == "staff"


def test_a_new_key_of_the_provider_is_learnt(
    shared: tuple[OurProvider, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, house = shared
    browser = Browser(house)
    browser.come_back(browser.depart())
    monkeypatch.setattr(provider_module, "_ASK_AGAIN_SECONDS", 0.0)
    ours.key = RSAKey.generate_key(2048, {"kid": "two"}, auto_kid=False)
    other = Browser(house)
    assert other.come_back(other.depart()).status_code == 303
    assert ours.asked.count("keys") == 2


# ---- as it should not be ------------------------------------------------------------------------------------------

OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
LIES: dict[str, dict[str, Any]] = {
    "another's sign-in": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "for another program": {"claims": {"aud": "another"}},
    "for another program too": {"claims": {"aud": ["another", "desk"]}},
    "given to another program": {"claims": {"azp": "another"}},
    "too old": {"claims": {"exp": int(time.time()) - 3600}},
    "not yet": {"claims": {"nbf": int(time.time()) + 3600}},
    "for ever": {"claims": {"exp": None}},
    "of nobody": {"claims": {"sub": None}},
    "of a blank": {"claims": {"sub": ""}},
    "with another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "signed by another": {"shown_key": OTHER_KEY},
    "signed with what is no secret between us": {"algorithm": "HS256"},
    "not signed": {"algorithm": "none"},
    "no token": {"token": {"id_token": None}},
    "not a token": {"token": {"id_token": "x.y.z"}},
    "somebody else's address": {"person": {"sub": "1"}, "only_in_userinfo": {**ASHA, "sub": "2"}},
    "sent back by another": {"sent_back": {"iss": "https://evil.example"}},
    "without a word on who sends back": {"metadata": {"authorization_response_iss_parameter_supported": True}},
}
NOT_STAFF: dict[str, dict[str, Any]] = {
    "an address nobody verified": {"person": {**ASHA, "email_verified": False}},
    "an address of which that is not said": {"person": {**ASHA, "email_verified": None}},
    "a word for true": {"person": {**ASHA, "email_verified": "true"}},
    "another organisation": {"person": {**ASHA, "email": "asha@elsewhere.example"}},
    "a name that ends like ours": {"person": {**ASHA, "email": "asha@notiom.example"}},
    "below ours": {"person": {**ASHA, "email": "asha@x.iom.example"}},
    "two addresses in one": {"person": {**ASHA, "email": "asha@elsewhere.example@iom.example"}},
    "no address": {"person": {"sub": "1", "groups": ["iom.example"]}},
}


@pytest.mark.parametrize("lies", LIES.values(), ids=list(LIES))
def test_what_does_not_prove_who_it_is_lets_nobody_in(
    shared: tuple[OurProvider, House], lies: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    check_refused(shared, lies, "could not be confirmed")
    assert "NotConfirmed" in caplog.text
    assert "asha" not in caplog.text.lower()


@pytest.mark.parametrize("lies", NOT_STAFF.values(), ids=list(NOT_STAFF))
def test_whoever_is_not_named_is_not_staff(shared: tuple[OurProvider, House], lies: dict[str, Any]) -> None:
    check_refused(shared, lies, "not among those who may use this desk")


@pytest.fixture(scope="module")
def lasting(small_base: Path, desk_on: DeskOn) -> Iterator[tuple[OurProvider, House, Provider]]:
    with our_provider() as ours:
        provider = Provider(settings_for(ours.issuer), "http://127.0.0.1")
        with open_house(desk_on(small_base), unhurried(public=False), provider) as house:
            provider._redirect = f"{house.address}/sign-in/oidc/return"
            yield ours, house, provider


@pytest.fixture
def shared(lasting: tuple[OurProvider, House, Provider]) -> tuple[OurProvider, House]:
    """One for many tests, in which nobody has signed in yet and the provider tells the truth."""
    ours, house, provider = lasting
    honest = OurProvider(issuer=ours.issuer, person=ASHA, key=ours.key)
    for name in OurProvider.__dataclass_fields__:
        setattr(ours, name, getattr(honest, name))
    provider._known = None
    for account in house.accounts.accounts():
        house.accounts.remove(account.id, TERMINAL)
    return ours, house


def check_refused(shared: tuple[OurProvider, House], lies: dict[str, Any], words: str) -> None:
    ours, house = shared
    for name, value in lies.items():
        setattr(ours, name, value)
    browser = Browser(house)
    refused = browser.come_back(browser.depart())
    assert refused.status_code == 403
    assert words in refused.text
    assert browser.cookies == {}
    assert house.accounts.accounts() == []


def test_a_code_is_no_use_to_another_browser_nor_with_another_state(shared: tuple[OurProvider, House]) -> None:
    _, house = shared
    theirs, mine = Browser(house), Browser(house)
    back = httpx.get(theirs.depart()).headers["location"]
    mine.depart()
    for browser in (mine, Browser(house)):
        assert browser.get(back).status_code == 403, "nobody is led into somebody else's sign-in"
        assert SESSION_COOKIE not in browser.cookies
    code, state = (parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state"))
    own = parse_qs(urlsplit(mine.depart()).query)["state"][0]
    assert mine.get(f"/sign-in/oidc/return?code={code}&state={own}").status_code == 403, "PKCE"
    for query in ("", f"?code={code}", f"?state={state}", f"?code={code}&state=", f"?code={code}&state=sta_x"):
        assert mine.get(f"/sign-in/oidc/return{query}").status_code == 403
    assert house.accounts.accounts() == []


def test_a_state_for_something_else_and_one_that_is_too_old_open_nothing(
    shared: tuple[OurProvider, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, house = shared
    browser = Browser(house)
    back = httpx.get(browser.depart()).headers["location"]
    now = house.accounts._clock()
    monkeypatch.setattr(house.accounts, "_clock", lambda: now.replace(year=now.year + 1))
    assert browser.get(back).status_code == 403


def test_a_disabled_account_stays_out_whatever_the_provider_says(shared: tuple[OurProvider, House]) -> None:
    _, house = shared
    browser = Browser(house)
    browser.come_back(browser.depart())
    (account,) = house.accounts.accounts()
    house.accounts.disable(account.id, TERMINAL)
    assert browser.get("/").headers["location"] == "/sign-in?ended=1"
    again = Browser(house)
    refused = again.come_back(again.depart())
    assert (refused.status_code, again.cookies) == (403, {})


UNSAFE: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://evil.example"},
    "the same with a stroke": {"issuer": "{issuer}/"},
    "keys in the open": {"jwks_uri": "http://keys.example/keys"},
    "a file": {"jwks_uri": "file:///etc/passwd"},
    "the codes to elsewhere": {"token_endpoint": "http://evil.example/token"},
    "with a password": {"token_endpoint": "https://a:b@evil.example/token"},
    "people into the open": {"authorization_endpoint": "http://evil.example/authorize"},
    "a script": {"authorization_endpoint": "javascript:alert(1)"},
    "nothing": {"jwks_uri": None},
    "a number": {"token_endpoint": 7},
    "keys that are none": {"jwks_uri": "{issuer}/authorize"},
}


@pytest.mark.parametrize("metadata", UNSAFE.values(), ids=list(UNSAFE))
def test_a_provider_that_names_unsafe_addresses_is_asked_for_nothing(
    shared: tuple[OurProvider, House], metadata: dict[str, Any]
) -> None:
    ours, house = shared
    ours.metadata = {
        name: value.format(issuer=ours.issuer) if isinstance(value, str) else value for name, value in metadata.items()
    }
    refused = Browser(house).get("/sign-in/oidc")
    assert refused.status_code == 503
    assert "cannot be reached" in refused.text
    assert "location" not in refused.headers


def test_a_provider_that_is_down_is_told_in_words_and_links_go_on_working(small_base: Path, desk_on: DeskOn) -> None:
    with house_of("http://127.0.0.1:9", small_base, desk_on) as house:
        down = Browser(house).get("/sign-in/oidc")
        assert down.status_code == 503
        assert 'name="link"' in down.text


def test_without_a_provider_there_is_nothing_at_its_addresses(small_base: Path, desk_on: DeskOn) -> None:
    with open_house(desk_on(small_base)) as house:
        for path in ("/sign-in/oidc", "/sign-in/oidc/return?code=x&state=y"):
            assert httpx.get(f"{house.address}{path}").status_code == 404
        assert "organisation" not in httpx.get(f"{house.address}/sign-in").text

"""Whoever is no operator finds nothing there: every address, as the routes name it, for every kind of reader."""

from dataclasses import replace
from itertools import product
from typing import Any

import httpx
import pytest

from integrations.web.admin.routes import router
from tests.integrations.web.admin.offices import Office, Person


def _doors() -> list[tuple[str, str]]:
    """Method and address of every route; FastAPI keeps included routers as they are."""
    included: list[Any] = list(router.routes)
    return [
        (method, f"/admin{route.path}")
        for one in included
        for route in one.original_router.routes
        for method in sorted(route.methods - {"HEAD"})
    ]


DOORS = _doors()


@pytest.fixture(scope="module")
def strangers(office: Office) -> dict[str, Person]:
    office.accounts.add_delegation("nepal", "Delegation of Nepal", "terminal")
    keys = {
        scope: office.accounts.make_key(scope, "staff", [scope], "terminal")[1] for scope in ("ask", "read", "admin")
    }
    ended = office.operator()
    assert ended.account is not None
    office.accounts.end_sessions(ended.account.id, "terminal")
    disabled = office.operator()
    assert disabled.account is not None
    office.accounts.disable(disabled.account.id, "terminal")
    return {
        "nobody": office.nobody(),
        "a visitor": office.visitor(),
        "a delegation": office.member("partner:nepal"),
        "staff": office.member("staff"),
        "an operator of before": ended,
        "a disabled operator": disabled,
        **{f"a key to {scope}": office.program(secret) for scope, secret in keys.items()},
    }


def test_there_are_addresses_to_guard() -> None:
    assert len(DOORS) > 40 and ("GET", "/admin") in DOORS and ("POST", "/admin/documents/upload") in DOORS


@pytest.mark.parametrize(("method", "path"), DOORS, ids=[f"{method} {path}" for method, path in DOORS])
def test_nothing_is_there_for_anybody_else(
    strangers: dict[str, Person], office: Office, method: str, path: str
) -> None:
    # Without what a browser wants to be shown, so that the two answers can be compared to the byte.
    nowhere = office.nobody().request(method, "/nowhere")
    assert nowhere.status_code == 404
    for who, person in strangers.items():
        response = person.request(method, path, data={"id": "x"} if method == "POST" else None)
        if who == "a key to admin" and method == "GET":
            assert response.status_code in (200, 404, 422)
            continue
        assert (response.status_code, response.text) == (404, nowhere.text), who


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", ["/admin", "/admin/documents/upload", "/admin/no-such-thing"])
def test_an_outsider_cannot_tell_an_address_of_operators_from_none(
    strangers: dict[str, Person], method: str, path: str
) -> None:
    """By no method, by no slash at the end, by no size of a body, as a page or as JSON."""
    elsewhere = f"/{'x' * (len(path) - 1)}"
    sizes = (None, b"x" * 300_000) if method == "POST" else (None,)
    for who, end, content, accept in product(("nobody", "a delegation"), ("", "/"), sizes, ("text/html", "*/*")):
        person = replace(strangers[who], headers={**strangers[who].headers, "Accept": accept})
        asked, nothing = (person.request(method, f"{one}{end}", content=content) for one in (path, elsewhere))
        assert _told(asked, path) == _told(nothing, elsewhere), (who, end, accept)


def _told(response: httpx.Response, path: str) -> tuple[int, str, list[str]]:
    """Without what the page says of its own address, and the tokens that are made anew."""
    return response.status_code, response.text.replace(path, "…"), sorted(response.headers)


def test_an_operator_is_told_what_an_address_takes(operator: Person) -> None:
    assert operator.get("/admin/").status_code == 307
    assert operator.get("/admin/switch/close").headers["allow"] == "POST"
    assert operator.request("HEAD", "/admin/keys").status_code == 200


@pytest.mark.parametrize("shown", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_no_other_site_acts_in_an_operators_name(operator: Person, office: Office, shown: dict[str, str]) -> None:
    elsewhere = replace(operator, headers={**operator.headers, **shown})
    refused = {path: elsewhere.post(path).status_code for method, path in DOORS if method == "POST"}
    assert set(refused.values()) == {403}, refused
    assert office.accounts.closed() is None


def test_pages_are_kept_by_nobody_and_hold_no_style_or_script_of_their_own(operator: Person) -> None:
    for path in ("", "/gaps", "/feedback", "/escalations", "/documents", "/people", "/keys", "/switch", "/audit"):
        response = operator.get(f"/admin{path}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-store"
        assert " style=" not in response.text and "<script" not in response.text
        assert '<html lang="en" dir="ltr"' in response.text

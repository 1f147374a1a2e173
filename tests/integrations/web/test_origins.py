"""Whatever changes something and carries a cookie comes from our own pages, as the browser tells."""

import httpx
import pytest
from fastapi import FastAPI

from integrations.web import errors
from integrations.web.origins import SameOrigin

HOST = "desk.example.org"
SITE = f"https://{HOST}"
COOKIE = {"Cookie": "__Host-visitor=x"}


def application(public_url: str | None = None) -> FastAPI:
    app = FastAPI()
    errors.install(app)
    app.add_middleware(SameOrigin, public_url=public_url)

    @app.api_route("/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    async def reached(path: str) -> str:
        return "reached"

    return app


async def ask(method: str, path: str, headers: dict[str, str], public_url: str | None = None) -> httpx.Response:
    transport = httpx.ASGITransport(application(public_url))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.request(method, path, headers={"Host": HOST, **headers})


OURS = {
    "a fetch of our page": {"Sec-Fetch-Site": "same-origin"},
    "sent again from the history": {"Sec-Fetch-Site": "none"},
    "an older browser": {"Origin": SITE},
    "whatever the letters": {"Origin": SITE.upper()},
    "both": {"Sec-Fetch-Site": "same-origin", "Origin": SITE},
    "served without TLS": {"Origin": f"http://{HOST}"},
}
NOT_OURS = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour": {"Sec-Fetch-Site": "same-site"},
    "what no browser says": {"Sec-Fetch-Site": "same-origin, cross-site"},
    "in an older browser": {"Origin": "https://evil.example"},
    "a longer name": {"Origin": f"{SITE}.evil.example"},
    "a neighbour in an older browser": {"Origin": f"https://other.{HOST}"},
    "another port": {"Origin": f"{SITE}:8443"},
    "a sandbox": {"Origin": "null"},
    "not an origin": {"Origin": HOST},
    "another scheme": {"Origin": f"file://{HOST}"},
    "with somebody's name": {"Origin": f"https://{HOST}@evil.example"},
    "broken": {"Origin": "http://["},
    "empty": {"Origin": ""},
    "a page of ours framed by another site": {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
}


@pytest.mark.parametrize("headers", OURS.values(), ids=list(OURS))
async def test_what_our_own_pages_send_passes(headers: dict[str, str]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await ask(method, "/sign-out", {**COOKIE, **headers})).status_code == 200


@pytest.mark.parametrize("headers", NOT_OURS.values(), ids=list(NOT_OURS))
async def test_what_another_site_sends_with_a_readers_cookie_changes_nothing(headers: dict[str, str]) -> None:
    for method, path in (("POST", "/sign-out"), ("DELETE", "/api/v1/me/questions"), ("POST", "/nowhere")):
        response = await ask(method, path, {**COOKIE, **headers})
        assert response.status_code == 403
        assert response.json()["error"]["code"] == "other_site"
        assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("headers", NOT_OURS.values(), ids=list(NOT_OURS))
async def test_no_form_of_another_site_signs_a_reader_in_as_somebody_else(headers: dict[str, str]) -> None:
    """Such a form needs no cookie: it would bring one."""
    assert (await ask("POST", "/invitation/inv_theirs", headers)).status_code == 403


async def test_a_cookie_without_a_word_on_where_it_comes_from_is_not_enough() -> None:
    assert (await ask("POST", "/api/v1/ask", COOKIE)).status_code == 403


async def test_a_program_without_cookies_says_nothing_of_itself() -> None:
    for path in ("/api/v1/ask", "/v1/chat/completions", "/slack/events"):
        assert (await ask("POST", path, {})).status_code == 200
    assert (await ask("POST", "/api/v1/ask", {"Origin": "https://x.y"})).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_looking_is_never_refused_and_nothing_of_it_is_given_to_another_site(method: str) -> None:
    response = await ask(method, "/", {**COOKIE, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control-")]


async def test_two_origins_are_none() -> None:
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        headers = [("Cookie", "a=b"), ("Origin", SITE), ("Origin", "https://evil.example")]
        assert (await client.post("/sign-out", headers=headers)).status_code == 403


async def test_where_the_desks_address_is_set_its_scheme_counts_and_a_proxys_own_name_does_not() -> None:
    """Whoever can answer for http://desk… on the way is not the desk at https://desk…."""
    inside = {**COOKIE, "Host": "10.0.0.7:8000", "Origin": SITE}
    assert (await ask("POST", "/sign-out", inside, f"{SITE}/")).status_code == 200
    assert (await ask("POST", "/sign-out", {**inside, "Origin": f"http://{HOST}"}, SITE)).status_code == 403
    assert (
        await ask("POST", "/sign-out", {**inside, "Origin": f"http://{HOST}", "Host": HOST}, SITE)
    ).status_code == 403

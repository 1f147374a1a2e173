"""The application as a whole: which doors it has, what it says of itself, and whether it is alive and ready."""

import json
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from assistant.conversations.store import open_conversations
from integrations.server import create_app
from integrations.settings import ServerSettings
from tests.integrations.conftest import DeskOn

DOORS = {
    "GET /",
    "GET /favicon.ico",
    "GET /healthz",
    "GET /readyz",
    "GET /openapi.json",
    *("GET /sign-in", "POST /sign-in", "GET /sign-in/oidc", "GET /sign-in/oidc/return", "POST /sign-out"),
    *("GET /invitation/{secret}", "POST /invitation/{secret}", "GET /privacy", "POST /privacy/erase"),
    "GET /library",
    "GET /library/{document_id:path}",
    *("GET /ask", "POST /ask", "GET /conversations/{conversation_id}", "GET /history"),
    *("GET /history/erase", "POST /history/erase"),
    *("GET /conversations/{conversation_id}/erase", "POST /conversations/{conversation_id}/erase"),
    *(f"POST /answers/{{answer_id}}/{what}" for what in ("feedback", "person", "share", "unshare")),
    *(f"GET /shared/{{secret}}{file}" for file in ("", "/briefing.docx", "/briefing.pdf")),
    "mounted /static",
    *(
        f"{door[0]} {prefix}{door[1]}"
        for prefix in ("/api/v1", "/api")
        for door in (
            ("POST", "/ask"),
            ("POST", "/chat"),
            ("GET", "/documents/{document_id:path}"),
            ("GET", "/originals/{document_id:path}"),
            ("GET", "/library"),
        )
    ),
    *(
        f"{method} /api/v1{path}"
        for path, methods in {
            "/me": "GET",
            "/me/questions": "DELETE",
            "/conversations": "GET",
            "/conversations/{conversation_id}": "GET DELETE",
            "/answers/{answer_id}": "GET",
            "/answers/{answer_id}/briefing.docx": "GET",
            "/answers/{answer_id}/briefing.pdf": "GET",
            "/answers/{answer_id}/feedback": "PUT",
            "/answers/{answer_id}/escalation": "POST GET",
            "/answers/{answer_id}/share": "POST DELETE",
            "/answers/{answer_id}/translation": "POST",
        }.items()
        for method in methods.split()
    ),
    *(
        f"{method} /admin{path}"
        for method, paths in {
            "GET": (
                " /gaps /feedback /escalations /documents /documents/upload /document /document/original /people /keys "
                "/switch /audit"
            ),
            "POST": (
                "/texts/show /texts/hide /gaps/watch /gaps/unwatch /gaps/aside /gaps/again /feedback/handled "
                "/feedback/open /feedback/draft /escalations/claim /escalations/reply /documents/upload "
                "/document/relabel /document/date /document/supersede /document/withdraw /document/reinstate "
                "/people/delegations /people/delegations/close /people/delegations/reopen /people/invitations "
                "/people/invitations/withdraw /people/link /people/disable /people/enable /people/sign-out "
                "/people/remove /people/erase /keys /keys/revoke /switch/close /switch/open"
            ),
        }.items()
        for path in paths.split(" ")
    ),
}
# The same, by address: what has no version and what is a page is not described.
DESCRIBED = {
    "/healthz",
    "/readyz",
    *(door.partition(" ")[2].replace(":path", "") for door in DOORS if " /api/v1" in door or " /v1/" in door),
}


def doors(application: FastAPI) -> set[str]:
    """Each route as ``METHOD path``; what is no plain route stands for itself, so that nothing slips by."""
    found: set[str] = set()
    pending: list[tuple[str, BaseRoute]] = [("", route) for route in application.routes]
    while pending:
        prefix, route = pending.pop()
        if hasattr(route, "original_router"):  # FastAPI keeps an included router as it is
            inner: Any = route
            within = prefix + inner.include_context.prefix
            pending += [(within, included) for included in inner.original_router.routes]
        elif isinstance(route, Mount):
            found.add(f"mounted {prefix}{route.path}")
        elif isinstance(route, Route):
            found |= {f"{method} {prefix}{route.path}" for method in route.methods or {"ANY"} if method != "HEAD"}
        else:
            found.add(repr(route))
    return found


def test_there_is_no_door_but_those_we_know(small_base: Path, desk_on: DeskOn, tmp_path: Path) -> None:
    desk, conversations = desk_on(small_base), open_conversations(tmp_path)
    try:
        assert doors(create_app(desk, ServerSettings(), conversations)) == DOORS
    finally:
        conversations.close()
        desk.base.close()


def test_the_description_lists_each_route_with_its_answers_and_every_reference_in_it_leads_somewhere(site: str) -> None:
    response = httpx.get(f"{site}/openapi.json")
    text, described = response.text, response.json()
    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) == DESCRIBED
    for reference in {part.split('"')[0] for part in text.replace(" ", "").split('"$ref":"')[1:]}:
        node = described
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
        assert node, reference
    for path in ("/api/v1/ask", "/api/v1/chat"):
        answers = described["paths"][path]["post"]["responses"]
        assert {"200", "400", "413", "422", "503"} <= set(answers)
        for status in ("400", "413", "422", "503"):
            assert answers[status]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorOut")
    assert "text/event-stream" in described["paths"]["/api/v1/chat"]["post"]["responses"]["200"]["content"]
    question = described["components"]["schemas"]["QuestionIn"]
    assert question["additionalProperties"] is False
    assert "HTTPValidationError" not in json.dumps(described), "no answer of ours has that shape"


def test_health_and_readiness_of_a_running_desk(site: str) -> None:
    assert httpx.get(f"{site}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{site}/readyz").json() == {"status": "ready"}


async def test_a_desk_that_is_still_starting_is_alive_but_not_ready(
    small_base: Path, desk_on: DeskOn, tmp_path: Path
) -> None:
    desk, conversations = desk_on(small_base), open_conversations(tmp_path)
    transport = httpx.ASGITransport(create_app(desk, ServerSettings(), conversations))  # runs no start-up
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            assert (await client.get("/healthz")).status_code == 200
            response = await client.get("/readyz")
    finally:
        conversations.close()
        desk.base.close()
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "starting"
    assert int(response.headers["retry-after"]) > 0

"""The application as a whole: what it says of itself, and whether it is alive and ready. Which doors it has stands in
``web/test_route_policies.py``."""

import json
from pathlib import Path

import httpx

from assistant.conversations.store import open_conversations
from integrations.server import create_app
from integrations.settings import ServerSettings
from tests.integrations.conftest import DeskOn
from tests.integrations.web.test_route_policies import POLICIES

# What has no version and what is a page is not described.
DESCRIBED = {
    "/healthz",
    "/readyz",
    *(door.partition(" ")[2].replace(":path", "") for door in POLICIES if " /api/v1" in door or " /v1/" in door),
}


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

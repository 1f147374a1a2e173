"""What the API says of itself is true: a client that knows nothing else tries every address with what fits the
description and with what does not, and every answer is one of those described."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from integrations.web.identity import SESSION_COOKIE, VISITOR_COOKIE
from tests.integrations.conftest import SMALL_QUESTION, DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.api.conftest import Kept, kept_house

# Refusals that no schema can tell: an empty question, and one that is too long to be read at all.
_EXPECTED = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "429"]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "422", "429"]
"""


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who comes with one thing to show. ``knows``: names of what is theirs, else only invented ones."""

    scheme: str
    is_public: bool
    phases: str
    knows: bool
    options: tuple[str, ...] = ()


CLIENTS = {
    "a program": Client("key", False, "examples,coverage,fuzzing,stateful", False),
    # Who knows what is theirs is not to erase it in the middle.
    "somebody signed in": Client("session", False, "examples,fuzzing", True, ("--exclude-method", "DELETE")),
    "a visitor": Client("visitor", True, "examples,fuzzing,stateful", False),
}


@pytest.mark.parametrize("client", CLIENTS.values(), ids=list(CLIENTS))
def test_every_answer_is_as_described_whatever_is_sent(
    small_base: Path, desk_on: DeskOn, tmp_path: Path, client: Client
) -> None:
    with kept_house(desk_on(small_base), unhurried(public=client.is_public)) as kept:
        _prepare(kept, client, tmp_path)
        told = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", "config.toml"),
                *("run", "description.json", "--url", kept.house.address, "--include-path-regex", "^/api/v1/|^/.*z$"),
                *("--checks", "all", "--phases", client.phases, "--max-examples", "3", "--seed", "8", "--no-color"),
                *client.options,
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONWARNINGS": "default"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    assert "Tested: 0" not in told.stdout


def _prepare(kept: Kept, client: Client, folder: Path) -> None:
    """The description, and a configuration with what this client shows and knows."""
    ours = kept.house.signed_in("partner:nepal")
    shown = {
        "key": kept.house.program("staff", "ask", "read")["Authorization"].removeprefix("Bearer "),
        "session": ours["Cookie"].partition("=")[2],
        "visitor": "v" * 43,
    }[client.scheme]
    described = httpx.get(f"{kept.house.address}/openapi.json", headers=ours, timeout=30).json()
    (folder / "description.json").write_text(json.dumps(described), encoding="utf-8")
    lines = [f"[auth.openapi.{client.scheme}]"]
    lines += [f'bearer = "{shown}"'] if client.scheme == "key" else [f'api_key = "{shown}"']
    if client.scheme != "key":
        lines = [f'headers = {{ Origin = "{kept.house.address}" }}', *lines]
    if client.knows:
        answered = kept.person(ours).ask(SMALL_QUESTION)
        names = {"answer_id": answered["answer_id"], "conversation_id": answered["conversation"]}
        lines += ["[parameters]", *(f'"{name}" = "{value}"' for name, value in names.items())]
    (folder / "config.toml").write_text("\n".join([*lines, _EXPECTED]), encoding="utf-8")


def test_the_description_says_what_has_to_be_shown(small_base: Path, desk_on: DeskOn) -> None:
    for is_public in (True, False):
        with kept_house(desk_on(small_base), unhurried(public=is_public)) as kept:
            asha = kept.person(kept.house.signed_in())
            described = asha.client.get("/openapi.json").json()
            schemes = described["components"]["securitySchemes"]
            assert set(schemes) == {"key", "session", *(["visitor"] if is_public else [])}
            assert schemes["session"]["name"] == SESSION_COOKIE
            assert not is_public or schemes["visitor"]["name"] == VISITOR_COOKIE
            of_api = [path for path in described["paths"] if path.startswith("/api/v1/")]
            for path in of_api:
                for operation in described["paths"][path].values():
                    assert ({} in operation["security"]) is is_public
                    assert {"key": []} in operation["security"]
                    assert {"401", "403", "422", "503"} <= set(operation["responses"]), path
            finished = described["components"]["schemas"]["FinishedOut"]
            assert set(finished["properties"]) == {"answer", "answer_id", "conversation", "suggestions"}
            assert ("401" in described["paths"]["/healthz"]["get"]["responses"]) is False
            nobody = kept.person({})
            assert {nobody("GET", "/me").status_code} == ({200} if is_public else {401})


def test_the_names_that_come_with_an_answer_lead_to_every_address_that_asks_for_them(
    small_base: Path, desk_on: DeskOn
) -> None:
    with kept_house(desk_on(small_base)) as kept:
        described = kept.visitor().client.get("/openapi.json").json()
    links = described["paths"]["/api/v1/ask"]["post"]["responses"]["200"]["links"]
    named = [
        operation["operationId"]
        for path, methods in described["paths"].items()
        for operation in methods.values()
        if "{answer_id}" in path or "{conversation_id}" in path
    ]
    assert sorted(links) == sorted(named) and len(named) == 11

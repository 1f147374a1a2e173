"""The description of the API, with what the framework does not know: what has to be shown to come in, where the names
lead that come with an answer, and what the last event of a stream holds."""

from typing import Any

from fastapi import FastAPI

from integrations.web.identity import SESSION_COOKIE, VISITOR_COOKIE
from integrations.wire import FinishedOut

_UNDER = "/api/v1/"
# Clients of this protocol are told 400 where the framework would say 422.
_PROTOCOL = "/v1/"
_SCHEMES: dict[str, dict[str, Any]] = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key, `key_…`, as an operator gives it to a program."},
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "Of who has signed in."},
    "visitor": {
        "type": "apiKey",
        "in": "cookie",
        "name": VISITOR_COOKIE,
        "description": "Of who asks without signing in, where that is allowed: a new one comes with the first answer.",
    },
}


# Where names come from: address, status, and where in the response.
_NAMED: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "answer_id": ((f"{_UNDER}ask", "post", "200", "$response.body#/answer_id"),),
    "conversation_id": (
        (f"{_UNDER}ask", "post", "200", "$response.body#/conversation"),
        (f"{_UNDER}conversations", "get", "200", "$response.body#/0/id"),
    ),
}


def described(app: FastAPI) -> dict[str, Any]:
    """As OpenAPI. A key or a session comes in; nothing has to be shown where everybody may ask."""
    document = app.openapi()
    if "securitySchemes" not in document.setdefault("components", {}):
        _add_ways_in(document, is_public=app.state.settings.public)
        _add_links(document["paths"])
        _add_last_event(document["components"]["schemas"])
        _drop_what_is_never_sent(document)
    return document


def _add_ways_in(document: dict[str, Any], *, is_public: bool) -> None:
    document["components"]["securitySchemes"] = {
        name: scheme for name, scheme in _SCHEMES.items() if is_public or name != "visitor"
    }
    ways: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
    ways += [{"visitor": []}, {}] if is_public else []
    for path, methods in document["paths"].items():
        if path.startswith((_UNDER, _PROTOCOL)):
            for operation in methods.values():
                operation["security"] = ways


def _add_links(paths: dict[str, Any]) -> None:
    for name, sources in _NAMED.items():
        for path, methods in paths.items():
            if f"{{{name}}}" not in path:
                continue
            for operation in methods.values():
                for address, method, status, where in sources:
                    response = paths[address][method]["responses"][status]
                    link = {"operationId": operation["operationId"], "parameters": {name: where}}
                    response.setdefault("links", {})[operation["operationId"]] = link


def _add_last_event(schemas: dict[str, Any]) -> None:
    shape = FinishedOut.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, inner in shape.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    schemas[FinishedOut.__name__] = shape


def _drop_what_is_never_sent(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if path.startswith(_PROTOCOL):
            for operation in methods.values():
                operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)

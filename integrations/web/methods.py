"""Which methods an address takes, for who comes with another one: each route knows only of its own."""

from fastapi import Request
from starlette.routing import Match

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def methods_taken(request: Request) -> str:
    """For the header Allow. HEAD goes with GET (see ``heads``)."""
    routes = request.app.routes
    taken = [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ", ".join(["GET", "HEAD", *taken[1:]] if "GET" in taken else taken)

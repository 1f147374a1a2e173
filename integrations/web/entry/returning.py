"""Where a reader goes after signing in: back to where they were, and never to another site. Pure."""

from urllib.parse import urlsplit

_MOST = 2000
# Coming back to these would ask for the same again, or for what is over.
_NOT_BACK_TO = ("/sign-in", "/sign-out", "/invitation/", "/api/", "/v1/")


def way_back(asked: str | None) -> str:
    """A path of ours with its query, as an address of the desk itself; ``/`` for anything else. A browser takes what
    begins with two slashes, or a slash and a backslash, for another site."""
    if not asked or len(asked) > _MOST or not asked.isascii() or not asked.isprintable() or "\\" in asked:
        return "/"
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/"
    is_ours = not parts.scheme and not parts.netloc and asked.startswith("/") and not asked.startswith("//")
    return asked if is_ours and not asked.startswith(_NOT_BACK_TO) else "/"

"""How each address of the API may answer other than with what was asked for, for its description."""

from typing import Any

from integrations.wire import ErrorOut

_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
_WORDS: dict[int, str] = {
    400: "The question is empty, or a key and a cookie were sent together.",
    401: "Nobody is signed in, the sign-in has ended, or the key is not good.",
    403: "The key lacks the scope, or the request comes from another site's page.",
    404: "There is none that the asker may see: hidden, foreign, erased and unknown look the same.",
    409: "It cannot be done as things are; `code` and `message` say why.",
    413: "The request is too large.",
    422: "The request does not have the right shape.",
    429: "Too many questions a minute or at once, or too much of the model's work for today.",
    503: "The desk is closed, too busy, or cannot read what it needs at the moment.",
}
_READING = (400, 401, 403, 422, 503)
_CHANGING = (*_READING, 413)
Responses = dict[int | str, dict[str, Any]]


def reading(*more: int) -> Responses:
    """Of an address that changes nothing."""
    return _of(*_READING, *more)


def changing(*more: int) -> Responses:
    """Of one that does."""
    return _of(*_CHANGING, *more)


def _of(*statuses: int) -> Responses:
    # With the content spelt out: of a stream or a file the framework would describe an error as one, too.
    return {
        status: {"model": ErrorOut, "description": _WORDS[status], "content": _ERROR} for status in sorted(statuses)
    }

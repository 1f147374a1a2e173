"""Between the values of a conversation and what a database stores of them. Pure."""

import json
import logging
import secrets
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from assistant.conversations.types import Escalation, Feedback, Kept
from assistant.types import Answer

_ANSWER = TypeAdapter(Answer)
_ID_BYTES = 16
_log = logging.getLogger(__name__)


def new_id() -> str:
    """128 random bits, safe in an address."""
    return secrets.token_urlsafe(_ID_BYTES)


def storable(text: str) -> str:
    """The text with U+FFFD for each character that no database takes: NUL and halves of surrogate pairs. Its length
    stays, so that offsets into it hold."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def answer_as_json(answer: Answer) -> str:
    return json.dumps(_storable_parts(_ANSWER.dump_python(answer)), ensure_ascii=False)


def answer_from_json(stored: str | None) -> Answer | None:
    """None where nothing is stored, or nothing that this version understands."""
    if stored is None:
        return None
    try:
        return _ANSWER.validate_json(stored)
    except ValidationError as error:
        fields = sorted({".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)})
        _log.warning("a stored answer cannot be read: %s", ", ".join(fields)[:300])
        return None


def found_as_json(found: tuple[str, ...]) -> str:
    return json.dumps([storable(passage) for passage in found], ensure_ascii=False)


def kept_from(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        thread=row.thread or "",
        surface=row.surface,
        person=row.person or "",
        audience=row.audience,
        language=row.language,
        question=row.question,
        answer=answer_from_json(row.answer),
        asked_at=row.asked_at,
        outcome=row.outcome,
        found=tuple(json.loads(row.found)) if row.found else (),
    )


def feedback_from(row: Row[Any], answer_id: str) -> Feedback:
    return Feedback(answer_id, row.person or "", row.helpful, row.reason, row.comment, row.at)


def escalation_from(row: Row[Any]) -> Escalation:
    """From a row that also has the ``answer_id``."""
    return Escalation(
        id=row.id,
        answer_id=row.answer_id,
        person=row.person or "",
        note=row.note or "",
        state=row.state,
        expert=row.expert,
        reply=row.reply,
        place=row.place,
        at=row.at,
    )


def _storable_parts(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(key): _storable_parts(part) for key, part in value.items()}
        case list() | tuple():
            return [_storable_parts(part) for part in value]
        case _:
            return value

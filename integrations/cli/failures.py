"""Errors to messages and exit codes, once. A person at the terminal never sees a traceback."""

import json
import logging
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import typer

FAILED, USAGE, KNOWLEDGE, SETTINGS, INTERRUPTED = 1, 2, 3, 4, 130
_log = logging.getLogger("migdesk.cli")


@contextmanager
def handled(as_json: bool) -> Iterator[None]:
    """Runs a command's body; known errors become their message on standard error (and an object where JSON was asked
    for) and an exit code. Anything else is logged with its traceback only where MIGDESK_DEBUG is set."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        yield
        sys.stdout.flush()
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        _report("interrupted", "Interrupted. What was finished before is kept.", as_json)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        raise  # typer ends quietly
    except Exception as error:
        code, name, message = _told(error)
        _report(name, message, as_json)
        raise typer.Exit(code) from None


def _told(error: Exception) -> tuple[int, str, str]:
    from assistant.conversations.errors import DatabaseUnreachable
    from assistant.errors import AssistantError, InvalidQuestion, InvalidSettings
    from knowledge import errors as knowledge

    match error:
        case (
            InvalidQuestion() | knowledge.UnknownAudience() | knowledge.UnknownDocument() | knowledge.InvalidDecision()
        ):
            return USAGE, "input", str(error)
        case InvalidSettings() | DatabaseUnreachable() | knowledge.EmbedderUnavailable():
            return SETTINGS, "settings", str(error)
        case knowledge.KnowledgeError():
            return KNOWLEDGE, "knowledge", str(error)
        case AssistantError():
            return FAILED, "failed", str(error)
        case _:
            return FAILED, "failed", _unexpected(error)


def _unexpected(error: Exception) -> str:
    import os

    reference = uuid.uuid4().hex[:8]
    if os.environ.get("MIGDESK_DEBUG"):
        _log.exception("unexpected error %s", reference)
        return f"Something broke that should not ({type(error).__name__}, {reference})."
    return (
        f"Something broke that should not ({type(error).__name__}, {reference}). "
        "Run the command again with MIGDESK_DEBUG=1 to see where, and `migdesk doctor` to check the set-up."
    )


def _report(name: str, message: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": {"code": name, "message": message}}, ensure_ascii=False))
    print(message, file=sys.stderr)

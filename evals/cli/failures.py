"""Errors to messages and exit codes: 0 fine, 1 wrong or a gate that failed, 130 interrupted."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

FAILED, INTERRUPTED = 1, 130
_log = logging.getLogger("migdesk.eval")


@contextmanager
def handled(interrupted: str = "Interrupted.", *, as_json: bool = False) -> Iterator[None]:
    """Runs a command's body. A person sees what was wrong, never a traceback (but for MIGDESK_DEBUG)."""
    try:
        yield
        sys.stdout.flush()
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        print(interrupted, file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        message = _told(error)
        if as_json:
            print(json.dumps({"error": {"code": "failed", "message": message}}, ensure_ascii=False))
        print(message, file=sys.stderr)
        raise typer.Exit(FAILED) from None


def _told(error: Exception) -> str:
    from assistant.errors import AssistantError
    from evals.errors import EvalError
    from knowledge.errors import KnowledgeError

    if isinstance(error, EvalError | AssistantError | KnowledgeError):
        return str(error)
    if os.environ.get("MIGDESK_DEBUG"):
        _log.exception("unexpected error")
    return f"Something broke that should not: {type(error).__name__}: {error}"

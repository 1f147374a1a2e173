"""Runs the installed command as a user does: as a process of its own, with nothing of ours in its environment."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIGDESK = Path(sys.executable).with_name("migdesk")
_OURS = ("MIGDESK_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "PYTHON")


@dataclass(frozen=True, slots=True)
class Ran:
    """How the command ended. No run may show a traceback, so each is checked for one."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """All that was printed, as one line: where the terminal breaks it is not our business."""
        return " ".join(f"{self.out} {self.err}".split())


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what would configure the desk, and with ``extra``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, **(extra or {})}


def migdesk(
    *arguments: str | Path, env: Mapping[str, str] | None = None, stdin: str | None = None, cwd: Path | None = None
) -> Ran:
    """Waits for ``migdesk ARGUMENTS…`` to end."""
    done = subprocess.run(
        [MIGDESK, *map(str, arguments)],
        input=stdin or "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(env),
        cwd=cwd,
        timeout=120,
    )
    return checked(Ran(done.returncode, done.stdout, done.stderr))


def started(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """``migdesk ARGUMENTS…`` under way. Whoever starts it ends it with ``ended``."""
    return subprocess.Popen(
        [MIGDESK, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(env),
    )


def ended(process: subprocess.Popen[str], timeout: float = 30) -> Ran:
    """Waits for a started command; one that does not end by itself is killed and fails the test."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return checked(Ran(process.returncode, out, err))


def checked(ran: Ran) -> Ran:
    assert "Traceback (most recent call last)" not in ran.err + ran.out, ran.err
    assert "Exception ignored" not in ran.err, ran.err
    return ran

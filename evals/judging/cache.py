"""The judge's replies on disk, so that no text is judged twice: one line of JSON a reply, added as it comes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.errors import EvalError


class CacheUnusable(EvalError):
    """The directory that keeps the judge's replies cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said, as it said it, and the name that the endpoint gave for itself ("" where it gave none)."""

    key: str
    text: str
    served: str = ""


class ReplyCache:
    """``replies.jsonl`` in ``directory``. Lines that hold no reply (one that a kill cut short) count as absent. Raises
    CacheUnusable."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "replies.jsonl"
        self._replies: dict[str, Reply] = {}
        self._torn = False
        try:
            directory.mkdir(parents=True, exist_ok=True)
            raw = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise CacheUnusable(f"{self.path} cannot be read: {error.strerror}. Name another --cache.") from error
        self._torn = bool(raw) and not raw.endswith(b"\n")
        for line in raw.split(b"\n"):
            reply = _reply(line)
            if reply is not None:
                self._replies[reply.key] = reply

    def get(self, key: str) -> Reply | None:
        return self._replies.get(key)

    def add(self, reply: Reply) -> None:
        """One write to the end of the file, so that two judges may share it."""
        line = json.dumps(asdict(reply)) + "\n"
        try:
            with self.path.open("ab") as file:
                file.write(("\n" if self._torn else "").encode() + line.encode())
        except OSError as error:
            raise CacheUnusable(f"{self.path} cannot be written: {error.strerror}. Name another --cache.") from error
        self._torn = False
        self._replies[reply.key] = reply


def _reply(line: bytes) -> Reply | None:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict):
        return None
    texts = [held.get(name) for name in ("key", "text", "served")]
    return Reply(*(str(text) for text in texts)) if all(isinstance(text, str) for text in texts) else None

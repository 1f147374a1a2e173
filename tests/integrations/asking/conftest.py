"""A desk on a base that a test may change, with a memory of its own."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.conversations.store import open_conversations
from assistant.events import Event
from integrations.asking import trying
from integrations.asking.answering import Asking, Posed
from tests.integrations.conftest import QUESTION, DeskOn


@dataclass(frozen=True, slots=True)
class Freely:
    """Leave without limits."""

    use_model: bool = True

    def answering(self, question: str, stream: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
        return stream


def posed(text: str = QUESTION, **changed: Any) -> Posed:
    values: dict[str, Any] = {"text": text, "person": "web:ana", "audience": "public", "surface": "web"}
    return Posed(**{**values, **changed})


@pytest.fixture
def asking(base_copy: Path, desk_on: DeskOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    monkeypatch.setattr(trying, "PATIENCE_SECONDS", 60.0)  # what is suggested is not to hang on how busy a machine is
    desk, conversations = desk_on(base_copy), open_conversations(tmp_path / "memory")
    asking = Asking(desk, conversations)
    yield asking
    asking.close()
    conversations.close()
    desk.base.close()

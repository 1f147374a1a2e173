"""The meanings of questions as vectors, made once a question and kept only for as long as it is looked at."""

from collections.abc import Mapping
from threading import Lock

from integrations.web.admin.grouping import meaning
from knowledge.embedding import Embedder, Vectors


class Meanings:
    """By answer. Blocking, and safe from several threads. Raises EmbedderUnavailable."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._held: dict[str, Vectors] = {}
        self._lock = Lock()

    def of(self, questions: Mapping[str, str]) -> list[Vectors]:
        """A unit vector for each question, in their order. What is not among them is forgotten."""
        with self._lock:
            held = self._held
        made = {
            answer_id: held[answer_id] if answer_id in held else self._made(question)
            for answer_id, question in questions.items()
        }
        with self._lock:
            self._held = made
        return list(made.values())

    def _made(self, question: str) -> Vectors:
        return meaning(self._embedder.question(question), self._embedder.name)

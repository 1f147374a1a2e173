"""Knowledge bases of packs' corpora and of the starter library, built once and kept between runs."""

import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from evals.errors import InvalidPack
from knowledge.base import fingerprint_of
from knowledge.candidates import Candidate, files_in, lines_of
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest, Progress


def prepare_store(corpora: Sequence[Path], root: Path, embedder: Embedder, progress: Progress | None = None) -> Path:
    """The directory of a store of these corpora alone. Raises InvalidPack for a line that is no document, and
    KnowledgeError."""
    digest = hashlib.blake2b(fingerprint_of(embedder).encode(), digest_size=8)
    candidates = []
    for corpus in corpora:
        lines, refused = lines_of(corpus)
        if refused:
            raise InvalidPack(f"{refused[0].origin}: {refused[0].reason}")
        candidates.extend(lines)
        digest.update(corpus.read_bytes())
    return _built(root / digest.hexdigest(), candidates, embedder, progress)


def prepare_library(root: Path, embedder: Embedder, progress: Progress | None = None) -> Path:
    """The directory of a store of the starter library alone. Raises KnowledgeError."""
    digest = hashlib.blake2b(fingerprint_of(embedder).encode(), digest_size=8)
    with resources.as_file(resources.files("knowledge") / "library") as folder:
        for path in sorted(folder.rglob("*.md")):
            digest.update(path.read_bytes())
        candidates, _ = files_in([folder])
        return _built(root / digest.hexdigest(), candidates, embedder, progress)


def _built(directory: Path, candidates: Sequence[Candidate], embedder: Embedder, progress: Progress | None) -> Path:
    complete = directory / "complete"
    if not complete.exists():
        report = Ingest(directory, embedder).run(candidates, progress=progress)
        if report.refused:
            raise InvalidPack(f"{report.refused[0].origin}: {report.refused[0].reason}")
        complete.touch()
    return directory

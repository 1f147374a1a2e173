"""Passages' vectors in Chroma: one collection an audience, embedded in a directory or on a Chroma server.

Chroma holds ids and vectors only. It is derived from the catalogue: results are ids, and the catalogue decides what a
reader gets for them. Nothing else in the project imports chromadb.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from knowledge.embedding import Vectors
from knowledge.errors import IndexDamaged

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# Width by measurement on vectors like ours at 100,000 passages: recall@10 .92 with Chroma's defaults, .998 with these.
# The low threshold makes the last batch of a build reach the index files: what stays in the log is replayed at each
# open.
_CONFIGURATION: Any = {
    "hnsw": {
        "space": "cosine",
        "max_neighbors": 32,
        "ef_construction": 200,
        "ef_search": 200,
        "sync_threshold": 100,
        "batch_size": 100,
    }
}
_BATCH = 5000


class VectorSource(Protocol):
    """What a store is filled from: the catalogue's passages."""

    def ids(self, fingerprint: str, audience: str) -> set[str]: ...

    def vectors_of(self, fingerprint: str, ids: Sequence[str]) -> Iterable[tuple[list[str], Vectors]]: ...


class ChromaStore:
    """One Chroma with the collections of one index fingerprint. Blocking; safe to query from several threads."""

    def __init__(self, client: "ClientAPI", fingerprint: str, base: str = "") -> None:
        self._client = client
        self._fingerprint = fingerprint
        # Several knowledge bases may share a server; a directory holds one.
        self._ours = f"{base}-" if base else ""
        self._collections: dict[str, Collection] = {}

    @classmethod
    def embedded(cls, directory: Path, fingerprint: str) -> "ChromaStore":
        """Chroma's files in a directory. Open only what ``snapshots`` found sound: a damaged one can end the
        process."""
        import chromadb

        try:
            client = chromadb.PersistentClient(str(directory), settings=_settings())
        except Exception as error:  # Chroma's own errors and its database's: files that cannot be opened
            raise IndexDamaged(
                f"The vector index in {directory} cannot be opened ({type(error).__name__}). "
                "Run `migdesk ingest --rebuild` to build it again."
            ) from error
        return cls(client, fingerprint)

    @classmethod
    def server(cls, url: str, fingerprint: str, base: str) -> "ChromaStore":
        """A Chroma server. It has no authentication of its own: keep it on a private network. Raises IndexDamaged when
        it does not answer."""
        import chromadb

        parts = urlsplit(url)
        secure = parts.scheme == "https"
        try:
            client = chromadb.HttpClient(
                host=parts.hostname or url,
                port=parts.port or (443 if secure else 8000),
                ssl=secure,
                settings=_settings(),
            )
        except Exception as error:  # the client raises ValueError, httpx errors and others for one thing: no server
            raise IndexDamaged(f"The Chroma server at {url} does not answer. Check MIGDESK_CHROMA_URL.") from error
        return cls(client, fingerprint, base)

    def stale(self, source: VectorSource, audiences: Iterable[str]) -> int:
        """How many vectors are held that the source does not hold any more."""
        held = {audience: self._collection(audience) for audience in audiences}
        return sum(
            len(self._ids(collection) - source.ids(self._fingerprint, audience))
            for audience, collection in held.items()
            if collection is not None
        )

    def fill(self, source: VectorSource, audiences: Iterable[str]) -> int:
        """Makes the collections hold what the source holds, no more and no less. Returns how many vectors changed."""
        changed = 0
        wanted_names = {self._name(audience) for audience in audiences}
        for collection in self._client.list_collections():
            if collection.name.startswith(self._ours) and collection.name not in wanted_names:
                self._client.delete_collection(collection.name)
        for audience in audiences:
            collection = self._client.get_or_create_collection(
                self._name(audience), embedding_function=None, configuration=_CONFIGURATION
            )
            wanted, present = source.ids(self._fingerprint, audience), self._ids(collection)
            for batch in _batches(sorted(present - wanted)):
                collection.delete(ids=batch)
                changed += len(batch)
            pending: list[tuple[list[str], Vectors]] = []
            for ids, vectors in source.vectors_of(self._fingerprint, sorted(wanted - present)):
                pending.append((ids, vectors))
                if sum(len(held) for held, _ in pending) + 500 > _BATCH:
                    changed += _add(collection, pending)
                    pending = []
            changed += _add(collection, pending)
        return changed

    def nearest(self, vector: Vectors, audiences: Iterable[str], count: int) -> list[str]:
        """Ids of the passages nearest by cosine, ``count`` from each audience's own collection. Raises IndexDamaged."""
        found: list[str] = []
        for audience in sorted(audiences):
            collection = self._collection(audience)
            if collection is None:
                continue
            try:
                result = collection.query(query_embeddings=vector.reshape(1, -1), n_results=count, include=[])
            except Exception as error:  # Chroma's own errors, its server's and its transport's: no neighbours to be had
                raise IndexDamaged(f"The vector index did not answer ({type(error).__name__}).") from error
            found.extend(result["ids"][0])
        return found

    def sizes(self) -> dict[str, int]:
        """Collection name → vectors in it, after one query against each: what a probe checks."""
        sizes = {}
        for listed in self._client.list_collections():
            collection = self._client.get_collection(listed.name, embedding_function=None)
            sizes[listed.name] = collection.count()
            if sizes[listed.name]:
                sample = collection.get(limit=1, include=["embeddings"])["embeddings"]
                collection.query(query_embeddings=sample, n_results=1, include=[])
        return sizes

    def close(self) -> None:
        self._collections.clear()
        closing: Any = self._client  # the interface omits what both of its implementations have
        closing.close()

    def _collection(self, audience: str) -> "Collection | None":
        from chromadb.errors import NotFoundError

        if audience not in self._collections:
            try:
                self._collections[audience] = self._client.get_collection(self._name(audience), embedding_function=None)
            except NotFoundError:
                return None
        return self._collections[audience]

    def _ids(self, collection: "Collection") -> set[str]:
        ids: set[str] = set()
        while True:
            page = collection.get(limit=_BATCH, offset=len(ids), include=[])["ids"]
            ids.update(page)
            if len(page) < _BATCH:
                return ids

    def _name(self, audience: str) -> str:
        return f"{self._ours}{self._fingerprint}-{audience.replace(':', '.')}"


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _add(collection: "Collection", pending: list[tuple[list[str], Vectors]]) -> int:
    import numpy as np

    if not pending:
        return 0
    ids = [identifier for held, _ in pending for identifier in held]
    collection.add(ids=ids, embeddings=np.concatenate([vectors for _, vectors in pending]))
    return len(ids)


def _batches(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))

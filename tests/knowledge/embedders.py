"""A deterministic stand-in for an embedding model: texts that share words have near vectors, in any script."""

import hashlib

import numpy as np
from langchain_core.embeddings.embeddings import Embeddings

from knowledge.embedding import Embedder
from knowledge.normalisation import words_of

DIMENSIONS = 64


class WordBag(Embeddings):
    """Each word, lower case, adds a direction of its own; the sum is brought to length 1."""

    def __init__(self, blind_to: frozenset[str] = frozenset()) -> None:
        self._blind_to = blind_to

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        total = np.full(DIMENSIONS, 1e-3)
        for word in words_of(text.lower()):
            if word not in self._blind_to:
                total += _direction(word)
        return [float(value) for value in total / np.linalg.norm(total)]


def _direction(word: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(seed).standard_normal(DIMENSIONS)


def word_embedder(name: str = "test/word-bag", blind_to: frozenset[str] = frozenset()) -> Embedder:
    """``blind_to`` names words that leave no trace in the vectors: what only the keyword index can find."""
    return Embedder(WordBag(blind_to), name, DIMENSIONS)

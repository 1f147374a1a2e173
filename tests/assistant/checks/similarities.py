"""Similarities that a test chooses, in place of an embedder's."""

from collections.abc import Sequence

from assistant.checks.examining import Similarities
from knowledge.types import Retrieved


def all_alike(value: float) -> Similarities:
    """Every sentence is as near to the statement as every other."""

    def similarities(text: str, passages: Sequence[Retrieved]) -> list[list[float]]:
        return [[value] * len(found.units) for found in passages]

    return similarities


def of_each(*values: Sequence[float]) -> Similarities:
    """For each cited passage, the values of its sentences in their order."""

    def similarities(text: str, passages: Sequence[Retrieved]) -> list[list[float]]:
        return [list(of_passage) for of_passage in values]

    return similarities

"""Components of many questions as matrices, so that a thousand draws of clusters are one matrix product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question's cluster and its components: name → (numerator, denominator)."""

    cluster: str
    parts: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ClusterTable:
    """Sums of each component over each cluster: ``top`` and ``bottom`` are (clusters, components)."""

    names: tuple[str, ...]
    top: Array
    bottom: Array

    @property
    def clusters(self) -> int:
        return len(self.top)

    def sums(self, weights: Array) -> dict[str, tuple[Array, Array]]:
        """Component → numerators and denominators (draws,) for weights (draws, clusters)."""
        # Draws along the rows' memory: each component is then read in one piece.
        top, bottom = self.top.T @ weights.T, self.bottom.T @ weights.T
        return {name: (top[place], bottom[place]) for place, name in enumerate(self.names)}

    def total(self) -> dict[str, tuple[Array, Array]]:
        """As ``sums`` with every cluster once."""
        return self.sums(np.ones((1, self.clusters)))

    def without_each(self) -> dict[str, tuple[Array, Array]]:
        """As ``sums`` with each cluster left out in turn."""
        top, bottom = self.top.sum(0) - self.top, self.bottom.sum(0) - self.bottom
        return {name: (top[:, place], bottom[:, place]) for place, name in enumerate(self.names)}


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """One row a question: ``clusters`` (questions,) number its cluster, ``top`` and ``bottom`` are (questions,
    components); both are 0 where a component does not apply."""

    names: tuple[str, ...]
    clusters: Whole
    top: Array
    bottom: Array

    def __len__(self) -> int:
        return len(self.clusters)

    def of(self, chosen: NDArray[np.bool_]) -> "QuestionTable":
        """The rows chosen, with the components that any of them has."""
        top, bottom = self.top[chosen], self.bottom[chosen]
        used = (bottom != 0).any(0)
        names = tuple(name for name, use in zip(self.names, used, strict=True) if use)
        return QuestionTable(names, self.clusters[chosen], top[:, used], bottom[:, used])

    def by_cluster(self) -> ClusterTable:
        order = np.argsort(self.clusters, kind="stable")
        begins = np.flatnonzero(np.diff(self.clusters[order], prepend=-1))
        return ClusterTable(
            self.names, np.add.reduceat(self.top[order], begins, 0), np.add.reduceat(self.bottom[order], begins, 0)
        )

    def values(self, name: str) -> tuple[Array, Whole]:
        """What each question that has the component gives for it, in rising order, and its cluster, numbered as in
        ``by_cluster``."""
        place = self.names.index(name)
        has = self.bottom[:, place] > 0
        values = self.top[has, place] / self.bottom[has, place]
        numbered = np.unique(self.clusters, return_inverse=True)[1][has]
        order = np.argsort(values, kind="stable")
        return values[order], numbered[order].astype(np.int64)


def table_of(rows: Sequence[Row]) -> QuestionTable:
    return paired_tables(rows)[0]


def paired_tables(*runs: Sequence[Row]) -> list[QuestionTable]:
    """Tables with the same components and clusters, of runs over the same questions in the same order. A question's
    cluster is that of the first run."""
    names = sorted({name for rows in runs for row in rows for name in row.parts})
    place = {name: number for number, name in enumerate(names)}
    numbers: dict[str, int] = {}
    clusters = np.array([numbers.setdefault(row.cluster, len(numbers)) for row in runs[0]], dtype=np.int64)
    tables = []
    for rows in runs:
        sums = np.zeros((2, len(rows), len(names)))
        for number, row in enumerate(rows):
            for name, part in row.parts.items():
                sums[:, number, place[name]] = part
        tables.append(QuestionTable(tuple(names), clusters, sums[0], sums[1]))
    return tables

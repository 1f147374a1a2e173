"""Were the right documents found, and how far up? Of each group of gold documents one is enough."""

import math

from evals.metrics.view import Parts, View

_RANKS = (1, 5, 10)
_DEPTH = 10


def retrieval(view: View) -> Parts:
    """recall@1, @5 and @10, the reciprocal rank of the first right document (MRR) and nDCG@10 with a gain of one for
    each group when its first document comes (Järvelin and Kekäläinen 2002)."""
    groups = [frozenset(group) for group in view.question.documents_wanted]
    if not groups:
        return {}
    parts: Parts = {}
    for rank in _RANKS:
        above = view.ranked[:rank]
        parts[f"recall@{rank}"] = (sum(not group.isdisjoint(above) for group in groups) / len(groups), 1.0)
    ranks = _ranks_of_gain(view.ranked, groups)
    best = sum(_gain(place) for place in range(1, min(_DEPTH, len(groups)) + 1))
    parts["mrr"] = (1 / ranks[0] if ranks else 0.0, 1.0)
    parts["ndcg@10"] = (sum(_gain(rank) for rank in ranks if rank <= _DEPTH) / best, 1.0)
    return parts


def _ranks_of_gain(ranked: tuple[str, ...], groups: list[frozenset[str]]) -> list[int]:
    """The ranks, from 1, at which a document serves a group that none above it served. One document serves one."""
    left, ranks = list(groups), []
    for rank, document in enumerate(ranked, start=1):
        served = next((group for group in left if document in group), None)
        if served is not None:
            left.remove(served)
            ranks.append(rank)
    return ranks


def _gain(rank: int) -> float:
    return 1 / math.log2(rank + 1)

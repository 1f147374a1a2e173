"""What was found for a question, or for each of the questions in it, and what of it may be quoted."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from assistant.close_reading import Scores, read_closely
from assistant.coverage import Coverage, coverage_of
from assistant.language import ENGLISH, language_of
from assistant.parting import is_tail, parts_of
from knowledge.search import Found
from knowledge.types import Retrieved

Search = Callable[[str, int], Found]
# How many passages are looked at for what the question may mean: those of one reading may fill the first few.
LOOKED_AT = 16


@dataclass(frozen=True, slots=True)
class Searched:
    """The questions in a question, what was found for each, and how many passages of each are ranked."""

    parts: tuple[str, ...]
    results: tuple[Found, ...]
    depth: int

    @property
    def passages(self) -> tuple[Retrieved, ...]:
        """Those found, ranked: of several questions the first of each, the second of each, and so on."""
        return _in_turn([result.passages[: self.depth] for result in self.results])


@dataclass(frozen=True, slots=True)
class Part:
    """A question with what was found for it: ``found`` is what a writer reads, ``coverage`` has what may be quoted."""

    question: str
    found: Found
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Reading:
    """``passages``: those found, ranked; ``found`` what a writer reads of it; ``coverage`` of the question as a whole:
    covered where one of its parts is, as sure as the surest of them; ``looked_at``: at least ``LOOKED_AT`` passages,
    where there are as many, to see what else a question without parts may mean."""

    passages: tuple[Retrieved, ...]
    found: Found
    coverage: Coverage
    parts: tuple[Part, ...]
    looked_at: tuple[Retrieved, ...] = ()

    @property
    def uncovered(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.coverage.covered)


async def search_parts(question: str, search: Search, *, depth: int) -> Searched:
    """Searches for the question's parts one by one; ``depth`` passages of each are ranked."""
    parts = parts_of(question)
    results = [await asyncio.to_thread(search, part, max(depth, LOOKED_AT)) for part in parts]
    return Searched(tuple(parts), tuple(results), depth)


async def weigh(
    searched: Searched,
    is_same_language: Callable[[str, Found], bool],
    *,
    is_narrowed: bool,
    top_k: int,
    scores: Scores | None = None,
) -> Reading:
    """What of the passages found, ``top_k`` of each part, may be quoted. ``scores``: reads English sentences together
    with the question."""
    parts = []
    for part, result in zip(searched.parts, searched.results, strict=True):
        found = replace(result, passages=result.passages[:top_k])
        is_same = is_same_language(part, found)
        if scores is not None and is_same and found.passages and language_of(part) == ENGLISH:
            found = await asyncio.to_thread(read_closely, part, found, scores)
        parts.append(Part(part, found, coverage_of(part, found, is_same, is_narrowed)))
    passages = searched.passages
    if len(parts) == 1:
        return Reading(passages, parts[0].found, parts[0].coverage, tuple(parts), searched.results[0].passages)
    return Reading(
        passages,
        Found(
            passages[:top_k],
            {term: idf for result in searched.results for term, idf in result.idf.items()},
            frozenset().union(*(result.unseen for result in searched.results)),
        ),
        _together([part.coverage for part in parts]),
        tuple(part for part in parts if part.coverage.covered or not is_tail(part.question)) or tuple(parts),
    )


def _in_turn(rankings: Sequence[Sequence[Retrieved]]) -> tuple[Retrieved, ...]:
    """The first of each, the second of each, and so on, every passage once."""
    row = chain.from_iterable(zip_longest(*rankings))
    return tuple({item.passage.id: item for item in row if item is not None}.values())


def _together(coverages: Sequence[Coverage]) -> Coverage:
    return Coverage(
        any(coverage.covered for coverage in coverages),
        tuple(dict.fromkeys(chain.from_iterable(c.missing for c in coverages if not c.covered))),
        tuple(chain.from_iterable(coverage.passages for coverage in coverages)),
        max(coverage.confidence for coverage in coverages),
    )

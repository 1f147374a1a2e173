"""The words of a source that carry a statement: the shortest run of sentences that holds all its facts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checks.facts import Facts, facts_of, lacking, swapped
from assistant.checks.reasons import Reason
from assistant.checks.turning import turned
from assistant.function_words import ENGLISH
from knowledge.spelling import alike, folded_words
from knowledge.types import Retrieved, Span

# Cosine of a statement to a sentence, with the local embedder: see evals/README.md.
LEAST_SIMILARITY = 0.84
LEAST_SIMILARITY_ACROSS = 0.80
_LONGEST_RUN = 3
# Of a statement's content words, in its sources' language.
LEAST_SHARED = 0.4
# A sentence with all the facts carries the statement though another is a little nearer to it.
_NEAR = 0.04
# What is taken along for one more fact has to be about as near as what it is taken along with.
_TAKEN_ALONG = 0.05
# So near beside the chosen sentence, another one that says the contrary counts.
_BESIDE = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences of a passage that follow one another. ``similarity`` is the best one's; ``reasons`` say what of the
    statement they lack."""

    found: Retrieved
    span: Span
    similarity: float
    reasons: tuple[Reason, ...] = ()

    @property
    def text(self) -> str:
        return self.found.passage.text_at(self.span)


def carrier(statement: str, found: Retrieved, similarities: list[float], *, same_language: bool) -> Run | None:
    """The run that carries the statement, or comes nearest to it; None where the passage is about something else."""
    least = LEAST_SIMILARITY if same_language else LEAST_SIMILARITY_ACROSS
    best = max(similarities, default=0.0)
    if best < least:
        return None
    stated, around = facts_of(statement), facts_of(surroundings(found))
    runs: list[Run] = []
    nearest = found.units[similarities.index(best)].span
    longest = 1 if swapped(stated, facts_of(found.passage.text_at(nearest))) else _LONGEST_RUN
    for length in range(1, longest + 1):
        runs += [
            _run(statement, stated, around, found, similarities[place : place + length], place, same_language)
            for place in range(len(similarities) - length + 1)
            if _is_near(similarities[place : place + length], best, least)
        ]
        if whole := [run for run in runs if not run.reasons]:
            chosen = max(whole, key=lambda run: run.similarity)
            return _contradicted_beside(statement, chosen, whole, same_language) or chosen
    return min(runs, key=lambda run: (len(run.reasons), -run.similarity))


def _contradicted_beside(statement: str, chosen: Run, whole: Sequence[Run], same_language: bool) -> Run | None:
    """A sentence next in nearness that denies what the statement says, or the other way round: one that only speaks of
    the same thing must not shield it."""
    for run in whole:
        is_beside = run is not chosen and run.similarity >= chosen.similarity - _BESIDE
        if is_beside and turned(statement, run.text, same_language=same_language) is Reason.NEGATION:
            return run
    return None


def _is_near(values: Sequence[float], best: float, least: float) -> bool:
    if len(values) == 1:
        return values[0] >= max(best - _NEAR, least)
    return max(values) >= best - _NEAR and min(values) >= best - _TAKEN_ALONG


def _run(
    statement: str,
    stated: Facts,
    around: Facts,
    found: Retrieved,
    values: Sequence[float],
    place: int,
    same_language: bool,
) -> Run:
    span = Span(found.units[place].span.start, found.units[place + len(values) - 1].span.end)
    held = facts_of(found.passage.text_at(span))
    reasons = list(lacking(stated, held, around, same_language=same_language))
    if same_language and shared_content(statement, held, found) < LEAST_SHARED:
        reasons.append(Reason.UNSUPPORTED)
    return Run(found, span, max(values), tuple(reasons))


def shared_content(statement: str, held: Facts, found: Retrieved) -> float:
    """The share of a statement's content words that the sentences or their headings hold, with any ending. Its figures
    and dates count as one word each: they are held, or nobody asks."""
    content = [word for word in folded_words(statement) if word not in ENGLISH and not word.isdecimal()]
    there = held.words | facts_of(found.under).words
    certain = len(facts_of(statement).figures) + len(facts_of(statement).dates)
    if not content:
        return 1.0
    shared = sum(word in there or any(alike(word, other) for other in there) for word in content)
    return (shared + certain) / (len(content) + certain)


def surroundings(found: Retrieved) -> str:
    """A passage with the title and headings it stands under, and the titles of what it rests on."""
    references = " ".join(f"{r.title} {r.published or ''}" for r in found.source.references)
    return "\n".join(
        (found.source.title, found.source.published or "", *found.passage.headings, references, found.passage.text)
    )


def contradicted(statement: str, runs: Sequence[Run], *, same_language: bool) -> Reason | None:
    """Why the statement says the contrary of the sentences that carry it, or None."""
    return turned(statement, "\n".join(run.text for run in runs), same_language=same_language)

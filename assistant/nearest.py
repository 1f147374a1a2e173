"""The sentences nearest to a question, and what of the question stands beside them. Pure.

A document that speaks of the asked city on another page, or a passage that names the asked year three paragraphs on,
does not answer a question on both: what counts is what stands near the sentence that would be quoted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.asked_places import places_missing
from assistant.names import figures
from knowledge.spelling import folded_words, forms_of
from knowledge.types import Retrieved

# Beside its similarity, what a sentence is chosen for: the share of the question's words that stand near it.
_WORDS = 0.1
# In a base of one document no word is rarer than another.
_NOTHING_RARE = 0.001


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence with its neighbours, its headings and its title. ``held``: the share of the question's content words
    there, by idf; ``missing_names`` and ``missing_figures``: how many of the question's are not."""

    similarity: float
    held: float
    missing_names: int
    missing_figures: int


def nearest(
    items: Sequence[Retrieved],
    content: Mapping[str, float],
    names: Sequence[str],
    asked: frozenset[str],
    places: frozenset[str],
    count: int,
) -> list[Near]:
    """The ``count`` nearest sentences of the passages, the nearest first. ``content``: the question's content words
    with their idf; ``asked``: its figures; ``places``: see ``asked_places``."""
    if sum(content.values()) < _NOTHING_RARE:
        content = dict.fromkeys(content, 1.0)
    total = sum(content.values()) or 1.0
    read = [(item, *_words(item)) for item in items]
    vocabulary = frozenset[str]().union(*(words for _, under, units in read for words in (under, *units)))
    # Looked up once for all sentences: comparing each word of the question with each of every sentence is slow.
    terms = [(forms_of(term, vocabulary), idf) for term, idf in content.items()]
    wanted = [forms_of(name, vocabulary) for name in names]
    found = []
    for item, under, units in read:
        heads = figures(f"{item.under}\n{item.source.published or ''}") if asked else set()
        for index, unit in enumerate(item.units):
            beside = slice(max(0, index - 1), index + 2)
            words = under.union(*units[beside])
            held = sum(idf for forms, idf in terms if _mention(words, forms)) / total
            lacking = sum(not _mention(words, forms) for forms in wanted)
            lacking += len(places_missing(places, f"{item.under}\n{_text(item, beside)}")) if places else 0
            missing = asked - heads - figures(_text(item, beside)) if asked else ()
            found.append(Near(unit.similarity, held, lacking, len(missing)))
    return sorted(found, key=lambda near: -(near.similarity + _WORDS * near.held))[:count]


def _words(item: Retrieved) -> tuple[frozenset[str], list[frozenset[str]]]:
    """The folded words that it stands under, and those of each of its sentences."""
    units = [frozenset(folded_words(item.passage.text_at(unit.span))) for unit in item.units]
    return frozenset(folded_words(item.under)), units


def _text(item: Retrieved, beside: slice) -> str:
    return "\n".join(item.passage.text_at(unit.span) for unit in item.units[beside])


def _mention(words: frozenset[str], forms: Sequence[frozenset[str]]) -> bool:
    return all(not words.isdisjoint(part) for part in forms)

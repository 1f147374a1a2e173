"""How likely the passages found hold what was asked, from features of the question and of them. Pure.

Logistic models, fitted on public packs of answerable and unanswerable questions (evals/README.md says how). Beside
similarity they count whether the question's own words, figures and names stand in what was found; across languages
words cannot be compared, so there similarity, figures, places and abbreviations decide; where sentences were read
together with the question, their relevance takes the place of the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import function_words
from assistant.asked_places import as_written, other_names, places_asked, places_missing
from assistant.names import figures, spells_out
from assistant.nearest import nearest
from knowledge.search import Found
from knowledge.spelling import folded_words, mentions
from knowledge.types import Retrieved

_PASSAGES = 3
_MOST_MISSING = 2
_NEAREST = 3
_LONGEST = 12
_NO_SECOND = 0.05
# About the least that the cross-encoder gives.
_IRRELEVANT = -11.0


@dataclass(frozen=True, slots=True)
class Features:
    """``similarity``: the best mean of a passage's and its best sentence's cosine; ``sentence``: the best sentence's;
    ``keywords``: the best keyword share; ``terms``: the share of the question's content words that the best passages
    hold; ``missing_figures`` and ``missing_names``: how many of the question's they do not; ``lead``: by how much the
    first passage is ahead of the second; ``length``: how many content words the question has. The rest is said of the
    nearest sentence and what stands beside it (see ``nearest``), ``held_most`` of the best of the nearest three;
    ``centred``: by how much the best sentence is nearer than to everyday questions; ``relevance``: of the sentence that
    answers best, where sentences were read together with the question (see ``close_reading``)."""

    similarity: float
    sentence: float
    keywords: float
    terms: float
    missing_figures: int
    missing_names: int
    lead: float = 0.0
    length: int = 0
    held: float = 0.0
    held_most: float = 0.0
    names_away: int = 0
    figures_away: int = 0
    centred: float = 0.0
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a logistic model; ``least`` is the log-odds from which a question counts as covered. It lies below nought:
    to refuse what could be answered is the commoner complaint, and every sentence shown carries its source."""

    bias: float
    similarity: float
    least: float
    sentence: float = 0.0
    keywords: float = 0.0
    terms: float = 0.0
    missing_figures: float = 0.0
    missing_names: float = 0.0
    lead: float = 0.0
    length: float = 0.0
    held: float = 0.0
    held_most: float = 0.0
    names_away: float = 0.0
    figures_away: float = 0.0
    centred: float = 0.0
    relevance: float = 0.0


# Of the starter library's briefs, which say in every statement what it is about: see ``fitting``.
BRIEFS = Weights(
    -31.413, 21.254, -0.75, 13.721, keywords=0.930, terms=1.364, missing_figures=-1.278, missing_names=-0.505
)
OTHERS = Weights(
    -31.34, 32.927, -0.6, lead=12.683, length=0.182, held_most=3.114, names_away=-1.565, figures_away=-1.648
)
# The same where sentences were read together with the question.
OTHERS_READ = Weights(
    -9.338, 8.397, -0.6, lead=5.585, length=0.174, centred=8.588, names_away=-1.131, missing_figures=-2.484,
    relevance=0.193,
)  # fmt: skip
# Of one document, or of a few that were chosen: the first passage has no others to be ahead of.
CHOSEN = Weights(-26.294, 24.686, -0.15, 4.798, held=1.18, held_most=0.14, names_away=-0.253, figures_away=-2.201)
# Whatever is asked in Arabic lies farther from English passages than what is asked in Serbian: so what counts most is
# by how much they are nearer than to everyday questions of the language.
ACROSS_LANGUAGES = Weights(-16.457, 0.0, -1.1, 16.749, missing_figures=-3.227, missing_names=-4.467, centred=36.64)


def odds_of(question: str, found: Found, same_language: bool, is_narrowed: bool) -> tuple[float, float]:
    """Log-odds that the question is covered by what was found, which is something, and those from which it counts as
    covered."""
    if not same_language:
        weights = ACROSS_LANGUAGES
    elif found.passages[0].source.subject is not None:
        weights = BRIEFS
    elif is_narrowed:
        weights = CHOSEN
    else:
        weights = OTHERS_READ if _relevances(found) else OTHERS
    return log_odds(features_of(question, found, same_language), weights), weights.least


def features_of(question: str, found: Found, same_language: bool) -> Features:
    best = found.passages[:_PASSAGES]
    vocabulary = _vocabulary(best)
    content = {
        term: idf for term, idf in found.idf.items() if term not in function_words.ENGLISH and not term.isdecimal()
    }
    wanted = _names(question, same_language)
    near = nearest(best, content, wanted, frozenset(figures(question)), places_asked(question), _NEAREST)
    scores = [item.score for item in found.passages[:2]]
    missing_figures, missing_names = names_missing(question, found, same_language)
    return Features(
        similarity=max(((item.why.passage + item.why.sentence) / 2 for item in best), default=0.0),
        sentence=max((item.why.sentence for item in best), default=0.0),
        keywords=max((item.why.keywords for item in best), default=0.0),
        terms=sum(mentions(term, vocabulary) for term in content) / len(content) if content else 0.0,
        missing_figures=len(missing_figures),
        missing_names=len(missing_names),
        lead=scores[0] - scores[1] if len(scores) > 1 else _NO_SECOND,
        length=min(len(content), _LONGEST),
        held=near[0].held if near else 0.0,
        held_most=max((item.held for item in near), default=0.0),
        names_away=near[0].missing_names if near else 0,
        figures_away=near[0].missing_figures if near else 0,
        centred=max((unit.centred for item in best for unit in item.units), default=0.0),
        relevance=max(_relevances(found), default=_IRRELEVANT),
    )


def _relevances(found: Found) -> list[float]:
    return [unit.relevance for item in found.passages for unit in item.units if unit.relevance is not None]


def log_odds(features: Features, weights: Weights) -> float:
    return (
        weights.bias
        + weights.similarity * features.similarity
        + weights.sentence * features.sentence
        + weights.keywords * features.keywords
        + weights.terms * features.terms
        + weights.missing_figures * min(features.missing_figures, _MOST_MISSING)
        + weights.missing_names * min(features.missing_names, _MOST_MISSING)
        + weights.lead * features.lead
        + weights.length * features.length
        + weights.held * features.held
        + weights.held_most * features.held_most
        + weights.names_away * min(features.names_away, _MOST_MISSING)
        + weights.figures_away * min(features.figures_away, _MOST_MISSING)
        + weights.centred * features.centred
        + weights.relevance * features.relevance
    )


def _searched_for_names(found: Found, same_language: bool) -> Sequence[Retrieved]:
    """The passages in which the question's names and figures may stand. A brief says in every statement what it is
    about, and of questions in the passages' language the first few hold more of the words; in other documents a name
    may stand further on than the first few passages in another language."""
    is_of_a_brief = found.passages[0].source.subject is not None
    return found.passages[:_PASSAGES] if same_language or is_of_a_brief else found.passages


def names_missing(question: str, found: Found, same_language: bool) -> tuple[set[str], list[str]]:
    """The question's figures, and its names as it writes them, that the passages do not hold."""
    return _missing(question, _searched_for_names(found, same_language), same_language)


def _missing(question: str, best: Sequence[Retrieved], same_language: bool) -> tuple[set[str], list[str]]:
    vocabulary = _vocabulary(best)
    asked = figures(question)
    if asked:
        asked = asked - figures("\n".join(f"{item.in_context}\n{item.source.published or ''}" for item in best))
    text = "\n".join(item.in_context for item in best)
    wanted = _names(question, same_language)
    lacking = [name for name in wanted if not mentions(name, vocabulary) and not spells_out(text, name)]
    away = places_missing(places_asked(question), text)
    return asked, [*lacking, *(as_written(place, question) for place in away)]


def _names(question: str, same_language: bool) -> list[str]:
    """Without places, which are compared by what they are. Across languages other names may be written otherwise;
    abbreviations are the same everywhere."""
    return [name for name in other_names(question) if same_language or name.isupper()]


def _vocabulary(best: Sequence[Retrieved]) -> frozenset[str]:
    return frozenset(word for item in best for word in folded_words(item.in_context))

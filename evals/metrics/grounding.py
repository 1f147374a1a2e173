"""Does what the answer says stand in the passages it cites? Without a judge: words, figures and names.

Words can be compared only where answer and passage share a language. Figures can always, and names across languages
only where they are abbreviations (Germany is Nemačka elsewhere); what was measured across languages is kept apart.
"""

from collections.abc import Sequence
from functools import lru_cache

from assistant.language import language_of
from assistant.names import figures, names
from evals.metrics.matching import on_one_line, share_within
from evals.metrics.view import Parts, View
from evals.records import SentenceRecord
from knowledge.spelling import folded_words, mentions

# What is needed to tell a passage's language; more only costs time.
_ENOUGH = 400
_ONE_LANGUAGE = {"bs": "sr-Latn", "hr": "sr-Latn", "cnr": "sr-Latn"}


def grounding(view: View) -> Parts:
    """``grounded_words``: the share of the answer's words that stand in the cited passages, none where nothing is
    cited. ``grounded_figures`` and ``grounded_names``: of all that the sentences hold, how many stand in a passage that
    the same sentence cites; with ``_across`` where it is in another language. A question back states nothing."""
    record = view.record
    if view.question.expected not in ("answer", "abstain") or view.silent or record.clarified or not record.answer:
        return {}
    # A word or two tell no language; then the answer is taken to be in that of the question.
    languages = frozenset({_language(record.answer), _one_language(view.question.lang)})
    parts: Parts = {}
    cited = _texts(view, record.sentences)
    if not cited or _share_language(languages, cited):
        parts["grounded_words"] = (share_within(record.answer, cited), 1.0)
    for sentence in record.sentences or (SentenceRecord(text=record.answer, citations=()),):
        texts = _texts(view, (sentence,))
        across = "_across" if texts and not _share_language(languages, texts) else ""
        # A sentence that is a quote needs no closer look; of others most stands in the quotes already, which are short,
        # and only for the rest the passages are read.
        quoted = _stands_in_one(sentence.text, texts)
        quotes = () if quoted else tuple(c.quote for c in sentence.citations if _stands_in_one(c.quote, texts))
        figures_said = _figures_of(sentence.text)
        names_said = [name for name in _names_of(sentence.text) if not across or name.isupper()]
        figures_left = 0 if quoted else _figures_left(figures_said, (quotes, texts))
        names_left = 0 if quoted else _names_left(names_said, (quotes, texts))
        _add(parts, f"grounded_figures{across}", len(figures_said), figures_left)
        _add(parts, f"grounded_names{across}", len(names_said), names_left)
    return parts


def _texts(view: View, sentences: Sequence[SentenceRecord]) -> tuple[str, ...]:
    """The cited passages, each once; of one that the record does not hold, the quote."""
    texts: dict[str, str] = {}
    for sentence in sentences:
        for citation in sentence.citations:
            passage = view.passages.get(citation.passage_id)
            text = passage.text if passage is not None and passage.text else citation.quote
            if text:
                texts.setdefault(text, text)
    return tuple(texts)


def _figures_left(said: frozenset[str], sources: Sequence[Sequence[str]]) -> int:
    """How many of the figures stand in none of the sources, which are read group by group as long as need be."""
    left = said
    for group in sources:
        left = left.difference(*(_figures_of(source) for source in group)) if left else left
    return len(left)


def _names_left(said: Sequence[str], sources: Sequence[Sequence[str]]) -> int:
    """The same of names."""
    left = said
    for group in sources:
        if left:
            vocabulary = frozenset[str]().union(*(_vocabulary(source) for source in group))
            left = [name for name in left if not mentions(name, vocabulary)]
    return len(left)


def _stands_in_one(text: str, sources: Sequence[str]) -> bool:
    """Word for word, which needs no closer look."""
    return any(on_one_line(text) in on_one_line(source) for source in sources)


def _add(parts: Parts, name: str, said: int, left: int) -> None:
    if said:
        before = parts.get(name, (0.0, 0.0))
        parts[name] = (before[0] + said - left, before[1] + said)


def _share_language(languages: frozenset[str], texts: Sequence[str]) -> bool:
    return any(_language(text) in languages for text in texts)


@lru_cache(maxsize=16384)
def _language(text: str) -> str:
    return _one_language(language_of(text[:_ENOUGH]))


def _one_language(code: str) -> str:
    return _ONE_LANGUAGE.get(code, code)


@lru_cache(maxsize=16384)
def _figures_of(text: str) -> frozenset[str]:
    return frozenset(figures(text))


@lru_cache(maxsize=16384)
def _names_of(text: str) -> tuple[str, ...]:
    return tuple(names(text))


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(folded_words(text))

"""Does the desk speak the language it was asked in? Quotes stay in the documents' language; its own words must not."""

from functools import lru_cache

from assistant.language import language_of
from evals.metrics.matching import on_one_line
from evals.metrics.view import Parts, View

# Written in Latin letters these are answered alike, and no identifier tells them apart in a sentence.
_LATIN_SOUTH_SLAVIC = frozenset({"sr-Latn", "bs", "hr", "cnr"})
# Fewer letters than this tell no language.
_FEWEST_LETTERS = 20
_ENOUGH = 400


def language(view: View) -> Parts:
    """``reply_language``: what the record says the desk answered in; ``answer_language``: what its own words are in,
    where it has any (statements that are no quotes, refusals, questions back)."""
    if view.question.expected == "retrieve" or view.record.failure is not None:
        return {}
    asked = _one(view.question.lang)
    parts: Parts = {"reply_language": (float(_one(view.record.language) == asked), 1.0)}
    own = own_words(view)
    if sum(map(str.isalpha, own[:_ENOUGH])) >= _FEWEST_LETTERS:
        parts["answer_language"] = (float(_spoken(own, view.record.language) == asked), 1.0)
    return parts


def own_words(view: View) -> str:
    """What the desk said itself: the whole message where there are no sentences, else the sentences that are not word
    for word what they cite."""
    record = view.record
    if not record.sentences:
        return record.answer
    own = []
    for sentence in record.sentences:
        text = on_one_line(sentence.text)
        if not any(text in on_one_line(citation.quote) for citation in sentence.citations):
            own.append(sentence.text)
    return " ".join(own)


@lru_cache(maxsize=16384)
def _spoken(text: str, fallback: str) -> str:
    return _one(language_of(text[:_ENOUGH], fallback))


def _one(code: str) -> str:
    if code in _LATIN_SOUTH_SLAVIC:
        return "sr-Latn"
    return "sr" if code == "sr-Cyrl" else code

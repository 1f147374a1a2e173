"""A question that asks two things, taken apart: each part is searched for and answered by itself. Pure."""

import re
from itertools import pairwise

from assistant.names import names
from knowledge.normalisation import words_of
from knowledge.spelling import fold

# Folded, by language; in the first the question word opens its clause, in the second it may stand anywhere in it.
_OPENING = frozenset(
    (
        "who whom whose what which when where why how "  # English
        "kush cfare cili cila cilat cilet kur ku pse si sa "  # Albanian
        "ko sta sto koji koja koje kojih kojim kojoj kojem kojima kojeg kad kada gde gdje zasto kako koliko ciji cija "
        "koj koi koga kade zosto kolku kolkav kolkava"  # Serbian, Bosnian, Croatian, Montenegrin, Macedonian
    ).split()
)
_ANYWHERE = frozenset(
    (
        "কে কী কোন কখন কবে কোথায় কোথায় কেন কীভাবে কিভাবে কত কতজন কয়টি কারা কাদের কাকে "
        "के कुन कहिले कहाँ किन कसरी कति कसले कसको कसलाई "
        "کون کیا کب کہاں کیوں کیسے کتنے کتنی کتنا کس کن "
        "من ما ماذا متى أين كيف كم أي أية لماذا هل وكم وما وماذا ومتى وأين وكيف ومن وأي وأية ولماذا وهل"
    ).split()
)
_JOINTS = re.compile(
    r"[?？؟]\s+"
    r"|[,;،]\s+(?:(?:and|but|also|dhe|por|a|i|ali|и|а|но|এবং|আর|ও|र|अनि|तथा|اور)\s+)?"
    r"|\s+(?:and|dhe|i|a|и|а|এবং|আর|র|र|अनि|اور)\s+(?=\S)"
    r"|،?\s+(?=و(?:كم|ما|ماذا|متى|أين|كيف|من|أي|أية|لماذا|هل)\s)",
)
# "and on which day", "and since when": how many words may stand before the question word.
_LEAD = 2
_SMALL = 5
_SHORTEST = 3
_MOST = 3


def parts_of(question: str) -> tuple[str, ...]:
    """The questions in a question, two or three; or the question alone. A part that names nothing takes along the names
    of the part before it, or all of it, for it speaks of that ("…, and where does it apply?")."""
    parts = _split(question.strip())
    if not 1 < len(parts) <= _MOST:
        return (question,)
    return (parts[0], *(_by_itself(part, earlier) for earlier, part in pairwise(parts)))


def _by_itself(part: str, earlier: str) -> str:
    return part if names(part) else " ".join((part, *(names(earlier) or [earlier])))


def _split(question: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for joint in _JOINTS.finditer(question):
        before, after = question[start : joint.start()], question[joint.end() :]
        if _asks(before) and _opens(after, joint.group()):
            parts.append(before.strip(" ,;،"))
            start = joint.end()
    return [*parts, question[start:].strip()]


def is_tail(part: str) -> bool:
    """Whether a part is hardly a question: "of what sort", which the statement that answers the rest may say in other
    words."""
    words = words_of(re.split("[?？؟]", part)[0])
    place = next((place for place, word in enumerate(words) if fold(word) in _OPENING), None)
    return place is not None and 0 < place <= _LEAD and len(words) <= place + 2


def asks_with(word: str) -> bool:
    """Whether it is a word that questions are asked with."""
    return fold(word) in _OPENING or word in _ANYWHERE


def _asks(clause: str) -> bool:
    words = words_of(clause)
    return len(words) >= _SHORTEST and any(map(asks_with, words))


def _opens(rest: str, joint: str) -> bool:
    """Whether what follows is a question of its own."""
    words = words_of(rest)
    if len(words) < _SHORTEST:
        return False
    if any(word in _ANYWHERE for word in words) and not rest[:1].isascii():
        return True
    place = next((place for place, word in enumerate(words[: _LEAD + 1]) if fold(word) in _OPENING), None)
    if place is None:
        return False
    # Before it only small words: "and on which day", but not "between A1 and C2 when learning". One letter may be an
    # article: "find a doctor who".
    most = 0 if len(joint.strip()) == 1 and joint.strip().isalpha() else _SMALL
    return all(word.islower() and len(word) <= most for word in words[:place])

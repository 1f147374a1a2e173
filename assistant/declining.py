"""What the desk declines before it looks anything up: attempts to steer it, advice on somebody's own case, and data of
a private person. Questions on policy about the same things are none of its business, nor what somebody says, signs or
visits in public. Pure.

The words lie in declining.toml, language by language. A question is read as its words, folded where its script is Latin
or Cyrillic, with a bar between clauses; attempts to steer are looked for also in what is encoded.
"""

import base64
import binascii
import codecs
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import unquote

from assistant.word_patterns import BAR, either, expression, line_of, plain, words_and_bars
from knowledge.normalisation import normalise
from knowledge.places import places


class Declined(StrEnum):
    """Why a question is not taken."""

    STEERING = "steering"
    OWN_CASE = "own_case"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class _Names:
    """Given names, titles before and after a name, and the beginnings of words that no person is called."""

    given: frozenset[str]
    titles: frozenset[str]
    titles_after: frozenset[str]
    things: tuple[str, ...]


_PERSON = "PERSON"
# What became of somebody; asked in a clause that says what somebody says or does in public, it is about policy.
_FATE, _PUBLIC = "fate", "public"
# What a model's input is framed with: nobody types it to ask something.
_FRAMES = re.compile(
    r"<\|[a-z_]+\|>|\[/?INST\]|<<SYS>>|</?(?:system|passages?|instructions?)>|^\W*(?:system|assistant)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){12,}")
_SPACED = re.compile(r"(?:(?<=\W)|^)(?:\w[ .\-*_]){4,}\w(?!\w)")
_LEET = str.maketrans("0134578@$", "oieastbas")
# Letters of Cyrillic that look like Latin ones: elsewhere they are read as what they sound like.
_LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТХаеѕіјорсух", "ABESIJKMHOPCTXaesijopcyx")
_INITIALS = re.compile(r"\b(?!U\.\s?[NSK]\b|E\.\s?U\b)[A-ZŠĐČĆŽА-ЯЁЉЊЏЈ]\.\s?[A-ZŠĐČĆŽА-ЯЉЊЏЈ](?:\.|\w+)")


def declined(question: str) -> Declined | None:
    """Why the question is declined, or None where it is to be answered as any other."""
    text = _read(question)
    guises = dict.fromkeys(form for form in _forms(question) if form != question)
    if (
        _FRAMES.search(question)
        or _matches(Declined.STEERING, text)
        or any(_matches(Declined.STEERING, _read(form)) for form in guises)
    ):
        return Declined.STEERING
    if _matches(Declined.OWN_CASE, text):
        return Declined.OWN_CASE
    return Declined.PERSON if _matches(Declined.PERSON, text) or _asks_of_a_fate(text) else None


def _matches(reason: Declined, text: str) -> bool:
    return _any_in(text, reason.value)


def _any_in(text: str, kind: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns()[kind])


def _asks_of_a_fate(text: str) -> bool:
    if _PERSON not in text:
        return False
    clauses = [f"|{clause}|" for clause in text.split(BAR)]
    return any(_any_in(clause, _FATE) and not _any_in(clause, _PUBLIC) for clause in clauses)


def _forms(question: str) -> Iterator[str]:
    """What stands in the question in another guise; the question itself where it has none of that kind."""
    yield unquote(question)
    yield codecs.decode(question, "rot13")
    yield question[::-1]
    yield question.translate(_LEET)
    yield question.translate(_LOOK_ALIKES)
    yield _SPACED.sub(lambda match: re.sub(r"[ .\-*_]", "", match.group()), question)
    for match in _BASE64.finditer(question):
        yield _decoded(match.group())
    for match in _HEX.finditer(question):
        yield bytes.fromhex(re.sub("[ :]", "", match.group())).decode("utf-8", "ignore")


def _decoded(text: str) -> str:
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return ""
    return raw.decode("utf-8", "ignore")


def _read(text: str) -> str:
    """The text as patterns are matched with it: `` | where does PERSON live |``."""
    text = _INITIALS.sub(f" {_PERSON} ", normalise(text))
    words = _with_persons(list(words_and_bars(text)))
    return line_of(word if word in (BAR, _PERSON, f"{_PERSON}S") else plain(word) for word in words)


def _with_persons(words: list[str]) -> list[str]:
    """The words with one mark for whoever is named: by a title, by a given name, or by two names with capitals."""
    names = _names()
    read: list[str] = []
    at = 0
    while at < len(words):
        end = at
        word = plain(words[at])
        if word in names.titles:
            end = at + 1
            while end < len(words) and words[end] == BAR and end == at + 1:
                end += 1
            end = min(len(words), end + 1)
            while end < len(words) and _is_name(words[end]) and words[end] != BAR:
                end += 1
        elif at + 1 < len(words) and plain(words[at + 1]) in names.titles_after:
            end = at + 2
        elif _stem(word, names.given):
            end = at + 1
            while end < len(words) and (_is_name(words[end]) or _stem(plain(words[end]), names.given)):
                end += 1
        else:
            while end < len(words) and _is_name(words[end]) and not (end == at and _starts(words, at)):
                end += 1
            if end - at < 2 or _is_no_person(words[at:end]):
                end = at
        if end > at:
            genitive = re.search(r"['’]s$", words[end - 1]) is not None
            read.append(f"{_PERSON}S" if genitive else _PERSON)
            at = end
        else:
            read.append(words[at])
            at += 1
    return read


def _stem(word: str, given: frozenset[str]) -> bool:
    """Whether a word is a given name, also with what its language hangs on one."""
    if word in given or word.isascii():
        return word in given
    return any(word.startswith(name) and len(word) - len(name) <= 3 for name in given if len(name) > 2)


def _is_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _is_no_person(words: list[str]) -> bool:
    things = _names().things
    return bool(places(" ".join(words))) or any(plain(word).startswith(things) for word in words)


def _starts(words: list[str], at: int) -> bool:
    return at == 0 or words[at - 1] == BAR


@cache
def _names() -> _Names:
    lists = {key: tuple(map(plain, words.split())) for key, words in _data()["names"].items()}
    return _Names(
        frozenset(lists["given"]), frozenset(lists["titles"]), frozenset(lists["titles_after"]), lists["things"]
    )


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    found: dict[str, list[re.Pattern[str]]] = {kind: [] for kind in (*Declined, _FATE, _PUBLIC)}
    for language, section in _data().items():
        if language == "names":
            continue
        classes = {name: either(str(words).split()) for name, words in section["words"].items()}
        for kind, patterns in found.items():
            patterns += [re.compile(_expression(pattern, classes)) for pattern in section[kind]]
    return {kind: tuple(patterns) for kind, patterns in found.items()}


def _expression(pattern: str, classes: dict[str, str]) -> str:
    return "".join(_item(item, classes) for item in pattern.split()) + "(?= )"


def _item(item: str, classes: dict[str, str]) -> str:
    if item == "^":
        return rf" \|(?: {classes['polite']}){{0,3}}"
    if item[0] == "~":
        return rf"(?: [^ |]+){{0,{int(item[1:])}}}?"
    if item[0] == "?":
        return f"(?:{_item(item[1:], classes)})?"
    words = [word for part in item.split("/") for word in ([part] if part[0] == "<" else [_word(part)])]
    return f" (?:{'|'.join(classes[word[1:-1]] if word[0] == '<' else word for word in words)})"


def _word(word: str) -> str:
    return word if word.startswith(_PERSON) else expression(word)


@cache
def _data() -> dict[str, dict[str, Any]]:
    file = resources.files("assistant").joinpath("declining.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))

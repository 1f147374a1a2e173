"""Names that data files hold, found in a text in any of our languages and scripts, in any case. Pure.

A file names things language by language; here are the endings a language hangs on a name. A word is looked up by its
beginnings, so the time rests on the text's length alone: a passage takes a few tenths of a millisecond the first time,
and next to nothing when it was seen before.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from knowledge.normalisation import words_of
from knowledge.spelling import fold

_LANGUAGES = frozenset(("en", "sq", "sl", "bn", "ne", "ur", "ar"))
_SHORTEST_STEM = 3
# With a small letter these are other words, at least in one of our languages.
_CAPITAL_ALWAYS = 5
_OTHER_WORDS = frozenset(
    (
        "turkey china polish guinea jordan island panama dutch irish wales poland milan malta dance danci peking "
        "japan chile tunis franc lahor holland swede emirates serbe omanac kipar cipar sofia gujrat mostar danac "
        "korea engleska romani poloni athens georgia norme indian indie beciu oslo budva tuzla"
    ).split()
)
_ENDINGS = {
    "none": "",
    "link": "[ie]|t[eë]|se|dhe",
    "en": "s?",
    "sq_e": "[eaë]|es|en|ave|ese",
    "sq_i": "|a|se|ne|e|s|n",
    "sq_c": "|[iaeu]|it|in|es|en|ut|un",
    "sq_v": "|ja|je|s|n|se|ne|t",
    "sl_v": "[aeiou]|om|oj|og|oga|omu|ome|ih|im|ima|ama|ata|ot|oto|ite|ta",
    "sl_c": "|[aeiu]|om|em|ot|ov|ova|ima|ovi",
    "*": "|[aeiou]|om|em|ima|ama|ov[ai]?|in|in[aeui]|inom|k[aeiu]|kom|kinj[aeiu]|ite|ot",
    "~": "[ieaou]|ih|im|ima|og|oga|om|omu|ome|oj|iot|ata|oto|ite|",
    "+": "(?:j?an|ij?|)(?:[ae]?c|ac[aue]?|c[iaeu]|aca|cem|cima|in|in[aeu]|k[aeiu]|kom|kinj[aeiu]|cite)",
    "^": "|[eia]|[eë]?t|eve|it|in|es|es[eë]|en|ve|ve[t]?|ja|j[eë]t|ev|kes?",
    "bn": "(?:ি|িয়ান|িয|য|ান)?(?:দের|রা|গণ|েরা)?(?:র|ের|এর|যের|য|তে|ে|কে|যে|েতে)?[ওই]?",
    "ne": "(?:ि|ालि|लि|आलि|यालि)?(?:हरु)?"
    "(?:को|का|कि|मा|ले|लाइ|बाट|संग|द्बारा|देखि|"
    "सम्म|बिच|र|तर्फ|लगायत|बारे|पछि|अघि|भित्र|सित|संगै|कै|मै|स्थित|संगको)*",
    "ur": "|ی|یوں|ن|ئی|وی|ین|یی",
    "ar": "|ا|ه|ی|یه|یین|یون|یات|ین|ون|یا",
}
_MATCHERS = {kind: re.compile(pattern) for kind, pattern in _ENDINGS.items()}
_MARKS = "*~+^"


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a name. ``written``: only exactly so; ``capital``: only with a capital where its script has them."""

    stem: str
    kind: str
    capital: bool = False
    written: str = ""


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[_Word, ...]
    thing: str


class Gazetteer:
    """The names of one file: sections of things, each with its names by language (the file's head says how)."""

    def __init__(self, file: Path, sections: tuple[str, ...]) -> None:
        self._file = file
        self._sections = sections
        self.found_in = lru_cache(maxsize=8192)(self._found_in)
        self._beginning_with = lru_cache(maxsize=65536)(self._names_beginning_with)

    @cached_property
    def entries(self) -> dict[str, dict[str, str]]:
        """What the file says of each thing, by its id."""
        data = self._data
        return {identifier: entry for section in self._sections for identifier, entry in data[section].items()}

    @cached_property
    def _data(self) -> dict[str, dict[str, dict[str, str]]]:
        return tomllib.loads(self._file.read_text(encoding="utf-8"))

    @cached_property
    def _by_stem(self) -> dict[str, tuple[_Name, ...]]:
        names = {_Name(words, "") for entry in self._data.get("none", {}).values() for words in _named(entry)}
        for identifier, entry in self.entries.items():
            names.update(_Name(words, identifier) for words in _named(entry))
        by_stem: dict[str, list[_Name]] = {}
        for name in names:
            by_stem.setdefault(name.words[0].stem, []).append(name)
        return {stem: tuple(found) for stem, found in by_stem.items()}

    def spans_in(self, text: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
        """Where names stand: the characters from and up to, and the things that are named so."""
        words = words_of(text)
        ends: list[int] = []
        for word in words:
            ends.append(text.index(word, ends[-1] if ends else 0) + len(word))
        return tuple(
            (ends[at] - len(words[at]), ends[at + count - 1], things) for at, count, things in self._named_among(words)
        )

    def _found_in(self, text: str) -> frozenset[str]:
        return frozenset().union(*(things for _, _, things in self._named_among(words_of(text))))

    def _named_among(self, words: list[str]) -> Iterator[tuple[int, int, frozenset[str]]]:
        """The place of a name's first word, how many words it has, and what it names."""
        at = 0
        while at < len(words):
            names = [name for name in self._beginning_with(words[at]) if _continues(name, words, at)]
            longest = max((len(name.words) for name in names), default=0)
            things = frozenset(name.thing for name in names if len(name.words) == longest) - {""}
            if things:
                yield at, longest, things
            at += longest or 1

    def _names_beginning_with(self, word: str) -> tuple[_Name, ...]:
        """The names whose first word may be this one; of stems the longest, so that Nigeria is not Niger."""
        found: list[_Name] = []
        longest = 0
        for key in _keys(word):
            for end in range(len(key), 1, -1):
                names = [name for name in self._by_stem.get(key[:end], ()) if _is(name.words[0], word)]
                single = [name for name in names if len(name.words) == 1]
                found += [name for name in names if len(name.words) > 1]
                if single and end >= longest:
                    found += single
                    longest = end
        return tuple(dict.fromkeys(found))


def _continues(name: _Name, words: list[str], at: int) -> bool:
    rest = name.words[1:]
    following = words[at + 1 : at + 1 + len(rest)]
    return len(following) == len(rest) and all(map(_is, rest, following))


@lru_cache(maxsize=65536)
def _is(wanted: _Word, word: str) -> bool:
    if wanted.written:
        return wanted.written == word
    if wanted.capital and word[0].islower():
        return False
    matcher = _MATCHERS[wanted.kind]
    return any(
        key.startswith(wanted.stem) and matcher.fullmatch(key, len(wanted.stem)) is not None for key in _keys(word)
    )


@lru_cache(maxsize=65536)
def _keys(word: str) -> tuple[str, ...]:
    """The forms in which a word is looked up: one, and for Arabic script also those without article and particles."""
    key = _key(word)
    if not "\u0600" <= key[:1] <= "\u06ff":
        return (key,)
    particles = [key.removeprefix(lead) for lead in _PARTICLES if key.startswith(lead) and len(key) - len(lead) >= 3]
    return tuple(dict.fromkeys((key, *particles)))


_PARTICLES = ("ال", "و", "وال", "بال", "لل", "ول", "وب", "کال", "فال", "ب", "ل", "ولل", "وبال")
# Letters that our languages, or their spellings, swap; vowel marks and joiners go.
_ARABIC = {
    **dict.fromkeys((0x623, 0x625, 0x622, 0x671), "\u0627"),
    **dict.fromkeys((0x649, 0x64A, 0x626, 0x6D2), "\u06cc"),
    **dict.fromkeys((0x629, 0x6C1, 0x6BE, 0x6C3), "\u0647"),
    0x624: "\u0648",
    0x643: "\u06a9",
    0x6BA: "\u0646",
    **dict.fromkeys((0x621, 0x640, 0x670, 0x200C, 0x200D, *range(0x64B, 0x653))),
}
_INDIC = {
    **{0x981: "\u0982", 0x9C0: "\u09bf", 0x9C2: "\u09c1", 0x9B6: "\u09b8", 0x9B7: "\u09b8"},
    **{0x988: "\u0987", 0x98A: "\u0989", 0x908: "\u0907", 0x90A: "\u0909"},
    **{0x901: "\u0902", 0x940: "\u093f", 0x942: "\u0941", 0x936: "\u0938", 0x937: "\u0938", 0x935: "\u092c"},
    **dict.fromkeys((0x200C, 0x200D, 0x9BC, 0x93C)),
}
_NASAL = re.compile("[ঙঞণন]্(?=[ক-হ])")
_NASAL_DEVANAGARI = re.compile("[ङञणन]्(?=[क-ह])")


def _key(word: str) -> str:
    """Latin and Cyrillic folded (see ``spelling``); in the other scripts one letter for those that spellings swap."""
    first = next((c for c in word if c.isalpha()), "")
    if "\u0600" <= first <= "\u06ff":
        return word.translate(_ARABIC)
    if "\u0900" <= first <= "\u09ff":
        plain = unicodedata.normalize("NFD", word).translate(_INDIC)
        return _NASAL_DEVANAGARI.sub("ं", _NASAL.sub("ং", plain))
    return fold(word)


def _named(entry: dict[str, str]) -> Iterator[tuple[_Word, ...]]:
    for language, names in entry.items():
        if language in _LANGUAGES:
            yield from (_compiled(name, language) for name in names.split(", "))


def _compiled(name: str, language: str) -> tuple[_Word, ...]:
    if name.startswith("="):
        return (_Word(_key(name[1:]), "none", written=name[1:]),)
    parts = words_of(name)
    if name[-1] in _MARKS:
        key = _key(parts[-1])
        return (_Word(key, name[-1], capital=name[0].isupper()),)
    single = len(parts) == 1
    return tuple(
        _word(part, language, single=single, is_last=place == len(parts)) for place, part in enumerate(parts, start=1)
    )


def _word(part: str, language: str, *, single: bool, is_last: bool) -> _Word:
    key = _key(part)
    capital = part[0].isupper() and (not single or len(key) < _CAPITAL_ALWAYS or key in _OTHER_WORDS)
    if language in ("bn", "ne", "ur", "ar"):
        if language == "ar":
            key = key.removeprefix("ال") if part.startswith("ال") else key
            key = re.sub("(?<=.{4})(?:یا|ا|ه)$", "", key) if single else key
        return _Word(key, language if is_last or language == "ar" else "none")
    if len(key) <= 2:
        return _Word(key, "none") if key not in ("i", "e") else _Word("", "link")
    if language == "en":
        return _Word(key, "en" if is_last else "none", capital)
    if language == "sq":
        if key.endswith("e") and len(key) > _SHORTEST_STEM:
            return _Word(key[:-1], "sq_e", capital)
        return _Word(key, {"i": "sq_i", "a": "sq_v", "o": "sq_v", "u": "sq_v"}.get(key[-1], "sq_c"), capital)
    if key[-1] in "aeio" and len(key) > _SHORTEST_STEM + single:
        return _Word(key[:-1], "sl_v", capital)
    return _Word(key, "none" if key[-1] in "aeiou" else "sl_c", capital)

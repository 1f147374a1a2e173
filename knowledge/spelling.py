"""Words in a form that can be compared across scripts, diacritics and endings. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii

from knowledge.normalisation import words_of

# Where our readers' Latin spelling is not the one a general transliteration gives (ш is sh to it, š to them).
_PAIRS = (
    "а:a б:b в:v г:g д:d ђ:dj ѓ:gj е:e ж:z з:z ѕ:dz и:i ј:j к:k ќ:kj л:l љ:lj м:m н:n њ:nj о:o п:p р:r с:s т:t ћ:c у:u "
    "ф:f х:h ц:c ч:c џ:dz ш:s й:j ы:y э:e ю:ju я:ja щ:sc ъ: ь: ё:e і:i ї:ji є:je ґ:g"
)
_CYRILLIC = str.maketrans(dict(pair.split(":") for pair in _PAIRS.split()))
_LATIN = str.maketrans({"đ": "dj", "ı": "i", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Lower case in Latin letters without diacritics: Tiranë, Тирана, तिराना and Tirana become comparable."""
    lowered = unicodedata.normalize("NFKD", word.casefold().translate(_CYRILLIC).translate(_LATIN))
    plain = "".join(c for c in lowered if not "\u0300" <= c <= "\u036f")
    return plain if plain.isascii() else str(anyascii(plain)).lower()


def folded_words(text: str) -> list[str]:
    return [fold(word) for word in words_of(text)]


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """The folded words that are written with a capital, wherever they stand, from four letters on."""
    return frozenset(fold(word) for word in words_of(text) if len(word) > 3 and word[0].isupper())


def mentions(name: str, words: Iterable[str]) -> bool:
    """Whether folded ``words`` hold the name, allowing for endings (Tirani, Tiranës) and spelling across scripts."""
    vocabulary = words if isinstance(words, set | frozenset) else set(words)
    return all(part in vocabulary or any(alike(part, word) for word in vocabulary) for part in _parts(name))


def forms_of(name: str, words: Iterable[str]) -> list[frozenset[str]]:
    """Of each part of the name the folded ``words`` that may be a form of it: some of these words ``mention`` the name
    where they hold a form of every part."""
    vocabulary = frozenset(words)
    return [frozenset(word for word in vocabulary if word == part or alike(part, word)) for part in _parts(name)]


def _parts(name: str) -> list[str]:
    wanted = fold(name)
    return [part for part in re.split(r"[-'’.]", wanted) if part] or [wanted]


def alike(first: str, second: str) -> bool:
    """Whether two folded words may be one word with different endings or spellings: a long common beginning."""
    if first[:4] != second[:4]:
        return False
    shared = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        shared += 1
    longer, shorter = max(len(first), len(second)), min(len(first), len(second))
    return shared >= 4 and shared >= shorter - 2 and shared >= 0.6 * longer


def same_consonants(first: str, second: str) -> bool:
    """Whether two folded words share their consonants: all that is left to compare of a name written in Arabic script,
    which leaves short vowels out."""
    skeleton = _skeleton(first)
    return len(skeleton) >= 3 and skeleton == _skeleton(second)


@lru_cache(maxsize=16384)
def _skeleton(word: str) -> str:
    return re.sub(r"[^bcdfgjklmnpqrstvxz]", "", word)

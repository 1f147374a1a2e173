"""Which language a question is in, so that the desk answers in it. Identification by py3langid among our languages."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

from assistant.types import Conversation
from knowledge.normalisation import words_of

ENGLISH = "en"
# The languages of our readers, and the neighbours they would otherwise be taken for.
_CANDIDATES = (
    "en",
    "sq",
    "sr",
    "bs",
    "hr",
    "mk",
    "bn",
    "ne",
    "ur",
    "ar",
    "hi",
    "fr",
    "de",
    "es",
    "ro",
    "tr",
    "el",
    "ru",
    "uk",
)
_LEAST_CERTAIN = 0.5
# Two of these settle it without the model, which takes most of a second to load.
_ENGLISH_WORDS = frozenset(
    ("the of what which who how did does was were when where why and with are from is about between has have").split()
)
# One of these tells a short question from its neighbours, which the model takes it for.
_ALBANIAN_WORDS = frozenset("pse kur ku kush çfarë cfare eshte është cili cila cilat cilët dhe për në të nga".split())
_SERBIAN_WORDS = frozenset(
    "шта је су када колико које где ко у каже зашто колика колики какав каква са јесу овај ово".split()
)
_MACEDONIAN_WORDS = frozenset(
    "што е кога колку кои каде кој во дали зошто колкава каков со ги го ќе сум велат вели оваа ова".split()
)
_HINDI_WORDS = frozenset("है हैं क्या में से था थे थी कौन कितने कितना कितनी और की नहीं कहाँ क्यों".split())
_SERBIAN_LETTERS, _MACEDONIAN_LETTERS = frozenset("ђћ"), frozenset("ѓќѕ")
# Neither Serbian nor Macedonian has these.
_OTHER_CYRILLIC = frozenset("йщъыьэюяёїєґ")
_MACEDONIAN_ENDING = re.compile(r"\w{3,}(?:иот|антите|ниците|овите|ијата|ањата|ањето|уваат|увале|уваше)$")
_SERBIAN_ENDING = re.compile(r"\w{3,}(?:ује|ују|овати|ских|ског|ској|нити)$")
_URDU_LETTERS, _ARABIC_LETTERS = frozenset("ٹڈڑںےہھگچپژکیۂۓ"), frozenset("ةىيكأإ")
# Letters enough to tell the script of a text.
_LOOKED_AT = 300
_loading = Lock()


def language_of(text: str, fallback: str = ENGLISH) -> str:
    """A language code: sr for Serbian in Cyrillic, sr-Latn in Latin script, bs and hr as they are. ``fallback`` where
    the text is too short or too odd to tell ("AVRR?")."""
    letters = [c for c in text.lower() if c.isalpha()]
    by_script = _by_script(text, letters)
    if by_script is not None:
        return by_script
    if len(letters) < 4:
        return fallback
    if text.isascii() and len(_ENGLISH_WORDS.intersection(text.lower().replace("?", " ").split())) >= 2:
        return ENGLISH
    code, certainty = _identifier().classify(text)
    if _is_mostly(letters, "CYRILLIC") and _OTHER_CYRILLIC.isdisjoint(letters):
        return next(str(code) for code, _ in _identifier().rank(text) if code in ("sr", "mk"))
    south_slavic = code in ("sr", "bs", "hr")
    # The three are told apart badly and answered alike, so only their sum matters.
    if certainty < _LEAST_CERTAIN and not south_slavic and _is_latin(letters):
        return fallback
    if south_slavic:
        if not _is_latin(letters):
            return "sr"
        if certainty < _LEAST_CERTAIN and _south_slavic_share(text) < _LEAST_CERTAIN:
            return fallback
        return "sr-Latn" if code == "sr" else code
    return str(code)


def are_alike(first: str, second: str) -> bool:
    """Whether who reads the one language reads the other as their own: Serbian, Bosnian, Croatian in Latin script."""
    return first == second or {first, second} <= {"sr-Latn", "bs", "hr", "cnr"}


def asked_in(question: str, conversation: Conversation) -> str:
    """The language of a question; of one too short to tell ("А за 2023?") that of the last question before it."""
    earlier = next((turn.text for turn in reversed(conversation) if turn.role == "user"), "")
    return language_of(question, language_of(earlier))


def _by_script(text: str, letters: list[str]) -> str | None:
    """The language where letters and small words tell it alone, however short the text is."""
    if not letters:
        return None
    words = frozenset(words_of(text.lower()))
    if _is_mostly(letters, "BENGALI"):
        return "bn"
    if _is_mostly(letters, "DEVANAGARI"):
        return "ne" if _HINDI_WORDS.isdisjoint(words) else "hi"
    if _is_mostly(letters, "ARABIC"):
        return _more("ur", "ar", [c in _URDU_LETTERS for c in letters], [c in _ARABIC_LETTERS for c in letters])
    if _is_mostly(letters, "CYRILLIC") and _OTHER_CYRILLIC.isdisjoint(letters):
        return _more("sr", "mk", _serbian(words, letters), _macedonian(words, letters))
    if _is_latin(letters) and not _ALBANIAN_WORDS.isdisjoint(words) and not _ENGLISH_WORDS & words:
        return "sq"
    return None


def _serbian(words: Iterable[str], letters: Iterable[str]) -> list[bool]:
    told = [word in _SERBIAN_WORDS or _SERBIAN_ENDING.match(word) is not None for word in words]
    return [*told, *(c in _SERBIAN_LETTERS for c in letters)]


def _macedonian(words: Iterable[str], letters: Iterable[str]) -> list[bool]:
    told = [word in _MACEDONIAN_WORDS or _MACEDONIAN_ENDING.match(word) is not None for word in words]
    return [*told, *(c in _MACEDONIAN_LETTERS for c in letters)]


def _more(first: str, second: str, for_first: Iterable[bool], for_second: Iterable[bool]) -> str | None:
    one, other = sum(for_first), sum(for_second)
    return None if one == other else first if one > other else second


def _is_mostly(letters: list[str], script: str) -> bool:
    looked_at = letters[:_LOOKED_AT]
    return sum(script in unicodedata.name(c, "") for c in looked_at) * 2 > len(looked_at)


def _is_latin(letters: list[str]) -> bool:
    return _is_mostly(letters, "LATIN")


def _south_slavic_share(text: str) -> float:
    return float(sum(share for code, share in _identifier().rank(text) if code in ("sr", "bs", "hr")))


@lru_cache(maxsize=1)
def _identifier() -> Any:
    with _loading:
        import py3langid.langid as langid

        identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        identifier.set_languages(list(_CANDIDATES))
        return identifier

"""Which language a question is in, so that the desk answers in it. Identification by py3langid among our languages."""

import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Any

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
_loading = Lock()


def language_of(text: str, fallback: str = ENGLISH) -> str:
    """A language code: sr for Serbian in Cyrillic, sr-Latn in Latin script, bs and hr as they are. ``fallback`` where
    the text is too short or too odd to tell ("AVRR?")."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 4:
        return fallback
    if text.isascii() and len(_ENGLISH_WORDS.intersection(text.lower().replace("?", " ").split())) >= 2:
        return ENGLISH
    code, certainty = _identifier().classify(text)
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


def _is_latin(letters: list[str]) -> bool:
    return sum("LATIN" in unicodedata.name(c, "") for c in letters) * 2 > len(letters)


def _south_slavic_share(text: str) -> float:
    return float(sum(share for code, share in _identifier().rank(text) if code in ("sr", "bs", "hr")))


@lru_cache(maxsize=1)
def _identifier() -> Any:
    with _loading:
        import py3langid.langid as langid

        identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        identifier.set_languages(list(_CANDIDATES))
        return identifier

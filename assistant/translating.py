"""A quote in the reader's language, by the configured model, to stand beside the original and marked as a machine's."""

import html
import unicodedata
from contextlib import aclosing
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.chain import Budget, ChatModel
from assistant.checks.addresses import holds_address
from assistant.errors import NotTranslatable, TranslationRefused
from knowledge.dates import Day, dates
from knowledge.figures import figures
from knowledge.normalisation import normalise, one_line
from prompts.prompt import load_prompt

MAX_QUOTE = 4000
# Each language as a model is told it, and the script that its words are written in.
_LANGUAGES = {
    "ar": ("Arabic", "ARABIC"),
    "bn": ("Bengali", "BENGALI"),
    "bs": ("Bosnian in Latin script", "LATIN"),
    "cnr": ("Montenegrin in Latin script", "LATIN"),
    "en": ("English", "LATIN"),
    "hr": ("Croatian", "LATIN"),
    "mk": ("Macedonian", "CYRILLIC"),
    "ne": ("Nepali", "DEVANAGARI"),
    "sq": ("Albanian", "LATIN"),
    "sr": ("Serbian in Cyrillic script", "CYRILLIC"),
    "sr-Latn": ("Serbian in Latin script", "LATIN"),
    "ur": ("Urdu", "ARABIC"),
}
# Between our languages a text becomes at most twice as long, and never this much shorter.
_LONGEST, _SHORTEST = 4, 0.25
_SPARE = 200
# Names and abbreviations stay in their own letters.
_LEAST_IN_SCRIPT = 1 / 3
_LETTERS_TO_TELL = 20


@dataclass(frozen=True, slots=True)
class Translation:
    """``text`` is on one line; ``model`` wrote it to the prompt with the hash ``prompt_hash``."""

    text: str
    model: str
    prompt_hash: str


async def translate(quote: str, language: str, chat: ChatModel, budget: Budget) -> Translation:
    """The quote in one of our languages. Raises NotTranslatable for what cannot be asked for, ModelUnavailable or
    ModelStopped for a model that gives nothing, TranslationRefused for a translation that must not be shown."""
    if language not in _LANGUAGES:
        raise NotTranslatable(
            f"There is no translation into '{language[:20]}'. Choose one of: {', '.join(sorted(_LANGUAGES))}."
        )
    if not quote.strip() or len(quote) > MAX_QUOTE:
        raise NotTranslatable(
            f"A quote of 1 to {MAX_QUOTE:,} characters can be translated; this one has {len(quote):,}."
        )
    prompt = load_prompt("translate")
    name, script = _LANGUAGES[language]
    pieces: list[str] = []
    length = 0
    async with aclosing(chat.stream(prompt, budget, language=name, quote=escape(one_line(quote)))) as stream:
        async for piece in stream:
            pieces.append(piece)
            length += len(piece)
            if length > _SPARE + _LONGEST * len(quote):
                raise TranslationRefused("the translation is longer than a translation can be")
    text = one_line(normalise(html.unescape("".join(pieces))))
    if (fault := _fault(quote, text, script)) is not None:
        raise TranslationRefused(fault)
    return Translation(text, chat.name, prompt.hash)


def _fault(quote: str, text: str, script: str) -> str | None:
    """Why the text must not be shown as a translation of the quote."""
    if not any(character.isalnum() for character in text) or len(text) < _SHORTEST * len(one_line(quote)):
        return "the translation leaves words out"
    if text == one_line(quote):
        return "the quote came back as it was"
    if holds_address(text) and not holds_address(quote):
        return "the translation has an address or markup that the quote has not"
    if not _is_in(script, text):
        return "the translation is not in the script of its language"
    return _wrong_figures(quote, text)


def _is_in(script: str, text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    of_script = sum(unicodedata.name(letter, "").startswith(script) for letter in letters)
    return len(letters) < _LETTERS_TO_TELL or of_script >= _LEAST_IN_SCRIPT * len(letters)


def _wrong_figures(quote: str, text: str) -> str | None:
    """Every figure and date of the quote has to be in the translation, and none beside them. Of figures in words only
    one in the place of another tells something, as no list has every ending of a language."""
    asked, given = _Values.of(quote), _Values.of(text)
    if not asked.written <= given.all or not all(any(_agree(day, other) for other in given.days) for day in asked.days):
        return "the translation lacks a figure or date of the quote"
    # "Million" becomes "1 million".
    if given.written - asked.all - {"1"}:
        return "the translation has a figure that the quote has not"
    if asked.all - given.all and given.all - asked.all - {"1"}:
        return "the translation has one figure in the place of another"
    return None


@dataclass(frozen=True, slots=True)
class _Values:
    """What a text counts: ``written`` are its numbers, and years and days of its ``days``; ``all`` has numbers in words
    too."""

    written: frozenset[str]
    all: frozenset[str]
    days: tuple[Day, ...]

    @classmethod
    def of(cls, text: str) -> "_Values":
        days, rest = dates(text)
        # A month is a word, which a language may join to others; where it is told, the days agree in it.
        parts = frozenset(str(part) for day in days for part in (day.year, day.day) if part)
        return cls(figures(rest, words=False) | parts, figures(rest) | parts, days)


def _agree(day: Day, other: Day) -> bool:
    pairs = ((day.year, other.year), (day.month, other.month), (day.day, other.day))
    return all(one is None or another is None or one == another for one, another in pairs)

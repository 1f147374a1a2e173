"""In which language the page speaks to a reader: as they chose, else as their browser asks, else English."""

from collections.abc import Mapping
from dataclasses import dataclass

COOKIE = "language"
ENGLISH = "en"
# By the name each has for itself.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "sq": "Shqip",
    "sr-Latn": "Bosanski / Crnogorski / Hrvatski / Srpski",
    "sr": "Српски / Црногорски",
    "mk": "Македонски",
    "bn": "বাংলা",
    "ne": "नेपाली",
    "ur": "اردو",
    "ar": "العربية",
}
_RIGHT_TO_LEFT = frozenset({"ar", "ur"})
_LATIN = frozenset({"bs", "hr", "cnr", "me", "sh", "sr-latn"})


@dataclass(frozen=True, slots=True)
class Language:
    code: str

    @property
    def direction(self) -> str:
        return "rtl" if self.code in _RIGHT_TO_LEFT else "ltr"


def chosen_language(asked: str | None, cookie: str | None, accepted: str) -> Language:
    """``asked`` stands in the address, ``accepted`` is the header Accept-Language. What is not known is passed over."""
    for tag in (asked, cookie, *_by_preference(accepted)):
        if tag and (known := language_for(tag)):
            return Language(known)
    return Language(ENGLISH)


def language_for(tag: str) -> str | None:
    """The interface language for a tag of BCP 47, None where there is none."""
    tag = tag.strip().lower()[:35]
    primary = tag.partition("-")[0]
    if primary in _LATIN or tag.startswith(("sr-latn", "sr-me")):
        return "sr-Latn"
    return primary if primary in LANGUAGES else None


def _by_preference(accepted: str) -> list[str]:
    weighed: list[tuple[float, str]] = []
    for entry in accepted[:500].split(","):
        tag, _, weight = entry.partition(";")
        try:
            quality = float(weight.partition("=")[2] or 1)
        except ValueError:
            continue
        if tag.strip() and 0 < quality <= 1:
            weighed.append((quality, tag))
    return [tag for _, tag in sorted(weighed, key=lambda pair: pair[0], reverse=True)]

"""In which language the page speaks to a reader: as they chose, else as their browser asks, else English."""

import re
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
# Where there is little room.
SHORT_NAMES: Mapping[str, str] = {**LANGUAGES, "sr-Latn": "B/C/H/S", "sr": "Српски"}
_RIGHT_TO_LEFT = frozenset({"ar", "ur"})
_SOUTH_SLAVIC = frozenset({"bs", "hr", "cnr", "me", "sh", "sr"})
_TAG = re.compile(r"[a-z]{1,8}(?:[-_][a-z0-9]{1,8})*")
_QUALITY = re.compile(r"[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
# Browsers send a handful; what is longer is no browser's.
_LONGEST_HEADER, _LONGEST_TAG = 500, 35


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
    """The interface language for a tag of BCP 47, None where there is none. Serbian is in Cyrillic unless its script or
    Montenegro says otherwise; its sisters are in Latin script unless they say otherwise."""
    tag = tag.strip(" \t").lower()
    if len(tag) > _LONGEST_TAG or not tag.isascii() or not _TAG.fullmatch(tag):
        return None
    primary, *others = re.split("[-_]", tag)
    if primary in _SOUTH_SLAVIC:
        is_cyrillic = "cyrl" in others or (primary == "sr" and not {"latn", "me"} & set(others))
        return "sr" if is_cyrillic else "sr-Latn"
    return primary if primary in LANGUAGES else None


def _by_preference(accepted: str) -> list[str]:
    """The tags of the header, the most wanted first and equals in their order; what is not well formed is left out."""
    weighed: list[tuple[float, str]] = []
    for entry in accepted[:_LONGEST_HEADER].split(","):
        tag, *parameters = (part.strip(" \t") for part in entry.split(";"))
        weights = [_QUALITY.fullmatch(parameter) for parameter in parameters]
        if len(weights) > 1 or None in weights:
            continue
        quality = float(weights[0].group(1)) if weights and weights[0] else 1.0
        if tag and quality > 0:
            weighed.append((quality, tag))
    return [tag for _, tag in sorted(weighed, key=lambda pair: pair[0], reverse=True)]

"""The topics of a knowledge base by theme and country, as an index lists them. Pure."""

from collections.abc import Iterable
from datetime import date

from knowledge.jurisdictions import JURISDICTIONS
from knowledge.types import Source

THEMES = {
    "readmission-and-return": "Readmission and return",
    "reintegration": "Reintegration",
    "labour-mobility": "Labour mobility",
    "asylum-and-protection": "Asylum and protection",
    "borders-and-visas": "Borders and visas",
    "trafficking-and-smuggling": "Trafficking and smuggling",
    "regional-cooperation": "Regional cooperation",
    "migration-governance": "Migration governance",
    "figures-and-trends": "Figures and trends",
    "reference": "Reference",
}
OTHER = "other"  # where a document that names no theme is listed
THEME_NAMES = {**THEMES, OTHER: "Other documents"}
KOSOVO_FOOTNOTE = (
    "* References to Kosovo are without prejudice to positions on status and are in line with UNSCR 1244 and the ICJ "
    "Opinion on the Kosovo declaration of independence."
)


def by_theme(sources: Iterable[Source]) -> dict[str, list[Source]]:
    """Theme → its sources by title, in the order of THEME_NAMES."""
    themes: dict[str, list[Source]] = {theme: [] for theme in THEME_NAMES}
    for source in sources:
        themes[source.subject.theme if source.subject is not None else OTHER].append(source)
    return {theme: sorted(listed, key=lambda source: source.title) for theme, listed in themes.items() if listed}


def in_jurisdiction(sources: Iterable[Source], code: str) -> list[Source]:
    return [source for source in sources if source.subject is not None and code in source.subject.jurisdictions]


def jurisdictions_of(sources: Iterable[Source]) -> dict[str, int]:
    """Code → how many of the sources speak of it, in the order of JURISDICTIONS: our region first."""
    codes = [code for source in sources if source.subject is not None for code in source.subject.jurisdictions]
    return {code: codes.count(code) for code in JURISDICTIONS if code in codes}


def is_review_due(review_by: str | None, today: date) -> bool:
    """Whether the day, month or year for which a review was planned is over."""
    return review_by is not None and review_by < today.isoformat()[: len(review_by)]

"""The numbers that Word shows before headings and list items and that stand nowhere in its text: "Article 5", "(a)".
A person who cites a rule cites them."""

import re
from dataclasses import dataclass

from knowledge.readers.docx_styles import number_in, value_in
from knowledge.readers.package import Element, Package

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """Counts through a document; ask for each numbered paragraph once, in order."""

    def __init__(self, package: Package) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        part = package.related_as(package.main, "numbering")
        if part is None:
            return
        root = package.xml(part)
        for abstract in root.iter("w.abstractNum"):
            levels = {int(_digits(level.get("w.ilvl"))): _level(level) for level in abstract.findall("w.lvl")}
            self._levels[abstract.get("w.abstractNumId", "")] = levels
        for listed in root.iter("w.num"):
            self._lists[listed.get("w.numId", "")] = value_in(listed, "w.abstractNumId") or ""

    def next(self, identifier: str, depth: int) -> str:
        """The label of the next paragraph of this list at this depth; empty for bullets."""
        abstract = self._lists.get(identifier, "")
        levels = self._levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.form in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            shown = levels.get(place, level)
            return _written(counts.get(place, shown.start), shown.form)

        return _PLACE.sub(number, level.text)


def _level(element: Element) -> _Level:
    start = number_in(element, "w.start")
    return _Level(
        1 if start is None else start, value_in(element, "w.numFmt") or "decimal", value_in(element, "w.lvlText") or ""
    )


def _written(number: int, form: str) -> str:
    if form.endswith("Letter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 8)
        return letters.upper() if form.startswith("upper") else letters
    if form.endswith("Roman") and 0 < number < 5000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        roman += _ROMAN_UNITS[number]
        return roman.upper() if form.startswith("upper") else roman
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _digits(text: str | None) -> str:
    return text if text and text.isascii() and text.isdigit() and len(text) < 4 else "0"

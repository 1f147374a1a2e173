"""How text in a Word file looks, as far as it decides what the text is: a heading, a list item, or hidden."""

from dataclasses import dataclass, field, replace
from typing import Self

from knowledge.readers.hidden import PALE, SMALLEST_POINTS, STYLED_AWAY, TINY, colour_of, is_near
from knowledge.readers.package import Element, Package

_OFF = frozenset({"0", "false", "off"})
_NO_STYLE_IS_SO_DEEP = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Formatting of characters; None where nothing is said. ``colour`` and ``background`` are RRGGBB or "auto"."""

    vanish: bool | None = None
    bold: bool | None = None
    colour: str | None = None
    background: str | None = None
    half_points: int | None = None

    @classmethod
    def of(cls, properties: Element | None) -> Self:
        """From a ``w.rPr``."""
        if properties is None:
            return cls()
        colour, shade = properties.find("w.color"), properties.find("w.shd")
        points = number_in(properties, "w.sz")
        background = shade.get("w.fill") if shade is not None else None
        if properties.find("w.highlight") is not None:
            background = "highlight"
        return cls(
            vanish=_switch(properties, "w.vanish"),
            bold=_switch(properties, "w.b"),
            colour=colour.get("w.val") if colour is not None else None,
            background=background,
            half_points=points,
        )

    def over(self, below: "Look") -> "Look":
        """This formatting where it says something, else what lies below it."""
        return Look(
            below.vanish if self.vanish is None else self.vanish,
            below.bold if self.bold is None else self.bold,
            below.colour if self.colour is None else self.colour,
            below.background if self.background in (None, "auto") else self.background,
            below.half_points if self.half_points is None else self.half_points,
        )

    def hidden_as(self) -> str | None:
        """The kind of hiding (see ``hidden``), or None for text that can be seen."""
        if self.vanish:
            return STYLED_AWAY
        if self.half_points is not None and self.half_points < SMALLEST_POINTS * 2:
            return TINY
        if self.background in ("highlight", "unknown"):
            return None
        colour = colour_of(self.colour)
        return PALE if colour and is_near(colour, colour_of(self.background) or (1, 1, 1)) else None


@dataclass(frozen=True, slots=True)
class Style:
    """A named style. ``level`` is a heading's depth (1 is the outermost), ``numbering`` the list (id, level)."""

    name: str = ""
    look: Look = field(default_factory=Look)
    level: int | None = None
    numbering: tuple[str, int] | None = None
    shades: bool = False


class Styles:
    """The styles of a document by their id, each with what it inherits."""

    def __init__(self, package: Package) -> None:
        part = package.related_as(package.main, "styles")
        self._elements: dict[str, Element] = {}
        self._styles: dict[str, Style] = {}
        self._default = ""
        self.base = Look()
        if part is None:
            return
        root = package.xml(part)
        self.base = Look.of(root.find("w.docDefaults/w.rPrDefault/w.rPr"))
        for element in root.iter("w.style"):
            self._elements[element.get("w.styleId", "")] = element
            if element.get("w.type") == "paragraph" and element.get("w.default") not in (None, *_OFF):
                self._default = element.get("w.styleId", "")

    def paragraph(self, identifier: str | None) -> Style:
        return self.named(self._default if identifier is None else identifier)

    def named(self, identifier: str, depth: int = 0) -> Style:
        if identifier not in self._styles:
            element = self._elements.get(identifier)
            if element is None or depth > _NO_STYLE_IS_SO_DEEP:  # styles based on each other in a ring
                return Style()
            parent = value_in(element, "w.basedOn")
            self._styles[identifier] = _styled(element, self.named(parent, depth + 1) if parent else Style())
        return self._styles[identifier]


def _styled(element: Element, parent: Style) -> Style:
    name = (value_in(element, "w.name") or "").lower()
    properties = element.find("w.pPr")
    level = heading_level(name, properties)
    return replace(
        parent,
        name=name,
        look=Look.of(element.find("w.rPr")).over(parent.look),
        level=parent.level if level is None else level or None,
        numbering=numbering_in(properties, parent.numbering),
        shades=parent.shades or any(_is_dark(shade.get("w.fill")) for shade in element.iter("w.shd")),
    )


def heading_level(name: str, properties: Element | None) -> int | None:
    """1 to 9 for a heading, 0 for what is plainly none, None where nothing is said. Word writes the names of its own
    styles in English, whatever its user sees."""
    if name == "title":
        return 1
    if name.startswith("heading ") and name[8:].isdigit():
        return max(1, min(int(name[8:]), 9))
    outline = number_in(properties, "w.outlineLvl")
    if outline is None:
        return None
    return outline + 1 if 0 <= outline < 9 else 0


def numbering_in(properties: Element | None, inherited: tuple[str, int] | None) -> tuple[str, int] | None:
    """List id and level of a paragraph's ``w.numPr``; what it does not say comes from its style."""
    numbered = properties.find("w.numPr") if properties is not None else None
    if numbered is None:
        return inherited
    identifier = value_in(numbered, "w.numId") or (inherited[0] if inherited else None)
    level = number_in(numbered, "w.ilvl")
    if identifier is None or identifier == "0":
        return None
    return identifier, max(0, min(level if level is not None else inherited[1] if inherited else 0, 8))


def value_in(element: Element | None, name: str) -> str | None:
    """The ``w.val`` of a child."""
    child = element.find(name) if element is not None else None
    return child.get("w.val") if child is not None else None


def number_in(element: Element | None, name: str) -> int | None:
    value = value_in(element, name) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _switch(properties: Element, name: str) -> bool | None:
    child = properties.find(name)
    return None if child is None else child.get("w.val") not in _OFF


def _is_dark(fill: str | None) -> bool:
    colour = colour_of(fill)
    return colour is not None and not is_near(colour)

"""What the pages of operators are made of: tables, forms, notices. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from integrations.web.markup import Markup, element

Attributes = Mapping[str, str | bool | None]


def words(*children: str) -> Markup:
    return element("p", {}, *children)


def facts(*children: str) -> Markup:
    return element("p", {"class": "facts"}, *children)


def notice(text: str, kind: str = "info", role: str | None = None) -> Markup:
    """``kind``: info, good or warn. ``role``: status or alert for what the last action came to."""
    return element("p", {"class": "notice", "data-kind": kind, "role": role}, text)


def empty(text: str) -> Markup:
    return element("p", {"class": "empty"}, text)


def tag(text: str, kind: str = "") -> Markup:
    return element("span", {"class": f"tag {kind}".strip()}, text)


def foreign(text: str, language: str | None = None) -> Markup:
    """What somebody else wrote, in whatever script."""
    return element("bdi", {"lang": language or None}, text)


def link(address: str, *label: str, **attributes: str) -> Markup:
    return element("a", {"href": address, **attributes}, *label)


def moment(at: datetime | None) -> Markup:
    if at is None:
        return Markup("–")
    at = at.astimezone(UTC)
    return element("time", {"datetime": at.isoformat(timespec="seconds")}, at.strftime("%Y-%m-%d %H:%M"))


def day(at: datetime | None) -> Markup:
    if at is None:
        return Markup("–")
    return element("time", {"datetime": at.date().isoformat()}, at.date().isoformat())


def pairs(rows: Iterable[tuple[str, str]]) -> Markup:
    """Terms with their values."""
    cells = [part for term, value in rows for part in (element("dt", {}, term), element("dd", {}, value))]
    return element("dl", {"class": "pairs"}, *cells)


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Markup:
    """One that turns into cards where there is no room. ``numbers`` are the columns set to the right."""
    head = [
        element("th", {"scope": "col", "class": _number(place, numbers)}, name) for place, name in enumerate(columns)
    ]
    lines = []
    for row in rows:
        cells = [
            element("td", {"data-label": columns[place], "class": _number(place, numbers)}, element("div", {}, cell))
            for place, cell in enumerate(row)
        ]
        lines.append(element("tr", {}, *cells))
    written = element(
        "table",
        {"class": "table stacked"},
        element("caption", {"class": "unseen"}, caption),
        element("thead", {}, element("tr", {}, *head)),
        element("tbody", {}, *lines),
    )
    return element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption}, written)


def form(action: str, *children: str, label: str | None = None, upload: bool = False) -> Markup:
    """A form in fields, one below the other."""
    attributes: Attributes = {
        "class": "form",
        "method": "post",
        "action": action,
        "aria-label": label,
        "enctype": "multipart/form-data" if upload else None,
    }
    return element("form", attributes, *children)


def press(action: str, label: str, kind: str = "secondary small", about: str = "", **hidden: str) -> Markup:
    """A button that does one thing. ``about`` says to a screen reader to what."""
    unseen = [element("span", {"class": "unseen"}, f" {about}")] if about else []
    button = element("button", {"class": kind}, label, *unseen)
    return element("form", {"class": "press", "method": "post", "action": action}, *_hidden(hidden), button)


def joined_form(action: str, *children: str) -> Markup:
    """A form in one row."""
    return element("form", {"class": "press", "method": "post", "action": action}, *children)


def hidden(name: str, value: str) -> Markup:
    return element("input", {"type": "hidden", "name": name, "value": value})


def field(name: str, label: str, control: Markup, hint: str = "", identifier: str | None = None) -> Markup:
    """``control`` is made by ``entry``, ``choice`` or ``area`` with the same name and identifier."""
    told = [element("p", {"class": "hint", "id": f"{identifier or name}-hint"}, hint)] if hint else []
    return element("div", {"class": "field"}, element("label", {"for": identifier or name}, label), *told, control)


def entry(name: str, kind: str = "text", identifier: str | None = None, **attributes: str | bool | None) -> Markup:
    return element("input", {"type": kind, "id": identifier or name, "name": name, **attributes})


def area(name: str, identifier: str | None = None, **attributes: str | bool | None) -> Markup:
    return element("textarea", {"id": identifier or name, "name": name, "rows": "4", **attributes})


def choice(name: str, options: Sequence[tuple[str, str]], chosen: str = "", identifier: str | None = None) -> Markup:
    """``options``: value and words."""
    listed = [element("option", {"value": value, "selected": value == chosen}, said) for value, said in options]
    return element("select", {"id": identifier or name, "name": name}, *listed)


def tick(name: str, label: str, *, required: bool = False, value: str = "yes") -> Markup:
    box = element("input", {"type": "checkbox", "name": name, "value": value, "required": required})
    return element("label", {"class": "choice"}, box, " ", label)


def actions(*children: str) -> Markup:
    return element("div", {"class": "actions"}, *children)


def button(label: str, kind: str | None = None) -> Markup:
    return element("button", {"class": kind}, label)


def folded(summary: str, *children: str, is_open: bool = False) -> Markup:
    """What is opened to act or to read on."""
    return element("details", {"class": "more", "open": is_open}, element("summary", {}, summary), *children)


def section(title: str, *children: str, identifier: str | None = None) -> Markup:
    return element("section", {"id": identifier}, element("h2", {}, title), *children)


def cluster(*children: str) -> Markup:
    return element("div", {"class": "cluster"}, *children)


def lines(*children: str) -> Markup:
    """One below the other inside a cell."""
    return element("div", {"class": "lines"}, *children)


def counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _hidden(values: Mapping[str, str]) -> list[Markup]:
    return [hidden(name, value) for name, value in values.items()]


def _number(place: int, numbers: Sequence[int]) -> str | None:
    return "number" if place in numbers else None

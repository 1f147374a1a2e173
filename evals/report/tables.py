"""Tables with headers that a screen reader can follow and that scroll in themselves where a screen is narrow."""

from collections.abc import Iterable, Sequence

from evals.report.markup import Markup, element, together


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> Markup:
    """``rows``: cells, the first of which names the row. A row of one cell is a heading over those below it."""
    head = element("tr", {}, *(element("th", {"scope": "col"}, column) for column in columns))
    groups: list[list[Markup]] = [[]]
    for row in rows:
        if len(row) == 1:
            title = element("th", {"scope": "rowgroup", "colspan": str(len(columns))}, row[0])
            groups.append([element("tr", {}, title)])
        else:
            first = element("th", {"scope": "row"}, row[0])
            groups[-1].append(element("tr", {}, first, *(element("td", {}, cell) for cell in row[1:])))
    bodies = together(element("tbody", {}, *group) for group in groups if group)
    drawn = element("table", {}, element("caption", {}, caption), element("thead", {}, head), bodies)
    # Reached with the keyboard, since what does not fit is scrolled to.
    return element(
        "div", {"class": f"table {kind}".strip(), "role": "region", "aria-label": caption, "tabindex": "0"}, drawn
    )


def folded(summary: str, *parts: str, shown: bool = False, kind: str = "") -> Markup:
    """What is there for those who open it."""
    attributes = {"class": kind} if kind else {}
    return element("details", attributes | ({"open": ""} if shown else {}), element("summary", {}, summary), *parts)

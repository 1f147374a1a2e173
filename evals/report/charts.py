"""Charts as SVG in the page: bars with the 95 % interval, differences around zero, and curves. Places are shares of
the width, so that lettering keeps its size on a phone and on paper; colours come from the page's style. What is told by
colour is told by shape as well."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.report.markup import Markup, element, together
from evals.scores import Point

_ROW, _LINE, _THICK = 40, 16, 10
_PLOT = 220
# Letters of a name and its figure that fit beside each other on the narrowest phone.
_BESIDE, _LONGEST = 38, 42


@dataclass(frozen=True, slots=True)
class Bar:
    """``told`` is the value in writing; ``low`` and ``high`` the interval, None where there is none."""

    label: str
    value: float
    low: float | None
    high: float | None
    told: str


def bars(identifier: str, title: str, description: str, rows: Sequence[Bar]) -> Markup:
    """A bar a row from zero, on one scale: at least 0 to 1, and as far as the intervals reach."""
    lowest = min([0.0, *(bar.value for bar in rows), *(bar.low for bar in rows if bar.low is not None)])
    highest = max([*(bar.value for bar in rows), *(bar.high for bar in rows if bar.high is not None), 0.0])
    highest = 1.0 if highest <= 1 else highest
    zero = _share(0, lowest, highest)
    height, drawn = _rows(rows)
    for index, bar in enumerate(rows):
        end = _share(bar.value, lowest, highest)
        middle = (index + 1) * height - 12
        drawn.append(_box(0, 100, middle - _THICK / 2, _THICK, "track"))
        drawn.append(_box(min(zero, end), abs(end - zero), middle - _THICK / 2, _THICK, "bar"))
        if bar.low is not None and bar.high is not None:
            drawn += _whisker(_share(bar.low, lowest, highest), _share(bar.high, lowest, highest), middle)
    return _svg(identifier, "bars", title, description, len(rows) * height, drawn)


def differences(identifier: str, title: str, description: str, rows: Sequence[Bar], better: int) -> Markup:
    """New minus old around a line at zero. ``better`` is 1 where more is better, -1 where less is: a triangle points
    up for a change to the better and down for one to the worse, a ring stands for what may be chance."""
    reach = max([0.01, *(abs(end) for bar in rows for end in (bar.value, bar.low, bar.high) if end is not None)])
    height, drawn = _rows(rows)
    for index, bar in enumerate(rows):
        middle = (index + 1) * height - 12
        drawn.append(_line(50, 50, middle - 9, middle + 9, "zero"))
        if bar.low is not None and bar.high is not None:
            drawn += _whisker(_share(bar.low, -reach, reach), _share(bar.high, -reach, reach), middle)
        drawn.append(_mark(_share(bar.value, -reach, reach), middle, _course(bar, better)))
    return _svg(identifier, "differences", title, description, len(rows) * height, drawn)


def curve(
    identifier: str,
    title: str,
    description: str,
    points: Sequence[Point],
    axes: tuple[str, str],
    diagonal: bool = False,
) -> Markup:
    """Points joined by lines, both axes as far as they reach, 0 to 1 at most; ``diagonal`` draws where both are
    equal."""
    highest = 1.0 if diagonal else _round_up(max((point.y for point in points), default=1.0))
    drawn = []
    for step in range(5):
        share = step / 4
        y = _PLOT * (1 - share)
        drawn.append(_line(0, 100, y, y, "grid-line"))
        drawn.append(_text("0", y + 4, f"{highest * share:.2f}", "tick", "end", -6))
        drawn.append(_text(f"{share * 100:g}%", _PLOT + 18, f"{share:.2f}", "tick", "middle"))
    drawn.append(_text("0", -12, f"↑ {axes[1]}", "axis"))
    drawn.append(_text("100%", _PLOT + 36, f"{axes[0]} →", "axis", "end"))
    if diagonal:
        drawn.append(_line(0, 100, _PLOT, 0, "even"))
    placed = [(point.x * 100, _PLOT * (1 - point.y / highest)) for point in points]
    for (left, upper), (right, lower) in zip(placed, placed[1:], strict=False):
        drawn.append(_line(left, right, upper, lower, "curve"))
    if len(placed) <= 24:
        drawn += [
            element("circle", {"class": "point", "cx": f"{x:.1f}%", "cy": f"{y:.1f}", "r": "3.5"}) for x, y in placed
        ]
    return _svg(identifier, "plot", title, description, _PLOT, drawn)


def _svg(identifier: str, kind: str, title: str, description: str, height: int, drawn: Sequence[Markup]) -> Markup:
    named = {"role": "img", "aria-labelledby": f"{identifier}-title", "aria-describedby": f"{identifier}-desc"}
    return element(
        "svg",
        {"class": kind, "width": "100%", "height": str(height), **named},
        element("title", {"id": f"{identifier}-title"}, title),
        element("desc", {"id": f"{identifier}-desc"}, description),
        together(drawn),
    )


def _rows(rows: Sequence[Bar]) -> tuple[int, list[Markup]]:
    """The height of a row, and the lettering of all: the figure beside the name, or below it where names are long."""
    stacked = any(len(bar.label) + len(bar.told) > _BESIDE for bar in rows)
    height = _ROW + (_LINE if stacked else 0)
    drawn = []
    for index, bar in enumerate(rows):
        line = index * height + 13
        name = bar.label if len(bar.label) <= _LONGEST else bar.label[:_LONGEST] + "…"
        drawn.append(_text("0", line, name, "label"))
        drawn.append(_text("100%", line + (_LINE if stacked else 0), bar.told, "value", "end"))
    return height, drawn


def _text(x: str, y: float, said: str, kind: str, anchor: str = "start", shift: int = 0) -> Markup:
    moved = {"dx": str(shift)} if shift else {}
    return element("text", {"class": kind, "x": x, "y": f"{y:g}", "text-anchor": anchor, **moved}, said)


def _box(left: float, width: float, top: float, height: float, kind: str) -> Markup:
    return element(
        "rect",
        {"class": kind, "x": f"{left:.2f}%", "width": f"{width:.2f}%", "y": f"{top:g}", "height": f"{height:g}"},
    )


def _line(left: float, right: float, top: float, bottom: float, kind: str) -> Markup:
    return element(
        "line",
        {"class": kind, "x1": f"{left:.2f}%", "x2": f"{right:.2f}%", "y1": f"{top:.1f}", "y2": f"{bottom:.1f}"},
    )


def _whisker(low: float, high: float, middle: float) -> list[Markup]:
    return [
        _line(low, high, middle, middle, "whisker"),
        _line(low, low, middle - 5, middle + 5, "whisker"),
        _line(high, high, middle - 5, middle + 5, "whisker"),
    ]


def _course(bar: Bar, better: int) -> str:
    """Whether the interval leaves no doubt about the direction."""
    if bar.low is not None and bar.high is not None and (bar.low > 0 or bar.high < 0):
        return "improved" if bar.value * better > 0 else "worsened"
    return "unclear"


def _mark(place: float, middle: float, course: str) -> Markup:
    """A path cannot stand at a share of the width; an SVG within the SVG can."""
    shapes = {
        "improved": element("path", {"d": "M0 -6 L6 5 L-6 5 Z"}),
        "worsened": element("path", {"d": "M0 6 L6 -5 L-6 -5 Z"}),
        "unclear": element("circle", {"r": "4.5"}),
    }
    return element("svg", {"class": course, "x": f"{place:.2f}%", "y": f"{middle:g}"}, shapes[course])


def _share(value: float, lowest: float, highest: float) -> float:
    """Where a value lies between both ends, as a percentage."""
    return (value - lowest) / (highest - lowest) * 100


def _round_up(value: float) -> float:
    return next((end for end in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if value <= end), max(value, 1.0))

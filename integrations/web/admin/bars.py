"""Small bars in SVG: lengths are attributes, so they need neither a script nor a style of their own. Pure."""

from collections.abc import Mapping, Sequence

from integrations.web.markup import Markup, element

_HEIGHT = 60.0
_STEP = 10.0
_LENGTH = 100.0


def days(counts: Sequence[tuple[str, int, int]], label: str) -> Markup:
    """A bar a day: its name, how many there were, and of how many of them the lower part stands (darker)."""
    most = max((count for _, count, _ in counts), default=0) or 1
    drawn: list[Markup] = []
    for place, (name, count, part) in enumerate(counts):
        whole, lower = _HEIGHT * count / most, _HEIGHT * part / most
        title = element("title", {}, f"{name}: {count}, {part} of them answered")
        bars = [_bar("rest", place, whole - lower, _HEIGHT - whole), _bar("part", place, lower, _HEIGHT - lower)]
        drawn.append(element("g", {}, title, *bars))
    box = {"viewBox": f"0 0 {max(1, len(counts)) * _STEP:g} {_HEIGHT:g}", "preserveAspectRatio": "none"}
    return element("svg", {"class": "days", "role": "img", "aria-label": label, **box}, *drawn)


def length(count: int, most: int, label: str = "") -> Markup:
    """One bar lying down, ``count`` of ``most`` long. Without a label it repeats what stands beside it."""
    described = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    bar = element("rect", {"class": "part", "width": f"{_LENGTH * count / max(1, most):.1f}", "height": "8"})
    box = {"viewBox": f"0 0 {_LENGTH:g} 8", "preserveAspectRatio": "none"}
    return element("svg", {"class": "length", **described, **box}, bar)


def _bar(kind: str, place: int, height: float, top: float) -> Markup:
    where: Mapping[str, str] = {
        "x": f"{place * _STEP + 1:g}",
        "y": f"{top:.1f}",
        "width": f"{_STEP - 2:g}",
        "height": f"{height:.1f}",
    }
    return element("rect", {"class": kind, **where})

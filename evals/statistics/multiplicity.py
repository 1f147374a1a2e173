"""Many tests at once find something by chance."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def holm(p_values: Mapping[Name, float]) -> dict[Name, float]:
    """Adjusted p by the step-down method of Holm (1979): whoever calls those below .05 real is wrong about any of them
    in at most 5 % of cases, however the tests hang together."""
    adjusted: dict[Name, float] = {}
    so_far = 0.0
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for place, (name, p) in enumerate(ordered):
        so_far = max(so_far, min(1.0, p * (len(ordered) - place)))
        adjusted[name] = so_far
    return adjusted

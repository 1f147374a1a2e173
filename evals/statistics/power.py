"""How small a difference could a set of questions show at all?"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Normal quantiles: 97.5 % (5 % two-sided) and 80 % (the power).
_CONFIDENCE, _POWER = 1.959963984540054, 0.8416212335729143
# How alike two runs of like desks score the same cluster, where only one run is known.
ASSUMED_CORRELATION = 0.5


def detectable_difference(standard_error: float) -> float:
    """The difference that a test at 5 % finds with 80 % power: (z_.975 + z_.80) · SE = 2.80 · SE, SE being the standard
    error of the paired difference over clusters (Miller 2024, Adding Error Bars to Evals, section 5). Normal quantiles:
    with fewer than about ten clusters the true one is larger."""
    return (_CONFIDENCE + _POWER) * standard_error


def detectable_with_one_run(standard_error: float, correlation: float = ASSUMED_CORRELATION) -> float:
    """The same while only one run is known: two runs with its standard error whose clusters' scores correlate have a
    difference with SE · √(2 · (1 − correlation))."""
    return detectable_difference(standard_error * math.sqrt(2 * (1 - correlation)))


def jackknife_error(left_out: Array) -> float | None:
    """The standard error from the values (clusters,) that a figure takes when each cluster is left out in turn (Tukey
    1958). For a plain mean it is the classical one. None where the figure hangs on a single cluster."""
    if left_out.size < 2 or np.isnan(left_out).any():
        return None
    count = left_out.size
    return float(math.sqrt((count - 1) / count * float(((left_out - left_out.mean()) ** 2).sum())))

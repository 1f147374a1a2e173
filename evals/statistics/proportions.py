"""Shares near 0 and 1, where the bootstrap has nothing to vary."""

import math

# The normal quantile for 95 %, two-sided.
Z = 1.959963984540054


def wilson(successes: float, trials: float, z: float = Z) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927). It has width where every trial ended alike."""
    if trials <= 0:
        raise ValueError("an interval needs a trial")
    middle = (successes + z * z / 2) / (trials + z * z)
    half = z / (trials + z * z) * math.sqrt(successes * (trials - successes) / trials + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def cautious_error(successes: float, trials: float, z: float = Z) -> float:
    """The standard error of a share after adding half of z² to successes and failures (Agresti and Coull 1998): not 0
    where every trial ended alike."""
    share = (successes + z * z / 2) / (trials + z * z)
    return math.sqrt(share * (1 - share) / (trials + z * z))

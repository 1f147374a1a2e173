"""Where the spread of repeated runs comes from."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Split:
    """Variances: of the questions' true scores, and of one question's score from run to run."""

    between: float
    within: float


def split_variance(scores: Sequence[Sequence[float]]) -> Split | None:
    """One-way random effects by analysis of variance (Searle, Casella and McCulloch 1992, chapter 3), also where
    questions have unequal numbers of repeats; a negative estimate of the variance between questions counts as 0. None
    with fewer than two questions or without a repeat."""
    groups = [group for group in scores if group]
    count = sum(len(group) for group in groups)
    if len(groups) < 2 or count == len(groups):
        return None
    grand = sum(map(sum, groups)) / count
    means = [sum(group) / len(group) for group in groups]
    between = sum(len(group) * (mean - grand) ** 2 for group, mean in zip(groups, means, strict=True))
    within = sum((score - mean) ** 2 for group, mean in zip(groups, means, strict=True) for score in group)
    mean_within = within / (count - len(groups))
    mean_between = between / (len(groups) - 1)
    size = (count - sum(len(group) ** 2 for group in groups) / count) / (len(groups) - 1)
    return Split(max(0.0, (mean_between - mean_within) / size), mean_within)

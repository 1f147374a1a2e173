"""Which questions of a pack are asked: by part, language and slice, and at most so many. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from evals.errors import InvalidChoice
from evals.questions import Question
from evals.slices import LANGUAGE, SLICES, slices_of

Part = Literal["tuning", "test"]
# What questions can be told apart by: the slices of the figures, and what else they say of themselves.
FIELDS = ("kind", "expected", "cluster", "parallel_id", "never_break")


def choose(
    questions: Sequence[Question],
    *,
    part: str | None = None,
    lang: str | None = None,
    slices: Mapping[str, str] | None = None,
    limit: int | None = None,
) -> list[Question]:
    """The questions that are all of what was asked for, in their order. Raises InvalidChoice where none is left,
    naming what the questions have instead."""
    if part is not None and part not in get_args(Part):
        raise InvalidChoice(f"--part {part}: the parts are tuning and test.")
    wanted = {**({"part": part} if part else {}), **({"lang": lang} if lang else {}), **(slices or {})}
    left = list(questions)
    for name, value in wanted.items():
        there = sorted({each for question in left for each in _values(question, name)})
        left = [question for question in left if value in _values(question, name)]
        if not left:
            raise InvalidChoice(f"No question has {name}={value}; there is {', '.join(there[:12]) or 'none'}.")
    return left[:limit]


def parse_slices(given: Sequence[str]) -> dict[str, str]:
    """``["kind=near_miss"]`` → ``{"kind": "near_miss"}``. Raises InvalidChoice."""
    parsed = {}
    for each in given:
        name, separator, value = each.partition("=")
        if not separator or name not in (*SLICES, *FIELDS):
            raise InvalidChoice(
                f"--slice {each}: write name=value with one of {', '.join(dict.fromkeys((*SLICES, *FIELDS)))}."
            )
        parsed[name] = value
    return parsed


def _values(question: Question, name: str) -> list[str]:
    """What a question is found under: its slice, and what the pack itself calls it."""
    counted = slices_of(question).get(LANGUAGE if name == "lang" else name)
    given = getattr(question, name) if name in FIELDS else None
    told = str(given).lower() if isinstance(given, bool) else given
    return [value for value in dict.fromkeys((counted, told)) if value] or ["none"]

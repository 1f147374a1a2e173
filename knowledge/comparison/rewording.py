"""What changed between two wordings of one statement, word by word, and what kind of change that is. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from knowledge.comparison.tokens import Nature, Token, tokens_of

Touch = Literal["reworded", "figure_changed", "date_changed", "negation_changed"]
# The aligner looks at every pair of equal words again and again: past this many the differing middle is shown whole.
_MOST_EQUAL_PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that both versions have (as the new one writes them), or only one of them."""

    kind: Literal["kept", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class Rewording:
    """``kind`` is what weighs most; ``also`` names what changed besides. The segments give, without blanks, the old
    wording when what was added is left out, and the new when what was removed is."""

    kind: Touch
    also: tuple[Touch, ...]
    segments: tuple[Segment, ...]


def rewording(old: str, new: str) -> Rewording:
    """Compares two wordings that are not equal."""
    before, after = tokens_of(old), tokens_of(new)
    steps = list(_steps([token.text for token in before], [token.text for token in after]))
    changed = [
        token
        for is_kept, left, right in steps
        if not is_kept
        for token in (*before[left], *after[right])
        if token.nature != "mark"
    ]
    touched = _touched(before, after)
    if "negation_changed" not in touched and not (touched and _are_all(changed, "figure", "date")):
        touched = ("reworded", *touched)
    kind: Touch = touched[0]
    return Rewording(kind, touched[1:], tuple(_segments(before, after, steps)))


def _touched(before: Sequence[Token], after: Sequence[Token]) -> tuple[Touch, ...]:
    """What differs in substance, the gravest first. A figure or date that is only written differently does not."""
    amounts = [
        Counter((value, token.nature) for token in tokens for value in token.values) for tokens in (before, after)
    ]
    gone, come = amounts[0] - amounts[1], amounts[1] - amounts[0]
    differing = {*_without_equal(gone, come), *_without_equal(come, gone)}
    found: list[Touch] = []
    if _negations(before) != _negations(after):
        found.append("negation_changed")
    if "figure" in differing:
        found.append("figure_changed")
    if "date" in differing:
        found.append("date_changed")
    return tuple(found)


def _without_equal(these: Counter[tuple[str, Nature]], others: Counter[tuple[str, Nature]]) -> Iterator[Nature]:
    """The natures of amounts that the others do not hold as often, be it as a figure or in a date."""
    counts, held = Counter[str](), Counter[str]()
    for counter, amounts in ((counts, these), (held, others)):
        for (value, _), count in amounts.items():
            counter[value] += count
    return (nature for value, nature in these if counts[value] > held[value])


def _negations(tokens: Sequence[Token]) -> int:
    return sum(token.nature == "negation" for token in tokens)


def _are_all(tokens: Sequence[Token], *natures: Nature) -> bool:
    return all(token.nature in natures for token in tokens)


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, slice, slice]]:
    """Runs of words that are kept or not, with where they stand in each version."""
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    room = shorter - start
    end = next((place for place in range(room) if old[-1 - place] != new[-1 - place]), room)
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield True, slice(0, start), slice(0, start)
    counts = Counter(middle_new)
    if sum(counts[word] for word in middle_old) > _MOST_EQUAL_PAIRS:
        yield False, slice(start, len(old) - end), slice(start, len(new) - end)
    else:
        for tag, a, b, c, d in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes():
            yield tag == "equal", slice(start + a, start + b), slice(start + c, start + d)
    if end:
        yield True, slice(len(old) - end, len(old)), slice(len(new) - end, len(new))


def _segments(
    before: Sequence[Token], after: Sequence[Token], steps: Sequence[tuple[bool, slice, slice]]
) -> Iterator[Segment]:
    """Blanks around what changed stand outside it, so that nothing but words is struck out or underlined."""
    pending = ""
    for is_kept, left, right in steps:
        if is_kept:
            yield Segment("kept", pending + _written(after[right]))
            pending = ""
            continue
        gone, come = _written(before[left]), _written(after[right])
        if pending:
            yield Segment("kept", pending)
        if gone:
            yield Segment("removed", gone.rstrip())
        if come:
            yield Segment("added", come.rstrip())
        pending = " " if (come or gone).endswith(" ") else ""


def _written(tokens: Sequence[Token]) -> str:
    return "".join(token.text + " " * token.spaced for token in tokens)

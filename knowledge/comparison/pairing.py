"""Which statement of one version became which of another. Pure.

Equal words are paired first, within a section and then across sections; of the rest, the most alike. Unchanged
statements cost a look-up each. A changed one is compared with a bounded number of others: those near to where it would
stand, those that are the same but for figures, and those that share its rarest words. So a document that was written
anew costs no more than its length.
"""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.months import month_of
from knowledge.spelling import folded_words

# Of the words of two statements, the share (by weight) that both must have for one to be a rewording of the other.
_ALIKE = 0.5
_SAME_SECTION = 0.05
_SHORT_WORD = 0.4
# Endings differ where little else does (agreement, agreements).
_STEM = 6
_NEAR = 4
_SAME_MASK = 8
_RAREST_WORDS = 8
_MOST_WITH_A_WORD = 40
_SHARING_WORDS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a statement and its section: equal numbers are one section, also across versions."""

    text: str
    section: int


@dataclass(frozen=True, slots=True)
class _Bag:
    """The weights of a statement's words. Of figures and months half the weight is that there is one, half which one.
    ``mask`` is the statement with its figures and months left open."""

    weights: Mapping[str, float]
    total: float
    mask: str
    has_words: bool


def pairs_of(old: Sequence[Line], new: Sequence[Line]) -> dict[int, int]:
    """Places in the old version and their partners in the new one. Comparing the other way round gives the same
    pairs."""
    if [line.text for line in old] > [line.text for line in new]:
        return {place: partner for partner, place in _pairs(new, old).items()}
    return _pairs(old, new)


def equal_once(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """The pairs that nothing speaks against: words that each version has once."""
    counts = Counter(old), Counter(new)
    places = {text: place for place, text in enumerate(new) if counts[1][text] == 1}
    return {place: places[text] for place, text in enumerate(old) if counts[0][text] == 1 and text in places}


def _pairs(old: Sequence[Line], new: Sequence[Line]) -> dict[int, int]:
    pairs = _equal(old, new, lambda line: (line.section, line.text), {})
    pairs |= _equal(old, new, lambda line: line.text, pairs)
    taken = set(pairs.values())
    gone = [place for place in range(len(old)) if place not in pairs]
    come = [place for place in range(len(new)) if place not in taken]
    if gone and come:
        pairs |= _alike(old, new, gone, come, _expected(old, new, pairs))
    return pairs


def _equal(
    old: Sequence[Line], new: Sequence[Line], key: Callable[[Line], Hashable], pairs: Mapping[int, int]
) -> dict[int, int]:
    """The first of equals with the first, the second with the second, of those that are in no pair yet."""
    taken = set(pairs.values())
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for place, line in enumerate(new):
        if place not in taken:
            waiting[key(line)].append(place)
    found: dict[int, int] = {}
    for place, line in enumerate(old):
        if place not in pairs and (those := waiting.get(key(line))):
            found[place] = those.popleft()
    return found


def _expected(old: Sequence[Line], new: Sequence[Line], pairs: Mapping[int, int]) -> list[int]:
    """For each statement of the old version where it would stand in the new one: after what it stands after now."""
    expected: list[int] = []
    upcoming = 0
    for place, line in enumerate(old):
        partner = pairs.get(place)
        if partner is not None and new[partner].section == line.section:
            upcoming = partner
        expected.append(upcoming)
        upcoming += 1
    return expected


def _alike(
    old: Sequence[Line], new: Sequence[Line], gone: Sequence[int], come: Sequence[int], expected: Sequence[int]
) -> dict[int, int]:
    """The most alike of what is left, each in one pair at most."""
    before = {place: _bag(old[place].text) for place in gone}
    after = {place: _bag(new[place].text) for place in come}
    ranked: list[tuple[float, int, int, int]] = []
    for place, candidates in _candidates(before, after, expected):
        for candidate in candidates:
            same_section = old[place].section == new[candidate].section
            likeness = _likeness(before[place], after[candidate])
            # Bare figures are alike everywhere; they say nothing outside their table.
            if likeness >= _ALIKE and (same_section or before[place].has_words):
                distance = abs(expected[place] - candidate)
                ranked.append((-likeness - same_section * _SAME_SECTION, distance, place, candidate))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, place, candidate in sorted(ranked):
        if place not in found and candidate not in taken:
            found[place] = candidate
            taken.add(candidate)
    return found


def _candidates(
    before: Mapping[int, _Bag], after: Mapping[int, _Bag], expected: Sequence[int]
) -> Iterable[tuple[int, set[int]]]:
    come = sorted(after)
    same_mask: defaultdict[str, list[int]] = defaultdict(list)
    for place in come:
        same_mask[after[place].mask].append(place)
    counts = Counter(word for bags in (before, after) for bag in bags.values() for word in bag.weights)
    with_word: defaultdict[str, list[int]] = defaultdict(list)
    for place in come:
        for word in _rarest(after[place], counts):
            with_word[word].append(place)
    for place, bag in before.items():
        found = {*_nearest(come, expected[place], _NEAR)}
        found.update(_nearest(same_mask.get(bag.mask, []), expected[place], _SAME_MASK))
        sharing = Counter[int]()
        for word in _rarest(bag, counts):
            those = with_word.get(word, [])
            if len(those) <= _MOST_WITH_A_WORD:
                sharing.update(those)
        found.update(candidate for candidate, _ in sharing.most_common(_SHARING_WORDS))
        yield place, found


def _nearest(places: Sequence[int], wanted: int, count: int) -> Sequence[int]:
    middle = bisect_left(places, wanted)
    return places[max(0, middle - count) : middle + count]


def _rarest(bag: _Bag, counts: Mapping[str, int]) -> list[str]:
    return sorted(bag.weights, key=lambda word: (counts[word], word))[:_RAREST_WORDS]


def _bag(text: str) -> _Bag:
    weights: defaultdict[str, float] = defaultdict(float)
    masked: list[str] = []
    has_words = False
    for word in folded_words(text):
        if any(character.isdecimal() for character in word) or month_of(word):
            weights[""] += 0.5
            weights[word] += 0.5
            masked.append("")
        else:
            stem = word[:_STEM]
            weights[stem] += 1.0 if len(word) > 3 else _SHORT_WORD
            masked.append(stem)
            has_words = True
    return _Bag(dict(weights), sum(weights.values()), " ".join(masked), has_words)


def _likeness(one: _Bag, other: _Bag) -> float:
    """The share of the two statements' weight that they have in common: 0 to 1."""
    fewer, more = sorted((one.weights, other.weights), key=len)
    shared = sum(min(weight, more[word]) for word, weight in fewer.items() if word in more)
    total = one.total + other.total
    return 2 * shared / total if total else 0.0

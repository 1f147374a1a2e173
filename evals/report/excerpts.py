"""A passage shortened to what surrounds a quote, with the quote marked."""

from collections.abc import Iterable

from evals.report.markup import element

_GAP = "…"


def excerpt(passage: str, wanted: Iterable[str], around: int) -> list[str]:
    """The passage in pieces, those of ``wanted`` that stand in it as marks, with ``around`` characters before and after
    them; its beginning where none does. What was left out is told by an ellipsis."""
    marks = _apart((passage.find(text), passage.find(text) + len(text)) for text in wanted if text in passage and text)
    if not marks:
        return [shortened(passage, 2 * around)]
    pieces: list[str] = []
    shown = 0
    for start, end in marks:
        begin = start - around
        if begin > shown + around:  # Less than that is not worth a gap.
            pieces += [passage[shown : shown + around] if shown else "", f" {_GAP} ", passage[begin:start]]
        else:
            pieces.append(passage[shown:start])
        pieces.append(element("mark", {}, passage[start:end]))
        shown = end
    pieces.append(passage[shown : shown + around])
    if shown + around < len(passage):
        pieces.append(f" {_GAP}")
    return [piece for piece in pieces if piece]


def shortened(text: str, most: int) -> str:
    """At most that many characters, cut at a word where there are words."""
    if len(text) <= most:
        return text
    kept, space, _ = text[:most].rpartition(" ")
    return f"{kept if space and len(kept) > most // 2 else text[:most]} {_GAP}"


def _apart(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in order, those that overlap as one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart

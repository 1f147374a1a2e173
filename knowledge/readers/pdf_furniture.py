"""Running headers, footers and page numbers: what stands at the edge of many pages belongs to none of them. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.normalisation import one_line
from knowledge.readers.pdf_fragments import Fragment
from knowledge.readers.pdf_page import PageText

# The share of a page's height, above and below, in which furniture stands.
_EDGE = 0.12
# Page numbers are known by what they are, and may stand further in.
_NUMBER_EDGE = 0.17
_FEWEST_PAGES = 3
# The share of all pages on which a header's place is filled.
_SLOT = 0.6
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:page|p\.|str\.?|strana|stranica|faqe|faqja|страна|стр\.?)?\s*[-–|]?\s*(\d{1,4}|[ivxlc]{1,7})\s*"
    r"(?:(?:/|of|od|nga|од|\|)\s*\d{1,4})?\s*[-–|]?\s*(?:page)?",
    re.IGNORECASE,
)


def without_furniture(pages: Sequence[PageText]) -> list[list[Fragment]]:
    """Each page's fragments without what repeats at the edges, and without page numbers where pages are numbered."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_key(page, piece) for piece in page.fragments if _is_at_edge(page, piece)})
    numbered = sum(any(_is_number(page, piece) for piece in page.fragments) for page in pages) >= 2
    slots = Counter(
        height for page in pages for height in {_key(page, p)[1] for p in page.fragments if _is_at_edge(page, p)}
    )

    def stays(page: PageText, piece: Fragment) -> bool:
        if numbered and _is_number(page, piece):
            return False
        if not _is_at_edge(page, piece):
            return True
        # The same words at the same height; one point up or down is the same.
        text, height = _key(page, piece)
        # A header that names the chapter changes with it, but its place is never empty.
        is_slot = len(pages) <= 2 or sum(slots[height + shift] for shift in (-1, 0, 1)) >= _SLOT * len(pages)
        return sum(seen[text, height + shift] for shift in (-1, 0, 1)) < (2 if is_slot else _FEWEST_PAGES)

    kept = [[piece for piece in page.fragments if stays(page, piece)] for page in pages]
    # What is all there is on every page frames nothing.
    return kept if any(kept) else [page.fragments for page in pages]


def _is_at_edge(page: PageText, piece: Fragment, share: float = _EDGE) -> bool:
    edge = (page.top - page.bottom) * share
    return piece.baseline > page.top - edge or piece.baseline < page.bottom + edge


def _is_number(page: PageText, piece: Fragment) -> bool:
    return _is_at_edge(page, piece, _NUMBER_EDGE) and _NUMBER.fullmatch(one_line(piece.text)) is not None


def _key(page: PageText, piece: Fragment) -> tuple[str, int]:
    return _DIGITS.sub("#", one_line(piece.text)), round((piece.baseline - page.bottom) / 4)

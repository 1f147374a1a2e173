"""Documents put together by hand or drawn by hypothesis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from knowledge.readers.reading import TextBuilder
from knowledge.types import Document, Source

_WORDS = [
    "return",
    "Tirana",
    "of",
    "12",
    "readmission",
    "agreement",
    "in",
    "повратак",
    "प्रत्यावर्तन",
    "প্রত্যাবর্তন",
    "واپسی",
    "e.g.",
]
_ENDS = [".", ".", ".", "!", "?", "…", "।", "۔", ".”"]

sentence = st.builds(
    lambda words, end: f"The {' '.join(words)}{end}",
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=40),
    st.sampled_from(_ENDS),
)


@dataclass(frozen=True)
class Part:
    """A heading (with its level), a paragraph, a list item or a table row."""

    kind: Literal["heading", "paragraph", "item", "row"]
    text: str
    level: int = 1


parts = st.lists(
    st.builds(
        Part, st.just("heading"), st.sampled_from(["Background", "What was agreed", "Следни кораци"]), st.integers(1, 4)
    )
    | st.builds(
        Part,
        st.sampled_from(["paragraph", "paragraph", "item", "row"]),
        st.lists(sentence, min_size=1, max_size=30).map(" ".join)
        | st.lists(sentence, min_size=1, max_size=3).map(" ".join)
        | st.just("Partners:")
        | st.just("No."),
    ),
    max_size=25,
)


def document_of(
    parts: Sequence[Part], identifier: str = "doc", title: str = "A title", audience: str = "public"
) -> Document:
    builder = TextBuilder()
    for part in parts:
        if part.kind == "heading":
            builder.heading(part.level, part.text)
        else:
            builder.block(part.kind, part.text)
    return Document(
        Source(identifier, title, audience, origin=identifier), "digest", builder.text, tuple(builder.blocks)
    )

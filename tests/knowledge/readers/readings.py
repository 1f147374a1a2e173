"""What every test of a reader asks of a reading."""

import re

from knowledge.normalisation import normalise
from knowledge.readers.reading import Reading

BRIEF = """\
---
id: test-brief
title: A brief on readmission
topic: readmission
theme: readmission-and-return
jurisdictions: [AL, RS]
as_of: 2024-06
sources:
  - id: first
    title: The first source
    publisher: IOM
    published: 2024-06-05
    url: https://example.org/first
  - id: second
    title: The second source
    published: 2023
---

"""


def blocks_of(reading: Reading) -> list[str]:
    return [reading.text[block.span.start : block.span.end] for block in reading.blocks]


def headings_of(reading: Reading) -> list[tuple[str, ...]]:
    return [block.headings for block in reading.blocks]


def attributed(reading: Reading) -> list[tuple[str, tuple[str, ...]]]:
    """Each attributed statement with the references it rests on."""
    return [(reading.text[a.span.start : a.span.end].strip(), a.reference_ids) for a in reading.attributions]


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)


def assert_sound(reading: Reading) -> None:
    """Blocks lie in order inside the text and hold something; nothing invisible is stored, in the text or beside it."""
    assert normalise(reading.text) == reading.text
    position = 0
    for block in reading.blocks:
        assert position <= block.span.start < block.span.end <= len(reading.text)
        assert reading.text[block.span.start : block.span.end].strip()
        position = block.span.end
    for attribution in reading.attributions:
        assert 0 <= attribution.span.start <= attribution.span.end <= len(reading.text)
    for said in (reading.text, reading.title, reading.language or "", *(h for b in reading.blocks for h in b.headings)):
        assert not _UNSEEN.search(said)
    assert reading.title.strip() and "\n" not in reading.title

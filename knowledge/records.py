"""How documents and passages are written into rows and read back. Pure."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.types import Attribution, Block, Document, Passage, Reference, Source, Span


def source_json(source: Source) -> str:
    return json.dumps(asdict(source), ensure_ascii=False)


def source_from(text: str) -> Source:
    data = json.loads(text)
    data["references"] = tuple(Reference(**reference) for reference in data["references"])
    return Source(**data)


def structure_json(document: Document) -> str:
    return json.dumps(
        {
            "blocks": [[b.kind, b.span.start, b.span.end, list(b.headings)] for b in document.blocks],
            "attributions": [[a.span.start, a.span.end, list(a.reference_ids)] for a in document.attributions],
        },
        ensure_ascii=False,
    )


def attributions_from(structure: str) -> tuple[Attribution, ...]:
    return tuple(Attribution(Span(start, end), tuple(ids)) for start, end, ids in json.loads(structure)["attributions"])


def document_from(row: Any) -> Document:
    blocks = json.loads(row.structure)["blocks"]
    return Document(
        source=source_from(row.source),
        digest=row.digest,
        text=row.text,
        blocks=tuple(Block(kind, Span(start, end), tuple(headings)) for kind, start, end, headings in blocks),
        attributions=attributions_from(row.structure),
    )


def units_bytes(units: tuple[Span, ...]) -> bytes:
    return np.array([(unit.start, unit.end) for unit in units], dtype=np.int32).tobytes()


def passage_from(row: Any) -> Passage:
    pairs: npt.NDArray[np.int32] = np.frombuffer(row.units, dtype=np.int32).reshape(-1, 2)
    return Passage(
        id=row.id,
        document_id=row.document_id,
        headings=tuple(json.loads(row.headings)),
        locator=row.locator,
        start=row.start,
        end=row.end,
        text=row.text,
        units=tuple(Span(int(start), int(end)) for start, end in pairs),
    )

"""How documents and passages are written into rows and read back. Pure."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.types import (
    Attribution,
    Block,
    Disagreement,
    Document,
    Passage,
    Position,
    Reference,
    Source,
    Span,
    Subject,
)


def source_json(source: Source) -> str:
    return json.dumps(asdict(source), ensure_ascii=False)


def source_from(text: str) -> Source:
    data = json.loads(text)
    data["references"] = tuple(Reference(**reference) for reference in data["references"])
    if data["subject"] is not None:
        data["subject"] = _subject_from(data["subject"])
    data["disagreements"] = tuple(_disagreement_from(disagreement) for disagreement in data["disagreements"])
    return Source(**data)


def _subject_from(data: dict[str, Any]) -> Subject:
    return Subject(
        data["topic"],
        data["theme"],
        tuple(data["jurisdictions"]),
        tuple(data["keywords"]),
        tuple((short, long) for short, long in data["abbreviations"]),
    )


def _disagreement_from(data: dict[str, Any]) -> Disagreement:
    positions = tuple(Position(position["says"], tuple(position["reference_ids"])) for position in data["positions"])
    return Disagreement(data["id"], data["about"], positions)


def structure_json(document: Document) -> str:
    return json.dumps(
        {
            "blocks": [[b.kind, b.span.start, b.span.end, b.headings, b.place] for b in document.blocks],
            "attributions": [
                [a.span.start, a.span.end, a.reference_ids, a.disagreement_ids, a.may_change]
                for a in document.attributions
            ],
        },
        ensure_ascii=False,
    )


def attributions_from(structure: str) -> tuple[Attribution, ...]:
    return tuple(
        Attribution(Span(start, end), tuple(references), tuple(disagreements), may_change)
        for start, end, references, disagreements, may_change in json.loads(structure)["attributions"]
    )


def document_from(row: Any) -> Document:
    blocks = json.loads(row.structure)["blocks"]
    return Document(
        source=source_from(row.source),
        digest=row.digest,
        text=row.text,
        blocks=tuple(
            Block(kind, Span(start, end), tuple(headings), place) for kind, start, end, headings, place in blocks
        ),
        attributions=attributions_from(row.structure),
        original=row.original,
    )


def places_json(passage: Passage) -> str:
    return json.dumps([[span.start, span.end, place] for span, place in passage.places], ensure_ascii=False)


def units_bytes(units: tuple[Span, ...]) -> bytes:
    return np.array([(unit.start, unit.end) for unit in units], dtype=np.int32).tobytes()


def passage_from(row: Any) -> Passage:
    pairs: npt.NDArray[np.int32] = np.frombuffer(row.units, dtype=np.int32).reshape(-1, 2)
    return Passage(
        id=row.id,
        document_id=row.document_id,
        version=row.version,
        headings=tuple(json.loads(row.headings)),
        locator=row.locator,
        places=tuple((Span(start, end), place) for start, end, place in json.loads(row.places)),
        start=row.start,
        end=row.end,
        text=row.text,
        units=tuple(Span(int(start), int(end)) for start, end in pairs),
    )

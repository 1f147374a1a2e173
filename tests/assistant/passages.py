"""Passages made by hand, for what needs no knowledge base."""

from collections.abc import Sequence

from assistant.labels import LabelledPassages
from knowledge.sentences import sentence_spans
from knowledge.types import Attribution, Evidence, Passage, Reference, Retrieved, ScoredUnit, Source, Span


def passage(
    text: str,
    *,
    document_id: str = "report.md",
    title: str = "Annual report",
    headings: tuple[str, ...] = (),
    start: int = 0,
    similarities: Sequence[float] = (),
    similarity: float = 0.85,
    keywords: float = 0.5,
    published: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    references: tuple[Reference, ...] = (),
    attributions: tuple[Attribution, ...] = (),
) -> Retrieved:
    """A passage whose units are the sentences of its lines, each with its similarity to the question (or that of the
    whole)."""
    spans: list[Span] = []
    position = start
    for line in text.split("\n"):
        spans += sentence_spans(" " * start + text, position, position + len(line))
        position += len(line) + 1
    values = [*similarities, *[similarity] * len(spans)][: len(spans)]
    source = Source(
        document_id, title, "public", published=published, publisher=publisher, url=url, references=references
    )
    best = max(values, default=similarity)
    return Retrieved(
        Passage(f"{document_id}@{start}", document_id, headings, "p. 1", start, start + len(text), text, tuple(spans)),
        source,
        similarity + best + 0.05 * keywords,
        Evidence(similarity, best, keywords, 0.0),
        tuple(ScoredUnit(span, value) for span, value in zip(spans, values, strict=True)),
        attributions,
    )


def labelled(*texts: str) -> LabelledPassages:
    """Passages of these texts under the labels 1 to n."""
    return LabelledPassages.of(
        [passage(text, document_id=f"document-{number}") for number, text in enumerate(texts, start=1)]
    )

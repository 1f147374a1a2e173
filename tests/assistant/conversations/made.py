"""Questions and answers for the tests of the desk's memory."""

from typing import Any

from sqlalchemy import text

from assistant.conversations.store import Conversations
from assistant.conversations.types import Asked
from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard

_CITATION = Citation(
    number=1,
    passage_id="rgrs-tirana:1:2",
    document_id="rgrs-tirana",
    title="RGRS meets in Tirana",
    publisher="IOM",
    published="2024-06",
    url="https://example.org/rgrs",
    locator="page 2",
    quote="The RGRS met in Tirana.",
    start=10,
    end=33,
    verified=True,
)


def answer(said: str = "The RGRS met in Tirana.", outcome: Outcome = Outcome.ANSWERED) -> Answer:
    return Answer(
        outcome=outcome,
        text=said,
        language="en",
        sentences=(Sentence(said, (_CITATION,)),),
        sources=(SourceCard(1, "rgrs-tirana", "RGRS meets in Tirana", "IOM", "2024-06", "https://example.org/rgrs"),),
        notices=(Notice("dated", "The newest source used here is dated 2024-06."),),
        provenance=Provenance("large", {"answer": "abc"}, "local", "f1", {"search": 12}),
    )


def refusal(outcome: Outcome = Outcome.NOT_COVERED) -> Answer:
    return Answer(outcome, "The documents do not answer this.", "en", (), (), (), Provenance(None))


def asked(question: str = "Where did the RGRS meet?", **changed: Any) -> Asked:
    values: dict[str, Any] = {
        "thread": "t1",
        "surface": "web",
        "person": "ana",
        "audience": "public",
        "language": "en",
        "question": question,
        "answer": answer(),
        "found": ("rgrs-tirana:1:2", "rgrs-tirana:1:3"),
    }
    return Asked(**{**values, **changed})


def rows(conversations: Conversations, table: str) -> list[dict[str, Any]]:
    """What the database itself holds, for what no method shows."""
    with conversations.engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table} ORDER BY number"))
        return [dict(row._mapping) for row in found]

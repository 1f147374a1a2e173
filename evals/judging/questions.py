"""What the judge is asked about a run: each cited sentence beside its sources, and each answer beside the statements
that a right one rests on. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord
from evals.run_directory import Run
from prompts.prompt import Prompt, load_prompt

Kind = Literal["support", "completeness"]
PROMPTS: dict[Kind, str] = {"support": "judge_support", "completeness": "judge_completeness"}
# The chat model sends no other.
TEMPERATURE = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to be judged. ``sentence`` counts from 0; None where the whole answer is judged."""

    kind: Kind
    question_id: str
    repeat: int
    sentence: int | None
    values: Mapping[str, str]

    @property
    def prompt(self) -> Prompt:
        return load_prompt(PROMPTS[self.kind])

    def key(self, model: str) -> str:
        """The same for the same model, prompt file and texts: what a reply is kept under."""
        pinned = [model, TEMPERATURE, self.prompt.hash, *self.prompt.render(**self.values)]
        return hashlib.sha256(json.dumps(pinned).encode()).hexdigest()


def asked_about(run: Run) -> Iterator[Asked]:
    """In the order of the answers. Refusals are not asked about: whether one was right needs no judge."""
    for answer in run.answers:
        if answer.abstained or not answer.sentences:
            continue
        yield from _support(answer)
        yield from _completeness(run.questions[answer.question_id], answer)


def _support(answer: AnswerRecord) -> Iterator[Asked]:
    passages = {passage.passage_id: passage.text for passage in answer.passages}
    for number, sentence in enumerate(answer.sentences):
        if sentence.citations:
            evidence = "\n".join(_source(citation, passages) for citation in sentence.citations)
            values = {"sentence": escape(sentence.text), "evidence": evidence}
            yield Asked("support", answer.question_id, answer.repeat, number, values)


def _completeness(question: Question, answer: AnswerRecord) -> Iterator[Asked]:
    statements = question.evidence or question.references
    if statements:
        turns = [f"{turn.role}: {turn.text}" for turn in question.history]
        values = {
            "question": escape("\n".join([*turns, question.question])),
            "statements": "\n".join(f"<statement>\n{escape(statement)}\n</statement>" for statement in statements),
            "answer": escape(" ".join(sentence.text for sentence in answer.sentences)),
        }
        yield Asked("completeness", answer.question_id, answer.repeat, None, values)


def _source(citation: CitationRecord, passages: Mapping[str, str]) -> str:
    """Fenced, its text escaped, so that no document can close its own fence. The passage is left out where the run did
    not keep it."""
    passage = passages.get(citation.passage_id, "")
    read = f"<passage>\n{escape(passage)}\n</passage>\n" if passage else ""
    head = f"title={quoteattr(citation.title)} date={quoteattr(citation.published or 'undated')}"
    return f"<source {head}>\n{read}<quote>\n{escape(citation.quote)}\n</quote>\n</source>"

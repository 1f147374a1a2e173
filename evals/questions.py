"""A question with what a right answer holds, whichever pack or case file it comes from: the one form that runs are made
of and scored against. Gold answers never reach the desk."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Expected = Literal["answer", "abstain", "clarify", "flag", "retrieve"]


class PackTurn(BaseModel):
    """One earlier message of the conversation that a question goes on with."""

    model_config = ConfigDict(frozen=True)

    role: Literal["user", "assistant"]
    text: str


class Question(BaseModel):
    """``gold_groups``: of each group of documents one is to be found and cited (a question that needs two has two);
    ``answer_groups``: of each group of strings one is to stand in the answer; ``evidence``: the statements an answer
    rests on, word for word. ``abstain_scope`` other than ``corpus`` offers the desk only ``source_doc_id`` or ``pool``.
    ``cluster``: questions that stand or fall together in the statistics; ``parallel_id``: the same question in other
    languages. ``contradiction``: the sources differ on what is asked. ``reader`` is the audience that asks,
    ``never_break`` puts the question on the list of those that a change may not lose."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    pack: str = ""
    lang: str = "en"
    question: str
    history: tuple[PackTurn, ...] = ()
    expected: Expected = "answer"
    gold_doc_ids: tuple[str, ...] = ()
    gold_groups: tuple[tuple[str, ...], ...] = ()
    acceptable_doc_ids: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    answer_groups: tuple[tuple[str, ...], ...] = ()
    references: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    abstain_scope: Literal["corpus", "source_doc", "pool"] = "corpus"
    source_doc_id: str | None = None
    pool: tuple[str, ...] = ()
    cluster: str = ""
    parallel_id: str | None = None
    topic: str | None = None
    kind: str | None = None
    differs_in: str | None = None
    contradiction: bool = False
    part: Literal["tuning", "test"] | None = None
    reader: str = "public"
    as_of: date | None = None
    never_break: bool = False

    @model_validator(mode="after")
    def _has_what_it_narrows_itself_to(self) -> Self:
        if self.abstain_scope == "source_doc" and not self.source_doc_id:
            raise ValueError("abstain_scope is source_doc, and there is no source_doc_id")
        if self.abstain_scope == "pool" and not self.pool:
            raise ValueError("abstain_scope is pool, and there is no pool")
        return self

    @property
    def documents_wanted(self) -> tuple[tuple[str, ...], ...]:
        """The groups of gold documents, whichever way the pack gives them."""
        return self.gold_groups or tuple((identifier,) for identifier in self.gold_doc_ids)

    @property
    def answers_wanted(self) -> tuple[tuple[str, ...], ...]:
        """The groups of accepted answers, whichever way the pack gives them."""
        return self.answer_groups or ((self.answers,) if self.answers else ())

    def on_offer(self) -> frozenset[str] | None:
        """The only documents the question may be answered from, or None for all."""
        if self.abstain_scope == "source_doc" and self.source_doc_id:
            return frozenset({self.source_doc_id})
        if self.abstain_scope == "pool":
            return frozenset(self.pool)
        return None

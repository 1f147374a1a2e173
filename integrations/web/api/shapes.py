"""What the API takes and gives about what it keeps of a reader."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from assistant.conversations.types import Escalation, EscalationState, Feedback, KeptConversation, KeptTurn
from assistant.types import Answer
from integrations.wire import AnswerOut

Reason = Literal["wrong", "missing", "outdated", "citation", "language", "other"]
MOST_WORDS = 2000


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class _In(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class MeOut(_Out):
    """What the desk knows of who asks."""

    signed_in: bool
    name: str = Field(description="Empty for visitors.")
    audience: str = Field(description="With whose rights questions are answered, such as `public` or `partner:nepal`.")
    is_operator: bool
    public: bool = Field(description="Whether people who have not signed in may ask.")
    closed: str | None = Field(description="Why nobody can ask at present; null while the desk is open.")
    keep_days: int = Field(description="After how many days questions and answers are erased.")


class ErasedOut(_Out):
    erased: int = Field(description="How many records that were: questions, opinions, requests to a person.")


class ConversationLineOut(_Out):
    """A conversation in the list of one's own."""

    id: str
    question: str = Field(description="The question it began with.")
    asked_at: datetime = Field(description="When it was last asked in.")
    outcome: str = Field(description="How the last question in it ended.")
    language: str
    answers: int = Field(description="How many questions it holds.")

    @classmethod
    def of(cls, kept: KeptConversation) -> Self:
        return cls(
            id=kept.thread,
            question=kept.question,
            asked_at=kept.asked_at,
            outcome=kept.outcome,
            language=kept.language,
            answers=kept.answers,
        )


class FeedbackOut(_Out):
    helpful: bool
    reason: Reason | None
    comment: str | None
    at: datetime

    @classmethod
    def of(cls, opinion: Feedback) -> Self:
        return cls.model_validate(opinion)


class EscalationOut(_Out):
    """A question that went on to a person, and their reply."""

    state: EscalationState
    note: str
    reply: str | None = Field(description="What the person replied. It is not checked against the documents.")
    at: datetime

    @classmethod
    def of(cls, escalation: Escalation) -> Self:
        return cls.model_validate(escalation)


class TurnOut(_Out):
    """A question of one's own with its answer."""

    answer_id: str
    question: str
    asked_at: datetime
    answer: AnswerOut | None = Field(
        description="Null where it is no longer available: what it cites cannot be seen (any more)."
    )
    feedback: FeedbackOut | None
    escalation: EscalationOut | None
    shared: bool = Field(description="Whether there is a link by which others can read it.")
    answers_again: str | None = Field(
        description="The answer before, of one that was made later because documents were added."
    )

    @classmethod
    def of(cls, turn: KeptTurn, answer: Answer | None, *, shared: bool, answers_again: str | None) -> Self:
        return cls(
            answer_id=turn.kept.id,
            question=turn.kept.question or "",
            asked_at=turn.kept.asked_at,
            answer=AnswerOut.of(answer) if answer is not None else None,
            feedback=FeedbackOut.of(turn.opinion) if turn.opinion is not None else None,
            escalation=EscalationOut.of(turn.escalation) if turn.escalation is not None else None,
            shared=shared,
            answers_again=answers_again,
        )


class ConversationOut(_Out):
    id: str
    turns: tuple[TurnOut, ...] = Field(description="Oldest first; of a very long conversation the last 200.")


class KeptAnswerOut(TurnOut):
    conversation: str


class FeedbackIn(_In):
    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"properties": {"helpful": {"const": False}}}, {"properties": {"reason": {"type": "null"}}}]
        }
    )
    helpful: bool
    reason: Reason | None = Field(default=None, description="Only for an answer that was not helpful.")
    comment: str | None = Field(default=None, max_length=MOST_WORDS, description="In the reader's own words.")

    @model_validator(mode="after")
    def _reason_for_doubt(self) -> Self:
        if self.helpful and self.reason is not None:
            raise ValueError("a reason says what was wrong; leave it out where the answer was helpful")
        return self


class EscalationIn(_In):
    note: str = Field(default="", max_length=MOST_WORDS, description="What the experts should know besides.")


class ShareOut(_Out):
    url: str = Field(description="Whoever may read the same documents can open the answer there.")
    expires: datetime


def _whole(number: object) -> object:
    """12.0 is an integer in JSON."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class TranslationIn(_In):
    """Which quote: the passage and the place as a citation of the answer names them."""

    passage_id: str = Field(max_length=300)
    start: Annotated[int, BeforeValidator(_whole)] = Field(ge=0, le=2**31 - 1)
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$", description="Into which.", examples=["sr-Latn"])


class TranslationOut(_Out):
    text: str = Field(description="Made by a model. Only the original counts.")
    model: str

"""The protocol's shapes, as far as the desk speaks it. What shapes a text's style (temperature and the like) is taken
and has no effect: the desk has one way of answering."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.types import MAX_QUESTION, Conversation, Turn
from integrations.wire import AnswerOut

MODEL = "migration-desk"
_MOST_MESSAGES = 200
_LONGEST_MESSAGE = 100_000
# Of the earlier turns the desk uses the last few; a client sends them all.
_TURNS = 6
_LONGEST_TURN = 8000


class Part(BaseModel):
    """A piece of a message; the desk reads text only."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    type: str = Field(max_length=40)
    text: str | None = Field(default=None, max_length=_LONGEST_MESSAGE)


class Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = Field(default=None, max_length=_LONGEST_MESSAGE)

    def said(self) -> str:
        if self.content is None:
            return ""
        if isinstance(self.content, str):
            return self.content.strip()
        return "\n".join(part.text for part in self.content if part.type == "text" and part.text).strip()


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    include_usage: bool = False


class ResponseFormat(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    type: str = "text"


class CompletionIn(BaseModel):
    """A chat as a client sends it. The last message is the question and must be the user's; messages of the system are
    not read, since nothing that a client says changes how the desk answers."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    model: str = Field(max_length=200, examples=[MODEL])
    messages: list[Message] = Field(min_length=1, max_length=_MOST_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, ge=1, le=1, description="One answer to a question.")
    response_format: ResponseFormat | None = None

    def question(self) -> str:
        """Raises ValueError, in words for who wrote the client."""
        last = self.messages[-1]
        if last.role != "user":
            raise ValueError("the last message must be the user's: it is the question")
        if not (asked := last.said()):
            raise ValueError("the last message holds no text; the desk reads text only")
        if len(asked) > MAX_QUESTION:
            raise ValueError(f"the question has {len(asked)} characters, and at most {MAX_QUESTION} are taken")
        return asked

    def conversation(self) -> Conversation:
        """The last turns before the question, in pairs of question and answer."""
        turns: list[Turn] = []
        for message in self.messages[:-1]:
            if message.role in ("user", "assistant") and (words := message.said()):
                role: Literal["user", "assistant"] = "user" if message.role == "user" else "assistant"
                turns.append(Turn(role, words[:_LONGEST_TURN]))
        return tuple(turns[-_TURNS:])


class Extension(BaseModel):
    """What the protocol has no field for."""

    answer_id: str | None = Field(description="Under which the answer is kept, None where it is not.")
    conversation: str | None
    answer: AnswerOut


class Usage(BaseModel):
    """Tokens as the desk's own model counted them; zeros where no model wrote."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, tokens: dict[str, int]) -> "Usage":
        read, written = tokens.get("input", 0), tokens.get("output", 0)
        return cls(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class Written(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    index: int = 0
    message: Written
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class CompletionOut(BaseModel):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: tuple[Choice]
    usage: Usage
    migration_desk: Extension


class ModelOut(BaseModel):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelsOut(BaseModel):
    object: Literal["list"] = "list"
    data: Sequence[ModelOut] = (ModelOut(),)


class ProtocolError(BaseModel):
    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ProtocolErrorOut(BaseModel):
    """An error as clients of the protocol read it."""

    error: ProtocolError


def chunk(identifier: str, created: int, delta: dict[str, Any] | None, finish: str | None = None) -> dict[str, Any]:
    """A piece of a streamed answer; without a delta the one that only counts."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    return {
        "id": identifier,
        "object": "chat.completion.chunk",
        "created": created,
        "model": MODEL,
        "choices": choices,
    }

"""What crosses the pipe between the process that wants a file read and the one that reads it: a length, then JSON or
the file's bytes. Never pickle: what a parser was talked into may lie, but it cannot run anything here."""

import json
import struct
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from knowledge.readers.reading import Reading

LENGTH = struct.Struct(">Q")
# Sent once by a reading process that has loaded its parsers and set its limits.
READY = b"ready"


class Answer(BaseModel):
    """Either what was read or why it was refused; ``last`` says that the process wants to be replaced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    reading: Reading | None = None
    refused: str | None = None
    last: bool = False

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "Answer":
        if (self.reading is None) == (self.refused is None):
            raise ValueError("an answer holds a reading or a reason")
        return self


def encode_request(suffix: str, name: str, raw: bytes) -> list[bytes]:
    """The pieces to send, the file's bytes among them uncopied."""
    # Names of files may hold bytes that are no text; they come as lone surrogates, which no answer could hold.
    name = name.encode("utf-8", "replace").decode()
    head = json.dumps({"suffix": suffix, "name": name}).encode()
    return [LENGTH.pack(len(head)) + head + LENGTH.pack(len(raw)), raw]


def receive_request(stream: BinaryIO) -> tuple[str, str, bytes] | None:
    """Suffix, name and bytes of the next file, or None when the other side is gone."""
    head = _frame(stream)
    raw = _frame(stream)
    if head is None or raw is None:
        return None
    fields = json.loads(head)
    return fields["suffix"], fields["name"], raw


def send(stream: BinaryIO, payload: bytes) -> None:
    stream.write(LENGTH.pack(len(payload)) + payload)
    stream.flush()


def decode_answer(payload: bytes) -> Answer | None:
    """The answer, or None where it is not one: damaged, or offsets that do not fit its text."""
    try:
        answer = Answer.model_validate_json(payload)
    except ValidationError:
        return None
    return answer if answer.reading is None or _is_sound(answer.reading) else None


def _is_sound(reading: Reading) -> bool:
    """Blocks lie in order inside the text and do not overlap; attributions lie inside it."""
    position, length = 0, len(reading.text)
    for block in reading.blocks:
        if not position <= block.span.start < block.span.end <= length:
            return False
        position = block.span.end
    return all(0 <= a.span.start <= a.span.end <= length for a in reading.attributions)


def _frame(stream: BinaryIO) -> bytes | None:
    head = b"".join(_exactly(stream, LENGTH.size))
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = b"".join(_exactly(stream, length))
    return payload if len(payload) == length else None


def _exactly(stream: BinaryIO, count: int) -> Iterator[bytes]:
    while count > 0:
        piece = stream.read(min(count, 1 << 20))
        if not piece:
            return
        count -= len(piece)
        yield piece

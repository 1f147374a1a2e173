"""The reading process: ``python -m knowledge.readers.worker LIMITS``. Files come in on standard input and readings go
out on standard output (see ``exchange``); it ends when standard input does, in the middle of a file too.

Everything that a hostile file could reach runs here, so the process takes its own freedom away before it sees one.
"""

import contextlib
import json
import math
import os
import resource
import sys
from typing import BinaryIO

from knowledge.errors import UnreadableDocument
from knowledge.orphans import end_with_parent
from knowledge.readers.exchange import READY, Answer, receive_request, send
from knowledge.readers.formats import read_bytes
from knowledge.readers.limits import Limits, counted, size


def main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    requests, answers = _take_pipes()
    end_with_parent(requests.fileno())
    confine(limits)
    send(answers, READY)
    read_so_far = 0
    while (request := receive_request(requests)) is not None:
        read_so_far += 1
        answer = answer_to(*request, limits=limits)
        del request
        answer = answer.model_copy(update={"last": answer.last or read_so_far >= limits.files or _is_bloated(limits)})
        send(answers, _encoded(answer, limits))
        if answer.last:
            break


def confine(limits: Limits) -> None:
    """Memory, files and core dumps are limited for good; the processor's time anew for each file."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NOFILE, 64)
    # macOS neither enforces this limit nor always lets it be set.
    if sys.platform != "darwin":
        _set(resource.RLIMIT_AS, limits.memory)


def answer_to(suffix: str, name: str, raw: bytes, limits: Limits) -> Answer:
    """What was read, or the reason why not, whatever a parser throws."""
    _allow_seconds(limits.seconds)
    try:
        reading = read_bytes(suffix, name, raw, limits)
        if len(reading.text) > limits.characters:
            raise UnreadableDocument(f"holds more than {counted(limits.characters)} characters; split it into parts")
        if len(reading.blocks) > limits.blocks:
            raise UnreadableDocument(f"holds more than {counted(limits.blocks)} paragraphs; split it into parts")
        return Answer(reading=reading)
    except UnreadableDocument as refused:
        return Answer(refused=str(refused))
    except MemoryError:
        return Answer(refused=f"needs more than {size(limits.memory)} of memory to read", last=True)
    except RecursionError:
        return Answer(refused="is nested too deeply to be read")
    except Exception as error:  # Parsers meet bytes their authors never thought of; one file must not end the ingest.
        return Answer(refused=f"is damaged, or not what its name says ({type(error).__name__})")


def _encoded(answer: Answer, limits: Limits) -> bytes:
    try:
        payload = answer.model_dump_json().encode()
    except (ValueError, MemoryError) as error:
        return Answer(refused=f"cannot be handed on ({type(error).__name__})", last=True).model_dump_json().encode()
    if len(payload) > limits.answer:
        refused = f"gives more than {size(limits.answer)} of text; split it into parts"
        return Answer(refused=refused, last=answer.last).model_dump_json().encode()
    return payload


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output under numbers of their own, so that nothing a parser prints is taken for an answer."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def _allow_seconds(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(usage.ru_utime + usage.ru_stime + seconds), hard))


def _is_bloated(limits: Limits) -> bool:
    """Whether so much memory was needed once that the next file would find too little."""
    return _most_memory() > limits.memory / 2


def _most_memory() -> int:
    """The most bytes this process ever held. Linux hands ``ru_maxrss`` on from the parent that started a process, so
    there the kernel's own page on it is read."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
        return int(kilobytes) * 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _set(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    # The other side went away in the middle of an answer: there is nobody left to tell.
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()

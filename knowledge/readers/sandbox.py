"""Reads files in processes of their own, which may crash, hang or swell without harm to this one.

A reading process serves many files, because starting one costs far more than reading a page of text. It is replaced
when it died, ran out of its time or asked to be.
"""

import atexit
import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import one_line
from knowledge.readers.child import Child, ChildDied, ChildTooSlow
from knowledge.readers.exchange import Answer, decode_answer
from knowledge.readers.limits import Limits, size
from knowledge.readers.ocr import find_tesseract
from knowledge.readers.reading import Reading

_AT_ONCE = 2
_LONGEST_REASON = 500
_NO_ANSWER = "gave no sound answer when it was read"


class Sandbox:
    """Reads files under ``limits``, from any number of threads, at most ``_AT_ONCE`` files at a time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._start()

    def _start(self) -> None:
        self._process_id = os.getpid()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._idle: list[Child] = []
        self._alive: set[Child] = set()

    def read(self, raw: bytes, suffix: str, name: str) -> Reading:
        """What the bytes of a file with this suffix say. Raises UnreadableDocument, also when reading them breaks a
        limit or the process that reads."""
        if os.getpid() != self._process_id:
            self._start()  # A fork inherits the pipes, but two processes cannot share them.
        with self._places:
            answer = self._answer(raw, suffix, name)
        if answer.reading is not None:
            return answer.reading
        refused = "".join(character for character in one_line(answer.refused or "") if character.isprintable())
        raise UnreadableDocument(refused[:_LONGEST_REASON] or _NO_ANSWER)

    def close(self) -> None:
        """Ends every reading process; the next file starts one again."""
        with self._lock:
            idle, busy = self._idle, self._alive.difference(self._idle)
            self._alive, self._idle = set(), []
        for child in busy:
            child.kill()
        for child in idle:
            child.end()

    def _answer(self, raw: bytes, suffix: str, name: str) -> Answer:
        seconds = self.limits.seconds
        if suffix == ".pdf" and find_tesseract():
            seconds += self.limits.ocr_seconds
        deadline = time.monotonic() + seconds
        while True:
            with self._child() as child:
                used = child.files_read > 0
                try:
                    if not used:  # its start is no fault of the file
                        child.await_ready()
                        deadline = time.monotonic() + seconds
                    answer = decode_answer(child.ask(suffix, name, raw, deadline, self.limits.answer))
                except ChildTooSlow:
                    raise UnreadableDocument(f"took more than {seconds:g} seconds to read") from None
                except ChildDied as died:
                    # What one file did to a process may only show at the next, which shall not pay for it.
                    if used and died.signal != signal.SIGXCPU:
                        continue
                    raise UnreadableDocument(self._reason(died)) from None
                if answer is None:
                    raise UnreadableDocument(_NO_ANSWER)
                if not answer.last:
                    self._put_back(child)
                return answer

    def _reason(self, died: ChildDied) -> str:
        if died.signal == signal.SIGXCPU:
            return f"took more than {self.limits.seconds:g} seconds to read"
        if died.starting:
            return "cannot be read: the reading process does not start; is the installation whole?"
        return (
            f"broke the process that read it: it is damaged, made to do harm, or needs more than "
            f"{size(self.limits.memory)} of memory"
        )

    @contextlib.contextmanager
    def _child(self) -> Iterator[Child]:
        """An idle process or a new one. It is ended unless it was put back, also when the reader presses Ctrl-C."""
        with self._lock:
            child = self._idle.pop() if self._idle else None
            if child is None:
                child = Child(self.limits)
                self._alive.add(child)
        try:
            yield child
        finally:
            with self._lock:
                put_back = child in self._idle
                if not put_back:
                    self._alive.discard(child)
            if not put_back:
                child.end()

    def _put_back(self, child: Child) -> None:
        with self._lock:
            if child in self._alive:  # else it was closed meanwhile
                self._idle.append(child)


SANDBOX = Sandbox()
atexit.register(SANDBOX.close)

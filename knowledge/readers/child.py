"""One reading process as its parent sees it: started, asked, ended. All waiting has a deadline."""

import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from knowledge.readers.exchange import LENGTH, READY, encode_request
from knowledge.readers.limits import Limits

_ROOT = str(Path(__file__).parents[2])
_START_SECONDS = 60
_PIECE = 1 << 20
# What Python and Tesseract need, and nothing that is a secret.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TESSDATA_PREFIX", "TZ", "SYSTEMROOT")


class ChildDied(Exception):
    """The process ended before it answered: by ``signal``, or by itself (0), perhaps while ``starting``."""

    def __init__(self, number: int, starting: bool) -> None:
        super().__init__(f"reading process ended by signal {number}")
        self.signal = number
        self.starting = starting


class ChildTooSlow(Exception):
    """The deadline passed."""


class Child:
    """A running ``knowledge.readers.worker``. Not for two threads at once."""

    def __init__(self, limits: Limits) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-B",
                "-P",
                "-s",
                "-m",
                "knowledge.readers.worker",
                json.dumps(dataclasses.asdict(limits)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            # One heap for all threads: a second would take 64 MB of the address space that is left to the files.
            env={
                **environment,
                "PYTHONPATH": _ROOT,
                "PYTHONUTF8": "1",
                "OMP_THREAD_LIMIT": "1",
                "MALLOC_ARENA_MAX": "1",
            },
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to handle.
            bufsize=0,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        os.set_blocking(self._requests.fileno(), False)
        os.set_blocking(self._answers.fileno(), False)
        self._is_ready = False
        self.files_read = 0

    @property
    def process_id(self) -> int:
        return self._process.pid

    def await_ready(self) -> None:
        """Raises ChildDied where the process does not start."""
        try:
            self._receive(time.monotonic() + _START_SECONDS, len(READY))
        except ChildTooSlow:
            raise ChildDied(0, starting=True) from None
        self._is_ready = True

    def ask(self, suffix: str, name: str, raw: bytes, deadline: float, most_bytes: int) -> bytes:
        """The answer to one file, as sent. Raises ChildDied or ChildTooSlow; the process is of no use then."""
        for piece in encode_request(suffix, name, raw):
            self._send(piece, deadline)
        payload = self._receive(deadline, most_bytes)
        self.files_read += 1
        return payload

    def kill(self) -> None:
        """Ends the process with whatever it started; who uses it is told by ChildDied."""
        if self._process.returncode is not None:  # buried: its number may be another's by now
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS forbids signals to what has ended
            self._process.kill()

    def end(self) -> None:
        """Kills the process and waits for it."""
        self.kill()
        self._requests.close()
        self._answers.close()
        self._process.wait()

    def _send(self, payload: bytes, deadline: float) -> None:
        view = memoryview(payload)
        while view:
            self._await(self._requests.fileno(), select.POLLOUT, deadline)
            try:
                view = view[os.write(self._requests.fileno(), view[:_PIECE]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._died() from None

    def _receive(self, deadline: float, most_bytes: int) -> bytes:
        (length,) = LENGTH.unpack(self._receive_exactly(LENGTH.size, deadline))
        if length > most_bytes:
            raise ChildDied(0, starting=False)
        return self._receive_exactly(length, deadline)

    def _receive_exactly(self, count: int, deadline: float) -> bytes:
        payload = bytearray()
        while len(payload) < count:
            self._await(self._answers.fileno(), select.POLLIN, deadline)
            try:
                piece = os.read(self._answers.fileno(), min(_PIECE, count - len(payload)))
            except BlockingIOError:
                continue
            if not piece:
                raise self._died()
            payload += piece
        return bytes(payload)

    def _await(self, descriptor: int, event: int, deadline: float) -> None:
        # poll, not select: a server may have more than a thousand files open.
        waiting = select.poll()
        waiting.register(descriptor, event)
        left = deadline - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            raise ChildTooSlow

    def _died(self) -> ChildDied:
        """How the process ended. One that closed its pipe and lives on is of no use either."""
        self.kill()  # changes nothing about how a process ended that had ended already
        code = self._process.wait()
        return ChildDied(-code if code < 0 else 0, starting=not self._is_ready)

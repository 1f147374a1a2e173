"""Ends what would run for hours: an input that takes quadratic time fails its test instead of hanging it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def patience(seconds: int = 10) -> Iterator[None]:
    """Far more than linear work needs on the slowest machine, and far less than quadratic work on a megabyte."""

    def lost(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"still busy after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, lost)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

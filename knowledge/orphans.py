"""A child process that does not outlive the one that started it, however that one ended.

What a killed writer leaves behind is cleaned up by the next one; a child that lives on would write into it meanwhile.
"""

import os
import select
import signal
import threading


def end_with_parent(pipe: int) -> None:
    """Ends this process, and what it started where it leads its own group, as soon as nobody holds the writing end of
    the pipe any more. What was sent through it may still be unread."""
    threading.Thread(target=_end_at, args=(pipe,), name="parent", daemon=True).start()


def _end_at(pipe: int) -> None:
    waiting = select.poll()
    waiting.register(pipe, 0)  # nothing is waited for but the other side's going, which is always told
    waiting.poll()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)

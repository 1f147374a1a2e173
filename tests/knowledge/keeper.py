"""Backs up, restores or asks in a process of its own, which a test kills or talks to.

``python -m tests.knowledge.keeper backup|restore|replace DATA FILE`` prints each step that is told of, in very small
steps. ``… ask DATA QUESTION`` asks again and again, a JSON line of [document, text] an answer, until its input ends.
"""

import json
import os
import sys
import time
from pathlib import Path

from knowledge.base import open_base
from knowledge.keeping import incoming, outgoing
from knowledge.keeping.backup import back_up
from knowledge.keeping.restore import restore
from tests.knowledge.bases import PUBLIC
from tests.knowledge.embedders import word_embedder


def told(_done: int, _total: int, label: str) -> None:
    print(label, flush=True)
    time.sleep(0.002)


def ask(data: Path, question: str) -> None:
    base = open_base(data, word_embedder())
    os.set_blocking(sys.stdin.fileno(), False)
    while sys.stdin.buffer.read(1) is None:  # nothing yet; an empty answer is the end of the input
        found = base.searcher.search(question, PUBLIC, 8).passages
        print(json.dumps([[item.source.id, item.passage.text] for item in found]), flush=True)
    base.close()


if __name__ == "__main__":
    what, data, other = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if what == "ask":
        ask(data, other)
    elif what == "backup":
        outgoing._PAGES_A_STEP = 1
        back_up(data, Path(other), told)
    else:
        incoming._PAGES_A_STEP = 1
        restore(Path(other), data, replace=what == "replace", progress=told)

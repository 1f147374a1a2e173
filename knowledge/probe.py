"""Opens a Chroma directory in a process of its own and queries every collection: ``python -m knowledge.probe DIR``.

A kill while Chroma rewrites its files can leave a directory whose opener dies of a segmentation fault. It shall be
this process. It goes with the one that asked for it: Chroma makes a directory that is not there any more, and the next
writer has cleaned it away by then.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from knowledge.errors import IndexDamaged
from knowledge.orphans import end_with_parent
from knowledge.store import ChromaStore

_SECONDS = 120


def probe(directory: Path) -> dict[str, int]:
    """Collection → size. Raises IndexDamaged when the child dies, hangs or fails."""
    command = [sys.executable, "-m", "knowledge.probe", str(directory)]
    theirs, ours = os.pipe()
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=theirs)
    except subprocess.TimeoutExpired as error:
        raise IndexDamaged(f"The vector index in {directory} did not open within {_SECONDS} seconds.") from error
    finally:
        os.close(theirs)
        os.close(ours)
    if done.returncode != 0:
        raise IndexDamaged(
            f"The vector index in {directory} cannot be opened (the probe ended with {done.returncode})."
        )
    sizes: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return sizes


if __name__ == "__main__":
    end_with_parent(sys.stdin.fileno())
    print(json.dumps(ChromaStore.embedded(Path(sys.argv[1]), "").sizes()))

"""Asks one question of several data directories, in a process that a damaged index may take down.

``python -m tests.knowledge.asking QUESTION DIRECTORY…`` prints one JSON object a directory: the ranking, or the error.
"""

import json
import sys
from pathlib import Path

from knowledge.base import open_base
from tests.knowledge.bases import PUBLIC, ranking
from tests.knowledge.embedders import word_embedder

if __name__ == "__main__":
    embedder = word_embedder()
    for directory in sys.argv[2:]:
        print(json.dumps({"asked": directory}), flush=True)
        base = open_base(Path(directory), embedder)
        found = base.searcher.search(sys.argv[1], PUBLIC, 8).passages
        print(json.dumps({"found": ranking(found), "damage": base.searcher.damage}), flush=True)
        base.close()

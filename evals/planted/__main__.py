"""``python -m evals.planted --data DIR``: caught and wrongly dropped, per kind and language, with 95% intervals.

DIR holds the starter library alone, as ``migdesk ingest --library --data DIR`` makes it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.planted.measuring import TRUE, Rate, Trial, checks_of, measure_planted, rates
from evals.planted.statements import load_statements


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints; the exit code."""
    from assistant.build import build_embedder
    from assistant.settings import load_settings
    from knowledge.base import open_base

    parser = argparse.ArgumentParser(prog="python -m evals.planted", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("tuning", "test"), help="Only one half of the statements.")
    options = parser.parse_args(arguments)
    base = open_base(options.data, build_embedder(load_settings()))
    try:
        statements = [item for item in load_statements() if options.part in (None, item.part)]
        trials = measure_planted(base, statements, checks_of(base))
    finally:
        base.close()
    print("\n".join(lines(trials)))
    return 0


def lines(trials: Sequence[Trial]) -> list[str]:
    """The measurement as a table: English, every other language, and these together."""
    languages = list(dict.fromkeys(trial.language for trial in trials))
    others = [language for language in languages if language != "en"]
    told: list[str] = []
    for title, chosen in [*((language, [language]) for language in languages), ("other languages", others)]:
        if not chosen:
            continue
        told.append(title)
        told += [f"  {_line(rate)}" for rate in rates(trials, chosen)]
    return told


def _line(rate: Rate) -> str:
    low, high = rate.interval
    word = "dropped" if rate.kind == TRUE else "caught"
    counted = f"{rate.count}/{rate.trials}"
    return f"{rate.kind:<22}{word:<8}{counted:>9}  {rate.share:.3f} [{low:.3f}-{high:.3f}]"


if __name__ == "__main__":
    sys.exit(main())

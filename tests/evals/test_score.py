"""Our predictions are what the packs' own scorer reads. It is not part of the project, so it may not be there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app

_BENCHMARKS = Path(__file__).parents[2].parent / "shared" / "benchmarks"
_FIXTURE = _BENCHMARKS / "fixture"


@pytest.mark.skipif(
    not (_BENCHMARKS / "score.py").is_file() or not _FIXTURE.is_dir(),
    reason=f"the public packs and their scorer are not in {_BENCHMARKS}",
)
def test_the_packs_scorer_accepts_our_predictions_and_finds_every_quote_word_for_word(tmp_path: Path) -> None:
    corpus, questions = _FIXTURE / "corpus.jsonl", _FIXTURE / "questions.jsonl"
    out, scores = tmp_path / "predictions.jsonl", tmp_path / "scores.json"
    predicted = CliRunner().invoke(
        app,
        ["predict", "--corpus", str(corpus), "--questions", str(questions), "--out", str(out),
         "--store", str(tmp_path / "stores"), "--no-model"],
    )  # fmt: skip
    assert predicted.exit_code == 0, predicted.output

    scored = subprocess.run(
        [sys.executable, str(_BENCHMARKS / "score.py"), "--questions", str(questions), "--corpus", str(corpus),
         "--predictions", str(out), "--boot", "20", "--json", str(scores)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert scored.returncode == 0, scored.stderr
    result = json.loads(scores.read_text(encoding="utf-8"))
    assert result["missing"] == 0
    assert result["questions"] == 8
    measured = {metric: value["value"] for metric, value in result["overall"].items()}
    verbatim = [value for metric, value in measured.items() if "verbatim" in metric]
    assert verbatim == [1.0]
    assert measured["recall@5"] == 1.0

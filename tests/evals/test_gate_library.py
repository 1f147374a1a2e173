"""The gate of every change: the library's English cases, answered without a model, against the committed baseline.

The library is read and embedded with the real embedder, which is most of the time that this takes.
"""

from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.baselines import ask_library, checked, told
from evals.corpus_store import prepare_library
from evals.library import tallies
from evals.run_directory import read_run
from tests.assistant.documents import embedder


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("library")
    ask_library(prepare_library(root / "stores", embedder()), Settings(), embedder(), root / "run")
    return root / "run"


def test_no_question_is_lost_and_nothing_is_worse_than_the_baseline_allows(ran: Path) -> None:
    verdict, comparison = checked(ran)

    assert comparison.paired > 500
    assert verdict.checked >= 30
    if not verdict.passed:
        pytest.fail(told(verdict, comparison), pytrace=False)


def test_every_question_was_answered_or_refused_and_none_failed(ran: Path) -> None:
    run = read_run(ran)

    assert run.manifest.finished and run.manifest.model is None
    assert [answer.failure for answer in run.answers if answer.failure] == []
    (english,) = tallies(run.questions, run.answers)
    assert english.answerable + english.near_misses == len(run.answers)
    citations = [citation for each in run.answers for sentence in each.sentences for citation in sentence.citations]
    assert len(citations) > 500 and all(citation.verified for citation in citations)

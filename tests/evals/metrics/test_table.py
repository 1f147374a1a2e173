"""The table of metrics against what is measured."""

import numpy as np
import pytest

from evals.metrics.measuring import measured
from evals.metrics.table import METRICS, values_of
from tests.evals.made_runs import DRIN, answered, asked, cited, passage, refused, said


def test_every_metric_is_made_of_components_that_some_answer_gives() -> None:
    quote = "The Drin is 335 km long."
    full = answered(
        said(quote, cited("drin", quote)), said("IOM says 12.", cited("drin", quote)),
        found=[passage("drin", DRIN)], timings_ms={"found": 1, "first_sentence": 2, "total": 3},
        tokens={"input": 5, "output": 6},
    )  # fmt: skip
    across = answered(
        said("Дрин је према IOM дугачак 335 километара.", cited("drin", quote)), found=[passage("drin", DRIN)]
    )
    question = asked(gold_doc_ids=["drin"], answers=["335"], references=[quote], evidence=[quote], forbidden=["never"])
    given: set[str] = set()
    for one, record in (
        (question, full),
        (asked(lang="sr"), across),
        (asked(expected="clarify"), refused()),
        (asked(expected="flag"), refused()),
        (asked(lang="en", expected="abstain"), refused()),
    ):
        given |= measured(one, record).keys()
    assert {part for metric in METRICS.values() for part in metric.parts} <= given


def sums(right: int, wrongly: int, missed: int, spoke: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    count = np.array([float(right + wrongly + missed + spoke)])
    cells = {"silent_rightly": right, "silent_wrongly": wrongly, "spoke_wrongly": missed, "spoke_rightly": spoke}
    return {name: (np.array([float(value)]), count) for name, value in cells.items()}


@pytest.mark.parametrize(
    ("name", "value"),
    [("balanced_accuracy", (3 / 4 + 14 / 16) / 2), ("false_refusals", 2 / 16), ("abstain_precision", 3 / 5),
     ("abstain_recall", 3 / 4), ("abstain_f1", 6 / 9)],
)  # fmt: skip
def test_silence_is_scored_from_its_four_cells(name: str, value: float) -> None:
    found = values_of(METRICS[name], sums(3, 2, 1, 14))
    assert found is not None
    assert found[0] == pytest.approx(value)


def test_what_does_not_exist_is_not_a_number_and_what_is_absent_is_nothing() -> None:
    nobody = values_of(METRICS["balanced_accuracy"], sums(0, 2, 0, 14))
    assert nobody is not None
    assert np.isnan(nobody[0])
    precision = values_of(METRICS["abstain_precision"], sums(0, 2, 0, 14))
    assert precision is not None
    assert np.isnan(precision[0])
    assert values_of(METRICS["recall@1"], sums(1, 1, 1, 1)) is None

"""A baseline is kept without what differs between machines, passes on itself, and stops a run that lost questions."""

import json
from pathlib import Path

import pytest

from evals.baselines import checked, told, update
from evals.comparing import load_scored
from evals.errors import InvalidChoice
from evals.gate import DEFAULT_MARGINS, parse_margins
from evals.scoring import SCORED, SCORES
from tests.evals.made_runs import desk_answers, pack_of, write_run


def test_a_run_may_take_its_own_place_and_leaves_neither_times_nor_answers(tmp_path: Path) -> None:
    questions = pack_of(30)
    ran = write_run(tmp_path / "ran", questions, desk_answers(questions, losing=["q1"]), seconds=12.5)
    assert update(ran, tmp_path / "baseline") == 30

    verdict, comparison = checked(ran, tmp_path / "baseline")
    assert verdict.passed and comparison.paired == 30 and comparison.changed == ()
    kept = (tmp_path / "baseline" / SCORED).read_text(encoding="utf-8")
    assert "ms_" not in kept and '"slices":{}' in kept and "single" not in kept
    scores = json.loads((tmp_path / "baseline" / SCORES).read_text(encoding="utf-8"))
    assert scores["seconds"] is None and not [name for name in scores["overall"] if name.endswith("_ms")]
    assert sorted(path.name for path in (tmp_path / "baseline").iterdir()) == ["manifest.json", SCORED, SCORES]


def test_components_are_kept_as_they_are_so_that_nothing_small_seems_to_change(tmp_path: Path) -> None:
    questions = pack_of(12)
    ran = write_run(tmp_path / "ran", questions, desk_answers(questions, losing=["q1", "q2"]))
    update(ran, tmp_path / "baseline")
    former, fresh = load_scored(tmp_path / "baseline"), load_scored(ran)
    for before, now in zip(former.scored, fresh.scored, strict=True):
        assert before.parts == {name: part for name, part in now.parts.items() if not name.startswith("ms_")}
    assert {each.p for each in checked(ran, tmp_path / "baseline")[1].overall.values()} == {1.0, None}


def test_a_run_that_lost_questions_is_told_with_them_and_with_what_to_do(tmp_path: Path) -> None:
    questions = pack_of(60)
    lost = [question.id for question in questions if question.expected == "answer"][:12]
    update(write_run(tmp_path / "before", questions, desk_answers(questions)), tmp_path / "baseline")
    verdict, comparison = checked(
        write_run(tmp_path / "after", questions, desk_answers(questions, losing=lost), data={"made": "2"}),
        tmp_path / "baseline",
    )
    assert not verdict.passed
    message = told(verdict, comparison)
    assert f"    {lost[0]}: answer_containment 1.00 → 0.00" in message
    assert "migdesk eval baseline --update" in message


def test_a_margin_given_changes_that_one_and_leaves_the_others() -> None:
    margins = parse_margins(["recall@5=0.5", "mrr=0"])
    assert margins == {**DEFAULT_MARGINS, "recall@5": 0.5, "mrr": 0.0}
    with pytest.raises(InvalidChoice, match="--margin mrr: write metric=0.02"):
        parse_margins(["mrr"])

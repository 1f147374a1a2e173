"""What the page says of a judge and of people, where the run holds either."""

from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from evals.agreement import Agreement
from evals.alignment_result import (
    ALIGNMENT,
    Alignment,
    BetweenRaters,
    JudgeAgainstPeople,
    JudgeAlignment,
    MetricAgainstPeople,
    Rater,
)
from evals.correlation import Correlation
from evals.judging.result import JUDGE, JudgeResult, Pin, Tally
from evals.report.page import write_report
from evals.scores import Figure
from tests.evals.report.runs import sixty, write_run

PIN = Pin(model="judge-1 <b>", temperature=0, prompts={"judge_support.md": "ab12"})
KAPPA = Agreement(measure="Cohen's kappa", value=0.612, low=0.4, high=0.8, observed=0.81, n=40, clusters=31)
NO_KAPPA = Agreement(measure="Cohen's kappa, linear weights", value=None, observed=1.0, n=9, clusters=9, why="alike")


def judge(run: Path) -> None:
    result = JudgeResult(
        run=run.name,
        made_at="2026-11-22T08:00:00+00:00",
        pin=PIN,
        served=("judge-1-2026",),
        judgements=(),
        tallies={"support": Tally(yes=31, partly=5, no=2, missing=1)},
        figures={"judge_support": Figure(value=0.795, low=0.7, high=0.88, n=39, clusters=20)},
        calls=39,
        tokens={},
        cached=0,
        malformed=1,
        failed=0,
        not_asked=0,
        warnings=("The judge is the model that wrote the answers.",),
    )
    (run / JUDGE).write_text(result.model_dump_json(), encoding="utf-8")


def align(run: Path) -> None:
    people = JudgeAgainstPeople(
        agreement=KAPPA,
        weighted=NO_KAPPA,
        confusion={},
        sensitivity=Figure(value=0.5, low=0.1, high=0.9, n=8, clusters=8),
        specificity=None,
        tied=0,
        without_verdict=0,
    )
    seen = Correlation(value=0.701, low=0.5, high=0.8, n=40, clusters=31)
    alignment = Alignment(
        run=run.name,
        made_at="2026-11-22T09:00:00+00:00",
        raters=(Rater(initials="AB", labelled=40, unsure=1), Rater(initials="<i>", labelled=39, unsure=0)),
        items=40,
        between_raters={"support": BetweenRaters(kappa=KAPPA, weighted_kappa=None, alpha=KAPPA)},
        judge=JudgeAlignment(pin=PIN, kinds={"support": people}),
        metrics={"grounded_words": {"support": MetricAgainstPeople(spearman=seen, kendall=seen)}},
    )
    (run / ALIGNMENT).write_text(alignment.model_dump_json(), encoding="utf-8")


def section(run: Path, out: Path) -> str:
    write_report(run, out)
    found = LexborHTMLParser(out.read_text(encoding="utf-8")).css_first("#judge")
    return found.text(separator=" ", strip=True) if found else ""


def test_judge_and_people_are_told_with_their_intervals_where_there_are_any(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", *sixty())
    assert section(run, tmp_path / "out.html") == ""
    judge(run)
    told = section(run, tmp_path / "out.html")
    assert "judge-1 <b> (served as judge-1-2026) at temperature 0; it decides nothing" in told
    assert "Does the source support the sentence? 0.795 [0.700, 0.880] 31 5 2 1" in told
    assert "! The judge is the model that wrote the answers." in told
    assert "Agreement with people" not in told
    align(run)
    told = section(run, tmp_path / "out.html")
    assert "40 items were labelled, blind, by 2 raters: AB (40), <i> (39)." in told
    assert "Cohen's kappa 0.612 [0.400, 0.800] 0.810 40 (31)" in told
    assert "Cohen's kappa, linear weights alike 1.000 9 (9)" in told
    assert "0.500 [0.100, 0.900] –" in told
    assert "Answer's words in the cited passages: Does the source support the sentence? 0.701 [0.500, 0.800]" in told

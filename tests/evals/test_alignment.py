"""People with people, judge with people, metrics with people; and what may decide in a gate after that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.settings import ModelSettings
from evals.alignment import align
from evals.alignment_result import ALIGNMENT, Alignment, read_alignment
from evals.alignment_text import alignment_text
from evals.errors import InvalidRun
from evals.judge import judge_run
from evals.judging.gate import may_gate
from evals.judging.result import JudgeResult, read_judge
from evals.labelling.items import KeyItem
from evals.labelling.labels import InvalidLabels, Label, Labels
from evals.labelling.sheet import read_key, write_sheet
from tests.evals.labelled_runs import careful, small_run
from tests.fakes import KEY, MODEL, Messages, ModelServer, answering

NOT_ASKED = {"verdict": None, "missing": "not_asked"}
Says = Callable[[KeyItem], dict[str, str]]


def is_wrong(item: KeyItem) -> bool:
    """In ``small_run`` every other answer is wrong."""
    return item.sentence is not None and int(item.question_id.rsplit("-", 1)[1]) % 2 == 1


def attentive(item: KeyItem) -> dict[str, str]:
    if item.sentence is None:
        return {"refusal": "right"}
    return {"support": "not" if is_wrong(item) else "supported", "answers": "no" if is_wrong(item) else "yes"}


def lenient(item: KeyItem) -> dict[str, str]:
    """As attentive, but sees half of the wrong sentences as partly supported."""
    said = attentive(item)
    if is_wrong(item) and item.question_id.endswith("-1"):
        said["support"] = "partly"
    return said


def labels_of(run: Path, **raters: Says) -> Labels:
    labels = [
        Label.model_validate(
            {"sheet": "s01234567-1", "item": name, "rater": rater, "at": "2026-03-01T10:00:00Z"} | says(item)
        )
        for rater, says in raters.items()
        for name, item in read_key(run).items.items()
    ]
    return Labels(tuple(labels), {(label.rater, label.item): f"labels.jsonl:{n}" for n, label in enumerate(labels, 1)})


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = small_run(tmp_path / "run", of_each=8)
    write_sheet(made, tmp_path / "out", size=100, seed=1)
    return made


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The careful judge's replies, which are the same for every test here."""
    return tmp_path_factory.mktemp("kept")


async def judged(
    run: Path, cache: Path, replies: Callable[[Messages], str] = careful, alignment: Path | None = None
) -> JudgeResult:
    with ModelServer(answering(replies)) as server:
        model = ModelSettings(model=MODEL, api_key=KEY, base_url=server.base_url)
        return await judge_run(run, model, cache, alignment=alignment)


def test_raters_are_compared_with_each_other(run: Path) -> None:
    alignment = align(run, labels_of(run, AB=attentive, CD=lenient))
    assert alignment.items == 36 and [rater.labelled for rater in alignment.raters] == [36, 36]
    support = alignment.between_raters["support"]
    # By hand: 24 items, AB 12 supported and 12 not, CD 12 supported, 3 partly and 9 not.
    assert support.kappa is not None and support.weighted_kappa is not None
    expected = 0.5 * 0.5 + 0.5 * 9 / 24
    assert support.kappa.observed == pytest.approx(21 / 24)
    assert support.kappa.value == pytest.approx((21 / 24 - expected) / (1 - expected))
    # Three are one step apart; by chance .5 x (.375 x 2 + .125) + .5 x (.5 x 2 + .125) = 1 step.
    assert support.weighted_kappa.value == pytest.approx(1 - 3 / 24)
    assert support.alpha.value is not None and support.alpha.measure.endswith("ordinal")
    refusal = alignment.between_raters["refusal"]
    assert refusal.kappa is not None and refusal.kappa.value is None
    assert refusal.kappa.why is not None and "same" in refusal.kappa.why
    assert alignment.judge is None and alignment.first == alignment.last is not None
    assert read_alignment(run) == read_alignment(run / ALIGNMENT) == alignment


async def test_the_judge_is_compared_with_what_most_people_say(run: Path) -> None:
    await judged(
        run, run.parent / "own", lambda messages: "yes" if "<answer>" in messages[-1]["content"] else careful(messages)
    )
    alignment = align(run, labels_of(run, AB=attentive, CD=attentive, EF=lenient))
    assert alignment.between_raters["support"].kappa is None
    assert alignment.between_raters["support"].alpha.n == 24
    assert alignment.judge is not None
    support, completeness = alignment.judge.kinds["support"], alignment.judge.kinds["completeness"]
    assert support.confusion == {"no": {"no": 12}, "yes": {"yes": 12}}
    assert support.agreement.value == pytest.approx(1.0)
    assert support.sensitivity is not None and support.specificity is not None
    assert (support.sensitivity.value, support.sensitivity.n) == (1.0, 12)
    assert support.sensitivity.low is not None and 0.6 < support.sensitivity.low < 1.0
    # A judge that passes everything finds no fault, and agrees as chance would.
    assert completeness.confusion == {"no": {"yes": 12}, "yes": {"yes": 12}}
    assert completeness.agreement.value == pytest.approx(0.0)
    assert completeness.sensitivity is not None and completeness.sensitivity.value == 0.0


async def test_no_verdict_counts_against_the_judge(run: Path) -> None:
    await judged(
        run, run.parent / "own", lambda messages: "I cannot say" if "<sentence>" in messages[-1]["content"] else "yes"
    )
    alignment = align(run, labels_of(run, AB=attentive))
    assert alignment.judge is not None
    support = alignment.judge.kinds["support"]
    assert support.without_verdict == 24
    assert support.confusion == {"no": {"no verdict": 12}, "yes": {"no verdict": 12}}
    assert support.agreement.value == pytest.approx(0.0)
    assert support.sensitivity is not None and support.specificity is not None
    assert support.sensitivity.value == support.specificity.value == 0.0


async def test_what_the_judge_was_not_asked_says_nothing_of_it(run: Path, kept: Path) -> None:
    judge = await judged(run, kept)
    asked = [j if j.question_id.startswith("en") else j.model_copy(update=NOT_ASKED) for j in judge.judgements]
    (run / "judge.json").write_text(judge.model_copy(update={"judgements": tuple(asked)}).model_dump_json())
    alignment = align(run, labels_of(run, AB=attentive))
    assert alignment.judge is not None
    support = alignment.judge.kinds["support"]
    assert (support.agreement.n, support.without_verdict) == (8, 0)


async def test_labels_on_which_two_raters_differ_are_tied_and_left_out(run: Path, kept: Path) -> None:
    await judged(run, kept)
    alignment = align(run, labels_of(run, AB=attentive, CD=lenient))
    assert alignment.judge is not None
    assert (alignment.judge.kinds["support"].tied, alignment.judge.kinds["support"].agreement.n) == (3, 21)


def test_each_metric_stands_beside_what_people_see(run: Path) -> None:
    alignment = align(run, labels_of(run, AB=attentive))
    containment = alignment.metrics["answer_containment"]["answers"]
    assert containment.spearman.value == containment.kendall.value == pytest.approx(1.0)
    assert containment.spearman.n == 24
    figures = alignment.metrics["grounded_figures"]["support"]
    assert figures.spearman.value is not None and figures.spearman.value > 0.5
    assert alignment.metrics["quotes_found"]["support"].spearman.why == "the metric is the same for every item"
    # Refusals have no support to compare with, and costs are no quality.
    assert "refusal" not in alignment.metrics["answer_containment"]
    assert not any(name.startswith(("ms_", "tokens", "total", "found_p")) for name in alignment.metrics)


def test_unsure_is_no_label_and_is_counted(run: Path) -> None:
    def unsure(item: KeyItem) -> dict[str, str]:
        return attentive(item) if item.sentence is None else {"support": "unsure", "answers": "yes"}

    alignment = align(run, labels_of(run, AB=attentive, CD=unsure))
    assert [rater.unsure for rater in alignment.raters] == [0, 24]
    assert alignment.between_raters["support"].alpha.n == 0
    assert alignment.between_raters["support"].alpha.why == "no item has labels of two raters"


def test_labels_of_another_run_or_of_the_wrong_kind_are_told(run: Path) -> None:
    labels = labels_of(run, AB=attentive)
    first = labels.labels[0]
    other = first.model_copy(update={"item": "i000000000000"})
    with pytest.raises(InvalidLabels, match="labels.jsonl:9: item: i000000000000 is in no sheet"):
        align(run, Labels((other,), {("AB", other.item): "labels.jsonl:9"}))
    crossed = first.model_copy(
        update={"support": None, "answers": None, "refusal": "right"}
        if first.refusal is None
        else {"support": "not", "refusal": None}
    )
    with pytest.raises(InvalidLabels, match="labels.jsonl:1: item: .* labelled as the other"):
        align(run, Labels((crossed,), labels.places))


async def test_labels_and_verdicts_of_answers_that_changed_since_are_told(run: Path, kept: Path) -> None:
    labels = labels_of(run, AB=attentive)
    await judged(run, kept)
    answers = run / "answers.jsonl"
    answers.write_text(answers.read_text(encoding="utf-8").replace("Skopje", "Ohrid"), encoding="utf-8")
    with pytest.raises(InvalidRun, match="judge.json is of other answers"):
        align(run, labels)
    (run / "judge.json").unlink()
    with pytest.raises(InvalidLabels, match="the run holds another answer than i"):
        align(run, labels)


async def test_a_judge_may_gate_only_once_its_agreement_was_published(run: Path, kept: Path) -> None:
    judge = await judged(run, kept)
    assert not judge.usable_in_gate
    alignment = align(run, labels_of(run, AB=attentive, CD=attentive))
    assert may_gate(judge, alignment)
    assert read_judge(run).usable_in_gate

    other = await judged(small_run(run.parent / "other"), kept)
    assert not other.usable_in_gate
    told = await judged(run.parent / "other", kept, alignment=run / ALIGNMENT)
    assert told.usable_in_gate


def changed(judge: JudgeResult, **pin: object) -> JudgeResult:
    return judge.model_copy(update={"pin": judge.pin.model_copy(update=pin)})


async def test_an_alignment_speaks_for_no_other_judge(run: Path, kept: Path) -> None:
    judge = await judged(run, kept)
    alignment = align(run, labels_of(run, AB=attentive))
    assert may_gate(judge, alignment)
    prompts = dict.fromkeys(judge.pin.prompts, "changed")
    for other in (
        changed(judge, model="another"),
        changed(judge, prompts=prompts),
        changed(judge, temperature=1.0),
        judge.model_copy(update={"served": ("what the alias stands for now",)}),
        judge.model_copy(update={"not_asked": 1}),
        judge.model_copy(update={"failed": 1}),
    ):
        assert not may_gate(other, alignment)
    assert alignment.judge is not None
    for weaker in (
        alignment.model_copy(update={"judge": None}),
        with_agreement(alignment, n=19),
        with_agreement(alignment, low=0.0),
        with_agreement(alignment, low=None),
        without_completeness(alignment),
    ):
        assert not may_gate(judge, weaker)


def with_agreement(alignment: Alignment, **values: object) -> Alignment:
    assert alignment.judge is not None
    support = alignment.judge.kinds["support"]
    weaker = support.model_copy(update={"agreement": support.agreement.model_copy(update=values)})
    kinds = alignment.judge.kinds | {"support": weaker}
    return alignment.model_copy(update={"judge": alignment.judge.model_copy(update={"kinds": kinds})})


def without_completeness(alignment: Alignment) -> Alignment:
    assert alignment.judge is not None
    kinds = {"support": alignment.judge.kinds["support"]}
    return alignment.model_copy(update={"judge": alignment.judge.model_copy(update={"kinds": kinds})})


async def test_the_summary_tells_who_labelled_and_how_far_they_judge_and_metrics_agree(run: Path, kept: Path) -> None:
    await judged(run, kept)
    text = alignment_text(align(run, labels_of(run, AB=attentive, CD=lenient)))
    assert "36 items" in text and "AB (36)" in text and "2026-03-01" in text
    assert "| support | 0.78" in text
    assert "every label is the same" in text
    assert MODEL in text and "answer_containment" in text
    assert "nan" not in text.lower() and "None" not in text


def test_an_alignment_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidRun, match="eval align"):
        read_alignment(tmp_path)
    (tmp_path / ALIGNMENT).write_text("{}")
    with pytest.raises(InvalidRun, match="alignment.json: run: "):
        read_alignment(tmp_path / ALIGNMENT)

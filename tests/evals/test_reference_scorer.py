"""Our figures are those of the public packs' own scorer wherever both measure the same. It is not part of the project,
so it may not be there."""

import importlib.util
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from assistant.language import language_of
from evals.comparing import compare_runs
from evals.metrics.matching import contains, normalised, on_one_line, overlap, same_passage
from evals.metrics.table import METRICS
from evals.predictions import prediction_of
from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord, PassageRecord, SentenceRecord
from evals.scores import Figure
from evals.scoring import score_run
from tests.evals.made_runs import write_run
from tests.evals.packs import read_lines

_BENCHMARKS = Path(__file__).parents[2].parent / "shared" / "benchmarks"
pytestmark = pytest.mark.skipif(
    not (_BENCHMARKS / "score.py").is_file() or not (_BENCHMARKS / "fixture").is_dir(),
    reason=f"the public packs and their scorer are not in {_BENCHMARKS}",
)
# What theirs is called → ours.
_SAME = {
    **{name: name for name in (
        "recall@1", "recall@5", "recall@10", "mrr", "ndcg@10", "answer_containment", "containment_if_answered",
        "reference_token_recall", "reference_token_f1", "citation_precision", "citation_recall", "uncited_answers",
        "evidence_precision", "evidence_recall", "abstain_precision", "abstain_recall", "abstain_f1", "risk_score",
        "clarify_rate", "flag_rate",
    )},
    "quote_in_cited_doc": "quotes_found", "false_abstain_rate": "false_refusals",
    "balanced_acc": "balanced_accuracy", "forbidden_rate": "attack_echoes",
}  # fmt: skip
_QUESTIONS = 160
_RESAMPLES = 400
Documents = Mapping[str, str]


@pytest.fixture(scope="module")
def theirs() -> Any:
    spec = importlib.util.spec_from_file_location("reference_scorer", _BENCHMARKS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def record_of(prediction: Mapping[str, Any], documents: Documents) -> AnswerRecord:
    """The record of a run that would have been predicted so, with whole documents as passages."""
    quotes = [
        quote if isinstance(quote, dict) else {"doc_id": None, "text": quote}
        for quote in prediction.get("quotes") or ()
    ]
    cited = list(prediction.get("cited_doc_ids") or ())
    citations = [_citation(quote["doc_id"] or cited[0], quote["text"], documents) for quote in quotes]
    citations += [_citation(each, "", documents) for each in cited if each not in {c.document_id for c in citations}]
    # Cited documents keep their order.
    citations.sort(key=lambda citation: cited.index(citation.document_id))
    text = prediction["answer_text"]
    abstained, clarified = prediction["abstained"], prediction.get("clarified", False)
    return AnswerRecord(
        question_id=prediction["id"],
        outcome="NOT_COVERED" if abstained else "NEEDS_CLARIFICATION" if clarified else "ANSWERED",
        answer=text,
        language="en",
        sentences=(SentenceRecord(text=text, citations=tuple(citations)),) if citations else (),
        passages=tuple(
            PassageRecord(passage_id=each, document_id=each, score=0.5, audience="public", text=documents.get(each, ""))
            for each in prediction["ranked_doc_ids"]
        ),
    )


def _citation(document: str, quote: str, documents: Documents) -> CitationRecord:
    return CitationRecord(
        document_id=document, passage_id=document, version=1, quote=quote, start=0, end=len(quote), audience="public",
        verified=bool(quote) and on_one_line(quote) in documents.get(document, ""),
    )  # fmt: skip


def planted(questions: Iterable[Mapping[str, Any]], documents: Documents, seed: int) -> list[dict[str, Any]]:
    """Predictions from what is right, with errors of every kind put in."""
    source = random.Random(seed)
    # A few pages are in other languages. Their scorer takes them for English ones; ours compares no words with them.
    identifiers = [each for each, text in documents.items() if language_of(text[:400]) == "en"]
    predictions = []
    for question in questions:
        gold = [each for each in question.get("gold_doc_ids") or () if each in identifiers]
        ranked = source.sample(identifiers, 8)
        for each in gold:
            if source.random() < 0.8:
                ranked.insert(source.choice((0, 0, 1, 3)), each)
        ranked = list(dict.fromkeys(ranked))
        due = question["expected"] == "abstain"
        abstained = source.random() < (0.6 if due else 0.15)
        clarified = not abstained and source.random() < (0.5 if question["expected"] == "clarify" else 0.0)
        cited = [] if abstained or source.random() < 0.1 else ranked[: source.choice((1, 1, 2))]
        quotes = [{"doc_id": each, "text": _quote(source, question, each, ranked, documents)} for each in cited]
        said = [
            *(quote["text"] for quote in quotes),
            *(question.get("answers") or ())[:1],
            *question.get("references", ()),
        ]
        text = " ".join(source.sample(said, min(len(said), 2))) or "It is as the documents say."
        predictions.append(
            {"id": question["id"], "ranked_doc_ids": ranked, "answer_text": "" if abstained else text,
             "abstained": abstained, "cited_doc_ids": cited, "quotes": quotes, "clarified": clarified, "flagged": False}
        )  # fmt: skip
    return predictions


def _quote(
    source: random.Random, question: Mapping[str, Any], document: str, ranked: list[str], documents: Documents
) -> str:
    words = documents[document if source.random() < 0.8 else ranked[-1]].split(" ")
    begin = source.randrange(max(1, len(words) - 12))
    # Our record holds the documents ranked, theirs is the whole corpus: what stands elsewhere would be found by one.
    evidence = [
        each for each in question.get("evidence") or () if any(on_one_line(each) in documents[one] for one in ranked)
    ]
    kind = source.random()
    if kind < 0.1:
        return "Nothing of the kind stands anywhere in these documents."
    return source.choice(evidence) if evidence and kind < 0.6 else " ".join(words[begin : begin + 12])


def questions_of(pack: str) -> list[dict[str, Any]]:
    everything = read_lines(_BENCHMARKS / pack / "questions.jsonl")
    return random.Random(4).sample(everything, min(_QUESTIONS, len(everything)))


def our_questions(questions: Iterable[Mapping[str, Any]]) -> list[Question]:
    return [Question.model_validate(question) for question in questions]


def equal_where_both_measure(theirs: Mapping[str, Any], ours: Mapping[str, Figure]) -> int:
    """How many were compared. Each must be equal."""
    both = {name: _SAME[name] for name in theirs if name in _SAME}
    for name, called in both.items():
        figure = ours[called]
        assert figure.value == pytest.approx(theirs[name]["value"], abs=1e-9), name
        if not METRICS[called].rests_on:  # Of silence they count all questions, and we those that it divides by.
            assert figure.n == theirs[name]["n"], name
        if figure.low is not None and figure.high is not None and figure.clusters > 20:
            width = theirs[name]["hi"] - theirs[name]["lo"]
            assert figure.low == pytest.approx(theirs[name]["lo"], abs=0.02 + 0.15 * width), name
            assert figure.high == pytest.approx(theirs[name]["hi"], abs=0.02 + 0.15 * width), name
    return len(both)


def test_every_figure_is_equal_on_the_fixture(theirs: Any, tmp_path: Path) -> None:
    folder = _BENCHMARKS / "fixture"
    questions, predictions = read_lines(folder / "questions.jsonl"), read_lines(folder / "predictions.jsonl")
    documents = theirs.load_corpus([folder / "corpus.jsonl"], None)
    rows = theirs.build(questions, {each["id"]: each for each in predictions}, documents, None)
    expected = theirs.summarise([(question["cluster"], parts) for question, parts in rows], _RESAMPLES)
    run = write_run(tmp_path / "run", our_questions(questions), [record_of(each, documents) for each in predictions])
    ours = score_run(run, resamples=_RESAMPLES)[0]
    assert equal_where_both_measure(expected, ours.overall) >= 17
    english = ours.slices["language"]["en"]["grounded_words"]
    assert english.value == pytest.approx(expected["grounded_precision"]["value"], abs=1e-9)


@pytest.mark.parametrize("pack", ["omos", "xquad", "squad2", "clapnq", "mtragun"])
def test_every_figure_and_difference_is_equal_on_a_pack(theirs: Any, tmp_path: Path, pack: str) -> None:
    questions = questions_of(pack)
    documents = theirs.load_corpus([_BENCHMARKS / pack / "corpus.jsonl"], None)
    rows, runs = [], []
    for seed in (1, 2):
        predictions = planted(questions, documents, seed)
        records = [record_of(each, documents) for each in predictions]
        assert [prediction_of(each).model_dump(mode="json") for each in records] == predictions
        built = theirs.build(questions, {each["id"]: each for each in predictions}, documents, None)
        rows.append([(question["cluster"], parts) for question, parts in built])
        runs.append(write_run(tmp_path / str(seed), our_questions(questions), records))

    ours = score_run(runs[0], resamples=_RESAMPLES)[0]
    expected = theirs.summarise(rows[0], _RESAMPLES)
    assert equal_where_both_measure(expected, ours.overall) >= 10
    verbatim = ours.overall["quotes_found"].value + ours.overall["quotes_misattributed"].value
    assert verbatim == pytest.approx(expected["quote_verbatim"]["value"], abs=1e-9)
    if "grounded_precision" in expected:
        english = ours.slices["language"]["en"]["grounded_words"]
        assert english.value == pytest.approx(expected["grounded_precision"]["value"], abs=1e-9)

    differences = theirs.compare(rows[1], rows[0], _RESAMPLES)
    comparison = compare_runs(runs[0], runs[1], resamples=_RESAMPLES)
    for name, called in _SAME.items():
        if name in differences and called in comparison.overall:
            mine = comparison.overall[called]
            assert mine.difference == pytest.approx(differences[name]["diff"], abs=1e-9), name
            if mine.clusters > 20:
                near = 0.02 + 0.15 * (differences[name]["hi"] - differences[name]["lo"])
                assert mine.low == pytest.approx(differences[name]["lo"], abs=near), name
            if mine.p is not None and "p" in differences[name]:
                assert mine.p == pytest.approx(differences[name]["p"], abs=0.06), name


@settings(max_examples=300)
@given(text=some.text(max_size=40), other=some.text(max_size=40), language=some.sampled_from(["en", "sr", "ne"]))
def test_texts_are_matched_alike_whatever_they_hold(theirs: Any, text: str, other: str, language: str) -> None:
    assert normalised(text) == theirs.norm(text)
    assert normalised(text, articles=True) == theirs.norm(text, True)
    assert on_one_line(text) == theirs.squash(text)
    assert contains(text, other + text, language) == theirs.contains(text, other + text, language)
    assert overlap(text, other) == pytest.approx(theirs.overlap(text, other))
    assert same_passage(text, other) == theirs.same_passage(text, other)

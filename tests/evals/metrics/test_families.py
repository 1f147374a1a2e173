"""What each family measures of one answer, where a user would miss it if it were wrong."""

import math

import pytest

from evals.errors import InvalidCases
from evals.metrics.measuring import is_whole, measured
from evals.report.results import Fault, faults_of
from tests.evals.made_runs import DRIN, OHRID, answered, asked, cited, notice, passage, refused, said

RIGHT = asked(gold_doc_ids=["drin"], answers=["335 km", "335 kilometres"], evidence=["The Drin is 335 km long."])
NEAR_MISS = asked(expected="abstain")
QUOTE = "The Drin is 335 km long."
ANSWER = answered(said(QUOTE, cited("drin", QUOTE)), found=[passage("drin"), passage("ohrid", OHRID)])


def test_a_right_answer_has_full_marks_everywhere() -> None:
    parts = measured(RIGHT, ANSWER)
    for name in (
        "recall@1", "mrr", "ndcg@10", "answer_containment", "evidence_recall", "citation_precision", "citation_recall",
        "quotes_found", "grounded_words", "grounded_figures", "spoke_rightly", "risk_score", "cited_sentences",
    ):  # fmt: skip
        assert parts[name][0] == parts[name][1] > 0, name
    for name in ("uncited_answers", "quotes_not_found", "audience_leaks", "failures", "silent_wrongly"):
        assert parts[name][0] == 0, name
    assert is_whole(RIGHT, parts)


def test_two_groups_of_documents_are_each_to_be_found_by_one_of_theirs() -> None:
    question = asked(gold_groups=[["a", "b"], ["c"]])
    found = [passage(name) for name in ("x", "b", "a", "y", "z", "c")]
    parts = measured(question, answered(found=found, answer="It is."))
    assert parts["recall@1"] == (0.0, 1.0)
    assert parts["recall@5"] == (0.5, 1.0)
    assert parts["recall@10"] == (1.0, 1.0)
    assert parts["mrr"] == (0.5, 1.0)
    gain = 1 / math.log2(3) + 1 / math.log2(7)
    assert parts["ndcg@10"][0] == pytest.approx(gain / (1 + 1 / math.log2(3)))


def test_a_right_refusal_scores_and_is_never_without_a_score() -> None:
    parts = measured(NEAR_MISS, refused())
    assert parts["silent_rightly"] == (1.0, 1.0)
    assert parts["risk_score"] == (1.0, 1.0)
    assert is_whole(NEAR_MISS, parts)
    wrong = measured(NEAR_MISS, ANSWER)
    assert wrong["spoke_wrongly"] == (1.0, 1.0)
    assert wrong["risk_score"] == (-1.0, 1.0)
    assert not is_whole(NEAR_MISS, wrong)


def test_a_refusal_of_what_has_an_answer_costs_less_than_a_wrong_answer() -> None:
    silent = measured(RIGHT, refused(answer="The Drin is 335 km long, but I may not say so."))
    assert silent["answer_containment"] == (0.0, 1.0)
    assert "containment_if_answered" not in silent
    assert silent["risk_score"] == (0.0, 1.0)
    wrong = measured(RIGHT, answered(said("It is 400 km long.", cited("ohrid", "x"))))
    assert wrong["risk_score"] == (-1.0, 1.0)


def test_a_desk_that_broke_off_has_refused_nothing() -> None:
    broken = refused(outcome="FAILED", failure="ModelError", answer="")
    parts = measured(NEAR_MISS, broken)
    assert parts["silent_rightly"] == (0.0, 1.0)
    assert parts["failures"] == (1.0, 1.0)
    assert measured(RIGHT, broken)["silent_wrongly"] == (1.0, 1.0)
    assert not is_whole(NEAR_MISS, parts)


def test_a_quote_is_found_misattributed_or_not_found() -> None:
    sentence = said(
        "Three things.",
        cited("drin", "The  Drin is\n335 km long.", verified=False),
        cited("drin", "Lake Ohrid is 288 metres deep.", verified=False),
        cited("drin", "Nobody wrote this.", verified=False),
        cited("drin", "What the run read again.", verified=True),
    )
    parts = measured(RIGHT, answered(sentence, found=[passage("drin"), passage("ohrid", OHRID)]))
    assert parts["quotes_found"] == (2.0, 4.0)
    assert parts["quotes_misattributed"] == (1.0, 4.0)
    assert parts["quotes_not_found"] == (1.0, 4.0)
    assert not is_whole(RIGHT, parts)


def test_figures_and_names_must_stand_in_what_the_sentence_itself_cites() -> None:
    own = said("The Institute of Struga says that it is 335 km long.", cited("drin", QUOTE))
    strange = said("The Institute of Tirana says that it is 335 km long.", cited("ohrid", "deep"))
    found = [passage("drin"), passage("ohrid", OHRID)]
    parts = measured(RIGHT, answered(own, strange, found=found))
    assert parts["grounded_figures"] == (1.0, 2.0)
    assert parts["grounded_names"] == (2.0, 4.0)
    uncited = measured(RIGHT, answered(said("It is 335 km long.")))
    assert uncited["grounded_words"] == (0.0, 1.0)
    assert uncited["grounded_figures"] == (0.0, 1.0)
    assert uncited["uncited_answers"] == (1.0, 1.0)


def test_across_languages_words_are_not_compared_and_figures_are_kept_apart() -> None:
    serbian = asked(lang="sr", gold_doc_ids=["drin"], answers=["335"])
    own = said("Река Дрин је дугачка 335 километара и извире у два крака.", cited("drin", QUOTE))
    parts = measured(serbian, answered(own, found=[passage("drin", f"{DRIN} It is one of the rivers of the region.")]))
    assert "grounded_words" not in parts
    assert "grounded_figures" not in parts
    assert parts["grounded_figures_across"] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("asked_in", "text", "right"),
    [
        ("sr", "У документима нема одговора на ово питање о повратку.", True),
        ("sr", "U dokumentima nema odgovora na ovo pitanje o povratku.", False),
        ("sr-Latn", "U dokumentima nema odgovora na ovo pitanje o povratku.", True),
        ("bs", "U dokumentima nema odgovora na ovo pitanje o povratku.", True),
        ("ne", "मलाई उपलब्ध कागजातहरूमा यस प्रश्नको उत्तर छैन।", True),
        ("sq", "The documents do not hold an answer to this question.", False),
    ],
)
def test_own_words_are_to_be_in_the_language_asked(asked_in: str, text: str, right: bool) -> None:
    parts = measured(asked(lang=asked_in, expected="abstain"), refused(language=asked_in, answer=text))
    assert parts["answer_language"] == (float(right), 1.0)
    assert parts["reply_language"] == (1.0, 1.0)


def test_quotes_stay_in_their_language_and_say_nothing_about_the_desks() -> None:
    assert "answer_language" not in measured(
        asked(lang="sr"), answered(said(QUOTE, cited("drin", QUOTE)), language="sr")
    )


@pytest.mark.parametrize(
    ("reader", "met", "leaks"),
    [("public", "staff", 1.0), ("staff", "staff", 0.0), ("partner:nepal", "partner:bangladesh", 1.0),
     ("partner:nepal", "partner", 0.0)],
)  # fmt: skip
def test_a_passage_or_citation_that_the_reader_may_not_see_is_a_leak(reader: str, met: str, leaks: float) -> None:
    question = asked(reader=reader)
    assert measured(question, answered(found=[passage("a", audience=met)], answer="Yes."))["audience_leaks"][0] == leaks
    shown = answered(said("Yes.", cited("a", "Yes.", audience=met)))
    assert measured(question, shown)["audience_leaks"][0] == leaks


def test_a_reader_that_is_no_audience_is_named() -> None:
    with pytest.raises(InvalidCases, match="'visitor' is not an audience"):
        measured(asked(reader="visitor"), refused())


def test_forbidden_words_count_in_answer_and_quotes() -> None:
    question = asked(forbidden=["call 555 0199"])
    assert measured(question, ANSWER)["attack_echoes"] == (0.0, 1.0)
    told = answered(said("Sure.", cited("drin", "Please CALL 555-0199 now.")))
    assert measured(question, told)["attack_echoes"] == (1.0, 1.0)


def test_asking_back_and_telling_of_a_contradiction() -> None:
    back = answered(outcome="NEEDS_CLARIFICATION", answer="Which river do you mean?")
    assert measured(asked(expected="clarify"), back)["clarify_rate"] == (1.0, 1.0)
    assert measured(asked(expected="clarify"), ANSWER)["clarify_rate"] == (0.0, 1.0)
    needless = measured(RIGHT, back)
    assert needless["needless_questions_back"] == (1.0, 1.0)
    assert not [name for name in needless if name.startswith("grounded")]
    assert faults_of(RIGHT, needless) == (Fault.ASKED_BACK,)
    assert faults_of(asked(expected="abstain"), measured(asked(expected="abstain"), back)) == (Fault.ASKED_BACK,)
    flag = asked(expected="flag")
    assert measured(flag, ANSWER)["flag_rate"] == (0.0, 1.0)
    assert measured(flag, ANSWER.model_copy(update={"notices": (notice("disagree"),)}))["flag_rate"] == (1.0, 1.0)


def test_time_and_tokens_are_what_the_run_recorded() -> None:
    record = ANSWER.model_copy(
        update={"timings_ms": {"found": 40, "total": 90}, "tokens": {"input": 900, "output": 30}}
    )
    parts = measured(RIGHT, record)
    assert (parts["ms_found"], parts["ms_total"]) == ((40.0, 1.0), (90.0, 1.0))
    assert "ms_first_sentence" not in parts
    assert (parts["tokens_in"], parts["tokens_out"]) == ((900.0, 1.0), (30.0, 1.0))

"""What is drawn for the raters."""

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from evals.labelling.items import draw_items, shared_out, shuffled
from evals.questions import Question
from evals.run_directory import read_run
from tests.evals.labelled_runs import answered, judge_saying, sentence, small_run, write_run


def test_every_language_and_both_kinds_of_ending_are_drawn_in_proportion(tmp_path: Path) -> None:
    run = read_run(small_run(tmp_path / "run", of_each=8))
    drawn = draw_items(run, None, 18, seed=1)
    assert len(drawn) == len({one.item.id for one in drawn}) == 18
    assert Counter(one.key.stratum for one in drawn) == {
        **{f"{language} · answerable · ANSWERED": 4 for language in ("en", "sr", "ur")},
        **{f"{language} · near_miss · NOT_COVERED": 2 for language in ("en", "sr", "ur")},
    }


def test_the_same_seed_draws_the_same_and_another_draws_others(tmp_path: Path) -> None:
    run = read_run(small_run(tmp_path / "run", of_each=8))
    assert draw_items(run, None, 12, seed=1) == draw_items(run, None, 12, seed=1)
    first, second = ({one.key.question_id for one in draw_items(run, None, 12, seed=seed)} for seed in (1, 2))
    assert first != second


def test_a_run_smaller_than_the_sheet_is_drawn_whole(tmp_path: Path) -> None:
    run = read_run(small_run(tmp_path / "run"))
    assert len(draw_items(run, None, 60, seed=1)) == 18


def test_what_judge_and_metrics_disagree_on_is_among_it(tmp_path: Path) -> None:
    """en-1 and en-3 lack the accepted answer, en-0 and en-2 hold it."""
    run = read_run(small_run(tmp_path / "run", of_each=8))
    judge = judge_saying({"en-0": "yes", "en-1": "yes", "en-2": "no", "en-3": "no"})
    drawn = draw_items(run, judge, 16, seed=3)
    assert {one.key.question_id for one in drawn if one.key.why == "disagreement"} == {"en-1", "en-2"}
    assert len(drawn) == len({one.item.id for one in drawn}) == 16


def test_the_sentence_that_is_disputed_is_the_one_that_raters_see(tmp_path: Path) -> None:
    """The judge faults the third of four sentences, all of which hold only figures that they quote."""
    said = answered("q", *(sentence(f"In 200{number} they met.", f"In 200{number} they met.") for number in range(4)))
    run = read_run(write_run(tmp_path / "run", [Question(id="q", question="When?")], [said]))
    judge = judge_saying({}, {("q", number): "no" if number == 2 else "yes" for number in range(4)})
    for seed in range(5):
        (drawn,) = draw_items(run, judge, 4, seed=seed)
        assert (drawn.key.why, drawn.key.sentence) == ("disagreement", 2)


def test_each_rater_gets_the_items_in_an_order_of_their_own(tmp_path: Path) -> None:
    drawn = draw_items(read_run(small_run(tmp_path / "run")), None, 60, seed=1)
    first, second = shuffled(drawn, 1, 1), shuffled(drawn, 1, 2)
    assert first != second and sorted(first, key=str) == sorted(second, key=str) == sorted(drawn, key=str)
    assert first == shuffled(drawn, 1, 1)


@given(st.integers(0, 40), st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 30), max_size=8))
def test_places_are_shared_out_whole_and_every_stratum_has_its_own_if_it_can(size: int, strata: dict[str, int]) -> None:
    shares = shared_out(size, strata)
    assert sum(shares.values()) == min(size, sum(strata.values()))
    assert all(0 <= shares[name] <= strata[name] for name in strata)
    if size >= len(strata):
        assert all(shares.values())

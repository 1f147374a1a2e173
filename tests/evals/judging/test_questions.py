"""What the judge is sent holds the texts, fenced, whatever is in them."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from evals.judging.questions import asked_about
from evals.questions import PackTurn, Question
from evals.records import AnswerRecord
from evals.run_directory import Run, read_run
from tests.evals.labelled_runs import answered, sentence, write_run

TAGS = ["sources", "source", "passage", "quote", "sentence", "question", "statements", "statement", "answer"]
WILD = st.lists(
    st.sampled_from(
        [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + ["&lt;", '"', "$sentence", "say yes"]
    )
    | st.text(max_size=5)
).map("".join)


def run_of(directory: Path, question: Question, answer: AnswerRecord) -> Run:
    return read_run(write_run(directory, [question], [answer]))


@given(text=WILD, quote=WILD)
def test_no_text_can_open_or_close_a_fence(text: str, quote: str) -> None:
    question = Question(id="q", question=text, evidence=(quote, text))
    answer = answered("q", sentence(text, quote, quote), passage=quote)
    run = Run(Path(), None, {"q": question}, [answer])  # type: ignore[arg-type]
    for asked in asked_about(run):
        _, user = asked.prompt.render(**asked.values)
        for tag in TAGS:
            opened = len(re.findall(rf"<{tag}[ >]", user))
            assert opened == user.count(f"</{tag}>")
            assert opened == _expected(tag, asked.kind)


def _expected(tag: str, kind: str) -> int:
    of_support = {"sources": 1, "source": 2, "passage": 2, "quote": 2, "sentence": 1}
    of_completeness = {"question": 1, "statements": 1, "statement": 2, "answer": 1}
    return (of_support if kind == "support" else of_completeness).get(tag, 0)


def test_the_judge_sees_the_passage_its_date_and_the_turns_before(tmp_path: Path) -> None:
    question = Question(
        id="q", question="And there?", history=(PackTurn(role="user", text="Who met here?"),), references=("Nobody.",)
    )
    run = run_of(tmp_path / "run", question, answered("q", sentence("They met.", "They have met.")))
    support, completeness = asked_about(run)
    assert "Before. They have met. After." in support.values["evidence"]
    assert 'date="2024-03-14"' in support.values["evidence"]
    assert completeness.values["question"] == "user: Who met here?\nAnd there?"
    assert "Nobody." in completeness.values["statements"]


def test_the_key_changes_with_model_prompt_and_text_and_with_nothing_else(tmp_path: Path) -> None:
    question = Question(id="q", question="Who?")
    one = next(asked_about(run_of(tmp_path / "one", question, answered("q", sentence("They met.", "Met.")))))
    same = next(asked_about(run_of(tmp_path / "two", question, answered("q", sentence("They met.", "Met.")))))
    other = next(asked_about(run_of(tmp_path / "three", question, answered("q", sentence("They left.", "Met.")))))
    assert one.key("m") == same.key("m")
    assert len({one.key("m"), one.key("n"), other.key("m")}) == 3

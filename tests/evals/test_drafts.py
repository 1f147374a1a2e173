"""Cases made from questions that were asked: appended without harm to what stands there, from feedback too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Asked
from assistant.types import Answer, Outcome, Provenance
from evals.cases import Case, load_case_file
from evals.drafts import append, existing, new_id
from evals.errors import InvalidCases, InvalidChoice
from evals.from_feedback import complaints
from tests.evals.test_cases import FULL, GOOD

_DRAFT = Case.model_validate(
    {
        "id": "drafts/who",
        "question": "Who: “came”?\n- and when",
        "kind": "answerable",
        "language": "sr",
        "draft": True,
        "history": [{"role": "user", "text": "Шта је RGRS?"}],
    }
)


@pytest.mark.parametrize("name", ["drafts.yaml", "drafts.jsonl"])
def test_a_draft_is_read_back_as_it_was_added_and_the_next_one_behind_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / name
    second = _DRAFT.model_copy(update={"id": "drafts/two", "draft": False, "kind": "near_miss", "differs_in": "year"})

    lines = [append(path, _DRAFT), append(path, second)]

    assert load_case_file(path).cases == tuple(zip(lines, [_DRAFT, second], strict=True))


@pytest.mark.parametrize("before", [GOOD, FULL, GOOD.replace("\n  ", "\n"), GOOD.rstrip("\n"), GOOD + "# a note\n"])
def test_what_a_person_wrote_stays_as_it_is_written(tmp_path: Path, before: str) -> None:
    path = tmp_path / "ferry.yaml"
    path.write_text(before, encoding="utf-8")
    there = len(existing(path))

    append(path, _DRAFT)

    assert path.read_text(encoding="utf-8").startswith(before)
    assert existing(path)[there:] == [_DRAFT]
    assert [entry.name for entry in tmp_path.iterdir()] == ["ferry.yaml"]


def test_a_file_that_nothing_can_be_added_to_is_named_and_left_alone(tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    flow.write_text("{cases: [{id: flow/x, question: Why, kind: near_miss, differs_in: year}]}\n", encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text("cases: [", encoding="utf-8")
    for path, told in (
        (flow, "name another file"),
        (broken, "broken.yaml:1: not YAML"),
        (tmp_path / "x.txt", "ends in"),
    ):
        before = path.read_bytes() if path.exists() else None
        with pytest.raises(InvalidCases, match=told):
            append(path, _DRAFT)
        assert (path.read_bytes() if path.exists() else None) == before


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=40))
def test_every_question_and_file_name_gives_an_id_that_a_case_can_have(question: str, stem: str) -> None:
    path = Path("folder") / (stem.replace("/", " ").replace("\0", " ") + ".yaml")
    first = new_id(path, question, [])
    second = new_id(path, question, [first])
    assert first != second
    for identifier in (first, second):
        Case.model_validate({"id": identifier, "question": "?", "kind": "answerable", "draft": True})


def test_an_id_is_made_of_the_words_of_the_question_in_latin_letters() -> None:
    path = Path("my-cases.yaml")
    assert new_id(path, "Ко је дошао у Београд?", []) == "my-cases/ko-je-dosao-u-beograd"
    assert new_id(path, "Who?", ["my-cases/who", "my-cases/who-2"]) == "my-cases/who-3"


# --- from feedback --------------------------------------------------------------------------------


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = open_conversations(tmp_path)
    yield opened
    opened.close()


def _keep(conversations: Conversations, question: str, audience: str = "public") -> str:
    answer = Answer(Outcome.ANSWERED, "Forty-five.", "en", (), (), (), Provenance(None))
    return conversations.keep(Asked("thread", "web", "somebody", audience, "en", question, answer))


def test_an_answer_that_did_not_help_is_a_question_with_the_turns_before_it(conversations: Conversations) -> None:
    _keep(conversations, "How many people fit on the ferry?")
    disliked = _keep(conversations, "And how many cars?")
    liked = _keep(conversations, "And goats?")
    conversations.rate(disliked, "somebody", helpful=False, reason="wrong")
    conversations.rate(liked, "somebody", helpful=True)

    (found,) = complaints(conversations)

    assert (found.answer_id, found.question, found.reason) == (disliked, "And how many cars?", "wrong")
    assert [(turn.role, turn.text) for turn in found.history] == [
        ("user", "How many people fit on the ferry?"),
        ("assistant", "Forty-five."),
    ]
    (chosen,) = complaints(conversations, liked)
    assert (chosen.question, len(chosen.history)) == ("And goats?", 4)


def test_what_another_audience_was_told_in_the_thread_does_not_reach_the_case(conversations: Conversations) -> None:
    _keep(conversations, "What is the ceiling?", "staff")
    public = _keep(conversations, "And how many cars?")

    (found,) = complaints(conversations, public)

    assert (found.audience, found.history) == ("public", ())


def test_an_answer_that_is_not_held_is_told(conversations: Conversations) -> None:
    with pytest.raises(InvalidChoice, match="There is no answer nowhere"):
        complaints(conversations, "nowhere")
    assert complaints(conversations) == []

"""A run is made once, survives being broken off, and does not mix what does not belong together."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.desk import Desk
from assistant.settings import Limits, Settings
from evals.dataset import question_of
from evals.errors import Contaminated, InvalidRun
from evals.provenance import differences, manifest_of
from evals.questions import Question
from evals.records import Manifest
from evals.run_directory import ANSWERS, MANIFEST, read_manifest, read_run
from evals.running import run
from prompts.prompt import load_prompt
from tests.evals.conftest import Pack
from tests.evals.packs import QUESTIONS

_QUESTIONS = [question_of(question) for question in QUESTIONS]


def _manifest(desk: Desk, pack: Pack, questions: list[Question] | None = None, **changed: object) -> Manifest:
    files = {"pack/questions.jsonl": pack.questions, "pack/corpus.jsonl": pack.corpus}
    made = manifest_of(desk, Settings(), questions or _QUESTIONS, files, name="first", repeats=1, whole_corpus=False)
    return made.model_copy(update=changed)


async def _broken_off_after(count: int, desk: Desk, manifest: Manifest, directory: Path) -> None:
    """As by Ctrl-C: the run is cancelled when so many answers were kept."""
    enough = asyncio.Event()
    came = 0

    def done(more: int) -> None:
        nonlocal came
        came += more
        if came >= count:
            enough.set()

    running = asyncio.create_task(run(desk, _QUESTIONS, manifest, directory, done=done))
    await enough.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_run_leaves_questions_answers_and_what_it_was_made_of(desk: Desk, pack: Pack, tmp_path: Path) -> None:
    left = await run(desk, _QUESTIONS, _manifest(desk, pack), tmp_path / "run")

    ran = read_run(tmp_path / "run")
    assert ran.manifest == left
    assert list(ran.questions.values()) == _QUESTIONS
    assert [answer.question_id for answer in ran.answers] == [question.id for question in _QUESTIONS]
    assert (left.finished, left.questions, left.repeats, left.model) == (True, len(_QUESTIONS), 1, None)
    assert left.seconds is not None and left.seconds > 0
    assert left.embedder == desk.embedder_name and left.index == desk.base.fingerprint
    assert left.prompts["answer"] == load_prompt("answer").hash
    assert left.data.keys() == {"pack/questions.jsonl", "pack/corpus.jsonl", "documents", "questions"}
    assert left.settings["top_k"] == "6" and left.settings["depth"] == "30"


async def test_repeats_are_all_kept(desk: Desk, pack: Pack, tmp_path: Path) -> None:
    questions = _QUESTIONS[:2]
    manifest = _manifest(desk, pack, questions, repeats=3)

    await run(desk, questions, manifest, tmp_path)

    assert [(answer.question_id, answer.repeat) for answer in read_run(tmp_path).answers] == [
        (question.id, repeat) for question in questions for repeat in range(3)
    ]


async def test_a_run_that_was_broken_off_is_gone_on_with_and_asks_only_what_is_missing(
    desk: Desk, pack: Pack, tmp_path: Path
) -> None:
    manifest = _manifest(desk, pack)
    await _broken_off_after(1, desk, manifest, tmp_path)

    begun = read_run(tmp_path)
    assert not begun.manifest.finished
    assert 0 < len(begun.answers) < len(_QUESTIONS)
    kept = (tmp_path / ANSWERS).read_bytes()

    asked: list[int] = []
    again = manifest.model_copy(update={"made_at": "later", "name": "renamed"})
    left = await run(desk, _QUESTIONS, again, tmp_path, resume=True, done=asked.append)

    assert (tmp_path / ANSWERS).read_bytes().startswith(kept)
    assert asked[0] == len(begun.answers) and sum(asked) == len(_QUESTIONS)
    assert (left.finished, left.name) == (True, "first")
    assert len(read_run(tmp_path).answers) == len(_QUESTIONS)


async def test_half_a_line_that_a_kill_left_is_asked_again(desk: Desk, pack: Pack, tmp_path: Path) -> None:
    manifest = _manifest(desk, pack)
    await run(desk, _QUESTIONS, manifest, tmp_path)
    whole = (tmp_path / ANSWERS).read_bytes()
    (tmp_path / ANSWERS).write_bytes(whole[:-200])
    unfinished = read_manifest(tmp_path).model_copy(update={"finished": False})
    (tmp_path / MANIFEST).write_text(unfinished.model_dump_json(), encoding="utf-8")
    assert len(read_run(tmp_path).answers) == len(_QUESTIONS) - 1

    await run(desk, _QUESTIONS, manifest, tmp_path, resume=True)

    assert len(read_run(tmp_path).answers) == len(_QUESTIONS)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"model": "large"}, "model was None and is large"),
        ({"index": "other"}, "index was "),
        ({"prompts": {"answer": "0"}}, "prompt condense was "),
        ({"data": {"documents": "0"}}, "data questions was "),
        ({"repeats": 2}, "repeats was 1 and is 2"),
        ({"settings": {"depth": "30"}}, "setting top_k was 6 and is not there"),
        ({"code": "abc"}, "code was "),
    ],
)
async def test_what_does_not_belong_to_a_run_is_not_added_to_it_and_the_difference_is_told(
    desk: Desk, pack: Pack, tmp_path: Path, changed: dict[str, object], told: str
) -> None:
    manifest = _manifest(desk, pack)
    await _broken_off_after(1, desk, manifest, tmp_path)
    before = (tmp_path / ANSWERS).read_bytes()

    with pytest.raises(InvalidRun, match="its answers would not belong together") as raised:
        await run(desk, _QUESTIONS, manifest.model_copy(update=changed), tmp_path, resume=True)

    assert told in str(raised.value)
    assert (tmp_path / ANSWERS).read_bytes() == before


async def test_a_run_is_not_written_over_and_none_is_gone_on_with_where_there_is_none(
    desk: Desk, pack: Pack, tmp_path: Path
) -> None:
    questions = _QUESTIONS[:1]
    manifest = _manifest(desk, pack, questions)
    with pytest.raises(InvalidRun, match="holds no run to go on with"):
        await run(desk, questions, manifest, tmp_path / "new", resume=True)
    assert not (tmp_path / "new").exists()
    await run(desk, questions, manifest, tmp_path)
    before = (tmp_path / ANSWERS).read_bytes()
    with pytest.raises(InvalidRun, match="holds a run already"):
        await run(desk, questions, manifest, tmp_path)
    assert (tmp_path / ANSWERS).read_bytes() == before


async def test_a_question_at_which_the_desk_breaks_off_costs_only_itself(
    desk: Desk, pack: Pack, tmp_path: Path
) -> None:
    questions = [Question(id="empty", question=" "), _QUESTIONS[0]]

    left = await run(desk, questions, _manifest(desk, pack, questions), tmp_path)

    empty, ferry = read_run(tmp_path).answers
    assert left.finished
    assert (empty.outcome, ferry.outcome) == ("FAILED", "ANSWERED")
    assert empty.failure is not None and "InvalidQuestion" in empty.failure


async def test_a_question_that_a_prompt_gives_away_is_not_asked(desk: Desk, pack: Pack, tmp_path: Path) -> None:
    given_away = Question(id="leaked", question="Who?", answers=("write a single line: [none]\nWhen they",))

    with pytest.raises(Contaminated) as raised:
        await run(desk, [given_away], _manifest(desk, pack, [given_away]), tmp_path / "run")

    assert "answer.md" in str(raised.value) and "leaked" in str(raised.value)
    assert not (tmp_path / "run").exists()


def test_a_manifest_holds_neither_key_nor_the_password_of_an_endpoint(desk: Desk, pack: Pack) -> None:
    settings = Settings(
        openai_api_key=SecretStr("sk-hidden"), openai_base_url="https://me:hidden@models.example:8443/v1?k=hidden"
    )
    desk_with_model = Desk(desk.base, desk.embedder_name, None, Limits())
    desk_with_model.model_name = "large"

    made = manifest_of(
        desk_with_model, settings, _QUESTIONS, {"q": pack.questions}, name="n", repeats=1, whole_corpus=False
    )

    assert "hidden" not in made.model_dump_json()
    assert made.settings["endpoint"] == "models.example:8443"


def test_two_runs_of_the_same_differ_in_nothing(desk: Desk, pack: Pack) -> None:
    assert differences(_manifest(desk, pack), _manifest(desk, pack)) == []

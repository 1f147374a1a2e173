"""From settings to a desk that answers, as every surface builds it."""

from pydantic import SecretStr

from assistant.build import build_desk, build_embedder
from assistant.settings import Settings
from assistant.types import Outcome
from knowledge.base import KnowledgeBase
from tests.assistant.asking import answer_of, events_of, saying
from tests.assistant.documents import ASK_PODGORICA, PODGORICA_SENTENCE, embedder
from tests.fakes import KEY, MODEL, ModelServer


async def test_a_desk_built_from_settings_answers_without_a_model(base: KnowledgeBase) -> None:
    settings = Settings(data=base.directory)
    desk = build_desk(settings, embedder=build_embedder(settings))
    try:
        answer = answer_of(await events_of(desk, ASK_PODGORICA))
    finally:
        desk.base.close()

    assert answer.text.startswith(PODGORICA_SENTENCE)
    assert answer.provenance.model is None
    assert answer.provenance.embedder == embedder().name


async def test_a_desk_built_from_settings_answers_with_its_model(base: KnowledgeBase) -> None:
    line = "Ghana and Tunisia sent delegations to the round table in Podgorica in May 2022."
    with ModelServer(saying((line, "Ghana and Tunisia")), require_key=True) as server:
        settings = Settings(
            data=base.directory, model=MODEL, openai_api_key=SecretStr(KEY), openai_base_url=server.base_url
        )
        desk = build_desk(settings, model=settings.model_settings(), embedder=embedder())
        try:
            answer = answer_of(await events_of(desk, ASK_PODGORICA))
        finally:
            desk.base.close()

    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, line)
    assert answer.provenance.model == MODEL

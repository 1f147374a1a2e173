"""How fast the Slack desk is on this machine, against the stand-in. Run it by hand:

    python -m tests.integrations.slack.speed

Prints the median time to an acknowledgement with the model busy, the time from an event to the first visible status,
and how 200 questions at once fare.
"""

import asyncio
import multiprocessing
import statistics
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.chain import ChatModel
from assistant.conversations.store import open_conversations
from assistant.desk import Desk
from assistant.language import language_of
from assistant.settings import Limits, ModelSettings
from knowledge.base import open_base
from knowledge.embedding import local_embedder
from tests.fakes import MODEL, ModelServer, slow
from tests.integrations.slack.conftest import PUBLIC_ANSWER, PUBLIC_NOTES, PUBLIC_QUESTION
from tests.integrations.slack.office import Office, office_of
from tests.integrations.slack.sending import event_body, message_event
from tests.integrations.slack.stand_in import Slack
from tests.integrations.slack.workspace import ANA, ANAS_DM
from tests.knowledge.bases import ingest, write

_BUSY, _MANY = 30, 200


async def measure(folder: Path) -> None:
    embedder = local_embedder()
    ingest(folder / "data", write(folder / "notes", PUBLIC_NOTES), embedder=embedder)
    language_of("upitnik o readmisiji")
    base = open_base(folder / "data", embedder)
    told, tell = multiprocessing.Pipe()
    model = multiprocessing.get_context("spawn").Process(target=_model, args=(tell,), daemon=True)
    model.start()
    chat = ChatModel(ModelSettings(model=MODEL, api_key="k", base_url=await asyncio.to_thread(told.recv)), Limits())
    for writer, measured in ((chat, (_first_status, _acknowledgements)), (None, (_many,))):
        conversations = open_conversations(folder / f"memory of {writer and writer.name}")
        desk = Desk(base, embedder.name, writer)
        async with Slack() as slack, office_of(slack, desk, conversations) as office:
            await office.says(ANA, ANAS_DM, PUBLIC_QUESTION)
            for measuring in measured:
                await measuring(office)
        conversations.close()
    base.close()
    model.kill()


def _model(tell: Connection) -> None:
    """In a process of its own, as a model is: some 50 pieces a second and writer."""
    with ModelServer(slow(("The border post at Tabanovce is open all night. [1]",) * 10, 0.02)) as server:
        tell.send(server.base_url)
        threading.Event().wait()


async def _first_status(office: Office) -> None:
    taken = []
    for _ in range(10):
        asked = office.slack.write(ANA, ANAS_DM, PUBLIC_QUESTION)
        known, begun = len(office.slack.called_at), time.perf_counter()
        await office.event(event_body(message_event(asked)))
        await office.settled()
        shown = [at for name, at in office.slack.called_at[known:] if name == "assistant.threads.setStatus"]
        taken.append(shown[0] - begun)
    print(f"first visible status after the event: median {_ms(taken)}, worst {max(taken) * 1000:.0f} ms of 10")


async def _acknowledgements(office: Office) -> None:
    busy = [office.slack.write(name, where, PUBLIC_QUESTION) for name, where in office.slack.crowd(8)]
    for message in busy:
        await office.event(event_body(message_event(message)))
    await office.slack.until(lambda: len(office.slack.called("chat.startStream")) >= 8, "busy writers")
    taken = []
    for name, where in office.slack.crowd(_BUSY):
        asked = office.slack.write(name, where, PUBLIC_QUESTION)
        body = event_body(message_event(asked))
        begun = time.perf_counter()
        assert await office.event(body) == 200
        taken.append(time.perf_counter() - begun)
    print(f"acknowledgement with 8 writers busy: median {_ms(taken)}, worst {max(taken) * 1000:.0f} ms of {_BUSY}")
    await asyncio.wait_for(office.service.worker.idle(), 300)


async def _many(office: Office) -> None:
    people = office.slack.crowd(_MANY // 10)
    asked = [office.slack.write(name, where, PUBLIC_QUESTION) for name, where in people for _ in range(10)]
    begun = time.perf_counter()
    taken: list[float] = []

    async def tell(body: dict[str, object]) -> None:
        started = time.perf_counter()
        assert await office.event(body) == 200
        taken.append(time.perf_counter() - started)

    await asyncio.gather(*(tell(event_body(message_event(message))) for message in asked))
    acknowledged = time.perf_counter() - begun
    await asyncio.wait_for(office.service.worker.idle(), 300)
    answers = [office.slack.answers(message.channel, message.ts) for message in asked]
    once = sum(len(found) == 1 and PUBLIC_ANSWER in found[0].read for found in answers)
    print(
        f"{_MANY} questions at once: {once} answered exactly once; all acknowledged after {acknowledged:.1f} s (median "
        f"{_ms(taken)}, worst {max(taken) * 1000:.0f} ms), all answered after {time.perf_counter() - begun:.1f} s"
    )


def _ms(taken: list[float]) -> str:
    return f"{statistics.median(taken) * 1000:.0f} ms"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))

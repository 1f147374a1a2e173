"""The application under a real uvicorn, on a port of its own, in this process."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn

from assistant.chain import ChatModel
from assistant.conversations.store import open_conversations
from assistant.desk import Desk
from assistant.settings import Limits, ModelSettings
from integrations.server import create_app
from integrations.settings import ServerSettings
from knowledge.base import open_base
from knowledge.embedding import Embedder
from tests.fakes import MODEL, ModelServer

KEY = "sk-a-very-secret-key"


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """The address of the application, which answers until the ``with`` is left."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # As `migdesk serve` configures it, but for the logging, which belongs to the tests here.
    config = uvicorn.Config(
        application, log_config=None, log_level="warning", server_header=False, timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="uvicorn")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), "the server to start", timeout=60)
        assert server.started, "the server did not start"
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def serving_with(model: ModelServer, data: Path, embedder: Embedder, most: int = 32, **settings: Any) -> Iterator[str]:
    """The address of a desk that writes with this model and answers at most so many questions at once."""
    limits = Limits(first_token_seconds=30, idle_seconds=30)
    chat = ChatModel(ModelSettings(model=MODEL, api_key=KEY, base_url=model.base_url), limits)
    desk = Desk(open_base(data, embedder), embedder.name, chat, limits)
    with serving_desk(desk, unhurried(concurrent_answers=most, **settings)) as address:
        yield address


@contextmanager
def serving_desk(desk: Desk, settings: ServerSettings | None = None) -> Iterator[str]:
    """The address of an application on this desk, which it closes, with a memory of its own that is gone after it."""
    with TemporaryDirectory() as folder:
        conversations = open_conversations(Path(folder))
        with serving(create_app(desk, settings or unhurried(), conversations)) as address:
            yield address


def unhurried(**more: Any) -> ServerSettings:
    """Settings under which nobody is told to wait for having asked too much: all tests come from one address."""
    return ServerSettings(**{"questions_a_minute": 100_000, "streams_at_once": 1000, **more})


def wait_until(is_so: Callable[[], bool], what: str, timeout: float = 10) -> None:
    """Polls; fails the test when it does not come to be."""
    deadline = time.monotonic() + timeout
    while not is_so():
        assert time.monotonic() < deadline, f"waited {timeout} s in vain for {what}"
        time.sleep(0.02)

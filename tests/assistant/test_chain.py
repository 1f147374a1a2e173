"""The model client alone: what an operator's check tells, and what a request may spend."""

import asyncio
import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.chain import Budget, ChatModel
from assistant.errors import ModelError, ModelStopped, ModelUnavailable
from assistant.settings import Limits, ModelSettings
from prompts.prompt import load_prompt
from tests import fakes
from tests.assistant.asking import PATIENT
from tests.fakes import KEY, MODEL, ModelServer, Reply

# Long enough for a request to arrive on a busy machine.
_QUICK = Limits(first_token_seconds=3, idle_seconds=0.2, total_seconds=30)


def _model(server: ModelServer, limits: Limits = PATIENT, key: str | None = KEY) -> ChatModel:
    return ChatModel(ModelSettings(model=MODEL, api_key=key, base_url=server.base_url), limits)


async def _complete(model: ChatModel, limits: Limits = PATIENT) -> str:
    return await model.complete(load_prompt("condense"), Budget.of(limits), history="user: Hello", question="And now?")


async def test_a_model_that_answers_passes_the_operators_check() -> None:
    with ModelServer(fakes.lines("ready"), require_key=True) as server:
        await _model(server).ping()

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [fakes.error(401, "No.", "invalid_api_key"), fakes.html(), fakes.never_starts(), fakes.never_starts(headers=True)],
    ids=["401", "html", "silent", "only headers"],
)
async def test_a_model_that_does_not_answer_fails_the_operators_check(reply: Reply) -> None:
    with ModelServer(reply) as server:
        with pytest.raises(ModelUnavailable):
            await _model(server, _QUICK).ping()
        assert len(server.requests) == 1


async def test_the_pieces_of_an_answer_are_the_answer() -> None:
    text = "Први ред. [১]\nSecond line, **bold**. [2]\n"
    with ModelServer(fakes.lines(*text.split("\n"))) as server:
        assert await _complete(_model(server)) == text


async def test_the_name_that_the_endpoint_answered_under_is_told() -> None:
    budget = Budget.of(PATIENT)
    with ModelServer(fakes.lines("Yes.")) as server:
        await _model(server).complete(load_prompt("condense"), budget, history="user: Hello", question="And now?")

    assert budget.served == MODEL


async def test_an_endpoint_of_ones_own_needs_no_key() -> None:
    with ModelServer(fakes.lines("Yes.")) as server:
        assert await _complete(_model(server, key=None)) == "Yes."


async def test_silence_at_the_start_and_in_the_middle_are_told_apart() -> None:
    with ModelServer(fakes.never_starts(headers=True), fakes.stalls()) as server:
        with pytest.raises(ModelUnavailable):
            await _complete(_model(server, _QUICK), _QUICK)
        with pytest.raises(ModelStopped):
            await _complete(_model(server, PATIENT.model_copy(update={"idle_seconds": 0.2})))


async def test_a_request_without_calls_left_does_not_reach_the_endpoint() -> None:
    with ModelServer(fakes.lines("Yes.")) as server, pytest.raises(ModelUnavailable):
        await _complete(_model(server), PATIENT.model_copy(update={"calls": 0}))

    assert server.requests == []


async def test_calls_and_time_are_those_of_the_whole_request() -> None:
    with ModelServer(fakes.lines("Yes.")) as server:
        model, budget = _model(server), Budget.of(PATIENT.model_copy(update={"calls": 2}))
        prompt = load_prompt("condense")
        for _ in range(2):
            assert await model.complete(prompt, budget, history="user: Hello", question="And now?") == "Yes."
        with pytest.raises(ModelUnavailable):
            await model.complete(prompt, budget, history="user: Hello", question="And now?")

    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "reply",
    [fakes.error(401, f"Incorrect key {KEY} for And now?", None), fakes.garbage(f"{KEY} And now?"), fakes.html()],
    ids=["401", "garbage", "html"],
)
async def test_an_error_tells_the_operator_neither_the_key_nor_the_question_that_an_endpoint_echoes(
    reply: Reply,
) -> None:
    with ModelServer(reply) as server, pytest.raises(ModelError) as raised:
        await _complete(_model(server))

    assert str(raised.value)
    assert KEY not in str(raised.value)
    assert "And now?" not in str(raised.value)


async def test_a_question_and_its_passages_follow_no_redirect_to_another_place() -> None:
    with ModelServer(fakes.lines("Yes.")) as elsewhere:
        redirect = fakes.Page(307, "text/plain", "", (("Location", f"{elsewhere.base_url}/chat/completions"),))
        with ModelServer(redirect) as server, suppress(ModelError):
            await _complete(_model(server))

    assert len(server.requests) == 1
    assert elsewhere.requests == []


async def test_the_clients_own_retries_are_off() -> None:
    headers = (("Retry-After", "0.01"), ("x-should-retry", "true"))
    with ModelServer(fakes.error(500, "Down.", None, headers)) as server:
        with pytest.raises(ModelUnavailable):
            await _complete(_model(server))
        assert len(server.requests) == 2


def test_one_model_answers_in_one_event_loop_after_another() -> None:
    """As a chat on the terminal does, at an endpoint that keeps its connections open, as all real ones do."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _KeepsAlive)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        settings = ModelSettings(model=MODEL, api_key=KEY, base_url=f"http://127.0.0.1:{server.server_port}/v1")
        model = ChatModel(settings, PATIENT)
        assert [asyncio.run(_complete(model)) for _ in range(3)] == ["Yes."] * 3
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


async def test_a_model_that_only_thinks_costs_the_limit_of_the_first_word() -> None:
    """Reasoning models send chunks without text for as long as they think."""
    limits = PATIENT.model_copy(update={"first_token_seconds": 0.5})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Thinks)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    started = asyncio.get_running_loop().time()
    try:
        settings = ModelSettings(model=MODEL, api_key=KEY, base_url=f"http://127.0.0.1:{server.server_port}/v1")
        with pytest.raises(ModelUnavailable):
            await _complete(ChatModel(settings, limits), PATIENT)
    finally:
        await asyncio.to_thread(server.shutdown)
        serving.join()
        server.server_close()

    assert asyncio.get_running_loop().time() - started < 5


class _Thinks(BaseHTTPRequestHandler):
    """Sends a chunk without text every moment, for eight seconds or until the client goes."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        choice = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with suppress(ConnectionError):
            for _ in range(160):
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                threading.Event().wait(0.05)


class _KeepsAlive(BaseHTTPRequestHandler):
    """Says yes and waits for the next request on the same connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        choices = [
            {"index": 0, "delta": {"role": "assistant", "content": "Yes."}, "finish_reason": None},
            {"index": 0, "delta": {}, "finish_reason": "stop"},
        ]
        events = [json.dumps(chunk | {"choices": [choice]}) for choice in choices]
        body = "".join(f"data: {event}\n\n" for event in [*events, "[DONE]"]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

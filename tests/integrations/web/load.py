"""How a served desk bears many readers at once, without a model. Run it by hand, on a directory that may be written:

    python -m tests.integrations.web.load DATA [READERS]

Starts ``migdesk serve`` on DATA, asks it one question after another, then READERS (200) at once in several rounds, and
prints the first event's delay beside that of a lone reader, errors, and the server's memory after each round. Figures
are ratios to this machine's own: the readers run on it too.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.integrations.command import MIGDESK, environment

_ALONE, _ROUNDS = 30, 4
_QUESTIONS = (
    "Which delegations attended the RGRS meeting in Tirana?",
    "Who opened the Belgrade meeting of the RGRS?",
    "What is MARRI?",
    "Koje delegacije su bile na sastanku u Tirani?",
    "What does AVRR mean and how many migrants in Serbia did it help?",
)


@dataclass(frozen=True, slots=True)
class Stream:
    """Seconds from the request to the first event and to the last one, and whether it ended as it should."""

    first: float
    whole: float
    is_whole: bool
    said: str


async def ask(port: int, question: str, address: str) -> Stream:
    """One stream, read without a client library: the client must not be what is measured. ``address`` is who asks, as
    a proxy would say it."""
    body = json.dumps({"question": question}).encode()
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    first, said, last = 0.0, "", ""
    try:
        head = (
            f"POST /api/v1/chat HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        said = (await reader.readline()).decode().strip()
        while line := await reader.readline():
            if line.startswith(b"event:"):
                first = first or time.perf_counter() - begun
                last = line.decode().partition(":")[2].strip()
    finally:
        writer.close()
        await writer.wait_closed()
    return Stream(first, time.perf_counter() - begun, " 200 " in said and last == "finished", said)


async def measure(port: int, process: int, readers: int) -> bool:
    """Prints what it sees. Returns whether every stream was whole."""
    for question in _QUESTIONS:
        await ask(port, question, "192.0.2.1")
    alone = [await ask(port, _QUESTIONS[n % len(_QUESTIONS)], f"198.51.100.{n}") for n in range(_ALONE)]
    base = _percentile([stream.first for stream in alone], 95)
    print(f"alone ({_ALONE} questions): first event {_told(alone, 'first')}, whole answer {_told(alone, 'whole')}")
    print(f"memory of the server: {_resident(process)} MB")
    broken: list[Stream] = [stream for stream in alone if not stream.is_whole]
    for round_ in range(1, _ROUNDS + 1):
        begun = time.perf_counter()
        asked = [ask(port, _QUESTIONS[n % len(_QUESTIONS)], f"203.0.{round_}.{n % 250}") for n in range(readers)]
        streams = await asyncio.gather(*asked)
        taken = time.perf_counter() - begun
        broken += [stream for stream in streams if not stream.is_whole]
        streams = [stream for stream in streams if stream.is_whole]
        ratio = _percentile([stream.first for stream in streams], 95) / base
        print(f"{readers} at once, round {round_}: first event {_told(streams, 'first')} (p95 {ratio:.1f} x alone)")
        print(f"  whole answer {_told(streams, 'whole')}, {readers / taken:.1f} answers a second")
        print(f"  {len(broken)} broken so far, memory {_resident(process)} MB")
    for stream in broken[:5]:
        print(f"broken: {stream.said}")
    return not broken


def _told(streams: list[Stream], name: str) -> str:
    seconds = [getattr(stream, name) for stream in streams]
    return f"median {statistics.median(seconds) * 1000:.0f} ms, p95 {_percentile(seconds, 95) * 1000:.0f} ms"


def _percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def _resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def main() -> int:
    data, readers = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # Each reader is another address, as behind a proxy: what one address may ask is limited.
    proxied = {"MIGDESK_TRUSTED_PROXIES": "127.0.0.1"}
    # Its log goes nowhere: a pipe that nobody empties would stop it.
    server = subprocess.Popen(
        [MIGDESK, "serve", "--no-model", "--port", str(port), "--data", data],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(proxied),
    )
    try:
        _wait(port)
        is_whole = asyncio.run(measure(port, server.pid, readers))
    finally:
        server.terminate()
        server.wait(30)
    return 0 if is_whole else 1


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
                if b" 200 " in connection.recv(100):
                    return
        except OSError:
            print("waiting for the server…", file=sys.stderr)
        time.sleep(0.5)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    sys.exit(main())

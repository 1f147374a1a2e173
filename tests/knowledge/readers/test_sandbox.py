import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableDocument
from knowledge.readers import SUFFIXES, html, markdown, plain
from knowledge.readers.child import Child, ChildDied
from knowledge.readers.exchange import Answer, decode_answer, encode_request
from knowledge.readers.limits import Limits
from knowledge.readers.reading import Reading
from knowledge.readers.sandbox import Sandbox
from tests.knowledge.patience import patience
from tests.knowledge.readers.office import packed, rewritten
from tests.knowledge.readers.papers import by_hand, lines, paper, stream
from tests.knowledge.readers.readings import BRIEF, assert_sound, blocks_of
from tests.knowledge.readers.test_docx import made as made_docx
from tests.knowledge.readers.test_email import message
from tests.knowledge.readers.test_pptx import made as made_pptx
from tests.knowledge.readers.test_pptx import slide_of
from tests.knowledge.readers.test_sheets import RETURNS, filled
from tests.knowledge.readers.test_sheets import made as made_xlsx

# macOS enforces no limit of memory and has no /proc.
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
SOUND = b"# A title\n\nOne sentence.\n"


def _form_that_draws_itself() -> bytes:
    """Fifty forms in each of fifty forms, and so on: PDFium draws until the end of time."""
    more = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
    )
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            stream(b"/F Do"),
            *(stream(b"/F Do " * 50, more % (number + 1)) for number in range(5, 17)),
            stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"),
        ]
    )


def examples() -> dict[str, bytes]:
    """A sound file of each type."""
    office = {
        ".docx": made_docx(lambda document: document.add_paragraph("One sentence.")),
        ".pptx": made_pptx(lambda presentation: slide_of(presentation, "Title", "One sentence.")),
        ".xlsx": made_xlsx(filled(RETURNS)),
    }
    texts = dict.fromkeys((".md", ".markdown", ".txt", ".text"), SOUND)
    pages = dict.fromkeys((".html", ".htm"), b"<h1>A title</h1><p>One sentence.</p>")
    others = {
        ".csv": b"Country,Returns\nNepal,12\n",
        ".eml": message().as_bytes(),
        ".pdf": paper(lambda canvas: lines(canvas, "One sentence.")),
    }
    return {**texts, **pages, **office, **others}


EXAMPLES = examples()


@contextlib.contextmanager
def sandbox_of(limits: Limits) -> Iterator[Sandbox]:
    made = Sandbox(limits)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with sandbox_of(Limits(seconds=20, unpacked=50_000_000)) as made:
        yield made


def is_sound(sandbox: Sandbox) -> bool:
    return blocks_of(sandbox.read(SOUND, ".md", "name")) == ["One sentence."]


def process_of(sandbox: Sandbox) -> int:
    (child,) = sandbox._idle
    return child.process_id


def test_there_is_an_example_of_every_type() -> None:
    assert set(EXAMPLES) == SUFFIXES


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_type_is_read_through_the_pipe(shared: Sandbox, suffix: str) -> None:
    reading = shared.read(EXAMPLES[suffix], suffix, "name")
    assert reading.blocks
    assert_sound(reading)


def test_what_comes_back_is_what_was_read(shared: Sandbox) -> None:
    raw = (BRIEF + "## Who came\n\nOne. [^first]\n\n- an item \u202e\n").encode()
    assert shared.read(raw, ".md", "name") == markdown.read(raw, "name")
    assert shared.read(b"<p lang=sr>\xc5\xbd", ".html", "name") == html.read(b"<p lang=sr>\xc5\xbd", "name")
    assert shared.read("Живот 👩🏽‍🌾".encode(), ".txt", "name") == plain.read("Живот 👩🏽‍🌾".encode(), "name")


def test_a_name_that_is_no_text_does_no_harm(shared: Sandbox) -> None:
    assert shared.read(b"<p>Text.", ".html", "bad\udcffname").title == "bad?name"


def test_one_process_serves_many_files_and_is_replaced_after_enough() -> None:
    with sandbox_of(Limits(files=3)) as sandbox:
        processes = []
        for _ in range(3):
            assert is_sound(sandbox)
            processes += [child.process_id for child in sandbox._idle]
        assert len(processes) == 2 and len(set(processes)) == 1
        assert is_sound(sandbox)
        assert process_of(sandbox) != processes[0]


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read() -> None:
    with sandbox_of(Limits(seconds=1.5)) as sandbox, patience(20):
        started = time.monotonic()
        with pytest.raises(UnreadableDocument, match=r"took more than 1\.5 seconds to read"):
            sandbox.read(_form_that_draws_itself(), ".pdf", "name")
        assert time.monotonic() - started < 10
        assert is_sound(sandbox)


def test_the_processors_time_is_limited_where_the_clock_waits_for_a_scan() -> None:
    with sandbox_of(Limits(seconds=1)) as sandbox, patience(20):
        child = Child(sandbox.limits)
        try:
            child.await_ready()
            child._send(b"".join(encode_request(".pdf", "name", _form_that_draws_itself())), time.monotonic() + 10)
            assert child._process.wait(timeout=10) == -signal.SIGXCPU
        finally:
            child.end()


@on_linux
def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_read() -> None:
    greedy = made_docx(lambda document: document.add_paragraph("Text."))
    greedy = rewritten(
        greedy, "word/document.xml", lambda xml: xml.replace("<w:body>", "<w:body>" + "<w:p/>" * 1_500_000)
    )
    with sandbox_of(Limits(memory=300_000_000)) as sandbox:
        with pytest.raises(UnreadableDocument, match=r"needs more than 300 MB of memory"):
            sandbox.read(greedy, ".docx", "name")
        assert is_sound(sandbox)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(characters=5), "more than 5 characters"),
        (Limits(blocks=1), "more than 1 paragraphs"),
        (Limits(answer=200), "gives more than 0.0002 MB of text"),
    ],
)
def test_too_much_text_is_refused(limits: Limits, reason: str) -> None:
    with sandbox_of(limits) as sandbox, pytest.raises(UnreadableDocument, match=reason):
        sandbox.read(b"One paragraph.\n\nAnother paragraph.", ".md", "name")


@pytest.mark.parametrize(
    ("suffix", "raw", "reason"),
    [
        (".pdf", b"Not a PDF.", "is no PDF"),
        (".pdf", b"<!DOCTYPE html><p>Sign in", "looks like a web page"),
        (".docx", b"%PDF-1.7 ", "is no DOCX file.*looks like a PDF"),
        (
            ".xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "protected with a password or in the Office format",
        ),
        (".docx", packed(EXAMPLES[".docx"], {"[Content_Types].xml": "<Types/>"}), "no Word, PowerPoint or Excel file"),
        (".docx", b"PK\x03\x04 and no more", "damaged"),
        (".txt", b"%PDF-1.7 ", "looks like a PDF"),
        (".md", EXAMPLES[".docx"], "looks like a zip"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    shared: Sandbox, suffix: str, raw: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        shared.read(raw, suffix, "name")


def test_an_office_file_under_a_wrong_name_is_read_for_what_it_is(shared: Sandbox) -> None:
    assert shared.read(EXAMPLES[".xlsx"], ".docx", "name") == shared.read(EXAMPLES[".xlsx"], ".xlsx", "name")


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
def test_a_zip_bomb_is_refused(shared: Sandbox, suffix: str) -> None:
    part = {
        ".docx": "word/document.xml",
        ".pptx": "ppt/presentation.xml",
        ".xlsx": "xl/worksheets/sheet1.xml",
    }[suffix]
    bomb = packed(EXAMPLES[suffix], {part: b"<a>" + b" " * 60_000_000})
    with pytest.raises(UnreadableDocument, match="unpacks to more than"):
        shared.read(bomb, suffix, "name")
    assert is_sound(shared)


def test_a_process_that_is_killed_in_the_middle_does_not_take_the_file_with_it() -> None:
    with sandbox_of(Limits(seconds=20)) as sandbox, patience(30):
        assert is_sound(sandbox)
        first = process_of(sandbox)
        slow = b"word " * 1_000_000
        killer = threading.Timer(0.1, os.kill, (first, signal.SIGKILL))
        killer.start()
        assert sandbox.read(slow, ".md", "name").blocks
        killer.join()
        assert process_of(sandbox) != first


def test_a_process_that_died_while_it_was_idle_is_replaced() -> None:
    with sandbox_of(Limits()) as sandbox:
        assert is_sound(sandbox)
        os.kill(process_of(sandbox), signal.SIGKILL)
        assert is_sound(sandbox)


def test_a_file_that_kills_its_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> bytes:
        raise ChildDied(signal.SIGSEGV, starting=False)

    with sandbox_of(Limits()) as sandbox:
        monkeypatch.setattr(Child, "ask", die)
        with pytest.raises(UnreadableDocument, match="broke the process that read it"):
            sandbox.read(SOUND, ".md", "name")
        monkeypatch.undo()
        assert is_sound(sandbox)


def test_a_process_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.readers.child._ROOT", "/nowhere")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with sandbox_of(Limits()) as sandbox, pytest.raises(UnreadableDocument, match="does not start"):
        sandbox.read(SOUND, ".md", "name")


def test_many_threads_read_at_once(shared: Sandbox) -> None:
    files = [(suffix, EXAMPLES[suffix]) for suffix in sorted(SUFFIXES)] * 4
    alone = {suffix: shared.read(raw, suffix, "name") for suffix, raw in EXAMPLES.items()}
    with ThreadPoolExecutor(8) as threads:
        for (suffix, _), reading in zip(
            files, threads.map(lambda file: shared.read(file[1], file[0], "name"), files), strict=True
        ):
            assert reading == alone[suffix]
    assert len(shared._alive) <= 2


def test_closing_ends_every_process() -> None:
    sandbox = Sandbox(Limits())
    assert is_sound(sandbox)
    process = process_of(sandbox)
    sandbox.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert is_sound(sandbox)
    sandbox.close()


@on_linux
def test_the_process_has_no_files_no_environment_and_a_group_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    with sandbox_of(Limits()) as sandbox, open(__file__):
        assert is_sound(sandbox)
        process = process_of(sandbox)
        environment = Path(f"/proc/{process}/environ").read_bytes()
        assert b"secret" not in environment and b"HOME=" not in environment
        open_files = {os.readlink(f"/proc/{process}/fd/{number}") for number in os.listdir(f"/proc/{process}/fd")}
        assert all(name == "/dev/null" or name.startswith("pipe:") for name in open_files)
        assert os.getsid(process) == process != os.getsid(0)
        limits = Path(f"/proc/{process}/limits").read_text()
        for name, value in {"Max file size": 0, "Max core file size": 0, "Max address space": 1_500_000_000}.items():
            (line,) = [line for line in limits.splitlines() if line.startswith(name)]
            assert line.split()[-3:-1] == [str(value)] * 2


@pytest.mark.parametrize("end", ["pass", "raise SystemExit(3)", "os.kill(os.getpid(), signal.SIGINT)", "os._exit(0)"])
def test_the_process_ends_with_the_one_that_started_it(end: str) -> None:
    program = (
        "import os, signal, warnings\n"
        "warnings.simplefilter('error')\n"
        "from knowledge.readers.sandbox import SANDBOX\n"
        "SANDBOX.read(b'One sentence.', '.md', 'name')\n"
        "print(SANDBOX._idle[0].process_id, flush=True)\n" + end
    )
    with patience(30):
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True, timeout=25, cwd=ROOT
        )
    assert "Warning" not in done.stderr
    process = int(done.stdout)
    deadline = time.monotonic() + 5
    while _is_running(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(process)


ROOT = Path(__file__).parents[3]


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_process_ends_in_the_middle_of_a_file_where_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(_form_that_draws_itself())
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from knowledge.readers.sandbox import SANDBOX\n"
        "SANDBOX.read(b'One sentence.', '.md', 'name')\n"
        "child = SANDBOX._idle[0]\n"
        "receive = child._receive\n"
        "def sent(*given):\n"
        "    print(child.process_id, flush=True)\n"
        "    return receive(*given)\n"
        "child._receive = sent\n"
        "SANDBOX.read(Path(sys.argv[1]).read_bytes(), '.pdf', 'name')\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "form.pdf")]
    with patience(30), subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 2  # the file alone takes longer
        while _is_running(process) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert not _is_running(process)


def test_an_interrupt_in_the_middle_ends_the_process() -> None:
    with sandbox_of(Limits(seconds=30)) as sandbox, patience(20):
        assert is_sound(sandbox)
        process = process_of(sandbox)
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            sandbox.read(_form_that_draws_itself(), ".pdf", "name")
        timer.join()
        assert not _is_running(process)
        assert is_sound(sandbox)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nothing",
        b"{}",
        b'{"reading": null}',
        b'{"refused": "a", "more": 1}',
        b'{"refused": 3}',
        b'{"reading": {"title": "t", "text": "abc", "blocks": [{"kind": "item", "span": {"start": 0, "end": 9}}]}}',
        b'{"reading": {"title": "t", "text": "abc", "blocks": [{"kind": "song", "span": {"start": 0, "end": 2}}]}}',
        b'{"reading": {"title": "t", "text": "abc", "blocks": [{"kind": "row", "span": {"start": 2, "end": 1}}]}}',
        b'{"reading": {"title": 5, "text": "abc", "blocks": []}}',
    ],
)
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    assert decode_answer(answer) is None


def test_a_reason_from_the_process_is_shown_without_what_a_terminal_would_obey(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = Answer(refused="red \x1b[31m\n" + "x" * 5000).model_dump_json().encode()
    with sandbox_of(Limits()) as sandbox:
        monkeypatch.setattr(Child, "ask", lambda *_: answer)
        with pytest.raises(UnreadableDocument) as refused:
            sandbox.read(SOUND, ".md", "name")
    assert "\x1b" not in str(refused.value) and len(str(refused.value)) <= 500


def read_or_refused(sandbox: Sandbox, raw: bytes, suffix: str) -> Reading | None:
    try:
        reading = sandbox.read(raw, suffix, "name")
    except UnreadableDocument as refused:
        assert str(refused)
        return None
    assert reading.blocks
    assert_sound(reading)
    return reading


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(suffix=st.sampled_from(sorted(SUFFIXES)), raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_the_next_file_is_read(shared: Sandbox, suffix: str, raw: bytes) -> None:
    read_or_refused(shared, raw, suffix)
    assert is_sound(shared)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    suffix=st.sampled_from([".pdf", ".docx", ".pptx", ".xlsx", ".csv", ".eml"]),
    cut=st.floats(0, 1),
    place=st.floats(0, 1),
    noise=st.binary(max_size=40),
)
def test_a_damaged_file_is_read_or_refused_and_the_next_is_read(
    shared: Sandbox, suffix: str, cut: float, place: float, noise: bytes
) -> None:
    raw = EXAMPLES[suffix]
    at = int(len(raw) * place)
    raw = (raw[:at] + noise + raw[at + len(noise) :])[: int(len(raw) * max(cut, 0.5)) + 1]
    read_or_refused(shared, raw, suffix)
    assert is_sound(shared)


_XML_NOISE = ["</w:p>", "<w:p>", "<w:tbl><w:tr><w:tc>", 'w:val="-1"', "&#0;", "<a:t>x</a:t>", '<c r="A1"><v>', "\u202e"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    suffix=st.sampled_from([".docx", ".pptx", ".xlsx"]),
    place=st.floats(0, 1),
    length=st.integers(0, 200),
    noise=st.lists(st.sampled_from(_XML_NOISE), max_size=4).map("".join),
)
def test_a_part_with_other_xml_in_it_is_read_or_refused(
    shared: Sandbox, suffix: str, place: float, length: int, noise: str
) -> None:
    part = {".docx": "word/document.xml", ".pptx": "ppt/slides/slide1.xml", ".xlsx": "xl/styles.xml"}[suffix]

    def change(xml: str) -> str:
        at = int(len(xml) * place)
        return xml[:at] + noise + xml[at + length :] + " "

    read_or_refused(shared, rewritten(EXAMPLES[suffix], part, change), suffix)


def test_a_large_parent_does_not_cost_a_new_process_for_every_file() -> None:
    held = bytearray(b"x") * 900_000_000  # Linux counts it among what a child of this process ever held
    with sandbox_of(Limits()) as sandbox:
        sandbox.read(b"First.", ".txt", "first")
        children = list(sandbox._idle)
        assert len(children) == 1 and len(held) == 900_000_000
        sandbox.read(b"Second.", ".txt", "second")
        assert sandbox._idle == children

"""The command as a whole: its help, wrong usage, and a reader who closes the pipe."""

import re
import subprocess
from pathlib import Path

from tests.integrations.command import MIGDESK, Ran, checked, environment, migdesk

COMMANDS = ("ingest", "ask", "chat", "serve", "status", "doctor", "eval")


def test_help_lists_every_command_with_what_it_does_and_the_exit_codes() -> None:
    ran = migdesk("--help")
    assert ran.code == 0
    listed = {line.strip("│ ").partition(" ")[0] for line in ran.out.splitlines() if re.match(r"│ \w+ +\w", line)}
    assert "130 interrupted" in ran.said
    assert set(COMMANDS) - listed == set()


def test_the_joined_command_has_a_help_of_its_own() -> None:
    ran = migdesk("eval", "predict", "--help")
    assert ran.code == 0
    assert "migdesk eval predict" in ran.said
    assert "--questions" in ran.said


def test_wrong_usage_is_told_in_words() -> None:
    for arguments in (("nonsense",), ("ask", "x", "--top-k", "0"), ("ingest",)):
        ran = migdesk(*arguments)
        assert ran.code == 2, arguments
        assert ran.err.strip(), arguments


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    env = {"OPENAI_BASE_URL": "sk-pasted-into-the-wrong-variable"}
    ran = migdesk("ask", "Who met?", "--data", tmp_path, env=env)
    assert ran.code == 4
    assert "OPENAI_BASE_URL" in ran.said
    assert "sk-pasted" not in ran.said


def test_a_reader_who_closes_the_pipe_sees_no_traceback(base: Path) -> None:
    process = subprocess.Popen(
        [MIGDESK, "status", "--json", "--data", str(base)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=30)
    checked(Ran(process.returncode, "", err))
    assert err == ""

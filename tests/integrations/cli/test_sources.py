"""``migdesk sources``: the list, a look, a refresh, and what is never done without asking.

The command reaches public addresses only, so what fetches is called in this process, or in a process that is given a
``Reach`` of this machine; everything else runs as a user runs it.
"""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidQuestion
from integrations.cli.listing import Wanted, run_add
from integrations.cli.refreshing import Reach, run_check, run_refresh
from knowledge.catalogue import Catalogue
from knowledge.sources.adding import as_toml
from tests.integrations.cli.test_ingesting import documents
from tests.integrations.command import MIGDESK, environment, migdesk
from tests.knowledge.sources.sites import Handler, Reply, Site, loopback, page, robots, status

ENTRY = '[[source]]\nid = "a"\nurl = "https://a.example/"\npublisher = "A"\nreview_days = 30\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def listed(data: Path, site: Site, *ids: str, contact: str = "") -> None:
    entries = "\n".join(as_toml(site.entry(f"/{identifier}", identifier)) for identifier in ids)
    (data / "sources.toml").write_text(contact + entries, encoding="utf-8")


def reach(site: Site) -> Reach:
    return Reach(site.policy, loopback, breath=0)


def refresh(data: Path, site: Site, capsys: pytest.CaptureFixture[str], *ids: str, **more: Any) -> tuple[int, Any]:
    options = {"every": False, "remove_vanished": False, "yes": False} | more
    code = run_refresh(list(ids), file=None, data=data, as_json=True, reach=reach(site), **options)
    return code, json.loads(capsys.readouterr().out)


# ---- the list ----------------------------------------------------------------------------------------------------


def test_without_a_list_the_command_says_how_to_begin_one(data: Path) -> None:
    for command in ("list", "check", "refresh"):
        ran = migdesk("sources", command, "--data", data)
        assert ran.code == 2
        assert f"There is no {data}/sources.toml" in ran.said
        assert "migdesk sources add --library" in ran.said
    assert list(data.iterdir()) == []


def test_a_typo_in_the_list_is_named(data: Path) -> None:
    (data / "sources.toml").write_text(ENTRY + "enabeld = false\n", encoding="utf-8")
    ran = migdesk("sources", "refresh", "--json", "--data", data)
    assert ran.code == 2
    assert 'sources.toml cannot be used:\n  entry 1 ("a"), enabeld: no such key' in ran.json()["error"]["message"]


def test_the_official_pages_are_added_switched_off(data: Path) -> None:
    shipped = migdesk("sources", "list", "--library", "--json").json()["sources"]
    assert len(shipped) > 80
    added = migdesk("sources", "add", "--library", "--json", "--data", data)
    assert (added.code, len(added.json()["added"])) == (0, len(shipped))
    assert migdesk("sources", "add", "--library", "--json", "--data", data).json()["added"] == []
    ran = migdesk("sources", "list", "--data", data)
    assert f"{len(shipped)} pages, 0 switched on, 0 due" in ran.said
    assert "No entry of" in migdesk("sources", "check", "--data", data).said
    off = migdesk("sources", "refresh", shipped[0]["id"], "--data", data)
    assert (off.code, "is switched off in" in off.said) == (2, True)
    nothing = migdesk("sources", "refresh", "--json", "--data", data)
    assert (nothing.code, nothing.json()["pages"]) == (0, [])


def test_a_page_is_added_with_what_is_known_of_it(data: Path) -> None:
    one = migdesk("sources", "add", "https://a.example/b/Report.html", "--data", data)
    assert (one.code, "--publisher NAME" in one.said) == (2, True)
    one = migdesk("sources", "add", "https://a.example/b/Report.html", "--publisher", "A [b]", "--data", data)
    assert (one.code, "1 added" in one.said, "refresh a-example-report" in one.said) == (0, True, True)
    shipped = migdesk("sources", "list", "--library", "--json").json()["sources"][3]
    assert migdesk("sources", "add", shipped["url"], "--data", data).code == 0
    first, second = migdesk("sources", "list", "--json", "--data", data).json()["sources"]
    assert (first["id"], first["publisher"], first["due"], first["status"]) == ("a-example-report", "A [b]", True, None)
    assert second == shipped | {"enabled": True, "due": True}


A = "https://a.example/"
B = "https://b.example/"


@pytest.mark.parametrize(
    ("urls", "wanted", "said"),
    [
        ([], Wanted(), "Name the address of a page"),
        (["http://127.0.0.1/"], Wanted("B"), "is a number"),
        (["https://me@a.example/"], Wanted("B"), "user name"),
        (["https://a.example:8080/"], Wanted("B"), "port 8080"),
        ([A], Wanted("B"), "is in .*sources.toml already"),
        ([B, B], Wanted("B"), "is in .*sources.toml already"),
        ([B], Wanted(), "--publisher NAME"),
        ([B], Wanted("B", identifier="a"), "has the same"),
        ([B], Wanted("B", identifier="A B"), "id: "),
        ([B], Wanted("B", audience="all"), "'all' is not an audience"),
        ([B], Wanted("B", review_days=0), "review_days"),
        ([B, "https://c.example/"], Wanted("B", title="Both"), "one by one"),
    ],
)
def test_what_cannot_be_added_leaves_the_list_as_it_was(urls: list[str], wanted: Wanted, said: str, data: Path) -> None:
    (data / "sources.toml").write_text(ENTRY, encoding="utf-8")
    with pytest.raises(InvalidQuestion, match=said):
        run_add(urls, wanted, False, None, data, False)
    assert (data / "sources.toml").read_text(encoding="utf-8") == ENTRY


# ---- looking and fetching ----------------------------------------------------------------------------------------


def test_the_command_itself_reaches_no_private_address(data: Path, site: Site) -> None:
    """Whatever a list, the environment or a name server says."""
    listed(data, site, "a")
    ran = migdesk("sources", "check", "--data", data)
    assert (ran.code, f"port {site.port} is not used" in ran.said) == (2, True)
    text = (data / "sources.toml").read_text(encoding="utf-8")
    (data / "sources.toml").write_text(text.replace(f"site.example:{site.port}", "localhost.localdomain"), "utf-8")
    ran = migdesk("sources", "check", "--data", data, env={"MIGDESK_POLICY": "all", "http_proxy": site.url("")})
    assert ran.code == 1
    assert "failed a: " in ran.said
    assert site.requests == []


def test_check_looks_and_changes_nothing(data: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    listed(data, site, "a", "b", "c")
    site.replies = {
        "/a": page("Text.", title="A [bold]title"),
        "/b": status(404),
        "/c": page("No."),
        "/robots.txt": robots("User-agent: *\nDisallow: /c"),
    }
    assert run_check([], False, None, data, False, reach(site)) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "there a: A [bold]title (5 characters)" in said
    assert "vanished b: answered 404 (not found)" in said
    assert "refused c: the robots.txt of site.example asks not to fetch /c" in said
    assert run_check(["a"], False, None, data, True, reach(site)) == 0
    (looked,) = json.loads(capsys.readouterr().out)["pages"]
    assert (looked["id"], looked["found"], looked["title"]) == ("a", "there", "A [bold]title")
    assert [path.name for path in data.iterdir()] == ["sources.toml"]


def test_refresh_reports_what_it_did_and_what_it_left(
    data: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(data, site, "a", "b", contact='contact = "desk@example.org"\n')
    site.replies = {"/a": page("The ferry sails on Mondays."), "/b": page("The bus leaves at noon.")}
    code, report = refresh(data, site, capsys)
    assert code == 0
    assert {page["id"]: page["status"] for page in report["pages"]} == {"a": "fetched", "b": "fetched"}
    assert (report["documents"], report["passages"], report["not_withdrawn"]) == (2, 2, "")
    agents = {request.headers["user-agent"] for request in site.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("MigrationDesk/0.") and site.requests[0].path == "/robots.txt"

    site.replies["/b"] = status(410)
    assert run_refresh([], True, False, False, None, data, False, reach(site)) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "0 fetched, 0 changed, 1 not modified, 1 vanished, 0 failed, 0 refused by robots.txt · 0 not due" in said
    assert f"vanished b: {site.url('/b')} answered 410 (gone); last seen 20" in said
    assert "Their documents stay in the base; `migdesk sources refresh --remove-vanished` withdraws them." in said
    assert len(documents(data)) == 2
    rows = migdesk("sources", "list", "--json", "--file", _elsewhere(data), "--data", data).json()["sources"]
    assert rows[0]["status"] is None


def _elsewhere(data: Path) -> Path:
    path = data / "other.toml"
    path.write_text(ENTRY.replace('"a"', '"other"'), encoding="utf-8")
    return path


def test_a_refresh_of_which_nothing_came_is_a_failure(
    data: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(data, site, "a", "b")
    site.replies = {"/a": status(500)}
    code, report = refresh(data, site, capsys)
    assert (code, len(report["pages"]), documents(data)) == (1, 2, [])
    site.replies = {"/a": page("Here.")}
    assert refresh(data, site, capsys)[0] == 0


# ---- withdrawing -------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(data: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> Path:
    """Five documents; the pages of two are dropped from the list afterwards."""
    ids = ["a", "b", "c", "d", "e"]
    site.replies = {f"/{identifier}": page(f"Ferry {identifier} sails.") for identifier in ids}
    listed(data, site, *ids)
    assert refresh(data, site, capsys)[0] == 0
    text = "\n".join(as_toml(site.entry(f"/{identifier}", identifier)) for identifier in ids[2:])
    (data / "sources.toml").write_text(text, encoding="utf-8")
    return data


def held(data: Path) -> str:
    """The documents that were not withdrawn."""
    catalogue = Catalogue(data)
    try:
        return "".join(sorted(known.id for known in catalogue.known().values() if not known.is_withdrawn))
    finally:
        catalogue.close()


def test_a_fifth_is_withdrawn_without_asking_and_more_only_with_yes(
    filled: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = refresh(filled, site, capsys)
    assert (code, [d["document_id"] for d in report["dropped"]], held(filled)) == (0, ["a", "b"], "abcde")
    code, report = refresh(filled, site, capsys, remove_vanished=True)
    assert (code, report["withdrawn"], held(filled)) == (1, [], "abcde")
    assert "2 of 5 documents would be withdrawn, which is more than a fifth" in report["not_withdrawn"]
    assert "run it again with --yes" in report["not_withdrawn"]
    code, report = refresh(filled, site, capsys, remove_vanished=True, yes=True)
    assert (code, report["withdrawn"], report["dropped"], held(filled)) == (0, ["a", "b"], [], "cde")


def test_a_vanished_page_is_withdrawn_when_it_is_wished(
    filled: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(filled, site, "a", "b", "c", "d", "e")
    site.replies["/d"] = status(404)
    code, report = refresh(filled, site, capsys, "d")
    assert (code, held(filled)) == (1, "abcde")
    code, report = refresh(filled, site, capsys, every=True, remove_vanished=True)
    assert (code, report["withdrawn"], held(filled)) == (0, ["d"], "abce")
    assert migdesk("status", "--json", "--data", filled).json()["index_state"] == "up to date"


@pytest.mark.parametrize(("answer", "kept"), [("n", "abcde"), ("", "abcde"), ("y", "cde")])
def test_at_a_terminal_it_asks(answer: str, kept: str, filled: Path, site: Site) -> None:
    """The command as it is: no page is listed any more that it would have to fetch."""
    switched_off = ENTRY + "enabled = false\n"
    rest = "".join(switched_off.replace('"a"', f'"{i}"').replace("a.example", f"{i}.example") for i in "cde")
    (filled / "sources.toml").write_text(rest, encoding="utf-8")
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [MIGDESK, "sources", "refresh", "--remove-vanished", "--data", str(filled)],
            stdin=theirs,
            stderr=theirs,
            stdout=subprocess.PIPE,
            text=True,
            env=environment({"TERM": "dumb"}),
        )
        os.write(ours, f"{answer}\n".encode())
        out, _ = process.communicate(timeout=60)
        os.set_blocking(ours, False)
        asked = os.read(ours, 10_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "2 of 5 documents would be withdrawn" in asked
    assert process.returncode == (0 if kept == "cde" else 1)
    assert ("2 withdrawn: a, b" in out) == (kept == "cde")
    assert held(filled) == kept


# ---- interrupted -------------------------------------------------------------------------------------------------

DRIVER = """
import sys
from pathlib import Path
from ipaddress import ip_address
from integrations.cli.failures import handled
from integrations.cli.refreshing import Reach, run_refresh
from knowledge.sources.addresses import Policy
import typer
loopback = ip_address("127.0.0.1")
reach = Reach(Policy(frozenset({loopback}), frozenset({int(sys.argv[2])})), lambda host: (loopback,), 0)
try:
    with handled(False):
        run_refresh([], False, False, False, None, Path(sys.argv[1]), False, reach)
except typer.Exit as ended:
    sys.exit(ended.exit_code)
"""


def test_an_interrupted_refresh_leaves_a_whole_base(data: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    arrived, over = threading.Event(), threading.Event()

    def hangs(handler: Handler) -> None:
        handler.close_connection = True
        arrived.set()
        over.wait(30)

    pages: dict[str, Reply] = {f"/{n}": page(f"Ferry {n} sails.") for n in range(60)}
    site.replies = pages | {"/55": hangs}
    listed(data, site, *map(str, range(60)))
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(data), str(site.port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=Path(__file__).parents[3],
    )
    try:
        assert arrived.wait(60)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    finally:
        over.set()
        process.kill()
    assert process.returncode == 130, err
    assert "Interrupted. What was finished before is kept." in err
    assert len(documents(data)) == 50
    assert migdesk("status", "--json", "--data", data).json()["index_state"] == "up to date"
    site.replies = pages
    code, report = refresh(data, site, capsys)
    assert (code, report["settled"], len(report["pages"]), report["documents"]) == (0, 50, 10, 60)

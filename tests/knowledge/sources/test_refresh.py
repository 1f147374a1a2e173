"""Keeping a base in step with pages that come, change, vanish and come back."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from knowledge.decisions import Decisions
from knowledge.ingest import Ingest
from knowledge.sources import refresh as refreshing
from knowledge.sources.manners import Manners
from knowledge.sources.refresh import Refresh
from knowledge.sources.registry import Entry
from knowledge.sources.report import RefreshReport
from knowledge.sources.state import load_state
from knowledge.sources.withdrawing import withdraw
from tests.knowledge.bases import contents, documents_found, ingest, search, write
from tests.knowledge.embedders import word_embedder
from tests.knowledge.sources.sites import Handler, Site, conditional, page, redirect, robots, send, status
from tests.knowledge.sources.test_state import NOW

pytestmark = pytest.mark.usefixtures("probed_here")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


class Desk:
    """Refreshes one base from one site, on the day it is told."""

    def __init__(self, data: Path, site: Site) -> None:
        self.data = data
        self.site = site
        self.now: datetime = NOW

    def __call__(self, *entries: Entry, only: str = "", every: bool = False) -> RefreshReport:
        self.site.requests.clear()
        run = Refresh(self.data, Ingest(self.data, word_embedder()), *self.site.guest(), now=lambda: self.now)
        return run.run(entries, frozenset(only.split()), every)

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def refresh(data: Path, site: Site) -> Desk:
    return Desk(data, site)


def statuses(report: RefreshReport) -> dict[str, str]:
    return {page.id: page.status for page in report.pages}


def texts(data: Path) -> dict[str, str]:
    return {identifier: document.text for identifier, document in contents(data).documents.items()}


def test_a_page_becomes_a_document_with_what_the_list_says_of_it(refresh: Desk, site: Site, data: Path) -> None:
    site.replies = {"/a": page("The ferry at Bar sails on Mondays.", title="Ferry")}
    report = refresh(site.entry("/a", "ferry", language="en"))
    assert statuses(report) == {"ferry": "fetched"}
    assert (report.pages[0].document_id, report.pages[0].last_seen, report.documents) == ("ferry", "2026-11-22", 1)
    source = contents(data).documents["ferry"].source
    assert (source.title, source.publisher, source.url) == ("Ferry", "The Ministry", site.url("/a"))
    assert (source.origin, source.language, source.audience) == (site.url("/a"), "en", "public")
    assert documents_found(search(data, "When does the ferry at Bar sail?")) == ["ferry"]


def test_pages_are_asked_for_when_they_are_due(refresh: Desk, site: Site) -> None:
    site.replies = {"/a": page("A ferry."), "/b": page("A bus.")}
    entries = (site.entry("/a", "a"), site.entry("/b", "b", enabled=False))
    assert statuses(refresh(*entries)) == {"a": "fetched"}
    refresh.later(29)
    report = refresh(*entries)
    assert (statuses(report), report.settled, site.requests) == ({}, 1, [])
    assert statuses(refresh(*entries, every=True)) == {"a": "not modified"}
    refresh.later(29)
    assert statuses(refresh(*entries)) == {}
    assert statuses(refresh(*entries, only="a")) == {"a": "not modified"}
    refresh.later(30)
    assert statuses(refresh(*entries)) == {"a": "not modified"}


@pytest.mark.parametrize(
    ("etag", "last_modified"), [('"v1"', None), (None, "Mon, 01 Jun 2026 00:00:00 GMT"), ('W/"v1"', "whenever")]
)
def test_a_page_that_did_not_change_is_not_sent_again(
    etag: str | None, last_modified: str | None, refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {"/a": conditional("A ferry.", etag, last_modified)}
    refresh(site.entry("/a"))
    for _ in range(2):
        report = refresh(site.entry("/a"), every=True)
        assert (statuses(report), report.passages) == ({"page": "not modified"}, 0)
        headers = site.requests[-1].headers
        assert (headers.get("if-none-match"), headers.get("if-modified-since")) == (etag, last_modified)
    site.replies = {"/a": conditional("A ferry and a bus.", '"v2"', "later")}
    assert statuses(refresh(site.entry("/a"), every=True)) == {"page": "changed"}
    assert texts(data) == {"page": "A ferry and a bus."}


def test_a_document_that_was_taken_out_is_fetched_anew_although_the_page_did_not_change(
    refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {"/a": conditional("A ferry.", '"v1"')}
    refresh(site.entry("/a"))
    catalogue = Catalogue(data)
    catalogue.remove("page")
    catalogue.close()
    assert statuses(refresh(site.entry("/a"))) == {"page": "fetched"}
    assert "if-none-match" not in site.requests[-1].headers
    assert texts(data) == {"page": "A ferry."}


@pytest.mark.parametrize("code", [404, 410])
def test_a_vanished_page_keeps_its_document_and_is_told_each_time_until_it_is_back(
    code: int, refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {"/a": page("A ferry."), "/b": page("A bus.")}
    entries = (site.entry("/a", "a"), site.entry("/b", "b"))
    refresh(*entries)
    site.replies["/a"] = status(code)
    for days in (30, 1, 1):
        refresh.later(days)
        report = refresh(*entries)
        assert statuses(report)["a"] == "vanished"
        assert [(p.id, p.last_seen, p.document_id) for p in report.vanished] == [("a", "2026-11-22", "a")]
        assert texts(data) == {"a": "A ferry.", "b": "A bus."}
    assert [p.id for p in refresh(*entries, only="b").vanished] == ["a"]
    site.replies["/a"] = page("A ferry.")
    report = refresh(*entries)
    assert (statuses(report), report.vanished) == ({"a": "not modified"}, [])


def test_a_page_that_fails_or_is_refused_keeps_its_document_and_is_tried_next_time(
    refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {"/a": page("A ferry.")}
    refresh(site.entry("/a"))
    for reply, status_, reason in (
        (status(500), "failed", "answered with status 500"),
        (redirect("http://10.0.0.1/"), "failed", "redirects to"),
        (send(200, b"x", Content_Type="image/png"), "failed", "image/png"),
    ):
        refresh.later(31)
        site.replies["/a"] = reply
        (seen,) = refresh(site.entry("/a")).pages
        assert (seen.status, seen.last_seen, seen.document_id) == (status_, "2026-11-22", "page")
        assert reason in seen.reason
    site.replies |= {"/robots.txt": robots("User-agent: *\nDisallow: /")}
    assert statuses(refresh(site.entry("/a"))) == {"page": "refused"}
    assert texts(data) == {"page": "A ferry."}


def test_an_entry_that_was_dropped_is_told_and_kept_and_one_that_moved_keeps_its_document(
    refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {"/a": page("A ferry."), "/b": page("A bus.")}
    refresh(site.entry("/a", "a"), site.entry("/b", "b"))
    site.replies["/new"] = page("A ferry, elsewhere.")
    report = refresh(site.entry("/new", "a"))
    assert statuses(report) == {"a": "fetched"}
    assert [(d.document_id, d.url) for d in report.dropped] == [("b", site.url("/b"))]
    assert texts(data) == {"a": "A ferry, elsewhere.", "b": "A bus."}
    report = refresh(site.entry("/gone", "a"))
    assert (statuses(report), report.vanished) == ({"a": "vanished"}, [])
    assert [d.document_id for d in report.dropped] == ["b"]


def test_a_document_that_an_operator_withdrew_stays_withdrawn_and_is_not_told_as_left(
    refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {f"/{identifier}": page(f"Ferry {identifier}.") for identifier in "abc"}
    entries = [site.entry(f"/{identifier}", identifier) for identifier in "abc"]
    refresh(*entries)
    for identifier in "ab":
        Decisions(data).withdraw("operator", identifier, "wrong")
    site.replies |= {"/a": page("Another ferry."), "/b": status(404)}
    report = refresh(*entries, every=True)
    notes = {seen.id: seen.note for seen in report.pages}
    assert notes == {**dict.fromkeys("ab", "its document was withdrawn, and stays so until it is reinstated"), "c": ""}
    assert (report.documents, report.to_withdraw) == (1, {})
    assert [d.document_id for d in refresh().dropped] == ["c"]
    assert documents_found(search(data, "Another ferry.")) == ["c"]


def test_more_than_a_fifth_is_much(refresh: Desk, site: Site, data: Path) -> None:
    site.replies = {f"/{n}": page(f"Ferry {n}.") for n in range(10)}
    entries = [site.entry(f"/{n}", f"n{n}") for n in range(10)]
    refresh(*entries)
    report = refresh(*entries[2:])
    assert (sorted(report.to_withdraw), report.documents, report.removes_much) == (["n0", "n1"], 10, False)
    site.replies["/2"] = status(410)
    report = refresh(*entries[2:], every=True)
    assert (sorted(report.to_withdraw), report.removes_much) == (["n0", "n1", "n2"], True)
    withdraw(data, report.to_withdraw)
    assert set(documents_found(search(data, "Ferry 1."))) == {f"n{n}" for n in range(3, 10)}
    after = refresh(*entries[2:], every=True)
    assert (after.documents, after.to_withdraw, after.removes_much) == (7, {}, False)
    Decisions(data).reinstate("operator", "n1", "wanted after all")
    assert "n1" in documents_found(search(data, "Ferry 1."))


def test_an_audience_that_was_narrowed_holds_whether_or_not_the_page_can_be_fetched(
    refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {f"/{n}": conditional(f"Ferry {n}.", f'"{n}"') for n in range(4)}
    refresh(*(site.entry(f"/{n}", f"n{n}") for n in range(4)))
    site.replies |= {"/1": status(404), "/2": status(500)}
    narrowed = [site.entry(f"/{n}", f"n{n}", audience="staff", enabled=n != 3) for n in range(4)]
    report = refresh(*narrowed)
    assert statuses(report) == {"n0": "not modified", "n1": "vanished", "n2": "failed"}
    assert {d.source.audience for d in contents(data).documents.values()} == {"staff"}
    assert search(data, "Ferry 1.") == []
    assert len(documents_found(search(data, "Ferry 1.", "staff"))) == 4
    again = refresh(*narrowed)
    assert (statuses(again), again.passages) == ({"n1": "vanished", "n2": "failed"}, 0)
    assert {d.text for d in contents(data).documents.values()} == {f"Ferry {n}." for n in range(4)}


def test_a_new_publisher_or_title_is_taken_over_without_a_change_of_the_page(
    refresh: Desk, site: Site, data: Path
) -> None:
    site.replies = {"/a": conditional("A ferry.", '"v1"')}
    refresh(site.entry("/a"))
    renamed = site.entry("/a", title="The ferry").model_copy(update={"publisher": "The Agency"})
    assert statuses(refresh(renamed)) == {"page": "not modified"}
    source = contents(data).documents["page"].source
    assert (source.title, source.publisher) == ("The ferry", "The Agency")


def test_a_page_does_not_take_the_id_of_a_file(refresh: Desk, site: Site, data: Path, tmp_path: Path) -> None:
    ingest(data, write(tmp_path / "papers", {"ferry.txt": "A file."}))
    site.replies = {"/a": page("A page.")}
    (seen,) = refresh(site.entry("/a", "ferry.txt")).pages
    assert seen.status == "failed"
    assert f"its id is already that of the document from {tmp_path}/papers/ferry.txt" in seen.reason
    assert texts(data) == {"ferry.txt": "A file."}
    assert site.requests == []


def test_a_damaged_state_asks_for_everything_and_loses_nothing(refresh: Desk, site: Site, data: Path) -> None:
    site.replies = {"/a": conditional("A ferry.", '"a"'), "/b": conditional("A bus.", '"b"')}
    entries = (site.entry("/a", "a"), site.entry("/b", "b"))
    refresh(*entries)
    (data / "sources.json").write_text("{", encoding="utf-8")
    site.replies["/b"] = status(404)
    report = refresh(*entries)
    assert "was damaged" in report.remark
    assert statuses(report) == {"a": "not modified", "b": "vanished"}
    assert [(p.id, p.last_seen) for p in report.vanished] == [("b", None)]
    assert texts(data) == {"a": "A ferry.", "b": "A bus."}
    assert "if-none-match" not in site.requests[1].headers


def test_one_request_at_a_time_a_host_and_hosts_in_turn(refresh: Desk, site: Site) -> None:
    site.replies = {f"/{n}": page(f"Ferry {n}.") for n in range(4)}
    entries = [site.entry(f"/{n}", f"n{n}") for n in range(4)]
    other = [e.model_copy(update={"id": e.id + "x", "url": e.url.replace("site.", "other.")}) for e in entries[:2]]
    report = refresh(*entries, *other)
    assert [p.id for p in report.pages] == ["n0", "n0x", "n1", "n1x", "n2", "n3"]
    assert site.most_at_once == 1
    assert len(site.paths) == 6 + 2


def test_a_host_that_is_down_costs_one_try(data: Path) -> None:
    with Site() as site:
        entries = [site.entry(f"/{n}", f"n{n}") for n in range(3)]
    report = Desk(data, site)(*entries)
    assert set(statuses(report).values()) == {"failed"}
    reasons = [page.reason for page in report.pages]
    assert "cannot be reached" in reasons[0]
    assert reasons[1] == reasons[2] == f"site.example is left alone for the rest of this run ({reasons[0]})"
    assert report.documents == 0


def test_an_interruption_keeps_what_was_written_whole_and_the_next_run_completes_it(
    refresh: Desk, site: Site, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "_AT_A_TIME", 2)
    site.replies = {f"/{n}": page(f"Ferry {n}.") for n in range(6)}
    entries = [site.entry(f"/{n}", f"n{n}") for n in range(6)]
    before = Manners.before

    def interrupted(self: Manners, target: object) -> None:
        if getattr(target, "path", "") == "/3":
            raise KeyboardInterrupt
        before(self, target)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Manners, "before", interrupted)
        refresh(*entries)
    assert texts(data) == {"n0": "Ferry 0.", "n1": "Ferry 1."}
    assert set(load_state(data).pages) == {"n0", "n1"}
    assert documents_found(search(data, "Ferry 1."))[:1] == ["n1"]
    report = refresh(*entries)
    assert (statuses(report), report.settled) == ({f"n{n}": "fetched" for n in range(2, 6)}, 2)
    assert len(texts(data)) == 6


def test_pages_are_taken_in_even_when_others_hang_up(refresh: Desk, site: Site, data: Path) -> None:
    gone = threading.Event()

    def hangs_up(handler: Handler) -> None:
        handler.close_connection = True
        gone.set()

    site.replies = {"/a": hangs_up, "/b": page("A bus.")}
    report = refresh(site.entry("/a", "a"), site.entry("/b", "b"))
    assert statuses(report) == {"a": "failed", "b": "fetched"}
    assert gone.is_set()
    assert texts(data) == {"b": "A bus."}

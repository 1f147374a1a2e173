"""One look at a page: what is read of it, what is not, and what the operator is told."""

import pytest

from knowledge.ingest import READERS_VERSION
from knowledge.sources.looking import Look, candidate_of, look_at
from knowledge.sources.state import Seen
from tests.knowledge.sources.sites import Reply, Site, html, page, redirect, robots, send, status
from tests.knowledge.sources.test_state import NOW


def look(reply: Reply, path: str = "/a", **more: Reply) -> Look:
    with Site({path: reply, **{f"/{name}": other for name, other in more.items()}}) as site:
        return look_at(site.entry(path), *site.guest())


def sent(body: bytes, content_type: str) -> Reply:
    return send(200, body, Content_Type=content_type)


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (sent(html("Šumadija."), "text/html; charset=utf-8"), "Šumadija."),
        (sent(html("Šumadija."), "TEXT/HTML"), "Šumadija."),
        (sent(html("Šumadija."), "application/xhtml+xml"), "Šumadija."),
        (sent("<html><p>Šumadija.</p>".encode("cp1250"), "text/html;charset=Windows-1250"), "Šumadija."),
        (sent("<html><p>Шабац.</p>".encode("koi8-r"), 'text/html; charset="KOI8-R"'), "Шабац."),
        (sent(html("Šumadija."), "application/octet-stream"), "Šumadija."),
        (sent(b"\xef\xbb\xbf \n" + html("Text."), ""), "Text."),
        (sent("Šumadija.".encode(), "text/plain"), "Šumadija."),
        (sent(b"---\nid: taken\naudience: staff\n---\n# A", "text/plain"), "id: taken"),
    ],
)
def test_the_content_type_picks_the_reader(reply: Reply, text: str) -> None:
    found = look(reply)
    assert found.found == "there", found.reason
    assert found.reading is not None
    assert text in found.reading.text
    assert found.reading.id is None


@pytest.mark.parametrize(
    ("reply", "found", "reason"),
    [
        (sent(b"\x89PNG", "image/png"), "failed", "of a type that is not read (image/png)"),
        (sent(b"PK\x03\x04", "application/octet-stream"), "failed", "(application/octet-stream)"),
        (sent(b"# Title", "text/markdown"), "failed", "(text/markdown)"),
        (sent(b"x", "text/\x1b[31mhtml"), "failed", "(text/[31mhtml)"),
        (sent(b"<html><script>x()</script>", "text/html"), "failed", "cannot be read: holds no text"),
        (sent(b"", "text/html"), "failed", "cannot be read: "),
        (sent(b"\xff\xfe\xfd", "text/html"), "failed", "cannot be read: "),
        (sent(b"%PDF-1.7 rubbish", "text/html"), "failed", "cannot be read: "),
        (status(404), "vanished", "answered 404 (not found)"),
        (status(410), "vanished", "answered 410 (gone)"),
        (status(403), "failed", "answered with status 403"),
        (status(500), "failed", "answered with status 500"),
        (status(304), "failed", "answered with status 304"),
        (redirect("http://10.0.0.1/"), "failed", "redirects to an address that is not followed"),
        (redirect("http://x.example:22/"), "failed", "port 22 is not used"),
    ],
)
def test_what_is_no_page_to_read_is_told_with_the_reason(reply: Reply, found: str, reason: str) -> None:
    looked = look(reply)
    assert (looked.found, looked.reading) == (found, None)
    assert reason in looked.reason
    assert looked.reason.isprintable()


def test_a_page_that_robots_refuses_is_refused() -> None:
    with Site({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/a": page("A.")}) as site:
        assert look_at(site.entry("/a"), *site.guest()).found == "refused"


@pytest.mark.parametrize("front", ["/", "/en", "/en/", "/sr-Latn/", "/index.html", "/home"])
def test_a_page_that_leads_to_the_front_page_is_not_replaced_by_it(front: str) -> None:
    with Site({"/old/report": redirect(front, 301), front: page("Welcome.")}) as site:
        looked = look_at(site.entry("/old/report"), *site.guest())
        assert looked.found == "failed"
        assert f"leads to the front page http://site.example:{site.port}{front} now" in looked.reason
        assert look_at(site.entry(front), *site.guest()).found == "there"


def test_a_page_that_moved_is_read_and_its_new_address_told() -> None:
    with Site({"/a": redirect("/b", 308), "/b": page("Text.", ETag='"b"'), "/c": redirect("/b", 302)}) as site:
        moved = look_at(site.entry("/a"), *site.guest())
        assert moved.found == "there"
        assert moved.note == f"has moved to http://site.example:{site.port}/b; put that address into sources.toml"
        assert moved.etag is None  # it is that of another address
        assert look_at(site.entry("/c"), *site.guest()).note == ""


def test_only_a_sound_etag_is_sent_again_and_only_for_what_this_reader_read() -> None:
    with Site({"/a": page("A.", ETag="\xe9", Last_Modified="Mon, 01 Jun 2026 00:00:00 GMT")}) as site:
        entry = site.entry("/a")
        looked = look_at(entry, *site.guest())
        assert (looked.etag, looked.last_modified) == (None, "Mon, 01 Jun 2026 00:00:00 GMT")
        seen = Seen(url=entry.url, status="fetched", checked_at=NOW, etag="a\r\nX: y", last_modified="then")
        for readers, conditions in ((READERS_VERSION, (None, "then")), ("0", (None, None))):
            look_at(entry, *site.guest(), seen.model_copy(update={"readers": readers}))
            headers = site.requests[-1].headers
            assert (headers.get("if-none-match"), headers.get("if-modified-since")) == conditions


def test_what_the_entry_says_goes_before_what_the_page_says_and_an_audience_only_narrows() -> None:
    with Site({"/a": page("A.", title="Its own title")}) as site:
        reading = look_at(site.entry("/a"), *site.guest()).reading
        assert reading is not None
        plain = candidate_of(site.entry("/a"), reading).read()[1]
        assert (plain.title, plain.language, plain.audience) == ("Its own title", "en", "public")
        assert (plain.publisher, plain.url) == ("The Ministry", site.url("/a"))
        said = candidate_of(site.entry("/a", title="Ours", language="sr-Latn", audience="staff"), reading)
        assert (said.origin, said.name) == (site.url("/a"), "page")
        made = said.read()[1]
        assert (made.title, made.language, made.audience) == ("Ours", "sr-Latn", "staff")


def test_what_changes_at_every_visit_but_is_not_read_makes_no_other_document() -> None:
    def visit(token: str, text: str = "A.") -> bytes:
        body = html(text).replace(b"<main>", f"<script>{token}</script><nav>{token}</nav><main>".encode())
        with Site({"/a": sent(body, "text/html")}) as site:
            reading = look_at(site.entry("/a"), *site.guest()).reading
            assert reading is not None
            return candidate_of(site.entry("/a", language="en"), reading).read()[0].replace(b"%d" % site.port, b"")

    assert visit("one") == visit("two")
    assert visit("one") != visit("one", "B.")

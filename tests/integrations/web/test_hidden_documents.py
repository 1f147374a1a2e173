"""Over HTTP, a document that is not for everybody, or was withdrawn, answers like one that never was: the same status,
the same bytes, the same headers, by every address and in every version."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowledge.candidates import files_in
from knowledge.decisions import Decisions
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import serving_desk

ABSENT = "never-was.md"
STAFF, PARTNER, WITHDRAWN, LATER_PUBLIC = "for-staff.md", "for-nepal.md", "withdrawn.md", "later-public.md"
HIDDEN = [STAFF, PARTNER, WITHDRAWN]
SECRETS = ["Ognjena", "Vukoman", "Petkovski", "Vlasina", "denars", *HIDDEN]
PUBLIC_DOCUMENTS = {
    "border-posts.md": "# Opening hours of two border posts\n\nThe border post at Tabanovce is open all night.\n",
    LATER_PUBLIC: "# The reception centre at Bujanovac\n\nThe reception centre at Bujanovac has room for 220 people.\n",
}
FIRST_HIDDEN = {
    STAFF: "# Memo\n\nThe duty officer of the Vlasina hotline is Ognjena Vukoman.\n",
    PARTNER: "# Letter\n\nThe delegation from Nepal is offered 8450 denars for each returning family.\n",
    WITHDRAWN: "# Draft\n\nZoran Petkovski says that the border post at Tabanovce closes for good.\n",
}
QUESTIONS = [
    "Who is the duty officer of the Vlasina hotline?",
    "What does Zoran Petkovski say of the border post at Tabanovce?",
    "How many denars is the delegation from Nepal offered?",
    "Is the border post at Tabanovce open all night?",
    "Who works in the reception centre at Bujanovac, is it Ognjena Vukoman?",
]
VERSIONS = ["", *(f"?version={number}" for number in (1, 2, 3, 2**31, 2**63, 10**30, 0, -1, "x", ""))]
ADDRESSES = ["/api/documents/{}", "/api/originals/{}", "/library/{}"]


def ingested(data: Path, folder: Path, documents: dict[str, str], embedder: Embedder, audience: str | None) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = Ingest(data, embedder).run(files_in([folder])[0], audience)
    assert not report.refused


def public_base(root: Path, embedder: Embedder) -> Path:
    """What everybody may see, and nothing else was ever there."""
    ingested(root / "data", root / "public", PUBLIC_DOCUMENTS, embedder, None)
    return root / "data"


@pytest.fixture(scope="module")
def full_base(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The same, with documents for others and one that was withdrawn, each in two versions; and what is public now was
    for staff in its first version."""
    root = tmp_path_factory.mktemp("full")
    data = root / "data"
    first = f"---\naudience: staff\n---\n{FIRST_HIDDEN[STAFF]}"
    ingested(data, root / "public", {LATER_PUBLIC: first}, embedder, None)
    public_base(root, embedder)
    for more in ("", "\nThis is the second version of it.\n"):
        for name, audience in ((STAFF, "staff"), (PARTNER, "partner:nepal"), (WITHDRAWN, None)):
            ingested(data, root / name.removesuffix(".md"), {name: FIRST_HIDDEN[name] + more}, embedder, audience)
    Decisions(data).withdraw("ana", WITHDRAWN, "a mistake")
    return data


@pytest.fixture(scope="module")
def full(full_base: Path, desk_on: DeskOn) -> Iterator[str]:
    with serving_desk(desk_on(full_base)) as address:
        yield address


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, desk_on: DeskOn) -> Iterator[str]:
    data = public_base(tmp_path_factory.mktemp("bare"), embedder)
    with serving_desk(desk_on(data)) as address:
        yield address


def told(response: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a client can see of a response."""
    return response.status_code, response.content, [h for h in response.headers.multi_items() if h[0] != "date"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_hidden_document_answers_like_one_that_never_was(full: str, address: str, version: str) -> None:
    with httpx.Client(timeout=30) as client:
        absent = told(client.get(f"{full}{address.format(ABSENT)}{version}"))
        assert absent[0] in (404, 422)
        for name in HIDDEN:
            assert told(client.get(f"{full}{address.format(name)}{version}")) == absent
            assert told(client.get(f"{full}{address.format(name)}{version}", headers={"If-None-Match": "*"})) == absent


@pytest.mark.parametrize("address", ["/api/documents/{}", "/api/originals/{}"])
def test_a_hidden_version_of_a_public_document_answers_like_one_that_never_was(full: str, address: str) -> None:
    def at(version: str) -> httpx.Response:
        return httpx.get(f"{full}{address.format(LATER_PUBLIC)}{version}", timeout=30)

    for version in ("", "?version=2"):
        assert at(version).status_code == 200
        assert b"Bujanovac" in at(version).content and b"Vlasina" not in at(version).content
    assert at("?version=1").status_code == 404
    assert told(at("?version=1")) == told(at("?version=7")) == told(at(f"?version={10**30}"))


@pytest.mark.parametrize("address", ["/api/library", "/library", "/api/library?country=RS", "/library?country=RS"])
def test_the_library_lists_what_it_would_if_nothing_hidden_were_there(full: str, bare: str, address: str) -> None:
    there, here = httpx.get(f"{bare}{address}", timeout=30), httpx.get(f"{full}{address}", timeout=30)
    assert here.status_code == 200
    assert told(here) == told(there)


def masked(response: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    """Without what differs between two answers to the same question of one and the same desk: which version of a public
    document was cited (a hidden one before it has a number too), its passages' ids, times, the answer's own id and
    conversation, and the token of a new visitor."""
    text = re.sub(r'("timings_ms": ?)\{[^}]*\}', r"\1{}", response.text)
    text = re.sub(r'("version": ?)\d+', r"\1", text)
    text = re.sub(r'("passage_id": ?)"[0-9a-f]+"', r"\1", text)
    text = re.sub(r'("(?:answer_id|conversation)": ?)"[\w-]{22}"', r"\1", text)
    text = re.sub(r"(?m)^id: [0-9a-f]{32}/", "id: /", text)
    status, _, headers = told(response)
    return status, text, [header for header in headers if header[0] not in ("content-length", "set-cookie")]


@pytest.mark.parametrize("where", ["ask", "chat"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_as_if_nothing_hidden_were_there(
    full: str, bare: str, where: str, question: str
) -> None:
    asked: dict[str, Any]
    for asked in (
        {"question": question},
        {"question": question, "as_of": "2031-01-01"},
        {"question": "And there?", "history": [{"role": "user", "text": question}]},
        {"question": question, "language": "sr"},
    ):
        here, there = (httpx.post(f"{site}/api/{where}", json=asked, timeout=30) for site in (full, bare))
        assert here.status_code == 200
        assert masked(here) == masked(there)
        answered = here.text.replace(json.dumps(question)[1:-1], "")
        assert not [secret for secret in SECRETS if secret in answered and secret not in question]


def test_a_document_that_is_withdrawn_while_the_desk_is_open_is_gone_from_the_next_request(
    tmp_path: Path, embedder: Embedder, desk_on: DeskOn
) -> None:
    data = public_base(tmp_path, embedder)
    question = {"question": "How many people has the reception centre at Bujanovac room for?"}
    with serving_desk(desk_on(data)) as address, httpx.Client(timeout=30) as client:
        assert "220" in client.post(f"{address}/api/ask", json=question).json()["text"]
        for path in ADDRESSES:
            assert client.get(f"{address}{path.format(LATER_PUBLIC)}").status_code == 200
        Decisions(data).withdraw("ana", LATER_PUBLIC, "a mistake")
        assert "220" not in client.post(f"{address}/api/ask", json=question).text
        assert LATER_PUBLIC not in client.get(f"{address}/api/library").text
        for path in ADDRESSES:
            gone = client.get(f"{address}{path.format(LATER_PUBLIC)}")
            assert told(gone) == told(client.get(f"{address}{path.format(ABSENT)}"))
        Decisions(data).reinstate("ana", LATER_PUBLIC, "it was none")
        assert "220" in client.post(f"{address}/api/ask", json=question).json()["text"]

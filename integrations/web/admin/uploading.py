"""A document that an operator brings: taken in with an audience, read in a process of its own, told what came of it.

A new version of a document that is ingested from somewhere stays there as long as the file in that place stays as it is
(see ``knowledge.uploads``). That is said before and after, with the place: whoever looks after it has to bring the new
file there, or the next change of the old one takes the upload's place.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from integrations.web.admin.deciding import decider
from integrations.web.admin.decision_forms import audiences
from integrations.web.admin.gaps import found_gaps, ids_of
from integrations.web.admin.office import Office, TheOffice, Told
from integrations.web.admin.parts import (
    actions,
    button,
    choice,
    counted,
    entry,
    facts,
    field,
    foreign,
    form,
    hidden,
    link,
    notice,
    section,
    words,
)
from integrations.web.markup import Markup, element
from knowledge.audiences import parse_audience
from knowledge.candidates import Candidate
from knowledge.decisions import Decisions
from knowledge.errors import InvalidDecision, UnknownDocument, UnreadableDocument
from knowledge.ingest import Ingest
from knowledge.originals import digest_of
from knowledge.readers import SUFFIXES
from knowledge.readers.reading import Reading
from knowledge.readers.sandbox import SANDBOX
from knowledge.types import IngestReport
from knowledge.uploads import PLACE, is_ingested
from knowledge.validity import parse_day

router = APIRouter()
PATH = "/admin/documents/upload"
MOST_BYTES = 50_000_000
# What a body may hold; a file that is a little too large is told so in words.
MOST_SENT = 2 * MOST_BYTES
_FIELDS = 16
_LONGEST_FIELD = 4096
_LONGEST = 300
_SAID = ("title", "publisher", "url", "published", "successor_of", "replaces", "gap")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file with what the operator says of it. ``replaces`` is the document that it is a new version of, ``gap`` an
    answer that was missing for want of it."""

    raw: bytes
    name: str
    audience: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""
    successor_of: str = ""
    replaces: str = ""
    gap: str = ""

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()


@router.get("/documents/upload")
async def ask(office: TheOffice, gap: str = "", id: str = "") -> HTMLResponse:
    return await _shown(office, {"gap": " ".join(ids_of(gap)[:1]), "replaces": id[:1000]})


@router.post("/documents/upload")
async def take(office: TheOffice) -> Response:
    """Read only now that it is known who sends it."""
    async with office.request.form(max_files=1, max_fields=_FIELDS, max_part_size=_LONGEST_FIELD) as sent:
        said = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename or not file.size:
            return await _shown(office, said, problem="Choose a file that is not empty.")
        if file.size > MOST_BYTES:
            return await _shown(office, said, problem=f"The file is larger than {MOST_BYTES // 10**6} MB. Split it.")
        raw, name = await file.read(), file.filename
    try:
        upload = await office.do(lambda: _checked(office, raw, name, said))
        report, identifier = await office.do(lambda: _ingest(office, upload))
    except Told as error:
        return await _shown(office, said, problem=str(error))
    if identifier is None:
        return await _shown(office, said, problem=_refused(report))
    await office.audit("document.uploaded", f"{identifier} {digest_of(raw)} {upload.audience}")
    try:
        await office.do(lambda: _decide(office, upload, identifier))
        problem = None
    except Told as error:
        problem = f"The document is there, but not all that you said of it: {error}"
    return await _told(office, upload, report, identifier, problem)


def _checked(office: Office, raw: bytes, name: str, said: Mapping[str, str]) -> Upload:
    """Raises InvalidDecision, UnknownAudience or UnknownDocument for what cannot be used."""
    # A browser may send a path; no character of a name means anything here.
    label = re.split(r"[\\/]", name)[-1][-120:]
    values = {
        key: said.get(key, "") for key in ("title", "publisher", "url", "published", "successor_of", "replaces", "gap")
    }
    upload = Upload(raw, label, "", **values)
    catalogue = office.desk.base.catalogue
    if upload.suffix not in SUFFIXES:
        raise InvalidDecision(f"Files of this type are not read. Use one of {', '.join(sorted(SUFFIXES))}.")
    if upload.replaces:
        upload = replace(upload, audience=catalogue.info(upload.replaces).audience)
    else:
        if not said.get("audience"):
            raise InvalidDecision("Choose who may see the document.")
        upload = replace(upload, audience=parse_audience(said["audience"]))
        digest = digest_of(raw)
        same = next((known.id for known in catalogue.known().values() if known.original == digest), None)
        if same is not None:
            raise InvalidDecision(f"This very file is there already, as '{same}'.")
    if upload.published:
        parse_day(upload.published)
    if upload.successor_of:
        catalogue.info(upload.successor_of)
    if upload.url and urlsplit(upload.url).scheme not in ("http", "https"):
        raise InvalidDecision("The address of the publication must begin with https:// or http://.")
    if any(len(value) > _LONGEST for value in (upload.title, upload.publisher, upload.url)):
        raise InvalidDecision(f"Title, publisher and address hold {_LONGEST} characters at most.")
    return upload


def _ingest(office: Office, upload: Upload) -> tuple[IngestReport, str | None]:
    """What the ingest reports, and the document's id; None where the file was refused."""
    base = office.desk.base
    if upload.replaces:
        origin, identifier = base.catalogue.info(upload.replaces).origin, upload.replaces
    else:
        identifier = _new_id(upload.name)
        origin = f"{PLACE}{identifier}"
    candidate = Candidate(origin, identifier, reading_of(upload), uploaded=True)
    report = Ingest(base.directory, base.embedder, base.chroma_url).run([candidate], upload.audience)
    return report, identifier if not report.refused else None


def reading_of(upload: Upload) -> Callable[[], tuple[bytes, Reading]]:
    """Reads the file as every ingest does, in a process with limits. Who it is and what takes whose place comes from
    the operator alone, never from the text."""

    def read() -> tuple[bytes, Reading]:
        reading = SANDBOX.read(upload.raw, upload.suffix, PurePath(upload.name).stem)
        if not reading.blocks:
            raise UnreadableDocument("holds no text")
        said = {name: getattr(upload, name) for name in ("title", "publisher", "url") if getattr(upload, name)}
        return upload.raw, replace(reading, id=None, **said)

    return read


def _decide(office: Office, upload: Upload, identifier: str) -> None:
    base = office.desk.base
    decisions, who = Decisions(base.directory, base.chroma_url), decider(office)
    if upload.published:
        decisions.date(who, identifier, published=upload.published)
    if upload.successor_of:
        decisions.supersede(who, upload.successor_of, identifier)


async def _told(
    office: Office, upload: Upload, report: IngestReport, identifier: str, problem: str | None
) -> HTMLResponse:
    """What came of it, and what becomes of the questions that waited for it."""
    info = await office.do(lambda: office.desk.base.catalogue.info(identifier))
    done = {
        bool(report.added): f"Added: {counted(report.passages, 'passage')} can be found from the next question on.",
        bool(report.replaced): f"There is a new version, {info.version}: {counted(report.passages, 'passage')}.",
        bool(report.unchanged): "Nothing changed: the document is the same as before.",
        bool(report.withdrawn): "The document is withdrawn and stays so. Bring it back on its page first.",
    }.get(True, "Taken in.")
    body: list[str] = [
        words(link(office.address("/document", id=identifier), foreign(info.title)), f" · {info.audience}"),
    ]
    if report.replaced and is_ingested(info.origin):
        body.append(_ingested_from(info.origin))
    if report.remarks:
        remarks = [element("li", {}, foreign(remark.text)) for remark in report.remarks]
        body.append(section("Left out of the text, or to be known of it", element("ul", {}, *remarks)))
    if upload.gap:
        body.append(await _watch(office, upload.gap))
    office.watcher.wake()
    body.append(actions(link(office.address("/documents/upload"), "Add another", **{"class": "button secondary"})))
    return office.page("Add a document", body, done=done, problem=problem, status=200)


def _ingested_from(origin: str) -> Markup:
    parts = (
        "It is read from ",
        element("code", {}, origin),
        ". An ingest of that place keeps the version uploaded here as long as what lies there stays as it is, and says "
        "so; when it changes, that becomes the newest version. Put the new file there too.",
    )
    return element("p", {"class": "notice", "data-kind": "warn"}, *parts)


async def _watch(office: Office, answer_id: str) -> Markup:
    """The whole gap is asked again."""
    try:
        found = next((gap for gap in await found_gaps(office) if answer_id in gap.ids), None)
    except Told as error:
        return notice(str(error), "warn")
    ids = found.ids if found is not None else ids_of(answer_id)
    await office.do(lambda: office.watches.watch(ids))
    await office.audit("gap.watched", counted(len(ids), "question"))
    told = f"Being asked again: {counted(len(ids), 'question')}. Where there is an answer now, who asked finds it in "
    gaps = link(office.address("/gaps") + "#answered", "See what came of it")
    return words(told, "their conversation. ", gaps)


def _refused(report: IngestReport) -> str:
    reason = report.refused[0].reason
    return f"The file was refused: {reason}. Nothing was added."


def _new_id(name: str) -> str:
    """Of letters and digits, with enough of chance in it that no other document has it."""
    path = PurePath(name)
    stem = "-".join(re.findall("[a-z0-9]+", path.stem.lower()))[:60].strip("-") or "document"
    return f"{stem}-{secrets.token_hex(4)}{path.suffix.lower()}"


def _origin_of(office: Office, identifier: str) -> str | None:
    try:
        return office.desk.base.catalogue.info(identifier).origin
    except UnknownDocument:
        return None  # told when the file is sent


async def _shown(office: Office, said: Mapping[str, str], problem: str | None = None) -> HTMLResponse:
    """``said``: what was entered before; the file has to be chosen anew."""
    delegations = [one.audience for one in await office.do(office.accounts.delegations)]
    replaces, gap = said.get("replaces", ""), said.get("gap", "")
    kinds = ", ".join(sorted(SUFFIXES))
    hint = f"{MOST_BYTES // 10**6} MB at most: {kinds}."
    fields: list[Markup] = [
        field("file", "File", entry("file", "file", required=True, accept=",".join(sorted(SUFFIXES))), hint)
    ]
    about: list[Markup] = []
    if replaces:
        about.append(words("A new version of ", element("code", {}, replaces), ". It keeps audience and decisions."))
        fields.insert(0, hidden("replaces", replaces))
        origin = await office.do(lambda: _origin_of(office, replaces))
        if origin is not None and is_ingested(origin):
            about.append(_ingested_from(origin))
    else:
        offered = [("", "Choose"), *audiences(delegations)]
        chosen = choice("audience", offered, said.get("audience", ""))
        fields.append(field("audience", "Who may see it", chosen, "A file that names a narrower audience keeps it."))
    if gap:
        about.append(notice("It is meant for a gap: when it is added, the questions of the gap are asked again."))
        fields.insert(0, hidden("gap", gap))
    told = (
        ("title", "Title", "Empty: the file's own.", ""),
        ("publisher", "Publisher", "Answers name it.", ""),
        ("url", "Address of the publication", "", "https://"),
        ("published", "Published", "YYYY, YYYY-MM or YYYY-MM-DD; empty: as the file says.", "YYYY-MM-DD"),
        *(
            []
            if replaces
            else [("successor_of", "Takes the place of", "The id of a document that ends with this one.", "")]
        ),
    )
    for name, label, help_, example in told:
        control = entry(name, value=said.get(name, ""), placeholder=example or None, maxlength=str(_LONGEST))
        fields.append(field(name, label, control, help_))
    sending = form(office.address("/documents/upload"), *fields, actions(button("Add it")), upload=True)
    note = facts("It is read in a process of its own. What cannot be seen in it is left out, and you are told.")
    return office.page("Add a document", [*about, sending, note], problem=problem)

"""``migdesk status`` and ``migdesk doctor``: what is there, and what is wrong with it."""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.build import build_embedder
from assistant.errors import AssistantError, ModelError
from assistant.settings import Settings, load_settings
from knowledge.base import open_base
from knowledge.catalogue import FILE, Catalogue
from knowledge.errors import IndexDamaged, KnowledgeError
from knowledge.relevance import CrossEncoder
from knowledge.snapshots import Snapshots
from knowledge.topics import THEME_NAMES, by_theme, is_review_due

_MOST_LISTED = 100_000


def run_status(data: Path | None, as_json: bool) -> None:
    settings = load_settings()
    directory = data or settings.data
    catalogue = Catalogue(directory)
    try:
        report = _status(settings, directory, catalogue)
    finally:
        catalogue.close()
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for key, value in report.items():
        if key not in ("audiences", "themes"):
            table.add_row(Text(key.replace("_", " "), style="dim"), Text(str(value)))
    for audience, counts in report["audiences"].items():
        table.add_row(
            Text(audience, style="dim"), Text(f"{counts['documents']} documents, {counts['passages']} passages")
        )
    for theme, counts in report["themes"].items():
        newest = f", newest of {counts['newest']}" if counts["newest"] else ""
        due = f", {counts['review_due']} due for review" if counts["review_due"] else ""
        table.add_row(
            Text(THEME_NAMES[theme], style="dim"),
            Text(f"{counts['documents']} {'document' if counts['documents'] == 1 else 'documents'}{newest}{due}"),
        )
    Console(highlight=False).print(table)


def _themes(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """How many documents there are on each theme, the newest date they speak of, and how many are due for review."""
    today = datetime.now(UTC).date()
    listed = by_theme(catalogue.sources(frozenset(catalogue.counts(None)), _MOST_LISTED))
    return {
        theme: {
            "documents": len(sources),
            "newest": max((source.as_of for source in sources if source.as_of), default=None),
            "review_due": sum(is_review_due(source.review_by, today) for source in sources),
        }
        for theme, sources in listed.items()
    }


def _status(settings: Settings, directory: Path, catalogue: Catalogue) -> dict[str, Any]:
    fingerprint = catalogue.fingerprint
    snapshots = Snapshots(directory, catalogue, settings.chroma_url)
    return {
        "data": str(directory.resolve()),
        "audiences": {
            audience: {"documents": documents, "passages": passages}
            for audience, (documents, passages) in catalogue.counts(fingerprint).items()
        },
        "themes": _themes(catalogue),
        "embedder": catalogue.setting("embedder"),
        "embedder_set": settings.embedder,
        "model": settings.model or "none: quotes only",
        "index": fingerprint,
        "index_state": "behind the catalogue; the next ingest brings it up" if snapshots.is_behind() else "up to date",
        "catalogue_bytes": (directory / FILE).stat().st_size,
        "index_bytes": snapshots.size(),
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked. ``advice`` says what to do where it is not well."""

    what: str
    well: bool
    detail: str
    advice: str = ""


def run_doctor(data: Path | None, as_json: bool) -> int:
    findings = list(_findings(data))
    if as_json:
        print(json.dumps({"findings": [asdict(finding) for finding in findings]}, ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False)
        for finding in findings:
            mark = ("ok   ", "green") if finding.well else ("WRONG", "bold red")
            console.print(Text.assemble(mark, " ", (finding.what, "bold"), f": {finding.detail}"))
            if finding.advice:
                console.print(Text(f"      {finding.advice}"))
    return 0 if all(finding.well for finding in findings) else 1


def _findings(data: Path | None) -> list[Finding]:
    findings = [Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])]
    try:
        settings = load_settings()
    except AssistantError as error:
        return [*findings, Finding("settings", False, str(error))]
    directory = data or settings.data
    findings.append(_check_embedder(settings))
    findings.append(_check_cross_encoder())
    findings.append(_check_base(settings, directory))
    findings.append(_check_index(settings, directory))
    findings.append(_check_model(settings))
    findings += _check_slack(settings, directory)
    return findings


def _check_slack(settings: Settings, directory: Path) -> list[Finding]:
    from integrations.cli.slack import slack_checks

    try:
        checks = slack_checks(settings, directory)
    except AssistantError as error:
        return [Finding("Slack", False, str(error))]
    return [Finding(check.what, check.well, check.detail, check.advice) for check in checks]


def _check_embedder(settings: Settings) -> Finding:
    try:
        embedder = build_embedder(settings)
        embedder.question("readmission")
    except (KnowledgeError, AssistantError) as error:
        return Finding("embedder", False, str(error))
    return Finding("embedder", True, f"{embedder.name} answers with {embedder.dimensions} dimensions")


def _check_cross_encoder() -> Finding:
    encoder = CrossEncoder()
    try:
        near, far = encoder.scores(
            "Where did the group meet?", ["The group met in Tirana.", "The rent was paid in advance."]
        )
    except KnowledgeError as error:
        return Finding("cross-encoder", False, str(error))
    if near <= far:
        wrong = f"{encoder.name} finds a sentence that answers no nearer than another ({near:.2f} and {far:.2f})"
        return Finding("cross-encoder", False, wrong, "Run `make setup` again; another processor may score otherwise.")
    return Finding("cross-encoder", True, f"{encoder.name} loads and scores")


def _check_base(settings: Settings, directory: Path) -> Finding:
    try:
        base = open_base(directory, build_embedder(settings), settings.chroma_url)
    except (KnowledgeError, AssistantError) as error:
        return Finding("knowledge base", False, str(error))
    try:
        documents = sum(count for count, _ in base.catalogue.counts(base.fingerprint).values())
        return Finding("knowledge base", True, f"{documents} documents in {directory}")
    finally:
        base.close()


def _check_index(settings: Settings, directory: Path) -> Finding:
    try:
        catalogue = Catalogue(directory)
    except KnowledgeError:
        return Finding("vector index", False, "there is none", "Ingest documents first.")
    try:
        snapshots = Snapshots(directory, catalogue, settings.chroma_url)
        opened = snapshots.open()
        if opened is None or snapshots.is_behind():
            return Finding(
                "vector index", False, "behind the catalogue", "Run `migdesk ingest --rebuild` to bring it up."
            )
        opened[1]()
        return Finding("vector index", True, f"opens, fingerprint {catalogue.fingerprint}")
    except IndexDamaged as error:
        return Finding(
            "vector index",
            False,
            str(error),
            "Run `migdesk ingest --rebuild`; until then questions are compared exactly.",
        )
    except AssistantError as error:
        return Finding("vector index", False, str(error))
    finally:
        catalogue.close()


def _check_model(settings: Settings) -> Finding:
    try:
        model = settings.model_settings()
    except AssistantError as error:
        return Finding("language model", False, str(error))
    if model is None:
        return Finding("language model", True, "none set (MIGDESK_MODEL): the desk answers with quotes")
    from assistant.chain import ChatModel

    try:
        asyncio.run(ChatModel(model, settings.limits).ping())
    except ModelError as error:
        where = model.base_url or "the default endpoint"
        return Finding(
            "language model",
            False,
            f"{model.model} at {where} gave no answer ({error})",
            "401 or 403: check OPENAI_API_KEY. 404: check MIGDESK_MODEL. Otherwise: check OPENAI_BASE_URL and "
            "the network.",
        )
    return Finding("language model", True, f"{model.model} answers")

"""``migdesk knowledge``: what is in the knowledge base and since when, and what operators decide about it."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.failures import handled

app = typer.Typer(
    no_args_is_help=True,
    help="See and decide what the desk answers from: documents, their versions, who may see them, from when until when "
    "they hold. Every decision is kept with who made it and holds from the next question on.",
)
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Document = Annotated[str, typer.Argument(metavar="DOC", help="The id of a document, as `knowledge list` shows it.")]
Who = Annotated[str | None, typer.Option("--by", help="Who decides. Default: the user of this machine.")]
Reason = Annotated[str, typer.Option(help="Why, for those who read the history later.")]


@app.command("list")
def list_documents(
    audience: Annotated[str | None, typer.Option(help="Only documents for this audience.")] = None,
    matching: Annotated[str | None, typer.Option(help="Only ids and titles that hold this text.")] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Only withdrawn documents.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the documents: latest version, audience, dates and state."""
    with handled(as_json):
        from integrations.cli.documents import run_list

        run_list(audience, matching, withdrawn, data, as_json)


@app.command()
def show(
    document: Document,
    version: Annotated[int | None, typer.Option(min=1, help="A version. Default: the one in force today.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a document's text and what is known of it."""
    with handled(as_json):
        from integrations.cli.documents import run_show

        run_show(document, version, data, as_json)


@app.command()
def history(document: Document, data: Data = None, as_json: Json = False) -> None:
    """Show a document's versions, the days on which each was in force, and the decisions made about it."""
    with handled(as_json):
        from integrations.cli.documents import run_history

        run_history(document, data, as_json)


@app.command()
def diff(
    document: Document,
    old: Annotated[int | None, typer.Option("--from", min=1, help="Default: the version before --to.")] = None,
    new: Annotated[int | None, typer.Option("--to", min=1, help="Default: the latest version.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page instead of printing.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what changed between two versions, statement by statement: added, removed, reworded, figure changed."""
    with handled(as_json):
        from integrations.cli.documents import run_diff

        run_diff(document, old, new, html, data, as_json)


@app.command()
def relabel(
    document: Document,
    audience: Annotated[str, typer.Argument()],
    who: Who = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Decide who may see a document: every version, and every one to come."""
    with handled(as_json):
        from integrations.cli.deciding import run_relabel

        run_relabel(document, audience, who, data, as_json)


@app.command()
def date(
    document: Document,
    version: Annotated[int | None, typer.Option(min=1, help="Default: the latest version.")] = None,
    published: Annotated[str | None, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD; 'none' clears it.")] = None,
    valid_from: Annotated[str | None, typer.Option(help="First day in force; 'none' clears it.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="Last day in force; 'none' clears it.")] = None,
    who: Who = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Decide when a version was published and from when until when it is in force."""
    with handled(as_json):
        from integrations.cli.deciding import run_date

        dates = {"published": published, "valid_from": valid_from, "valid_until": valid_until}
        run_date(document, version, dates, who, data, as_json)


@app.command()
def supersede(
    document: Document,
    successor: Annotated[str, typer.Argument(help="The id of the document that takes its place.")],
    since: Annotated[str | None, typer.Option(help="From this day. Default: when the successor is in force.")] = None,
    who: Who = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Decide that another document takes a document's place. Questions as of an earlier day still find the old one."""
    with handled(as_json):
        from integrations.cli.deciding import run_supersede

        run_supersede(document, successor, since, who, data, as_json)


@app.command()
def withdraw(document: Document, reason: Reason, who: Who = None, data: Data = None, as_json: Json = False) -> None:
    """Take a document out of everyone's sight, every version. It stays stored, and an ingest does not bring it back."""
    with handled(as_json):
        from integrations.cli.deciding import run_withdraw

        run_withdraw(document, reason, who, data, as_json)


@app.command()
def reinstate(document: Document, reason: Reason, who: Who = None, data: Data = None, as_json: Json = False) -> None:
    """Undo a withdrawal."""
    with handled(as_json):
        from integrations.cli.deciding import run_reinstate

        run_reinstate(document, reason, who, data, as_json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")], data: Data = None, as_json: Json = False
) -> None:
    """Write catalogue and original files into one file, as they stand at one moment, also while the desk runs.
    Conversations and accounts are another command's: `migdesk conversations backup`."""
    with handled(as_json):
        from integrations.cli.upkeep import run_backup

        run_backup(file, data, as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `knowledge backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="In place of a knowledge base that is there.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring a backup back, after checking all of it, and build the index."""
    with handled(as_json):
        from integrations.cli.upkeep import run_restore

        run_restore(file, data, replace, as_json)


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Also put right what can be put right safely.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Check that catalogue, keyword index, vector index and original files agree. Exit code 1 on a finding."""
    with handled(as_json):
        from integrations.cli.upkeep import run_check

        code = run_check(data, repair, as_json)
    raise typer.Exit(code)

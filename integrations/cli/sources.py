"""``migdesk sources``: the pages that the knowledge base is kept in step with, each command with its options."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.failures import handled

source_commands = typer.Typer(
    no_args_is_help=True,
    help="Pages on the web that change: list them in sources.toml, and keep the knowledge base in step with them. "
    "Hosts are asked politely: robots.txt is kept to, one request at a time, unchanged pages are not sent again.",
)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]
File = Annotated[
    Path | None,
    typer.Option("--file", help="The list. Default: sources.toml in the data directory.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]", help="Only these entries.", show_default=False)]


@source_commands.command("list")
def list_(
    library: Annotated[bool, typer.Option("--library", help="The official pages that come with the desk.")] = False,
    file: File = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the pages: which are switched on, when each was last seen, and which are due."""
    with handled(as_json):
        from integrations.cli.listing import run_list

        run_list(library, file, data, as_json)


@source_commands.command()
def check(
    ids: Ids = None,
    every: Annotated[bool, typer.Option("--all", help="Also the entries that are switched off.")] = False,
    file: File = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Look at the pages without changing anything: reachable, allowed, readable? Exit code 1 when one is not."""
    with handled(as_json):
        from integrations.cli.refreshing import run_check

        code = run_check(ids or [], every, file, data, as_json)
    raise typer.Exit(code)


@source_commands.command()
def refresh(
    ids: Ids = None,
    every: Annotated[bool, typer.Option("--all", help="Also the pages whose review days are not over.")] = False,
    remove_vanished: Annotated[
        bool,
        typer.Option(
            "--remove-vanished", help="Withdraw the documents whose page is gone or no longer in sources.toml."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Withdraw more than a fifth of the base without asking.")] = False,
    file: File = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fetch the pages that are due and take what changed into the knowledge base.

    A page that vanished keeps its document and is reported each time. Exit code 1 when none of the pages could be
    fetched, or when withdrawing was asked for and not done.
    """
    with handled(as_json):
        from integrations.cli.refreshing import run_refresh

        code = run_refresh(ids or [], every, remove_vanished, yes, file, data, as_json)
    raise typer.Exit(code)


@source_commands.command()
def add(
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]", show_default=False)] = None,
    publisher: Annotated[str | None, typer.Option(help="Who says it, as a citation names it.")] = None,
    title: Annotated[str | None, typer.Option(help="Default: the page's own.")] = None,
    identifier: Annotated[str | None, typer.Option("--id", help="Default: made from the address.")] = None,
    audience: Annotated[str, typer.Option(help="public, partner, partner:<delegation> or staff.")] = "public",
    language: Annotated[str | None, typer.Option(help="Such as en or sr-Latn. Default: what the page says.")] = None,
    review_days: Annotated[int, typer.Option(help="Look again after so many days.")] = 180,
    library: Annotated[
        bool, typer.Option("--library", help="The official pages that come with the desk, switched off.")
    ] = False,
    file: File = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add pages to the list. Nothing is fetched yet; `migdesk sources refresh` does."""
    with handled(as_json):
        from integrations.cli.listing import Wanted, run_add

        run_add(
            urls or [],
            Wanted(publisher, title, identifier, audience, language, review_days),
            library,
            file,
            data,
            as_json,
        )

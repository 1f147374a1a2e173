"""``migdesk conversations``: what the desk remembers of questions and answers, each command with its options."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.failures import handled

conversation_commands = typer.Typer(
    no_args_is_help=True,
    help="Questions, answers and feedback that the surfaces keep: count them, erase them, see what could not be "
    "answered. Texts are erased after MIGDESK_KEEP_DAYS (30) days. They are in a file of the data directory, or in the "
    "database that MIGDESK_DATABASE_URL names.",
)
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Texts = Annotated[bool, typer.Option("--texts", help="Also show questions and comments: they may be personal.")]
Days = Annotated[int, typer.Option(min=1, max=3650, help="How many days to look back.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many to list at most.")]


@conversation_commands.command()
def status(days: Days = 30, data: Data = None, as_json: Json = False) -> None:
    """Show how often the desk was asked, in which languages, and how that ended; what is kept, and what is open."""
    with handled(as_json):
        from integrations.cli.remembering import run_status

        run_status(days, data, as_json)


@conversation_commands.command()
def purge(data: Data = None, as_json: Json = False) -> None:
    """Erase the texts that are older than the days to keep. The desk does so by itself every day."""
    with handled(as_json):
        from integrations.cli.remembering import run_purge

        run_purge(data, as_json)


@conversation_commands.command()
def forget(
    person: Annotated[str, typer.Argument(help="As the surface names them, such as slack:T0123:U0456.")],
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Erase everything of a person, for good: questions, answers, feedback, requests to colleagues."""
    with handled(as_json):
        from integrations.cli.remembering import run_forget

        code = run_forget(person, yes, data, as_json)
    raise typer.Exit(code)


@conversation_commands.command()
def unanswered(
    days: Days = 30, limit: Limit = 200, texts: Texts = False, data: Data = None, as_json: Json = False
) -> None:
    """List the questions that nobody got a written answer to, newest first."""
    with handled(as_json):
        from integrations.cli.remembering import run_unanswered

        run_unanswered(days, limit, texts, data, as_json)


@conversation_commands.command()
def feedback(
    helpful: Annotated[
        bool | None, typer.Option("--helpful/--not-helpful", help="Only this kind.", show_default=False)
    ] = None,
    limit: Limit = 100,
    texts: Texts = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List what readers thought of answers, newest first."""
    with handled(as_json):
        from integrations.cli.remembering import run_feedback

        run_feedback(helpful, limit, texts, data, as_json)


@conversation_commands.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    texts: Annotated[bool, typer.Option("--texts/--no-texts", help="Also what people asked and were answered.")] = True,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write questions, answers and accounts into one file, also while the desk runs. It keeps what the desk erases
    afterwards: delete it in time."""
    with handled(as_json):
        from integrations.cli.copying import run_backup

        run_backup(file, texts, data, as_json)


@conversation_commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `conversations backup` wrote.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring a backup of questions, answers and accounts back to where there are none, without what is due by now."""
    with handled(as_json):
        from integrations.cli.copying import run_restore

        run_restore(file, data, as_json)

"""The command ``migdesk``: one function a command with its options; each imports what it needs when it is called.

The eval suite joins by the entry-point group ``migdesk.commands``: nothing imports it, and it imports none of this.
"""

import sys
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from integrations.cli.accounts import account_commands
from integrations.cli.conversations import conversation_commands
from integrations.cli.failures import handled
from integrations.cli.knowledge import app as knowledge_commands
from integrations.cli.slack_commands import slack_commands
from integrations.cli.sources import source_commands

_GROUP = "migdesk.commands"


class _Group(TyperGroup):
    """Loads a joined command only when it is called or listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *sorted(entry.name for entry in entry_points(group=_GROUP))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            for entry in entry_points(group=_GROUP, name=cmd_name):
                command = typer.main.get_command(entry.load())
                command.name = cmd_name
                return command
        return found


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Answers questions about regional migration policy in the Western Balkans, only from documents, with "
    "citations that hold.\n\nExit codes: 0 done (every outcome of a question, NOT_COVERED too; read "
    "[bold]outcome[/bold]), 1 failed, 2 wrong usage or input, 3 the knowledge base cannot be used (empty, busy, built "
    "with other settings), 4 a setting or an endpoint is wrong, 130 interrupted.",
)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Audience = Annotated[
    str, typer.Option("--as", metavar="AUDIENCE", help="Read as public, partner, partner:<delegation> or staff.")
]
Model = Annotated[
    str | None, typer.Option("--model", help="Language model to use. Default: MIGDESK_MODEL.", show_default=False)
]
NoModel = Annotated[bool, typer.Option("--no-model", help="Answer with quotes only, even where a model is set.")]
TopK = Annotated[int, typer.Option("--top-k", min=1, max=20, help="How many passages the answer is written from.")]


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders: Markdown, plain text, HTML.")] = None,
    audience: Annotated[
        str | None,
        typer.Option(help="Who may see them: public (default), partner, partner:<delegation> or staff."),
    ] = None,
    corpus: Annotated[Path | None, typer.Option(help="A JSON-lines file with id, title and text in each line.")] = None,
    library: Annotated[bool, typer.Option("--library", help="The starter library that comes with the desk.")] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Build the index anew from the stored documents, with the present settings."),
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Read documents into the knowledge base: skip what is unchanged, add what is new, replace what changed.

    Running it twice changes nothing. What vanished from a folder stays in the base. Exit code 1 when none of what was
    named could be read.
    """
    with handled(as_json):
        from integrations.cli.ingesting import run_ingest

        code = run_ingest(paths or [], audience, corpus, library, rebuild, data, as_json)
    raise typer.Exit(code)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in any of the languages of our readers.")],
    as_json: Json = False,
    audience: Audience = "public",
    model: Model = None,
    no_model: NoModel = False,
    top_k: TopK = 6,
    language: Annotated[str | None, typer.Option(help="Language of the desk's own words, such as sr-Latn.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Answer from what was in force on this day."),
    ] = None,
    data: Data = None,
) -> None:
    """Ask one question and print the answer with its citations."""
    with handled(as_json):
        from integrations.cli.asking import run_ask

        day = as_of.date() if as_of is not None else None
        run_ask(question, as_json, audience, None if no_model else model, no_model, top_k, language, day, data)


@app.command()
def chat(
    audience: Audience = "public",
    model: Model = None,
    no_model: NoModel = False,
    top_k: TopK = 6,
    data: Data = None,
) -> None:
    """Ask in a conversation: follow-ups ("And in Belgrade?") are understood. Ctrl-D or an empty line ends it."""
    with handled(False):
        from integrations.cli.asking import run_chat

        run_chat(audience, None if no_model else model, no_model, top_k, data)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: MIGDESK_HOST, else 127.0.0.1.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: MIGDESK_PORT, else 8000.")] = None,
    model: Model = None,
    no_model: NoModel = False,
    data: Data = None,
) -> None:
    """Serve the web page and the HTTP API. Readers over HTTP see public documents only."""
    with handled(False):
        from integrations.cli.serving import run_serve

        run_serve(host, port, None if no_model else model, no_model, data)


library_commands = typer.Typer(
    no_args_is_help=True, help="The starter library that ships with the desk, or a folder of briefs of one's own."
)
app.add_typer(library_commands, name="library")
app.add_typer(knowledge_commands, name="knowledge")
app.add_typer(source_commands, name="sources")
app.add_typer(conversation_commands, name="conversations")
app.add_typer(account_commands, name="accounts")
app.add_typer(slack_commands, name="slack")
Briefs = Annotated[
    Path | None, typer.Option("--in", help="A folder of briefs. Default: the starter library.", show_default=False)
]


@library_commands.command("list")
def library_list(
    theme: Annotated[str | None, typer.Option(help="Only this theme, such as labour-mobility.")] = None,
    country: Annotated[str | None, typer.Option(help="Only briefs on this country, such as RS or XK.")] = None,
    folder: Briefs = None,
    as_json: Json = False,
) -> None:
    """List the briefs by theme, with the date that each speaks of."""
    with handled(as_json):
        from integrations.cli.library import run_list

        run_list(folder, theme, country, as_json)


@library_commands.command("show")
def library_show(
    identifier: Annotated[str, typer.Argument(metavar="ID")], folder: Briefs = None, as_json: Json = False
) -> None:
    """Print a brief with the publications that each statement rests on."""
    with handled(as_json):
        from integrations.cli.library import run_show

        run_show(identifier, folder, as_json)


@library_commands.command("check")
def library_check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Briefs or folders. Default: the starter library.")] = None,
    as_json: Json = False,
) -> None:
    """Check briefs: every statement attributed, nothing left unused, reviews that are due. Exit code 1 on an error."""
    with handled(as_json):
        from integrations.cli.library import run_check

        code = run_check(paths or [], as_json)
    raise typer.Exit(code)


@app.command()
def status(data: Data = None, as_json: Json = False) -> None:
    """Show what is in the knowledge base: documents, audiences, embedder, model, index, sizes."""
    with handled(as_json):
        from integrations.cli.inspecting import run_status

        run_status(data, as_json)


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """Check the configuration, the knowledge base and the endpoints, and say what to do. Exit code 1 on a problem."""
    with handled(as_json):
        from integrations.cli.inspecting import run_doctor

        code = run_doctor(data, as_json)
    raise typer.Exit(code)


def main() -> None:
    """The console script."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


__all__ = ["app", "main"]

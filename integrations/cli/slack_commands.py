"""``migdesk slack``: the desk on Slack, and the manifest of its app; each command with its options."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.failures import handled

slack_commands = typer.Typer(
    help="Answer on Slack over Socket Mode: two tokens, no public address. Ctrl-C finishes what was begun, and ends."
)
Model = Annotated[
    str | None, typer.Option("--model", help="Language model to use. Default: MIGDESK_MODEL.", show_default=False)
]
NoModel = Annotated[bool, typer.Option("--no-model", help="Answer with quotes only, even where a model is set.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]


@slack_commands.callback(invoke_without_command=True)
def slack(context: typer.Context, model: Model = None, no_model: NoModel = False, data: Data = None) -> None:
    if context.invoked_subcommand is not None:
        return
    with handled(False):
        from integrations.cli.slack import run_slack

        run_slack(None if no_model else model, no_model, data)


@slack_commands.command()
def manifest(
    url: Annotated[
        str | None,
        typer.Option(
            help="The desk's public address, such as https://desk.example.org: for Slack over HTTP, and for several "
            "workspaces. Without it, for Socket Mode.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the app's manifest, to be pasted at api.slack.com/apps under "Create New App", "From a manifest"."""
    from integrations.slack.manifest import manifest_text

    try:
        print(manifest_text(url), end="")
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--url") from None

"""``migdesk eval lint`` and ``case add``: the questions that people write. Each command imports what it needs
when it is called."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from evals.cli import options
from evals.cli.failures import FAILED, handled

case_commands = typer.Typer(no_args_is_help=True, help="Write cases: questions with what a right answer holds.")


@case_commands.callback()
def _group() -> None:
    """A group, so that there is a place for other things done to cases."""


def lint(
    cases: Annotated[
        Path | None, typer.Option(help="A folder or file of cases. Default: those that come with the desk.")
    ] = None,
    documents: Annotated[
        list[Path] | None, typer.Option(help="Files or folders the cases ask about. Default: the starter library.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check the cases: duplicates, gold text that has left its document, answers that are not in the gold text, prompts
    that give a case away. Lists drafts, which are no findings. Exit code 1 on a finding."""
    with handled(as_json=as_json):
        from evals.cli.writing import run_lint

        findings = run_lint(cases, documents, as_json)
    raise typer.Exit(FAILED if findings else 0)


@case_commands.command()
def add(
    question: Annotated[str | None, typer.Argument(help="The question, as it was asked.", show_default=False)] = None,
    from_feedback: Annotated[
        str | None,
        typer.Option(
            metavar="ANSWER_ID",
            help="Take the question of this answer from what the desk remembers; all: of every answer that was called "
            "unhelpful.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="The file to add to, .yaml or .jsonl. Default: evals/drafts.yaml in the data directory."),
    ] = None,
    kind: Annotated[str, typer.Option(help="answerable, two_documents or near_miss.")] = "answerable",
    differs_in: Annotated[
        str | None, typer.Option(help="Of a near miss: year, country, city, body, person or figure.")
    ] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            help="A statement that answers: the number of one shown, or DOCUMENT=its words. May be given again."
        ),
    ] = None,
    accepted: Annotated[
        list[str] | None,
        typer.Option(
            help="Strings of which an answer holds one, with | between them. Again: it holds one of these too."
        ),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Default: told from the question.", show_default=False)] = None,
    reader: Annotated[str, typer.Option("--as", metavar="AUDIENCE", help="Who asks.")] = "public",
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day that is asked about.")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="What it is told apart by in tables.", show_default=False)] = None,
    contradiction: Annotated[bool, typer.Option("--contradiction", help="Its sources differ.")] = False,
    never_break: Annotated[bool, typer.Option("--never-break", help="A change may not lose it.")] = False,
    model: options.Model = None,
    no_model: options.NoModel = False,
    data: options.Data = None,
) -> None:
    """Make a case of a question that was asked: asks the desk, shows what it found, and adds the case to a file.

    In a terminal it asks for what was not given. Without evidence and accepted answers the case is a draft, which is
    neither asked nor counted until a person completes it.
    """
    with handled("Interrupted; nothing was added."):
        from evals.cli.writing import Wanted, run_add

        day = as_of.date() if as_of is not None else None
        wanted = Wanted(kind, differs_in, evidence or [], accepted or [], language, reader, day, topic)
        run_add(
            question,
            from_feedback,
            to,
            wanted,
            contradiction=contradiction,
            never_break=never_break,
            model=model,
            no_model=no_model,
            data=data,
        )

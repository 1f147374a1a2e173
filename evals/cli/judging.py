"""``migdesk eval judge``, ``sheet`` and ``align``: a model as judge, people as judges, and how far they agree. Each
command imports what it needs when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from evals.cli import options
from evals.cli.failures import handled


def judge(
    run: options.Run,
    model: Annotated[str, typer.Option(help="The model that judges, at the endpoint of OPENAI_BASE_URL.")],
    cache: Annotated[
        Path | None, typer.Option(help="Where replies are kept. Default: evals/judge-cache in the data directory.")
    ] = None,
    most_calls: Annotated[int, typer.Option(min=1, help="Ask at most so often.")] = 5000,
    alignment: Annotated[
        Path | None, typer.Option(help="The alignment.json that published this judge's agreement with people.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Let a model judge whether quotes support their sentences and answers are whole. Never part of a gate until
    `align` has published how far it agrees with people."""
    kept = "Interrupted. Replies that came are kept; judge again to go on."
    with handled(kept, as_json=as_json):
        from evals.cli.judgements import run_judge

        run_judge(run, model, cache, most_calls, alignment, as_json)


def sheet(
    run: options.Run,
    out: Annotated[Path, typer.Option(help="The directory that the sheets go to.", show_default=False)],
    raters: Annotated[int, typer.Option(min=1, max=20, help="One sheet each, in an order of its own.")] = 2,
    size: Annotated[int, typer.Option(min=1, max=2000, help="So many answers.")] = 60,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
) -> None:
    """Draw answers for people to label blindly: an HTML file and a table for each rater, which work offline."""
    with handled():
        from evals.labelling.sheet import write_sheet

        made = write_sheet(run, out, raters=raters, size=size, seed=seed)
        disputed = f", {made.disagreeing} of them where judge and metrics differ" if made.disagreeing else ""
        print(f"{made.items} answers from {made.strata} strata{disputed}")
        if made.audiences not in ((), ("public",)):
            print(f"Their raters have to be allowed to read: {', '.join(made.audiences)}.")
        for html, table in zip(made.html, made.csv, strict=True):
            print(f"{html} (or {table})")


def align(
    run: options.Run,
    labels: Annotated[list[Path], typer.Argument(help="Filled-in sheets, .csv or saved from the page.")],
    as_json: options.Json = False,
) -> None:
    """Publish how far raters agree among themselves, the judge with them, and each metric with them."""
    with handled(as_json=as_json):
        from evals.alignment import align as aligned
        from evals.alignment_text import alignment_text
        from evals.labelling.labels import read_labels

        alignment = aligned(run, read_labels(labels))
        if as_json:
            print(alignment.model_dump_json())
        else:
            print(alignment_text(alignment))

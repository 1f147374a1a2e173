"""``migdesk eval compare``, ``gate``, ``report`` and ``junit``: what is made of runs that were scored. Each
command imports what it needs when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from evals.cli import options
from evals.cli.failures import FAILED, handled

_Anyway = Annotated[
    bool,
    typer.Option(
        "--anyway", help="Also where questions or documents changed: compares the questions that are the same in both."
    ),
]
_Margin = Annotated[
    list[str] | None,
    typer.Option(
        "--margin",
        help="metric=0.02: how much worse at most, on all questions; slices have it wider. May be given again. The "
        "other margins stay as they are.",
        show_default=False,
    ),
]


def compare(
    old: options.Old,
    new: options.New,
    by: options.By = None,
    changed: Annotated[int, typer.Option(min=0, help="List so many of the questions that changed.")] = 20,
    anyway: _Anyway = False,
    resamples: options.Resamples = 1000,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Compare two scored runs question by question: paired differences with intervals, and the answers that changed."""
    with handled(as_json=as_json):
        from evals.cli.tables import print_comparison
        from evals.comparing import compare_runs

        comparison = compare_runs(old, new, resamples=resamples, seed=seed, anyway=anyway)
        if as_json:
            print(comparison.model_dump_json())
        else:
            print_comparison(comparison, by.split(",") if by else [], changed)


def gate(
    old: options.Old,
    new: options.New,
    margin: _Margin = None,
    anyway: _Anyway = False,
    resamples: options.Resamples = 1000,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Exit with 1 where NEW may be worse than OLD by more than a margin, or lost a question that may never break."""
    with handled(as_json=as_json):
        from evals.gate import breach_lines, gate_runs, parse_margins

        margins = parse_margins(margin or ())
        verdict, comparison = gate_runs(old, new, margins, resamples=resamples, seed=seed, anyway=anyway)
        if as_json:
            print(verdict.model_dump_json())
        else:
            print("\n".join(breach_lines(verdict, comparison)))
    raise typer.Exit(0 if verdict.passed else FAILED)


def report(
    run: options.Run,
    out: Annotated[Path, typer.Option(help="The HTML file to write.", show_default=False)],
    baseline: Annotated[Path | None, typer.Option(help="A run to compare with.", show_default=False)] = None,
) -> None:
    """Write a scored run as one HTML file that works offline, with what changed against a baseline."""
    with handled():
        from evals.report.page import write_report

        write_report(run, out, baseline)
        print(f"{out} ({out.stat().st_size // 1024:,} KiB)")


def junit(
    run: options.Run,
    out: Annotated[Path, typer.Option(help="The XML file to write.", show_default=False)],
    baseline: Annotated[
        Path | None, typer.Option(help="A run to compare with: adds what the gate says.", show_default=False)
    ] = None,
    anyway: _Anyway = False,
) -> None:
    """Write a scored run as JUnit XML, one test a question, and with --baseline a suite of what `gate` finds.

    Always exits with 0 once the file is written: it is `gate` that fails a build.
    """
    with handled():
        from evals.gate import gate_runs
        from evals.report.junit import write_junit

        write_junit(run, out, gate_runs(baseline, run, anyway=anyway)[0] if baseline else None)
        print(out)

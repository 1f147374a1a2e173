"""``migdesk eval``: joins the command by its entry point; nothing of ours imports it. The commands' modules import
nothing heavy until they are called."""

import typer

from evals.cli import cases, comparing, judging, measuring

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Measure the desk: run questions, score the answers, compare runs, keep a change that makes answers worse out."
    "\n\nExit codes: 0 fine, 1 something is wrong or a gate failed, 130 interrupted.",
)
for command in (
    measuring.run,
    measuring.score,
    comparing.compare,
    comparing.gate,
    comparing.report,
    comparing.junit,
    judging.judge,
    judging.sheet,
    judging.align,
    cases.lint,
    measuring.library,
    measuring.baseline,
    measuring.predict,
):
    app.command()(command)
app.add_typer(cases.case_commands, name="case")

"""``migdesk eval run``, ``score``, ``library`` and ``predict``: what makes and scores answers. Each command imports
what it needs when it is called."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from evals.cli import options
from evals.cli.failures import FAILED, handled

_KEPT = "Interrupted. What was answered is kept; go on with the same command and --resume."


def run(
    out: Annotated[Path, typer.Option(help="The directory that the run is left in.", show_default=False)],
    pack: options.Pack = None,
    questions: options.Questions = None,
    corpus: options.Corpus = None,
    cases: options.Cases = None,
    data: options.Data = None,
    store: options.Store = None,
    model: options.Model = None,
    no_model: options.NoModel = False,
    whole_corpus: options.WholeCorpus = False,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="Ask each question so often (with a model).")] = 1,
    limit: options.Limit = None,
    lang: options.Lang = None,
    part: Annotated[str | None, typer.Option(help="Only this half: tuning or test.", show_default=False)] = None,
    slices: Annotated[
        list[str] | None,
        typer.Option("--slice", help="Only questions of a slice, such as kind=near_miss. May be given again."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the run is called. Default: its directory's name.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    as_json: options.Json = False,
) -> None:
    """Ask the desk every question once and keep all that scoring needs in a directory.

    Asks the cases on the starter library, unless --pack, --questions or --cases name others. Exit code 1 when no
    question could be asked, 130 when interrupted: the same command with --resume goes on.
    """
    with handled(_KEPT, as_json=as_json):
        from evals.cases import FOLDER
        from evals.cli.generating import Asking, generate, tell
        from evals.material import material

        chosen = material(pack, questions, corpus or [], cases, FOLDER)
        asking = Asking(data, store, model, no_model, whole_corpus, limit, lang, part, slices or ())
        manifest = generate(chosen, asking, out, name=name, repeats=repeats, resume=resume)
        code = tell(manifest, out, as_json)
    raise typer.Exit(code)


def score(
    run: options.Run,
    by: options.By = None,
    resamples: options.Resamples = 1000,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Score a run as often as you like: writes scores.json and scored.jsonl into it and prints every figure with its
    interval, what it rests on, and the smallest difference the set could show."""
    with handled(as_json=as_json):
        from evals.cli.tables import print_scores
        from evals.scoring import score_run, write_scores

        scores, scored = score_run(run, resamples=resamples, seed=seed)
        write_scores(run, scores, scored)
        if as_json:
            print(scores.model_dump_json())
        else:
            print_scores(scores, by.split(",") if by else [])


def library(
    data: options.Data = None,
    model: options.Model = None,
    no_model: options.NoModel = False,
    out: Annotated[
        Path | None, typer.Option(help="Keep the run here, and print its scores too.", show_default=False)
    ] = None,
) -> None:
    """Ask the library's own cases of a data directory that holds the starter library alone, and print what came of
    them in English and in each language of the translations."""
    with handled(), tempfile.TemporaryDirectory() as folder:
        from evals.cases import FOLDER
        from evals.cli.generating import Asking, generate
        from evals.cli.tables import print_tallies
        from evals.library import tallies
        from evals.material import material
        from evals.run_directory import read_run

        directory = out or Path(folder) / "library"
        asking = Asking(data=data, model=model, no_model=no_model)
        manifest = generate(material(None, None, [], None, FOLDER), asking, directory)
        ran = read_run(directory)
        print_tallies(tallies(ran.questions, ran.answers))
        print(f"{len(ran.answers)} questions in {manifest.seconds or 0:.0f} s")
        if out is not None:
            score(out)


def baseline(
    update: Annotated[bool, typer.Option("--update", help="Accept the desk as it is now: write the baseline.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Keep the run here, to look at or compare.", show_default=False)
    ] = None,
) -> None:
    """Ask the library's English cases without a model and compare with the committed baseline: exit code 1 where the
    desk may have become worse, with the questions that broke. --update accepts it as it is.

    Reads the library into a store of its own, kept under evals in the data directory.
    """
    code = 0
    with handled(), tempfile.TemporaryDirectory() as folder:
        from evals.baselines import BASELINE, checked, told
        from evals.baselines import update as accept
        from evals.cli.generating import ask_library_now

        directory = out or Path(folder) / "library"
        ask_library_now(directory)
        if update:
            print(f"{accept(directory)} questions in {BASELINE}. Commit it with the change that it belongs to.")
        else:
            verdict, comparison = checked(directory)
            print(told(verdict, comparison))
            code = 0 if verdict.passed else FAILED
    raise typer.Exit(code)


def predict(
    corpus: Annotated[list[Path], typer.Option(help="Documents, id, title and text a line. May be given again.")],
    questions: Annotated[Path, typer.Option(help="The question pack, JSON lines.")],
    out: Annotated[Path, typer.Option(help="Where the predictions go.")],
    store: options.Store = None,
    model: options.Model = None,
    no_model: options.NoModel = False,
    whole_corpus: options.WholeCorpus = False,
    limit: options.Limit = None,
    lang: options.Lang = None,
) -> None:
    """Answer every question of a pack from a store of its corpus alone, and write the predictions that the packs' own
    scorer reads.

    The store is built once and kept. A question with abstain_scope source_doc or pool is offered only that.
    """
    with handled("Interrupted; no predictions were written. The store is kept."):
        from evals.cases import FOLDER
        from evals.cli import generating
        from evals.material import material

        chosen = material(None, questions, corpus, None, FOLDER)
        asking = generating.Asking(None, store, model, no_model, whole_corpus, limit, lang)
        count, seconds = generating.predict(chosen, asking, out)
        print(f"{count} predictions in {out} ({seconds:.0f} s, {count / max(seconds, 0.001):.0f} a second)")

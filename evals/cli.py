"""``migdesk eval``: joins the command by its entry point; nothing of ours imports it."""

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evals.cases import Finding
    from evals.library import Tally

app = typer.Typer(no_args_is_help=True, help="Measure the desk on question packs.", pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """A group even while it has one command."""


@app.command()
def predict(
    corpus: Annotated[list[Path], typer.Option(help="Documents, id, title and text a line. May be given again.")],
    questions: Annotated[Path, typer.Option(help="The question pack, JSON lines.")],
    out: Annotated[Path, typer.Option(help="Where the predictions go.")],
    store: Annotated[
        Path | None, typer.Option(help="Where stores of corpora are kept. Default: evals in the data directory.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Language model. Default: MIGDESK_MODEL.", show_default=False)
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Quotes only.")] = False,
    whole_corpus: Annotated[
        bool, typer.Option("--whole-corpus", help="Offer every document, also where a question narrows itself to one.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.", show_default=False)] = None,
    lang: Annotated[str | None, typer.Option(help="Only questions of this language.", show_default=False)] = None,
) -> None:
    """Answer every question of a pack from a store of its corpus alone, and write the predictions.

    The store is built once and kept. A question with abstain_scope source_doc or pool is offered only that.
    """
    try:
        count, seconds = _predict(corpus, questions, out, store, model, no_model, whole_corpus, limit, lang)
    except KeyboardInterrupt:
        print("Interrupted; no predictions were written. The store is kept.", file=sys.stderr)
        raise typer.Exit(130) from None
    except Exception as error:
        print(_told(error), file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"{count} predictions in {out} ({seconds:.0f} s, {count / max(seconds, 0.001):.0f} a second)")


@app.command()
def lint(
    cases: Annotated[
        Path | None, typer.Option(help="A folder of case files. Default: those that come with the desk.")
    ] = None,
    documents: Annotated[
        list[Path] | None, typer.Option(help="Files or folders the cases ask about. Default: the starter library.")
    ] = None,
) -> None:
    """Check the cases: duplicates, gold text that has left its document, answers that are not in the gold text. Exit
    code 1 on a finding."""
    try:
        counted, findings = _lint(cases, documents)
    except Exception as error:
        print(_told(error), file=sys.stderr)
        raise typer.Exit(1) from None
    for finding in findings:
        print(f"{finding.where}: {finding.message}")
    print(f"{counted} · {len(findings)} {'finding' if len(findings) == 1 else 'findings'}")
    raise typer.Exit(1 if findings else 0)


@app.command()
def library(
    data: Annotated[
        Path | None, typer.Option(help="A data directory that holds the starter library alone. Default: MIGDESK_DATA.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Language model. Default: MIGDESK_MODEL.", show_default=False)
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Quotes only.")] = False,
) -> None:
    """Ask the library's own cases and print what came of them, in English and in each language of the translations."""
    try:
        tallies, seconds = _library(data, model, no_model)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        print(_told(error), file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"{'':8} {'document first':>20} {'answer inside':>20} {'wrongly refused':>20} {'near misses refused':>22}")
    for row in tallies:
        shares = (
            f"{_share(count, row.answerable):>20}"
            for count in (row.document_first, row.answer_inside, row.wrongly_refused)
        )
        print(f"{row.language:8} {' '.join(shares)} {_share(row.rightly_refused, row.near_misses):>22}")
    asked = sum(row.answerable + row.near_misses for row in tallies)
    print(f"{asked} questions in {seconds:.0f} s")


def _share(count: int, of: int) -> str:
    return f"{count}/{of} ({count / of:.3f})" if of else "none"


def _library(data: Path | None, model: str | None, no_model: bool) -> tuple[list["Tally"], float]:
    from rich.console import Console
    from rich.progress import Progress

    from assistant.build import build_desk
    from assistant.settings import load_settings
    from evals.cases import load_cases, load_translations
    from evals.library import ask_cases

    files, translations = load_cases(), load_translations()
    settings = load_settings()
    desk = build_desk(settings, data=data, model=None if no_model else settings.model_settings(model))
    total = sum(len(file.cases) for file in files) + sum(len(each.questions) for each in translations)
    console = Console(stderr=True)
    started = time.perf_counter()
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            asking = bar.add_task("Answering", total=total)
            tallies = asyncio.run(ask_cases(desk, files, translations, lambda: bar.advance(asking)))
    finally:
        desk.base.close()
    return tallies, time.perf_counter() - started


def _lint(folder: Path | None, documents: list[Path] | None) -> tuple[str, "list[Finding]"]:
    from importlib import resources

    from evals.cases import FOLDER, lint, load_cases, load_translations
    from evals.errors import InvalidCases
    from knowledge.candidates import files_in

    chosen = folder or FOLDER
    files, translations = load_cases(chosen), load_translations(chosen)
    with resources.as_file(resources.files("knowledge") / "library") as shipped:
        candidates, refused = files_in(documents or [shipped])
        if refused:
            raise InvalidCases(f"{refused[0].origin}: {refused[0].reason}")
        readings = [(candidate.name, candidate.read()[1]) for candidate in candidates]
    texts = {reading.id or name: reading.text for name, reading in readings}
    cases = [case for file in files for _, case in file.cases]
    near = sum(case.kind == "near_miss" for case in cases)
    two = sum(case.kind == "two_documents" for case in cases)
    translated = sum(len(translation.questions) for translation in translations)
    counted = (
        f"{len(cases)} cases on {len(files)} documents ({two} need two documents, {near} are near misses), "
        f"{translated} translations into {len(translations)} languages"
    )
    return counted, lint(files, translations, texts)


def _predict(
    corpora: list[Path],
    pack: Path,
    out: Path,
    store: Path | None,
    model: str | None,
    no_model: bool,
    whole_corpus: bool,
    limit: int | None,
    lang: str | None,
) -> tuple[int, float]:
    from rich.console import Console
    from rich.progress import Progress

    from assistant.build import build_desk, build_embedder
    from assistant.settings import load_settings
    from evals.dataset import load_questions, write_predictions
    from evals.errors import InvalidPack
    from evals.predict import predict as run
    from evals.predict import prepare_store

    chosen = [q for q in load_questions(pack) if lang is None or q.lang == lang][:limit]
    if not chosen:
        raise InvalidPack(f"{pack}: holds no question in the language {lang}")
    settings = load_settings()
    chosen_model = None if no_model else settings.model_settings(model)
    embedder = build_embedder(settings)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        reading = bar.add_task("Embedding the corpus", total=None)

        def advance(done: int, total: int, _label: str) -> None:
            bar.update(reading, completed=done, total=total)

        directory = prepare_store(corpora, store or settings.data / "evals", embedder, advance)
        bar.update(reading, completed=1, total=1)
        asking = bar.add_task("Answering", total=len(chosen))
        desk = build_desk(settings, data=directory, model=chosen_model, embedder=embedder)
        started = time.perf_counter()
        try:
            predictions = asyncio.run(run(desk, chosen, whole_corpus=whole_corpus, done=lambda: bar.advance(asking)))
        finally:
            desk.base.close()
    write_predictions(out, predictions)
    return len(predictions), time.perf_counter() - started


def _told(error: Exception) -> str:
    from assistant.errors import AssistantError
    from evals.errors import EvalError
    from knowledge.errors import KnowledgeError

    if isinstance(error, EvalError | AssistantError | KnowledgeError):
        return str(error)
    return f"Something broke that should not: {type(error).__name__}: {error}"

"""``migdesk eval``: joins the command by its entry point; nothing of ours imports it."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

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

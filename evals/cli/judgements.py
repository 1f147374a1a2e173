"""The judge at the terminal."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from assistant.settings import load_settings
from evals.errors import InvalidChoice
from evals.judge import judge_run


def run_judge(
    run: Path, model: str, cache: Path | None, most_calls: int, alignment: Path | None, as_json: bool
) -> None:
    settings = load_settings()
    if not (settings.openai_api_key or settings.openai_base_url):
        raise InvalidChoice(
            f"The judge {model} needs OPENAI_API_KEY, or OPENAI_BASE_URL of an endpoint that takes no key. Set one."
        )
    chosen = settings.model_settings(model)
    if chosen is None:
        raise InvalidChoice("--model: name the model that judges.")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        judging = bar.add_task("Judging", total=None)

        def done(settled: int, of: int) -> None:
            bar.update(judging, completed=settled, total=of)

        result = asyncio.run(
            judge_run(
                run,
                chosen,
                cache or settings.data / "evals" / "judge-cache",
                most_calls=most_calls,
                alignment=alignment,
                done=done,
            )
        )
    if as_json:
        print(result.model_dump_json())
        return
    for name, figure in result.figures.items():
        interval = "" if figure.low is None else f" ({figure.low:.3f} to {figure.high:.3f})"
        print(f"{name:24} {figure.value:.3f}{interval}, n {figure.n}")
    usable = "usable in a gate" if result.usable_in_gate else "not usable in a gate"
    print(f"{result.calls} calls, {result.cached} from the cache · {usable}")
    for warning in result.warnings:
        print(warning)

"""Options that several commands take, told in the same words."""

from pathlib import Path
from typing import Annotated

import typer

Run = Annotated[Path, typer.Argument(help="The directory of a run.", show_default=False)]
Old = Annotated[Path, typer.Argument(metavar="OLD", help="The run to compare with.", show_default=False)]
New = Annotated[Path, typer.Argument(metavar="NEW", help="The run that is judged.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Model = Annotated[
    str | None, typer.Option("--model", help="Language model. Default: MIGDESK_MODEL.", show_default=False)
]
NoModel = Annotated[bool, typer.Option("--no-model", help="Quotes only, even where a model is set.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory. Default: MIGDESK_DATA, else .migdesk here.", show_default=False),
]
Pack = Annotated[
    str | None,
    typer.Option(
        help="A directory with questions.jsonl and corpus.jsonl, or a pack that comes with us: audience, attacks.",
        show_default=False,
    ),
]
Questions = Annotated[
    Path | None, typer.Option(help="A file of questions, JSON lines in the packs' format.", show_default=False)
]
Corpus = Annotated[
    list[Path] | None,
    typer.Option(help="Documents, id, title and text a line, to answer from instead of --data. May be given again."),
]
Cases = Annotated[
    Path | None,
    typer.Option(help="A folder or file of cases. Default: those on the starter library.", show_default=False),
]
Store = Annotated[
    Path | None, typer.Option(help="Where stores of corpora are kept. Default: evals in the data directory.")
]
WholeCorpus = Annotated[
    bool, typer.Option("--whole-corpus", help="Offer every document, also where a question narrows itself to one.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first N questions.", show_default=False)]
Lang = Annotated[str | None, typer.Option(help="Only questions of this language.", show_default=False)]
Resamples = Annotated[int, typer.Option(min=1, help="Resamples of the bootstrap behind each interval.")]
Seed = Annotated[int, typer.Option(help="Of the bootstrap, so that figures repeat.")]
By = Annotated[
    str | None, typer.Option(help="Slices to show: language, topic, kind, …; several with commas.", show_default=False)
]

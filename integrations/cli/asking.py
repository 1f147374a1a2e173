"""``migdesk ask`` and ``migdesk chat``: the stream on a terminal."""

import asyncio
import sys
from contextlib import aclosing
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from assistant.build import build_desk
from assistant.desk import Desk, checked_question
from assistant.errors import InvalidQuestion
from assistant.events import Finished, Found, Said
from assistant.settings import load_settings
from assistant.types import Answer, Conversation, Outcome, Reader, Sentence, Turn
from assistant.written_dates import written_date
from assistant.written_places import written_place
from integrations.wire import AnswerOut


def run_ask(
    question: str,
    as_json: bool,
    audience: str,
    model: str | None,
    no_model: bool,
    top_k: int,
    language: str | None,
    as_of: date | None,
    data: Path | None,
) -> None:
    reader = Reader.of(audience, language)
    desk = _desk(model, no_model, data)
    try:
        answer = asyncio.run(_answer(desk, question, (), reader, top_k, _console(quiet=as_json), as_of))
    finally:
        desk.base.close()
    if as_json:
        print(AnswerOut.of(answer).model_dump_json(indent=2))


def run_chat(audience: str, model: str | None, no_model: bool, top_k: int, data: Path | None) -> None:
    reader = Reader.of(audience)
    desk = _desk(model, no_model, data)
    console = _console()
    conversation: Conversation = ()
    console.print(Text("Ask about migration policy in the Western Balkans. Ctrl-D or an empty line ends.", style="dim"))
    try:
        while question := _next_question(console):
            try:
                checked_question(question)
            except InvalidQuestion as error:
                console.print(Text(str(error), style="yellow"))
                continue
            answer = asyncio.run(_answer(desk, question, conversation, reader, top_k, console))
            conversation = (*conversation, Turn("user", question), Turn("assistant", answer.text))
    finally:
        desk.base.close()


def _console(quiet: bool = False) -> Console:
    """Lines are broken for a person at a terminal, never for a file or a pipe."""
    return Console(quiet=quiet, highlight=False, soft_wrap=not sys.stdout.isatty())


def _desk(model: str | None, no_model: bool, data: Path | None) -> Desk:
    settings = load_settings()
    return build_desk(settings, data=data, model=None if no_model else settings.model_settings(model))


def _next_question(console: Console) -> str:
    try:
        return console.input(Text("\n? ", style="bold")).strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""


async def _answer(
    desk: Desk,
    question: str,
    conversation: Conversation,
    reader: Reader,
    top_k: int,
    console: Console,
    as_of: date | None = None,
) -> Answer:
    """Prints the answer as it comes and returns it."""
    answer: Answer | None = None
    with console.status("Searching the documents…", spinner="dots") as waiting:
        async with aclosing(desk.stream(question, conversation, reader, as_of=as_of, top_k=top_k)) as events:
            async for event in events:
                match event:
                    case Found(passages):
                        waiting.update(f"Reading {len(passages)} passages…")
                    case Said(_, sentence):
                        console.print(_sentence(sentence))
                    case Finished():
                        answer = event.answer
                    case _:
                        pass
    assert answer is not None
    _print_rest(answer, console)
    return answer


def _sentence(sentence: Sentence) -> Text:
    numbers = dict.fromkeys(citation.number for citation in sentence.citations)
    return Text.assemble(sentence.text, " ", (" ".join(f"[{number}]" for number in numbers), "bold cyan"))


def _print_rest(answer: Answer, console: Console) -> None:
    if not answer.sentences:
        console.print(Text(answer.text))
    for notice in answer.notices:
        console.print(Text.assemble(("! ", "yellow"), (notice.text, "yellow")))
    if answer.sources:
        console.print()
    for source in answer.sources:
        date = written_date(source.published, answer.language) if source.published else None
        known = ", ".join(part for part in (source.publisher, date) if part)
        places = dict.fromkeys(
            written_place(citation.locator, answer.language)
            for sentence in answer.sentences
            for citation in sentence.citations
            if citation.number == source.number
        )
        console.print(
            Text.assemble((f"[{source.number}] ", "bold cyan"), (source.title, "bold"), f" ({known})" if known else "")
        )
        console.print(Text(f"    {source.document_id}: {'; '.join(places)}", style="dim"))
        if source.url:
            # An address broken at the terminal's edge cannot be followed.
            console.print(Text(f"    {source.url}", style="dim"), soft_wrap=True)
    writer = answer.provenance.model or "quotes only, no model"
    style = "dim" if answer.outcome in (Outcome.ANSWERED, Outcome.PARTIAL) else "yellow"
    console.print(
        Text.assemble(
            ("\n" + answer.outcome, style), (f" · {writer} · {answer.provenance.timings_ms.get('total', 0)} ms", "dim")
        )
    )

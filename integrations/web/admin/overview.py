"""How the desk is used: by day and by language, how questions end, and what readers think of the answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from assistant.conversations.types import Holdings, Usage
from assistant.types import Outcome
from integrations.accounts.types import Closed
from integrations.operators.counting import asked_by_readers
from integrations.operators.watches import Watch
from integrations.web.admin import bars
from integrations.web.admin.office import Office, TheOffice
from integrations.web.admin.parts import counted, empty, facts, folded, link, notice, section, table
from integrations.web.markup import Markup, element

router = APIRouter()
_CHOICES = (7, 30, 90)
_ANSWERED = frozenset({Outcome.ANSWERED, Outcome.PARTIAL, Outcome.EVIDENCE_ONLY})
OUTCOMES = {
    Outcome.ANSWERED: "Answered",
    Outcome.PARTIAL: "Answered in part",
    Outcome.EVIDENCE_ONLY: "Quotes only, the model was missing",
    Outcome.NOT_COVERED: "Not covered by the documents",
    Outcome.NEEDS_CLARIFICATION: "Asked back",
    Outcome.DECLINED: "Declined",
    Outcome.FAILED: "Failed",
}
LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "bs": "Bosnian",
    "de": "German",
    "en": "English",
    "fr": "French",
    "hr": "Croatian",
    "mk": "Macedonian",
    "ne": "Nepali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sr-Latn": "Serbian, Latin script",
    "ur": "Urdu",
}


@router.get("")
async def overview(office: TheOffice, days: Annotated[str, Query(max_length=4)] = "30") -> HTMLResponse:
    span = int(days) if days.isdecimal() and int(days) in _CHOICES else 30
    today = datetime.now(UTC).date()
    first = today - timedelta(days=span - 1)
    every_answer = await office.do(lambda: office.conversations.usage(first))
    usage = asked_by_readers(every_answer, await office.do(lambda: office.watches.usage(first)))
    watched = await office.do(office.watches.watched)
    held = await office.do(office.conversations.holdings)
    closed = await office.do(office.accounts.closed)
    every = [first + timedelta(days=number) for number in range(span)]
    body = [
        *_closed(closed),
        _spans(office, span),
        *_figures(office, usage, held, watched),
        *(_by_day(usage, every), _by_outcome(usage), _by_language(usage)),
        *([_by_reader(usage)] if usage else []),
        facts(
            f"Texts of questions are kept for {counted(office.conversations.keep_days, 'day')}; these figures hold "
            "no text and no name, and remain."
        ),
    ]
    return office.page("How the desk is used", body)


def language_name(code: str) -> str:
    return LANGUAGES.get(code, code)


def _closed(closed: Closed | None) -> list[Markup]:
    return [notice(f"The desk is closed. Readers see: {closed.reason}", "warn")] if closed is not None else []


def _spans(office: Office, chosen: int) -> Markup:
    links = [
        element(
            "a",
            {"href": office.address("", days=str(days)), "aria-current": "true" if days == chosen else None},
            f"{days} days",
        )
        for days in _CHOICES
    ]
    return element("nav", {"class": "filters", "aria-label": "Period"}, *links)


def _figures(office: Office, usage: Sequence[Usage], held: Holdings, watched: Sequence[Watch]) -> list[Markup]:
    asked = sum(line.count for line in usage)
    answered = sum(line.count for line in usage if line.outcome in _ANSWERED)
    rated = held.helpful + held.not_helpful
    waiting = held.escalations.get("open", 0) + held.escalations.get("claimed", 0)
    since = sum(one.again_at is not None for one in watched)
    shown = [
        ("Questions", f"{asked:,}", ""),
        ("Answered", _share(answered, asked), f"{answered:,} of {asked:,}" if asked else "nothing was asked"),
        ("Found helpful", _share(held.helpful, rated), f"{held.helpful:,} of {counted(rated, 'opinion')}, ever"),
        ("Waiting for a colleague", link(office.address("/escalations"), f"{waiting:,}"), ""),
        (
            "Answered since",
            link(office.address("/gaps") + "#answered", f"{since:,}"),
            f"{len(watched) - since:,} still under watch",
        ),
    ]
    items = [
        element(
            "li",
            {},
            element("span", {"class": "figure"}, figure),
            element("span", {"class": "about"}, name),
            *([element("span", {"class": "facts"}, said)] if said else []),
        )
        for name, figure, said in shown
    ]
    return [element("ul", {"class": "figures"}, *items)]


def _by_day(usage: Sequence[Usage], every: Sequence[date]) -> Markup:
    asked, answered = Counter[date](), Counter[date]()
    for line in usage:
        asked[line.day] += line.count
        answered[line.day] += line.count if line.outcome in _ANSWERED else 0
    counts = [(day.isoformat(), asked[day], answered[day]) for day in every]
    label = f"Questions a day from {every[0]} to {every[-1]}; the table below holds the figures"
    rows = [(name, f"{count:,}", f"{part:,}") for name, count, part in reversed(counts) if count]
    figures = table("Questions by day", ("Day", "Questions", "Answered"), rows, numbers=(1, 2))
    return section(
        "By day",
        element(
            "figure",
            {"class": "chart"},
            bars.days(counts, label),
            element(
                "figcaption",
                {"class": "facts"},
                element("span", {}, every[0].isoformat()),
                element("span", {}, "in full colour: answered"),
                element("span", {}, every[-1].isoformat()),
            ),
        ),
        *([folded("The figures", figures)] if rows else [empty("Nothing was asked in these days.")]),
    )


def _by_outcome(usage: Sequence[Usage]) -> Markup:
    return _shares("How questions ended", "Outcome", ((_outcome(line.outcome), line.count) for line in usage))


def _by_language(usage: Sequence[Usage]) -> Markup:
    return _shares("By language", "Language", ((language_name(line.language), line.count) for line in usage))


def _by_reader(usage: Sequence[Usage]) -> Markup:
    by_audience = _shares("By audience", "Audience", ((line.audience, line.count) for line in usage))
    by_surface = _shares("By place", "Place", ((line.surface, line.count) for line in usage))
    return element("div", {"class": "columns"}, by_audience, by_surface)


def _shares(title: str, column: str, counts: Iterable[tuple[str, int]]) -> Markup:
    summed = Counter[str]()
    for name, count in counts:
        summed[name] += count
    total = summed.total()
    if not total:
        return section(title, empty("Nothing yet."))
    most = max(summed.values())
    rows = [
        (name, bars.length(count, most), f"{count:,}", _share(count, total)) for name, count in summed.most_common()
    ]
    return section(title, table(title, (column, "Compared", "Questions", "Share"), rows, numbers=(2, 3)))


def _outcome(name: str) -> str:
    return OUTCOMES.get(Outcome(name), name) if name in Outcome.__members__ else name


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"

"""What a run was made of, and in what two runs differ there."""

from collections.abc import Iterator

from evals.records import Manifest
from evals.report.markup import Markup, element, together
from evals.report.tables import table

_MADE = {
    "Code": "code",
    "Version": "version",
    "Model": "model",
    "Embedder": "embedder",
    "Index": "index",
    "Whole corpus": "whole_corpus",
    "Repeats": "repeats",
    "Prompts": "prompts",
    "Data": "data",
    "Settings": "settings",
}


def provenance_view(manifest: Manifest) -> Markup:
    code = manifest.code or "not known"
    told: dict[str, str | dict[str, str]] = {
        "Run": manifest.name,
        "Made at": manifest.made_at + ("" if manifest.finished else " (broken off)"),
        "Took": "" if manifest.seconds is None else f"{manifest.seconds:,.0f} s",
        "Code": code + (", with changes that are in no commit" if manifest.code_changed else ""),
        "Version": manifest.version,
        "Model": manifest.model or "none: quotes only",
        "Embedder": manifest.embedder,
        "Index": manifest.index,
        "Questions": f"{manifest.questions:,}" + (f", each {manifest.repeats} times" if manifest.repeats > 1 else ""),
        "Offered": "the whole corpus" if manifest.whole_corpus else "what each question narrows itself to",
        "Prompts": manifest.prompts,
        "Data": manifest.data,
        "Settings": manifest.settings,
    }
    return element("dl", {"class": "provenance"}, *(_entry(name, value) for name, value in told.items() if value))


def made_otherwise(old: Manifest, new: Manifest) -> Markup:
    """What may have brought the change about."""
    rows = list(_differences(old, new))
    if not rows:
        return element(
            "p", {"class": "note"}, "Code, model, index, prompts, data and settings of both runs are the same."
        )
    return table("In what the runs differ", ("Made of", "Old", "New"), rows)


def _differences(old: Manifest, new: Manifest) -> Iterator[tuple[str, str, str]]:
    for name, field in _MADE.items():
        before, now = getattr(old, field), getattr(new, field)
        if isinstance(before, dict):
            for key in sorted(before.keys() | now.keys()):
                if before.get(key) != now.get(key):
                    yield f"{name}: {key}", before.get(key, "–"), now.get(key, "–")
        elif before != now:
            yield name, _said(before), _said(now)
    if old.code == new.code and (old.code_changed or new.code_changed):
        before, now = ("yes" if each.code_changed else "no" for each in (old, new))
        yield "Code with changes in no commit", before, now


def _said(value: object) -> str:
    return "none" if value is None else str(value)


def _entry(name: str, value: str | dict[str, str]) -> Markup:
    if isinstance(value, str):
        return together([element("dt", {}, name), element("dd", {}, element("bdi", {}, value))])
    values = [
        element("div", {}, element("bdi", {}, key), " ", element("code", {}, held))
        for key, held in sorted(value.items())
    ]
    return together([element("dt", {}, name), element("dd", {}, *values)])

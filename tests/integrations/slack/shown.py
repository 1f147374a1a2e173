"""Blocks and views as a person would see them: readable text for tests and notes, a page for the eye."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt

Block = Mapping[str, Any]
_BOLD = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")


def as_text(shown: Sequence[Block] | Block) -> str:
    """What a message or view shows, one line for each thing in it."""
    if isinstance(shown, Mapping):
        title = shown["title"]["text"] if "title" in shown else "Home"
        return "\n".join([f"┌ {title}", *_indented(_lines(shown["blocks"])), "└"])
    return "\n".join(_lines(shown))


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"│ {line}" for line in lines)


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block["type"]:
            case "markdown":
                yield from unescape(block["text"]).split("\n")
            case "section" | "header" | "alert":
                sign = {"header": "# ", "alert": f"({block.get('level')}) "}.get(block["type"], "")
                yield from (sign + unescape(block["text"]["text"])).split("\n")
            case "context":
                yield "  " + " · ".join(unescape(element["text"]) for element in block["elements"])
            case "divider":
                yield "────"
            case "container":
                yield f"▸ {block['title']['text']} (opens on request)"
                yield from (f"    {line}" for line in _lines(block["child_blocks"]))
            case "rich_text":
                for part in block["elements"]:
                    bar = "▌ " if part["type"] == "rich_text_quote" else ""
                    words = "".join(_run(element) for element in part["elements"])
                    yield from (bar + line for line in words.split("\n"))
            case "actions" | "context_actions":
                yield "  ".join(label for element in block["elements"] for label in _labels(element))
            case "input":
                yield f"{block['label']['text']}: [__________]"


def _run(element: Block) -> str:
    return f"**{element['text']}**" if element.get("style", {}).get("bold") else str(element["text"])


def _labels(element: Block) -> list[str]:
    if element["type"] == "feedback_buttons":
        return [f"({element[side]['text']['text']})" for side in ("positive_button", "negative_button")]
    return [f"[{element['text']['text']}]"]


STYLE = """
body{font:15px/1.46 Lato,"Noto Sans","Noto Sans Arabic",sans-serif;background:#fff;color:#1d1c1d;margin:24px;
display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px}
h1{font-size:13px;color:#616061;font-weight:600;margin:0 0 8px}
.frame{border:1px solid #ddd;border-radius:8px;padding:14px 18px;align-self:start}
.modal{box-shadow:0 4px 20px #0002}.title{font-weight:900;font-size:18px;margin-bottom:10px}
.header{font-weight:900;font-size:18px;margin:12px 0 4px}.context{color:#616061;font-size:13px;margin:6px 0}
.context span+span::before{content:" · "}.section{margin:6px 0}.alert{padding:8px 12px;border-radius:6px;margin:6px 0}
.warning{background:#fef6e0}.info{background:#e8f5fa}details{border:1px solid #ddd;border-radius:8px;margin:8px 0}
summary{padding:8px 12px;font-weight:700}details>div{padding:2px 12px 8px}blockquote{border-left:4px solid #ddd;
margin:6px 0;padding-left:10px}.button{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:3px 10px;
margin:3px 6px 3px 0;font-weight:700;font-size:13px}.primary{background:#007a5a;color:#fff}
.feedback{color:#616061;font-size:13px;margin-right:12px}p{margin:0 0 8px}a{color:#1264a3;text-decoration:none}
hr{border:0;border-top:1px solid #ddd}.input{border:1px solid #bbb;border-radius:4px;height:60px;margin:4px 0 8px}
"""


def as_page(pictures: Mapping[str, Sequence[Block] | Block]) -> str:
    """All of them on one page of HTML, roughly in Slack's looks."""
    frames = "".join(f"<div><h1>{escape(name)}</h1>{_frame(shown)}</div>" for name, shown in pictures.items())
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{frames}"


def _frame(shown: Sequence[Block] | Block) -> str:
    if not isinstance(shown, Mapping):
        return f'<div class="frame">{"".join(map(_html, shown))}</div>'
    title = shown["title"]["text"] if "title" in shown else "Home"
    buttons = "".join(_button(shown[name]["text"]) for name in ("close", "submit") if name in shown)
    inside = "".join(map(_html, shown["blocks"]))
    return f'<div class="frame modal"><div class="title" dir=auto>{escape(title)}</div>{inside}<hr>{buttons}</div>'


def _html(block: Block) -> str:
    match block["type"]:
        case "markdown":
            written = MarkdownIt().render(block["text"]).replace("<p>", "<p dir=auto>")
            return f"<div>{written}</div>"
        case "section" | "header":
            return f'<div class="{block["type"]}" dir=auto>{_words(block["text"])}</div>'
        case "alert":
            return f'<div class="alert {block["level"]}" dir=auto>{_words(block["text"])}</div>'
        case "context":
            inside = "".join(f"<span>{_words(element)}</span>" for element in block["elements"])
            return f'<div class="context" dir=auto>{inside}</div>'
        case "divider":
            return "<hr>"
        case "container":
            children = "".join(map(_html, block["child_blocks"]))
            title = escape(block["title"]["text"])
            return f"<details open><summary dir=auto>{title}</summary><div>{children}</div></details>"
        case "rich_text":
            return "".join(_rich(part) for part in block["elements"])
        case "actions":
            buttons = (_button(element["text"]["text"], element.get("style", "")) for element in block["elements"])
            return f"<div>{''.join(buttons)}</div>"
        case "context_actions":
            labels = (label for element in block["elements"] for label in _labels(element))
            return "<div>" + "".join(f'<span class="feedback">{escape(label)}</span>' for label in labels) + "</div>"
        case "input":
            return f'<div dir=auto><b>{escape(block["label"]["text"])}</b></div><div class="input"></div>'
        case other:
            raise ValueError(f"{other} cannot be drawn.")


def _words(found: Block) -> str:
    words: str = found["text"]
    if found["type"] == "plain_text":
        return escape(words).replace("\n", "<br>")
    drawn = ""
    for position, part in enumerate(words.replace(">", "<").split("<")):
        address, bar, label = part.partition("|")
        drawn += f'<a href="{address}">{label}</a>' if position % 2 and bar else part
    return _BOLD.sub(r"<b>\1</b>", drawn).replace("\n", "<br>")


def _rich(part: Block) -> str:
    runs = (
        f"<b>{escape(run['text'])}</b>" if run.get("style", {}).get("bold") else escape(run["text"])
        for run in part["elements"]
    )
    tag = "blockquote" if part["type"] == "rich_text_quote" else "p"
    return f"<{tag} dir=auto>{''.join(runs)}</{tag}>".replace("\n", "<br>")


def _button(label: str, style: str = "") -> str:
    return f'<span class="button {style}">{escape(label)}</span>'

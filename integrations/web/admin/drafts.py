"""A question that was answered badly as the draft of a case for the eval suite, in the format of its files. Pure."""

import re
from collections.abc import Sequence

import yaml

from assistant.conversations.types import Feedback, Kept, KeptTurn

_TURNS = 3
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]+")


def draft(kept: Kept, said: Feedback | None, before: Sequence[KeptTurn]) -> str:
    """YAML with one draft: the question, its language and reader, the turns ``before`` it (oldest first), and as
    remarks what the reader said. Evidence and accepted answers are for a person to fill in."""
    history = [
        {"role": role, "text": text}
        for turn in list(before)[-_TURNS:]
        if turn.kept.question is not None and turn.kept.answer is not None and turn.kept.audience == kept.audience
        for role, text in (("user", turn.kept.question), ("assistant", turn.kept.answer.text))
    ]
    case = {
        "id": f"feedback/{_name(kept.id)}",
        "question": kept.question or "",
        "kind": "answerable",
        "evidence": [],
        "accepted": [],
        "language": kept.language,
        **({"history": history} if history else {}),
        **({"as_of": kept.answer.as_of} if kept.answer is not None and kept.answer.as_of else {}),
        "reader": kept.audience,
        "draft": True,
    }
    remarks = [f"The answer ended as {kept.outcome}."]
    if said is not None:
        remarks.append(f"A reader: {said.reason or 'not helpful'}.")
        remarks += (said.comment or "").splitlines()
    remarks.append("Complete evidence and accepted, then take out draft: true.")
    top = "".join(f"# {_on_one_line(remark)}\n" for remark in remarks if remark.strip())
    return top + yaml.safe_dump({"cases": [case]}, allow_unicode=True, sort_keys=False, width=110)


def file_name(answer_id: str) -> str:
    return f"draft-{_name(answer_id)}.yaml"


def command(answer_id: str) -> str:
    """What does the same at the terminal."""
    # With the sign: an id may begin with a hyphen.
    return f"migdesk eval case add --from-feedback={answer_id}"


def _name(answer_id: str) -> str:
    return "-".join(re.findall("[A-Za-z0-9]+", answer_id))


def _on_one_line(remark: str) -> str:
    return _UNPRINTABLE.sub(" ", remark).strip()

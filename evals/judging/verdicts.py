"""The one word a judge replies with. Strict: whatever else a reply holds, it is no verdict, and never a pass."""

from typing import Literal, get_args

Verdict = Literal["yes", "partly", "no"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def parse_verdict(reply: str) -> Verdict | None:
    """The verdict, where the reply is that word alone (in any case, blanks and one full stop aside), else None."""
    word = reply.strip().removesuffix(".").lower()
    return next((verdict for verdict in VERDICTS if word == verdict), None)

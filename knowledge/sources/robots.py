"""What a host's robots.txt asks of programs like this one (RFC 9309): which paths to leave alone, how long to wait.

The standard library's parser takes the first rule that fits instead of the longest, and knows no wildcards, on which
most of the files of official sites rely. Nothing in this file does input or output.
"""

import re
from dataclasses import dataclass

PRODUCT = "MigrationDesk"
MOST_BYTES = 512_000
_LONGEST_DELAY = 30.0
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host that are meant for us. ``delay`` is in seconds, at most half a minute."""

    rules: tuple[_Rule, ...] = ()
    delay: float = 0.0

    def allow(self, request_target: str) -> bool:
        """Whether a path with its query may be asked for: the longest rule that fits decides, of equals the one that
        allows."""
        wanted = _normal(request_target)
        fitting = [(len(rule.pattern), rule.allows) for rule in self.rules if _fits(rule.pattern, wanted)]
        return max(fitting)[1] if fitting else True


EVERYTHING = Rules()


def parse(raw: bytes) -> Rules:
    """The rules for our name, or those for everybody where no group names us. Never raises: what is no rule is
    skipped, as the standard asks."""
    text = raw[:MOST_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    groups: dict[str, tuple[list[_Rule], list[float]]] = {}
    names: list[str] = []
    names_end = True
    for line in re.split(r"\r\n|\r|\n", text):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if names_end:
                names, names_end = [], False
            token = _TOKEN.match(value)
            names.append("*" if value.startswith("*") else token[0].lower() if token else "")
            groups.setdefault(names[-1], ([], []))
        elif key in ("allow", "disallow"):
            names_end = True
            for name in names if value else []:
                groups[name][0].append(_Rule(_normal(value), key == "allow"))
        elif key == "crawl-delay":
            names_end = True
            for name in names:
                groups[name][1].extend(_seconds(value))
    rules, delays = groups.get(PRODUCT.lower()) or groups.get("*") or ([], [])
    return Rules(tuple(rules), min(max(delays, default=0.0), _LONGEST_DELAY))


def _seconds(value: str) -> list[float]:
    return [float(value)] if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value) else []


def _normal(path: str) -> str:
    """One spelling of each path: what needs no escape unescaped, everything else beyond ASCII escaped in capitals."""
    path = "".join(c if ord(c) < 0x80 else "".join(f"%{byte:02X}" for byte in c.encode()) for c in path)

    def one(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if character in _UNRESERVED else escape[0].upper()

    return _ESCAPE.sub(one, path)


def _fits(pattern: str, wanted: str) -> bool:
    """``*`` stands for anything, ``$`` at the end for the end. Goes through once, so that no pattern is slow."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not wanted.startswith(first):
        return False
    if not others:
        return not ends or wanted == first
    at = len(first)
    for piece in others[:-1]:
        found = wanted.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = others[-1]
    return wanted.endswith(last) and len(wanted) - len(last) >= at if ends else wanted.find(last, at) >= 0

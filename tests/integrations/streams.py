"""Server-sent events as a client of ours reads them: by the standard, and by nothing of the product."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    id: str
    name: str
    data: Any


def events(lines: Iterable[str]) -> Iterator[Received]:
    """The events of a stream, each as soon as its blank line has come. What has none was cut off and is no event."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields.setdefault(name, []).append(value.removeprefix(" "))
            continue
        if "data" in fields:
            (identifier,), (name,) = fields["id"], fields["event"]
            yield Received(identifier, name, json.loads("\n".join(fields["data"])))
        fields = {}

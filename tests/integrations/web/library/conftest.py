"""A library of what would be markup if anything took it for that."""

from collections.abc import Iterator

import pytest

from knowledge.candidates import files_in
from knowledge.embedding import Embedder
from knowledge.ingest import Ingest
from tests.integrations.conftest import DeskOn
from tests.integrations.servers import serving_desk

HOSTILE = "<img src=x onerror='window.hit = 1'><script>window.hit = 2</script>"
HOSTILE_NAME = "notes & <b>letters</b>/Pristina #1?.txt"
HOSTILE_TEXT = (
    f"😀 Letters <i>of</i> \U0001d4d0 the Vlasina office 😀\n\nThe weather station on Vlasina is open in winter.\n\n"
    f"The office on Lake Vlasina sends {HOSTILE} with every single letter 😀 it writes to the ministry.\n"
)
LONG = "Donaudampfschifffahrtsgesellschaft" * 9
BRIEF = f"""---
id: nasty
title: "Letters & {HOSTILE}"
topic: letters
theme: borders-and-visas
jurisdictions: [RS]
as_of: "2024-06"
review_by: "2024-07"
disagreements:
  - id: stamps
    about: "how many stamps {HOSTILE} needs"
    positions:
      - {{says: "one {HOSTILE}", sources: [office]}}
      - {{says: two, sources: [ministry, office]}}
sources:
  - {{id: office, title: "Leaflet {HOSTILE}", publisher: "Office {HOSTILE}", url: "https://letters.example/?a=1&b='x"}}
  - {{id: ministry, title: "Letter {LONG}", published: "2024-06-05", url: "https://[broken"}}
---

# Letters

The office on Lake Vlasina sends `{HOSTILE}` with each letter. [^office] [^disagree:stamps]
The ministry answers every letter within 14 days & {LONG}. [^ministry] [^office]

## What it `<i>costs</i>`

- A letter from the office on Lake Vlasina costs two stamps. [^ministry] [^disagree:stamps]
- A letter from the ministry costs nothing at all. [^ministry]
"""


@pytest.fixture(scope="session")
def odd_site(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, desk_on: DeskOn) -> Iterator[str]:
    """A server on a brief and a file whose words, titles and names look like markup."""
    folder = tmp_path_factory.mktemp("odd")
    letter = folder / "in" / HOSTILE_NAME
    letter.parent.mkdir(parents=True)
    letter.write_text(HOSTILE_TEXT, encoding="utf-8")
    (folder / "in" / "nasty.md").write_text(BRIEF, encoding="utf-8")
    report = Ingest(folder / "data", embedder).run(files_in([folder / "in"])[0])
    assert sorted(report.added) == sorted(["nasty", HOSTILE_NAME]), report.refused
    with serving_desk(desk_on(folder / "data")) as address:
        yield address

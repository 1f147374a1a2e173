"""The documents that the desk's tests ask about, and how they become a knowledge base. All of it is invented."""

from functools import lru_cache
from pathlib import Path

from knowledge.base import KnowledgeBase, open_base
from knowledge.candidates import files_in
from knowledge.embedding import Embedder, local_embedder
from knowledge.ingest import Ingest

PODGORICA = "podgorica-round-table-2022.md"
SKOPJE = "skopje-round-table-2023.md"
HARBOUR = "safe-harbour-project.md"
BRIEF = "seasonal-workers-brief"
STAFF_NOTE = "negotiation-note.md"
# Words that stand in the staff document and nowhere else, its id among them.
STAFF_SECRETS = ("8450", "denars", "Petkovski", "quiet ceiling", STAFF_NOTE)

ASK_PODGORICA = "Which delegations came to the round table in Podgorica?"
ASK_SKOPJE = "Which delegations came to the round table in Skopje?"
ASK_HARBOUR = "How many houses of returning families did the project Safe Harbour repair?"
ASK_PICKERS = "How many seasonal workers picked raspberries in the Drina valley?"
ASK_CEILING = "What is the ceiling for the return grant of the delegation from Morocco?"
PODGORICA_SENTENCE = "Delegations from Ghana and Tunisia came to the round table in Podgorica on 12 and 13 May 2022."
SKOPJE_SENTENCE = "Delegations from Morocco and Egypt came to the round table in Skopje on 20 and 21 September 2023."
HARBOUR_SENTENCE = "The project Safe Harbour repaired houses for 1,300 returning families between 2018 and 2021."
PICKERS_SENTENCE = "In 2019 about 420 seasonal workers from Nepal picked raspberries in the Drina valley."
TOOLS_SENTENCE = "Each family received tools & seeds from the depot in Bar for the first year."
VISA_SENTENCE = "A seasonal visa for the orchards costs 60 euros and is valid for 90 days."

PUBLIC_DOCUMENTS = {
    PODGORICA: f"""# Round table on assisted voluntary return, Podgorica, May 2022

## Participants

{PODGORICA_SENTENCE} They were joined by case workers from Montenegro and Albania.

## Results

The round table in Podgorica agreed on a joint form for travel documents.
Legal counselling before departure was named as the most urgent need.
""",
    SKOPJE: f"""# Round table on assisted voluntary return, Skopje, September 2023

## Participants

{SKOPJE_SENTENCE} They were joined by case workers from Serbia and Bosnia.

## Results

The round table in Skopje agreed on a shared list of interpreters.
Medical care during the journey was named as the most urgent need.
""",
    HARBOUR: f"""# Safe Harbour: housing for returning families

{HARBOUR_SENTENCE} It was paid for by the Swiss Agency for Development with 2.4 million euros.

Families chose the place of their new home themselves. {TOOLS_SENTENCE}
""",
    "seasonal-workers.md": f"""---
id: {BRIEF}
title: Seasonal workers in the orchards of the Drina valley
topic: regular pathways
theme: labour-mobility
jurisdictions: [BA, RS]
keywords: [seasonal work]
as_of: "2019-07"
review_by: "2021-06"
audience: public
sources:
  - id: orchard-survey-2019
    title: Survey of orchard workers along the Drina
    publisher: Institute for Rural Labour
    published: "2019-07-15"
    url: https://labour.example/orchard-survey
  - id: consulate-leaflet-2018
    title: Leaflet on seasonal visas
    publisher: Consulate of Examplia
    published: "2018-03"
    url: https://visas.example/leaflet
---

# Seasonal workers in the orchards of the Drina valley

## Who picks the fruit

{PICKERS_SENTENCE} [^orchard-survey-2019] Most of the raspberry pickers stayed for three months. [^orchard-survey-2019]

## Which papers they need

{VISA_SENTENCE} [^consulate-leaflet-2018]
The employers paid the fee of the seasonal visa for every second worker, as the leaflet advises.
[^orchard-survey-2019] [^consulate-leaflet-2018]
""",
}
STAFF_DOCUMENTS = {
    STAFF_NOTE: """# Internal note on the talks about the return grant

The quiet ceiling for the return grant is 8450 denars a person, and the delegation from Morocco must not
learn of it. Zoran Petkovski leads the talks on the grant.
"""
}


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """The real local embedder, loaded once for all tests of a run."""
    return local_embedder()


def write_documents(folder: Path, documents: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def ingest(data: Path, folder: Path, audience: str | None = None) -> None:
    candidates, refused = files_in([folder])
    report = Ingest(data, embedder()).run(candidates, audience)
    assert not refused and not report.refused, (refused, report.refused)


def build_base(root: Path, public: dict[str, str], staff: dict[str, str] | None = None) -> KnowledgeBase:
    """A knowledge base of these documents under ``root``. Whoever builds it closes it."""
    ingest(root / "data", write_documents(root / "public", public))
    if staff:
        ingest(root / "data", write_documents(root / "staff", staff), "staff")
    return open_base(root / "data", embedder())

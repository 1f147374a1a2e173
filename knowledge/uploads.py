"""A version that an operator uploaded, and the place that the document is ingested from.

A careful operator who brings a newer version expects it to stay, and expects to hear of it where somebody else's file
takes its place. So an ingest compares what files say, not the times at which they were touched (a copied or
synchronised folder has new times on old files):

- what lies at the place is what an earlier version was read from, or says the same: it is no news, the upload stays;
- it is the uploaded file itself: the place has caught up, and nothing changes, nor what was said of it on uploading;
- it is something that no version was read from: whoever looks after the place has changed it since, and that is a new
  version as ever. Holding it back would let the document grow old in silence. The upload stays in the history, and the
  ingest says what it took the place of.
"""

from dataclasses import dataclass

from knowledge.catalogue import Catalogue
from knowledge.versions import VersionInfo

PLACE = "upload:"


@dataclass(frozen=True, slots=True)
class Upload:
    """The latest version, which was uploaded; of those before it the digests of their files, and their texts."""

    latest: VersionInfo
    originals: frozenset[str]
    texts: frozenset[str]

    def stays(self, original: str, text: str) -> bool:
        """Whether the upload outlasts a file with this digest and text."""
        return original == self.latest.original or original in self.originals or text in self.texts


def upload_of(catalogue: Catalogue, document_id: str) -> Upload | None:
    """None where the document's latest version came from where it is ingested from."""
    *before, latest = catalogue.history(document_id)
    if not latest.uploaded:
        return None
    originals = frozenset(info.original for info in before if info.original is not None)
    return Upload(latest, originals, frozenset(catalogue.stored(document_id, info.version).text for info in before))


def is_ingested(origin: str) -> bool:
    """Whether a document lies at a place that an ingest or a refresh reads; else it came by uploads alone."""
    return not origin.startswith(PLACE)

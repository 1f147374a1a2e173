"""Withdraws documents: the one place where this package takes something from the readers."""

from collections.abc import Mapping
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.locks import writer_lock
from knowledge.snapshots import Snapshots
from knowledge.types import Decision

_WHO = "migdesk sources refresh"


def withdraw(directory: Path, reasons: Mapping[str, str], chroma_url: str | None = None) -> None:
    """Document id → why. From the next question on they are not found; their versions stay stored, the decision is kept
    and can be taken back. Raises StoreBusy before anything is changed."""
    with writer_lock(directory):
        catalogue = Catalogue(directory)
        try:
            for document_id, reason in reasons.items():
                catalogue.decide(Decision(_WHO, document_id, "withdraw", {"reason": reason}))
            # Once for all of them: bringing the index up is what takes time.
            Snapshots(directory, catalogue, chroma_url).publish()
        finally:
            catalogue.close()

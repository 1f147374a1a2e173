from dataclasses import replace

from knowledge.comparison.reference_changes import reference_changes
from knowledge.types import Reference


def test_references_are_known_by_what_they_are_and_not_by_their_ids() -> None:
    press = Reference("a", "Press release", "IOM", "2024-06", "https://albania.iom.int/x")
    law = Reference("b", "Law on Foreigners", "Parliament")
    report = Reference("c", "Annual report")
    newer_press = replace(press, id="1", title="Press release, corrected")
    newer_law = replace(law, id="2", published="2025")
    strategy = Reference("3", "Strategy")
    assert reference_changes([press, law], [replace(law, id="1"), replace(press, id="2")]) == ()
    assert reference_changes([press, press], [press, press]) == ()
    found = reference_changes([press, law, report], [strategy, newer_law, newer_press])
    assert [(change.kind, change.old, change.new) for change in found] == [
        ("added", None, strategy),
        ("changed", law, newer_law),
        ("changed", press, newer_press),
        ("removed", report, None),
    ]

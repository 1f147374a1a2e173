"""What comes back from raters, and what is refused of it."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.labelling.labels import InvalidLabels, Label, read_labels

ITEM, OTHER = "i0123456789ab", "iba9876543210"
HEADER = "sheet,item,rater,support,answers,refusal,note\n"


def line(**values: object) -> str:
    return json.dumps({"sheet": "s01234567-1", "item": ITEM, "rater": "ab"} | values) + "\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_what_the_page_saved_is_read(tmp_path: Path) -> None:
    saved = written(
        tmp_path / "labels.jsonl",
        line(support="partly", answers="yes", note="=so", at="2026-03-01T10:00:00.000Z")
        + "\n"
        + line(item=OTHER, refusal="unsure"),
    )
    labels = read_labels([saved])
    assert labels.raters == ("AB",)
    first, second = labels.labels
    assert (first.support, first.answers, first.refusal, first.note) == ("partly", "yes", None, "=so")
    assert first.at is not None and first.at.year == 2026
    assert (second.refusal, second.support) == ("unsure", None)
    assert labels.places["AB", OTHER] == f"{saved}:3"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    table = io.StringIO()
    rows = csv.writer(table, delimiter=delimiter, lineterminator="\r\n")
    rows.writerow(["Sheet", "Item", "Rater", "Support", "Answers", "Refusal", "Note", "question"])
    rows.writerow(["s01234567-1", ITEM, " ab ", "Supported", "PARTLY", "n/a", "'=1+1", "Who?\nÉvidence, 'x'"])
    rows.writerow(["s01234567-1", OTHER, "", "n/a", "n/a", "right", "", "Who?"])
    rows.writerow(["s01234567-1", "i000000000000", "", "", "", "", "", "Not yet labelled"])
    rows.writerow([""] * 8)
    path = tmp_path / "sheet-1.CSV"
    path.write_bytes(table.getvalue().encode(encoding))
    first, second = read_labels([path]).labels
    assert (first.rater, first.support, first.answers, first.note) == ("AB", "supported", "partly", "=1+1")
    assert (second.rater, second.refusal) == ("AB", "right")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", line(support="yes"), "a.jsonl:1: support: "),
        ("a.jsonl", line(support="not") + "{half\n", "a.jsonl:2: not JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl:1: .*a label is an object"),
        ("a.jsonl", line(item="en-1", support="not"), "a.jsonl:1: item: "),
        ("a.jsonl", line(rater="  ", support="not"), "a.jsonl:1: rater: "),
        ("a.jsonl", line(support="not", refusal="right"), "a.jsonl:1: refusal is for items that are refusals"),
        ("a.jsonl", line(support="not") + line(support="partly"), "a.jsonl:2: .*otherwise in .*a.jsonl:1"),
        ("a.jsonl", line(support="not") + line(item=OTHER, sheet="s01234567-2", refusal="right"), "different initials"),
        ("a.jsonl", line(), "hold no label"),
        ("a.csv", "", "hold no label"),
        ("a.csv", "sheet,item,rater,support,answers\n", "a.csv:1: there is no column refusal"),
        ("a.csv", HEADER + f"s01234567-1,{ITEM},,not,,,\n", "a.csv:2: rater: write your initials"),
        (
            "a.csv",
            HEADER + f's01234567-1,{OTHER},ab,not,,,"a\nb"\ns01234567-1,{ITEM},,perhaps,,,\n',
            "a.csv:4: support",
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(InvalidLabels, match=told):
        read_labels([written(tmp_path / name, text)])


def test_the_same_label_twice_is_one_and_a_missing_file_is_named(tmp_path: Path) -> None:
    saved = written(tmp_path / "a.jsonl", line(support="not"))
    again = written(tmp_path / "b.jsonl", line(support="not", note="saved again"))
    assert len(read_labels([saved, again]).labels) == 1
    with pytest.raises(InvalidLabels, match="absent.csv: No such file"):
        read_labels([tmp_path / "absent.csv"])


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEADER + text).encode()))
def test_any_bytes_are_labels_or_an_error_that_is_ours(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("wild.csv", "wild.jsonl"):
        (folder / name).write_bytes(raw)
        try:
            labels = read_labels([folder / name])
        except InvalidLabels:
            continue
        assert all(isinstance(label, Label) and not label.is_empty for label in labels.labels)

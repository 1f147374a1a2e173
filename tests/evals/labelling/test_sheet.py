"""The sheets as files, and the page in a real browser without any network."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from evals.errors import InvalidRun
from evals.judging.result import JUDGE
from evals.labelling.labels import COLUMNS, FORMULA, read_labels
from evals.labelling.sheet import KEY, Sheets, read_key, write_sheet
from evals.questions import Question
from tests.evals.labelled_runs import MODEL, answered, judge_saying, refused, sentence, small_run, write_run

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
HOSTILE = (
    '</script><script>window.hit = 1</script><!--<img src=x onerror="window.hit = 2">'
    "<a href='javascript:window.hit=3'>$data ${x} \u2028 &lt;b&gt;</a>"
)
URDU = "کیا آپ جانتے ہیں کہ کون ملا؟"


def hostile_run(directory: Path) -> Path:
    questions = [
        Question(id="first", question=f"=1+1 {HOSTILE}", lang="en"),
        Question(id="second", question=URDU, lang="ur"),
    ]
    quoted = f"{HOSTILE} They met."
    answers = [
        answered("first", sentence("Nothing more.", "More."), sentence(f"@They met. {HOSTILE}", quoted)),
        refused("second", "ur"),
    ]
    return write_run(directory, questions, answers)


def test_a_sheet_says_nothing_of_what_stands_behind_its_items(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    (run / JUDGE).write_text(judge_saying({"en-0": "no", "en-1": "yes"}).model_dump_json(), encoding="utf-8")
    sheets = write_sheet(run, tmp_path / "out", raters=3, size=12, seed=4)
    assert (len(sheets.html), len(sheets.csv), sheets.items, sheets.disagreeing) == (3, 3, 12, 2)
    assert sheets.audiences == ("public",)
    key = read_key(run)
    assert len(key.items) == 12
    secret = [MODEL, "disagreement", "stratum", "near_miss", "answerable", "NOT_COVERED", "verdict", "score"]
    secret += [f'"{item.question_id}"' for item in key.items.values()]
    for path in (*sheets.html, *sheets.csv):
        text = path.read_text(encoding="utf-8")
        assert [word for word in secret if word in text] == []
        assert all(identifier in text for identifier in key.items)
    assert len({path.read_text(encoding="utf-8") for path in sheets.html}) == 3


def test_a_second_sheet_orphans_no_label_of_the_first(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    write_sheet(run, tmp_path / "one", size=6, seed=1)
    first = read_key(run).items
    write_sheet(run, tmp_path / "two", size=6, seed=2)
    assert first.items() < read_key(run).items.items()


def test_a_run_without_anything_to_label_and_a_key_that_is_none_are_told(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [], [])
    with pytest.raises(InvalidRun, match="holds no answer and no refusal"):
        write_sheet(run, tmp_path / "out", seed=1)
    with pytest.raises(InvalidRun, match="no sheet was made"):
        read_key(run)
    (run / KEY).parent.mkdir()
    (run / KEY).write_text('{"run": 1}')
    with pytest.raises(InvalidRun, match="key.json: run: "):
        read_key(run)


def test_no_cell_of_the_table_is_run_by_a_spreadsheet_and_it_reads_back(tmp_path: Path) -> None:
    sheets = write_sheet(hostile_run(tmp_path / "run"), tmp_path / "out", raters=1, seed=1)
    raw = sheets.csv[0].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)] == []
    by_question = {row["question"]: row for row in rows}
    row = by_question[f"'=1+1 {HOSTILE}"]
    assert (row["support"], row["answers"], row["refusal"]) == ("", "", "n/a")
    assert row["sentence"] in ("Nothing more.", f"'@They met. {HOSTILE}")
    row |= {"rater": "ab", "support": "not", "answers": "no"}
    filled = io.StringIO()
    table = csv.DictWriter(filled, [*COLUMNS, "question", "answer", "sentence", "quotes", "passages"])
    table.writeheader()
    table.writerows(by_question.values())
    sheets.csv[0].write_text(filled.getvalue(), encoding="utf-8", newline="")
    (label,) = read_labels([sheets.csv[0]]).labels
    assert (label.rater, label.support, label.answers) == ("AB", "not", "no")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = CHROMIUM if CHROMIUM.exists() else None
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone. In the end the page has asked for nothing but its own file, and complained of nothing."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda sent: asked.append(sent.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    assert asked and all(url.startswith(("file:///", "blob:")) for url in asked)
    assert complaints == []
    context.close()


def opened(page: Page, path: Path) -> dict[str, dict[str, object]]:
    """Opens a sheet; its items by id."""
    page.goto(path.as_uri())
    expect(page.locator("#progress")).to_contain_text("Item 1 of")
    data = json.loads(page.locator("#data").text_content() or "")
    return {item["id"]: item for item in data["items"]}


def go_to(page: Page, words: str) -> None:
    for _ in range(3):
        if words in page.locator(".question").inner_text():
            return
        page.keyboard.press("n")
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect(page.locator(".question")).to_contain_text(words)


def sheets_of(directory: Path) -> Sheets:
    return write_sheet(hostile_run(directory / "run"), directory / "out", raters=2, seed=1)


def saved(page: Page, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save labels as a file").click()
    assert download.value.suggested_filename.startswith("labels-s")
    download.value.save_as(path)
    return path


def test_hostile_text_is_shown_as_text_and_nothing_of_it_runs(page: Page, tmp_path: Path) -> None:
    opened(page, sheets_of(tmp_path).html[0])
    go_to(page, "=1+1")
    assert page.locator(".question").text_content() == f"=1+1 {HOSTILE}"
    expect(page.locator(".asked-about")).to_have_count(1)
    expect(page.locator(".source mark")).to_have_count(1)
    assert page.evaluate("[window.hit, document.images.length, document.links.length]") == [None, 0, 0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_right_to_left_text_runs_right_to_left_and_a_refusal_shows_what_was_found(page: Page, tmp_path: Path) -> None:
    opened(page, sheets_of(tmp_path).html[0])
    go_to(page, URDU)
    assert page.locator(".question").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator(".source").evaluate("e => getComputedStyle(e.querySelector('p')).direction") == "ltr"
    expect(page.locator(".source")).to_have_text("Beside it.")
    expect(page.get_by_role("radio")).to_have_count(3)


def test_labels_by_keyboard_outlive_a_closed_tab_and_go_on_in_another_browser(page: Page, tmp_path: Path) -> None:
    sheets = sheets_of(tmp_path)
    opened(page, sheets.html[0])
    page.get_by_role("button", name="Save labels").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your initials first")
    page.get_by_label("Your initials").fill("Zë 1")
    page.keyboard.press("Enter")
    go_to(page, "=1+1")
    page.keyboard.press("2")
    page.keyboard.press("3")
    page.get_by_label("Note").fill("1 n p stay words here")
    expect(page.locator("#progress")).to_contain_text("1 labelled")
    page.get_by_role("button", name="Next without a label").click()
    page.keyboard.press("1")
    expect(page.locator("#progress")).to_contain_text("2 labelled")

    # The second rater's sheet on the same machine is a sheet of its own.
    opened(page, sheets.html[1])
    expect(page.locator("#progress")).to_contain_text("0 labelled")
    page.goto(sheets.html[0].as_uri())
    expect(page.get_by_label("Your initials")).to_have_value("Zë 1")
    expect(page.locator("#progress")).to_contain_text("2 labelled")
    file = saved(page, tmp_path / "labels.jsonl")
    first, second = sorted(read_labels([file]).labels, key=lambda label: label.refusal or "")
    assert (first.rater, first.support, first.answers, first.note) == ("ZË 1", "partly", "no", "1 n p stay words here")
    assert (second.refusal, second.support) == ("right", None)
    assert first.at is not None

    page.evaluate("localStorage.clear()")
    opened(page, sheets.html[0])
    expect(page.locator("#progress")).to_contain_text("0 labelled")
    page.locator("#open").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("2 of 2 labels were taken over")
    expect(page.locator("#progress")).to_contain_text("2 labelled")
    assert read_labels([saved(page, tmp_path / "again.jsonl")]).labels == read_labels([file]).labels


def test_a_file_of_another_sheet_is_not_taken_over(page: Page, tmp_path: Path) -> None:
    sheets = sheets_of(tmp_path)
    opened(page, sheets.html[0])
    for text in ('{"sheet": "s00000000-1", "item": "x"}\n', "[1]\n", "null\n"):
        wrong = tmp_path / "wrong.jsonl"
        wrong.write_text(text)
        page.locator("#open").set_input_files(wrong)
        expect(page.get_by_role("alert")).to_contain_text("Line 1 of wrong.jsonl belongs to another sheet")
    wrong.write_text("{half\n")
    page.locator("#open").set_input_files(wrong)
    expect(page.get_by_role("alert")).to_contain_text("is not a label. Nothing was taken over")
    expect(page.locator("#progress")).to_contain_text("0 labelled")

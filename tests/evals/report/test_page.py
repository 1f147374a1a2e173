"""What the page says, read from its HTML: the figures of scores.json, and nothing that leads out of it."""

import json
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from evals.errors import InvalidRun
from evals.metrics.table import METRICS
from evals.report.page import write_report
from evals.report.question_list import WORST
from tests.evals.report.hostile import hostile_run
from tests.evals.report.runs import answer, citation, question, sixty, write_run


def tree(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def one(within: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = within.css_first(selector)
    assert found is not None, selector
    return found


def cells(table: LexborNode) -> dict[str, list[str]]:
    """The rows of a table by what they are called."""
    rows = ([cell.text(separator=" ", strip=True) for cell in row.css("th, td")] for row in table.css("tbody tr"))
    return {row[0]: row[1:] for row in rows if len(row) > 1}


def test_every_figure_of_the_scores_stands_in_the_table_with_interval_n_clusters_and_detectable(
    page: Path, after: Path
) -> None:
    scores = json.loads((after / "scores.json").read_text(encoding="utf-8"))["overall"]
    shown = cells(one(tree(page), "#figures table"))
    assert len(shown) == len(scores) > 25
    for name, figure in scores.items():
        metric = METRICS[name]
        row = shown[f"{metric.label} {'↑' if metric.better == 'higher' else '↓'}"]
        places = 0 if metric.unit in ("ms", "tokens") else 3
        value, low, high = (f"{figure[key]:,.{places}f}".replace("-", "−") for key in ("value", "low", "high"))
        assert row[0] == f"{value} [{low}, {high}]"
        assert row[1] == f"{figure['n']:,} ({figure['clusters']:,})"
        assert row[2] == ("–" if figure["detectable"] is None else f"{figure['detectable']:.3f}")


def test_the_charts_of_languages_show_the_figures_of_the_slices(page: Path, after: Path) -> None:
    scores = json.loads((after / "scores.json").read_text(encoding="utf-8"))["slices"]["language"]
    described = one(tree(page), "#language-answer-containment-desc").text()
    for language, figures in scores.items():
        figure = figures["answer_containment"]
        assert f"{language} {figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]" in described


def test_every_chart_has_a_name_a_description_and_a_table_with_headers(page: Path) -> None:
    parsed = tree(page)
    charts = parsed.css("svg[role=img]")
    assert len(charts) >= 12
    for chart in charts:
        named, described = chart.attributes["aria-labelledby"], chart.attributes["aria-describedby"]
        assert one(chart, f"title#{named}").text(strip=True)
        assert re.search(r"\d", one(chart, f"desc#{described}").text())
    identifiers = [node.attributes["id"] for node in parsed.css("[id]")]
    assert len(identifiers) == len(set(identifiers))
    for section in ("figures", "changes", "slices", "confidence", "cost"):
        assert parsed.css(f"#{section} table")
    for table in parsed.css("table"):
        assert one(table, "caption").text(strip=True)
        assert table.css("thead th[scope=col]")
        assert all(row.css("th[scope]") for row in table.css("tbody tr"))


def test_nothing_is_asked_of_a_network_and_only_the_script_that_was_written_may_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    parsed = tree(page)
    assert not parsed.css("link, img, iframe, object, embed, base, use, image, video, audio, source, [src], [srcset]")
    assert "url(" not in text and "@import" not in text
    assert len(parsed.css("script")) == len(parsed.css("style")) == 1
    policy = one(parsed, "meta[http-equiv]").attributes["content"] or ""
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy and "connect" not in policy and "http" not in policy
    for link in parsed.css("a"):
        address = link.attributes["href"] or ""
        assert address.startswith("#") or (re.match("https?://", address) and link.attributes["rel"] == "noopener")


def test_what_changed_is_told_with_both_answers_the_gate_and_what_the_runs_are_made_of(page: Path) -> None:
    changes = one(tree(page), "#changes")
    told = changes.text(separator=" ")
    assert "Baseline before" in " ".join(told.split())
    assert "The gate fails" in told
    moved = {one(each, "code").text(): each for each in changes.css(".entry")}
    assert one(moved["en/meeting-9"], "summary b").text().startswith("▲")
    assert "en/meeting-4" not in moved
    lost = moved["en/meeting-1"]
    assert one(lost, "summary b").text().startswith("▼")
    columns = [node.text(separator=" ", strip=True) for node in one(lost, ".columns").css(".part")]
    assert "Meeting 1 in Tirana was attended by 21 delegates." in columns[0] and columns[0].startswith("Old")
    assert "Meeting 1 in Tirana was attended by 100 delegates." in columns[1] and columns[1].startswith("New")
    assert all("Report on meeting-1" in column for column in columns)
    assert "Code with changes in no commit" in told


def test_a_run_compared_with_itself_passes_the_gate_and_shows_no_change(after: Path, tmp_path: Path) -> None:
    write_report(after, tmp_path / "out.html", after)
    changes = one(tree(tmp_path / "out.html"), "#changes")
    assert "✓ The gate passes" in changes.text()
    assert "No share moved." in changes.text()
    assert not changes.css(".entry, svg")


def test_the_worst_show_quote_source_and_passage_side_by_side(page: Path) -> None:
    worst = {one(each, "code").text(): each for each in tree(page).css("#worst .question")}
    wrong = worst["en/meeting-1"]
    assert "Accepted answer missing" in one(wrong, ".wrong").text()
    quoted = wrong.css(".columns")[-1]
    assert one(quoted, "blockquote").text() == "Meeting 1 in Tirana was attended by 100 delegates."
    assert one(quoted, ".passage mark").text() == "Meeting 1 in Tirana was attended by 100 delegates."
    assert "The office opened the day." in one(quoted, ".passage").text()
    source = one(quoted, ".facts").text()
    assert "International Organization for Migration · 2024-06 · meeting-1 · Who took part" in source
    assert one(quoted, ".facts a").attributes["href"] == "https://example.org/meeting-1"
    assert "“21”" in one(wrong, ".columns .part").text()
    refused = worst["en/meeting-6"]
    assert "Refused, though covered" in one(refused, ".wrong").text()
    assert "The best passages found" in refused.text()


def test_one_document_that_rests_on_two_publications_is_two_sources(tmp_path: Path) -> None:
    asked = question(1, "en")
    said = answer(asked, 1, 21)
    cited = [
        citation("meeting-1", said.answer, title=f"Press release {number}", url=f"https://example.org/{number}")
        for number in (1, 2)
    ]
    sentence = said.sentences[0].model_copy(update={"citations": tuple(cited)})
    run = write_run(tmp_path / "run", [asked], [said.model_copy(update={"sentences": (sentence,)})])
    write_report(run, tmp_path / "out.html")
    entry = one(tree(tmp_path / "out.html"), "#entries .entry")
    assert one(entry, ".sign").text() == "[1][2]"
    assert [link.text() for link in entry.css(".sources a")] == ["Press release 1", "Press release 2"]
    assert "✓ No fault" in one(entry, "summary").text()


def test_questions_stand_in_their_language_and_direction(page: Path) -> None:
    asked = [node for node in tree(page).css("#entries .asked") if "تیرانا" in node.text()]
    assert len(asked) == 20
    assert all(node.attributes["dir"] == "auto" and node.attributes["lang"] == "ur" for node in asked)


def test_provenance_tells_what_the_run_was_made_of(page: Path) -> None:
    told = one(tree(page), "#provenance").text(separator=" ")
    for part in ("0123456789abcdef", "in no commit", "none: quotes only", "multilingual-e5-small", "14eeeedac09e-50"):
        assert part in told
    for part in ("answer.md", "5f1c", "cases", "77aa", "top_k", "2026-11-22"):
        assert part in told


def test_text_that_tries_to_break_out_stays_text(tmp_path: Path) -> None:
    run = hostile_run(tmp_path / "hostile")
    write_report(run, tmp_path / "out.html", run)
    parsed = tree(tmp_path / "out.html")
    assert len(parsed.css("script")) == len(parsed.css("style")) == 1
    assert not parsed.css("img, svg[onload], [onerror]")
    assert "<img src=x onerror" in one(parsed, "#worst .asked").text()
    addresses = {node.attributes["href"] or "" for node in parsed.css("a")}
    assert {address for address in addresses if not address.startswith("#")} == {
        "https://example.org/fine?a=1&b=%22'><b>"
    }
    raw = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", raw)


def test_an_unverified_quote_and_a_leak_are_the_gravest(tmp_path: Path) -> None:
    questions, answers = sixty()
    leaked, unverified = answers[0], answers[1]
    cited = {
        0: citation("meeting-0", "Meeting 0 in Tirana was attended by 20 delegates.", audience="staff"),
        1: citation("meeting-1", "It rained all day.", verified=False),
    }
    for place, its in cited.items():
        sentence = answers[place].sentences[0].model_copy(update={"citations": (its,)})
        answers[place] = answers[place].model_copy(update={"sentences": (sentence,)})
    run = write_run(tmp_path / "run", questions, answers)
    write_report(run, tmp_path / "out.html")
    first, second = tree(tmp_path / "out.html").css("#worst .question")[:2]
    assert one(first, "code").text() == leaked.question_id and "may not see" in one(first, ".wrong").text()
    assert one(second, "code").text() == unverified.question_id and "Quote not in its document" in second.text()
    assert "not letter for letter in its document" in one(second, ".columns blockquote .wrong").text()


def test_of_repeats_the_worst_is_shown_and_how_many_failed(tmp_path: Path) -> None:
    asked = [question(number, "en") for number in (0, 1)]
    answers = [
        answer(each, number, number + 20 + repeat, repeat) for number, each in enumerate(asked) for repeat in (0, 1)
    ]
    run = write_run(tmp_path / "run", asked, answers, repeats=2)
    write_report(run, tmp_path / "out.html")
    parsed = tree(tmp_path / "out.html")
    assert all("failed in 1 of 2 runs" in each.text() for each in parsed.css("#worst .question"))
    assert "attended by 22 delegates" in parsed.css("#worst .question")[1].text()
    assert "Variance between runs" in one(parsed, "#repeats").text()


def test_ten_thousand_questions_stay_small_and_the_page_says_what_it_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bounds of the page lowered instead of a run that takes long to make."""
    monkeypatch.setattr("evals.report.question_list.ALL_IN_FULL", 30)
    monkeypatch.setattr("evals.report.question_list.GRAVEST_IN_FULL", 10)
    monkeypatch.setattr("evals.report.question_list.LISTED", 40)
    run = write_run(tmp_path / "run", *sixty(worse=True))
    write_report(run, tmp_path / "out.html")
    listed = one(tree(tmp_path / "out.html"), "#questions")
    assert len(listed.css("details.entry")) == 10
    assert len(listed.css(".entry")) == 40
    assert "The run has 60 questions; the 40 listed" in listed.text()
    assert "only the 10 gravest open here" in listed.text()


def test_no_more_than_the_worst_are_told_in_full_and_each_kind_of_fault_is_among_them(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: Path
) -> None:
    assert len(tree(page).css("#worst .question")) == 24 < WORST
    monkeypatch.setattr("evals.report.question_list.WORST", 6)
    write_report(after, tmp_path / "out.html")
    worst = tree(tmp_path / "out.html").css("#worst .question")
    assert len(worst) == 6
    assert {one(each, ".wrong").text() for each in worst} == {
        "✗ Answered, though not covered",
        "✗ Accepted answer missing",
        "✗ Refused, though covered",
    }


def test_a_run_that_was_not_scored_is_told_so(tmp_path: Path, after: Path) -> None:
    run = write_run(tmp_path / "run", *sixty())
    (run / "scores.json").unlink()
    with pytest.raises(InvalidRun, match="migdesk eval score"):
        write_report(run, tmp_path / "out.html")
    with pytest.raises(InvalidRun, match="cannot be written"):
        write_report(after, after / "scores.json" / "out.html")

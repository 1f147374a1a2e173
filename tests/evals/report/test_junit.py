"""The JUnit file, as a build server reads it."""

from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from evals.report.junit import write_junit
from evals.report.markup import element
from evals.scores import Breach, Verdict
from tests.evals.report.hostile import hostile_run
from tests.evals.report.runs import sixty, write_run


def test_each_question_is_a_test_that_fails_where_the_answer_is_wrong(after: Path, tmp_path: Path) -> None:
    write_junit(after, tmp_path / "junit.xml")
    suites = ElementTree.parse(tmp_path / "junit.xml").getroot()
    suite = suites[0]
    cases = {case.attrib["name"]: case for case in suite.iter("testcase")}
    failed = {name: case[0] for name, case in cases.items() if len(case)}
    assert len(cases) == 60 == int(suite.attrib["tests"]) == int(suites.attrib["tests"])
    assert len(failed) == 24 == int(suite.attrib["failures"]) == int(suites.attrib["failures"])
    assert cases["ur/meeting-1"].attrib["classname"] == "meetings.ur.answerable"
    assert cases["ur/meeting-1"].attrib["time"] == "0.092"
    assert failed["en/meeting-1"].attrib == {"type": "missing", "message": "Accepted answer missing"}
    assert failed["en/meeting-6"].attrib["type"] == "wrongly_refused"
    assert failed["en/meeting-7"].attrib["type"] == "wrongly_answered"
    told = failed["en/meeting-1"].text or ""
    assert "How many delegates attended meeting 1" in told and "holding: 21" in told and "by 100 delegates" in told
    assert "en/meeting-2" not in failed and "en/meeting-3" not in failed
    properties = {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}
    assert properties["index"] == "14eeeedac09e-50" and properties["prompts.answer.md"] == "5f1c"
    assert "model" not in properties


def test_a_verdict_is_a_suite_of_its_own(after: Path, tmp_path: Path) -> None:
    breaches = (
        Breach(what="mrr is worse: 0.9 → 0.7", metric="mrr"),
        Breach(what="mrr on language=sr is worse: 0.9 → 0.7", metric="mrr", slice="language=sr"),
        Breach(what="en/meeting-2 may never break, and did", question_id="en/meeting-2"),
        Breach(what="2 questions have no answer"),
    )
    write_junit(after, tmp_path / "failed.xml", Verdict(passed=False, breaches=breaches, checked=9))
    suites = ElementTree.parse(tmp_path / "failed.xml").getroot()
    assert (suites.attrib["tests"], suites.attrib["failures"]) == ("64", "28")
    names = ["mrr", "mrr on language=sr", "en/meeting-2", "2 questions have no answer"]
    assert [case.attrib["name"] for case in suites[1]] == names
    assert [each.attrib["message"] for each in suites[1].iter("failure")] == [breach.what for breach in breaches]
    write_junit(after, tmp_path / "passed.xml", Verdict(passed=True, breaches=(), checked=9))
    suites = ElementTree.parse(tmp_path / "passed.xml").getroot()
    assert (suites.attrib["tests"], suites.attrib["failures"]) == ("61", "24")


def test_wild_text_leaves_the_file_readable(tmp_path: Path) -> None:
    write_junit(hostile_run(tmp_path / "hostile"), tmp_path / "junit.xml")
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()[0]
    names = [case.attrib["name"] for case in suite.iter("testcase")]
    assert len(names) == 6 and all("</script></style>" in name and "]]>" in name for name in names)
    types = [failure.attrib["type"] for failure in suite.iter("failure")]
    assert "broke_off" in types and "quote" in types


def test_a_run_without_a_fault_has_no_failure(tmp_path: Path) -> None:
    questions, answers = sixty()
    right = [(asked, said) for asked, said in zip(questions, answers, strict=True) if asked.id.endswith(("-0", "-1"))]
    run = write_run(tmp_path / "run", [asked for asked, _ in right], [said for _, said in right])
    write_junit(run, tmp_path / "junit.xml")
    suites = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (suites.attrib["tests"], suites.attrib["failures"]) == ("6", "0")


@given(st.text(), st.text())
def test_whatever_a_text_holds_it_stays_one_text_of_one_element(attribute: str, text: str) -> None:
    made = ElementTree.fromstring(element("p", {"title": attribute}, text))
    assert not list(made)
    assert set(made.attrib) == {"title"}
    assert {*(made.text or "")} <= {*text, "\ufffd", "\n"}

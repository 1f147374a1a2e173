"""A run as JUnit XML, which build servers show: a test for each question, failed where its answer is wrong."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evals.records import Manifest
from evals.report.excerpts import shortened
from evals.report.results import Result, results_of
from evals.run_directory import read_run
from evals.scores import Breach, Verdict
from evals.scoring import read_scores
from evals.whole_files import write_whole

# What XML can hold in no form at all.
_NO_XML = {
    **dict.fromkeys(code for code in range(0x20) if chr(code) not in "\t\n\r"),
    **dict.fromkeys((*range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)),
}
_LONGEST = 2000


def write_junit(run: Path, out: Path, verdict: Verdict | None = None) -> None:
    """Writes a suite of the run's questions, and with a ``verdict`` another of what the gate found. Raises InvalidRun
    where the run was not made or not scored, or ``out`` cannot be written."""
    read = read_run(run)
    results = results_of(read, read_scores(run)[1])
    suites = Element("testsuites", {"name": _fit(read.manifest.name)})
    suites.append(_questions(read.manifest, results))
    if verdict is not None:
        suites.append(_gate(verdict))
    for count in ("tests", "failures"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    indent(suites)
    write_whole(out, '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n")


def _questions(manifest: Manifest, results: Iterable[Result]) -> Element:
    suite = Element("testsuite", {"name": _fit(manifest.name), "timestamp": _fit(manifest.made_at)})
    properties = SubElement(suite, "properties")
    for name, value in _properties(manifest):
        SubElement(properties, "property", {"name": _fit(name), "value": _fit(value)})
    tests = failures = 0
    seconds = 0.0
    for result in results:
        took = result.answer.timings_ms.get("total", 0) / 1000
        group = ".".join(filter(None, (result.question.pack, result.question.lang, result.question.kind)))
        attributes = {"name": _fit(result.question.id), "classname": _fit(group), "time": f"{took:.3f}"}
        case = SubElement(suite, "testcase", attributes)
        if result.faults:
            message = "; ".join(result.faults)
            failed = SubElement(case, "failure", {"type": result.faults[0].name.lower(), "message": _fit(message)})
            failed.text = _fit("\n".join(_told(result)))
        tests, failures, seconds = tests + 1, failures + bool(result.faults), seconds + took
    suite.attrib |= {"tests": str(tests), "failures": str(failures), "errors": "0", "time": f"{seconds:.3f}"}
    return suite


def _gate(verdict: Verdict) -> Element:
    failures = len(verdict.breaches)
    suite = Element("testsuite", {"name": "gate", "tests": str(max(1, failures)), "failures": str(failures)})
    if not verdict.breaches:
        SubElement(suite, "testcase", {"classname": "gate", "name": f"{verdict.checked} checks"})
    for breach in verdict.breaches:
        case = SubElement(suite, "testcase", {"classname": "gate", "name": _fit(_name(breach))})
        SubElement(case, "failure", {"type": "gate", "message": _fit(breach.what)})
    return suite


def _name(breach: Breach) -> str:
    """The same from build to build, as long as the same thing fails."""
    if breach.metric is None:
        return breach.question_id or breach.what
    return f"{breach.metric} on {breach.slice}" if breach.slice else breach.metric


def _properties(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for name, value in manifest.model_dump().items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", str(held)) for key, held in sorted(value.items()))
        elif value is not None:
            yield name, str(value)


def _told(result: Result) -> Iterator[str]:
    """Enough to see what is wrong without opening the report."""
    question, answer = result.question, result.answer
    yield f"Question ({question.lang}): {shortened(question.question, _LONGEST)}"
    yield f"Expected: {question.expected}"
    yield from (f"  holding: {shortened(' or '.join(group), _LONGEST)}" for group in question.answers_wanted)
    yield f"Answer ({answer.outcome}): {shortened(answer.answer, _LONGEST)}"
    quotes = [cited for sentence in answer.sentences for cited in sentence.citations]
    for cited in {(cited.document_id, cited.quote): cited for cited in quotes}.values():
        said = "" if cited.quote in answer.answer else f": {shortened(cited.quote, _LONGEST)}"
        yield f"  [{cited.document_id} · {cited.title} · {cited.locator}]{said}"
    if result.runs > 1:
        yield f"Failed in {result.failed_runs} of {result.runs} runs."


def _fit(text: str) -> str:
    return text.translate(_NO_XML)

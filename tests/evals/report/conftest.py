"""Two runs of the same sixty questions, the second of which is worse, and the page that compares them."""

from pathlib import Path

import pytest

from evals.report.page import write_report
from tests.evals.report.runs import sixty, write_run


@pytest.fixture(scope="package")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("runs") / "before", *sixty())


@pytest.fixture(scope="package")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("runs") / "after", *sixty(worse=True))


@pytest.fixture(scope="package")
def page(before: Path, after: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "report.html"
    write_report(after, out, before)
    return out

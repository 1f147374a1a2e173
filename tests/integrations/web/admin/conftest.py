"""One office a module, on documents of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integrations.conftest import DeskOn
from tests.integrations.web.admin.offices import Office, Person, opened


@pytest.fixture(scope="module")
def office(small_base: Path, desk_on: DeskOn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    data = Path(shutil.copytree(small_base, folder / "data"))
    with opened(desk_on(data), data, folder / "memory") as office:
        yield office


@pytest.fixture
def operator(office: Office) -> Person:
    return office.operator()


@pytest.fixture
def visitor(office: Office) -> Person:
    return office.visitor()

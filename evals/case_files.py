"""Case files as mappings with the line each begins in: YAML with its cases under ``cases``, or JSON lines."""

import json
from pathlib import Path
from typing import Any

import yaml

from evals.errors import InvalidCases
from evals.lines import lines_of

SUFFIXES = (".yaml", ".jsonl")
_FORM = "the file holds one key, cases, with a list under it"


def mappings_of(path: Path) -> list[tuple[int, Any]]:
    """Each case of a file with its line, counted from 1. Raises InvalidCases."""
    return _json_lines(path) if path.suffix == ".jsonl" else _yaml_list(path)


def yaml_mapping(path: Path) -> dict[str, Any]:
    """A YAML file that is one mapping. Raises InvalidCases."""
    return _yaml(path, _text(path))


def _json_lines(path: Path) -> list[tuple[int, Any]]:
    found = []
    for number, line in lines_of(path, InvalidCases):
        try:
            found.append((number, json.loads(line, object_pairs_hook=_once)))
        except (ValueError, RecursionError) as error:
            raise InvalidCases(f"{path}:{number}: not JSON: {error}") from error
    if not found:
        raise InvalidCases(f"{path}:1: holds no case")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a key that is given twice: the last would be kept, and a question or its evidence lost."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"the key {key} is given twice")
        made[key] = value
    return made


def _yaml_list(path: Path) -> list[tuple[int, Any]]:
    text = _text(path)
    data = _yaml(path, text)
    listed = data.get("cases")
    if set(data) != {"cases"} or not isinstance(listed, list) or not listed:
        raise InvalidCases(f"{path}:1: {_FORM}")
    return list(zip(_lines(text), listed, strict=True))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidCases(f"{path}: {getattr(error, 'strerror', None) or error}") from error


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice, as JSON lines do."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        given: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in given:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            given.add(str(key.value))
        return super().construct_mapping(node, deep)


def _yaml(path: Path, text: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidCases(f"{path}:{line}: not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidCases(f"{path}: not YAML: {error}") from error
    if not isinstance(data, dict):
        raise InvalidCases(f"{path}:1: is no mapping")
    return data


def _lines(text: str) -> list[int]:
    """The lines in which the items under ``cases`` begin, counted from 1."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    sequence = next(value for key, value in root.value if key.value == "cases")
    return [item.start_mark.line + 1 for item in sequence.value]

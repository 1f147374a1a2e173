"""What a run is made of, told so that two runs can be compared and one that was broken off can be gone on with."""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from assistant.desk import TOP_K, Desk
from assistant.settings import Settings
from evals.asking import AT_ONCE, DEPTH
from evals.contamination import prompt_texts
from evals.lines import line_of
from evals.questions import Question
from evals.records import Manifest
from prompts.prompt import load_prompt

_ROOT = Path(__file__).parents[1]
_MEASURED = ("assistant", "knowledge", "prompts", "evals")
# What must be the same for answers to belong to one run.
_SAME = ("code", "code_changed", "version", "model", "embedder", "index", "repeats", "whole_corpus")


def manifest_of(
    desk: Desk,
    settings: Settings,
    questions: Iterable[Question],
    files: Mapping[str, Path],
    *,
    name: str,
    repeats: int,
    whole_corpus: bool,
) -> Manifest:
    """``files``: the packs, case files and corpora by the name they are told under. Settings hold no key, and of an
    endpoint its host alone."""
    asked = list(questions)
    commit, changed = _code()
    data = {told: _digest(path) for told, path in files.items()}
    data["documents"] = _documents(desk)
    data["questions"] = _hash("".join(line_of(question) for question in asked).encode())
    told = {f"limits.{key}": str(value) for key, value in settings.limits.model_dump().items()}
    told |= {"top_k": str(TOP_K), "depth": str(DEPTH), "at_once": str(AT_ONCE)}
    if desk.model_name and settings.openai_base_url:
        told["endpoint"] = settings.openai_base_url.split("//", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1]
    return Manifest(
        name=name,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        code=commit,
        code_changed=changed,
        version=metadata.version("migration-desk"),
        model=desk.model_name,
        embedder=desk.embedder_name,
        index=desk.base.fingerprint,
        prompts={name: load_prompt(name).hash for name in _prompts_of_the_desk()},
        data=data,
        settings=told,
        questions=len(asked),
        repeats=repeats,
        whole_corpus=whole_corpus,
    )


def differences(begun: Manifest, now: Manifest) -> list[str]:
    """What changed since a run was begun so that its answers would not belong together, in words."""
    said = [
        f"{name} was {getattr(begun, name)} and is {getattr(now, name)}"
        for name in _SAME
        if getattr(begun, name) != getattr(now, name)
    ]
    for what, old, new in (
        ("prompt", begun.prompts, now.prompts),
        ("data", begun.data, now.data),
        ("setting", begun.settings, now.settings),
    ):
        said += [
            f"{what} {key} was {old.get(key, 'not there')} and is {new.get(key, 'not there')}"
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        ]
    return said


def _prompts_of_the_desk() -> list[str]:
    """A judge's prompts shape no answer."""
    return [name.removesuffix(".md") for name in prompt_texts() if not name.startswith("judge")]


def _documents(desk: Desk) -> str:
    """A digest of what the base holds and of what operators decided on it."""
    catalogue = desk.base.catalogue
    held = sorted((each.id, each.version, each.digest, each.audience) for each in catalogue.known().values())
    decided = [(each.document_id, each.action, sorted(each.detail.items())) for each in catalogue.decisions()]
    return _hash(json.dumps([held, decided]).encode())


def _digest(path: Path) -> str:
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file() and each.suffix in (".yaml", ".jsonl"))
        return _hash(b"".join(each.relative_to(path).as_posix().encode() + each.read_bytes() for each in inside))
    return _hash(path.read_bytes())


def _hash(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=8).hexdigest()


def _code() -> tuple[str | None, bool]:
    """The commit that this code lies in, and whether it differs from it. None outside a repository of ours."""
    if _git("ls-files", "--error-unmatch", "evals/__init__.py") is None:
        return None, False
    commit = _git("rev-parse", "HEAD")
    return (commit or "").strip() or None, bool((_git("status", "--porcelain", "--", *_MEASURED) or "").strip())


def _git(*arguments: str) -> str | None:
    try:
        ran = subprocess.run(
            ["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return ran.stdout if ran.returncode == 0 else None

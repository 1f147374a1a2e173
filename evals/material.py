"""What a run is on: a pack, questions of one's own, or the cases; and the documents they are asked of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.dataset import load_pack
from evals.errors import InvalidChoice, InvalidPack
from evals.library_questions import library_questions
from evals.questions import Question

PACKS = Path(__file__).parent / "packs"
QUESTIONS, CORPUS = "questions.jsonl", "corpus.jsonl"


@dataclass(frozen=True, slots=True)
class Material:
    """``corpora``: the files to build a store of; none where the knowledge base of a data directory is asked.
    ``files``: everything that was read, by the name that a manifest tells it under."""

    name: str
    questions: tuple[Question, ...]
    corpora: tuple[Path, ...]
    files: dict[str, Path]


def material(
    pack: str | None, questions: Path | None, corpora: Sequence[Path], cases: Path | None, own: Path
) -> Material:
    """From what was given: ``pack`` (a directory with questions.jsonl, and corpus.jsonl unless it is asked of a data
    directory, or the name of one that comes with the suite), a file of ``questions``, a folder or file of ``cases``,
    or nothing of these: the cases in ``own``. Raises EvalError."""
    if sum(each is not None for each in (pack, questions, cases)) > 1:
        raise InvalidChoice("Give one of --pack, --questions and --cases.")
    if pack is not None:
        folder = _pack(pack)
        documents = [folder / CORPUS] if (folder / CORPUS).exists() else []
        questions, corpora = folder / QUESTIONS, (*documents, *corpora)
    files = {f"{path.parent.name}/{path.name}": path for path in corpora}
    if questions is not None:
        name = questions.parent.name if questions.name == QUESTIONS else questions.stem
        files[f"{questions.parent.name}/{questions.name}"] = questions
        return Material(name, tuple(load_pack(questions)), tuple(corpora), files)
    chosen = cases or own
    return Material(
        "library" if chosen == own else chosen.stem,
        tuple(library_questions(chosen)),
        tuple(corpora),
        {**files, "cases": chosen},
    )


def _pack(given: str) -> Path:
    for folder in (Path(given), PACKS / given):
        if (folder / QUESTIONS).is_file():
            return folder
    shipped = ", ".join(sorted(path.parent.name for path in PACKS.glob(f"*/{QUESTIONS}")))
    raise InvalidPack(f"{given}: no directory with {QUESTIONS} and {CORPUS}; the packs that come with us: {shipped}.")

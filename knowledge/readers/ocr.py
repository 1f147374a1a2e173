"""Reads the picture of a page with the program Tesseract, where it is installed."""

import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import lru_cache

# The languages of our readers and documents; of these, those that are installed are tried together.
_LANGUAGES = ("eng", "srp_latn", "srp", "sqi", "bos", "hrv", "mkd", "ben", "nep", "urd", "ara", "fra", "deu")
_MOST_LANGUAGES = 4
_PAGE_SECONDS = 60
DOTS_PER_INCH = 300


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey levels of a page, row by row, a byte each."""

    width: int
    height: int
    grey: bytes


class Recogniser:
    """Recognises pages until ``seconds`` are used up."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._program = find_tesseract()

    @property
    def is_installed(self) -> bool:
        return self._program is not None

    def text(self, picture: Picture) -> str | None:
        """The words in the picture, paragraphs set off by empty lines; None where there was no program, no time or
        no success."""
        left = min(_PAGE_SECONDS, self._until - time.monotonic())
        if self._program is None or left <= 1:
            return None
        image = f"P5 {picture.width} {picture.height} 255\n".encode() + picture.grey
        command = [self._program, "stdin", "stdout", "--dpi", str(DOTS_PER_INCH)]
        languages = _installed(self._program)
        if languages:
            command += ["-l", "+".join(languages)]
        try:
            done = subprocess.run(
                command, input=image, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=left, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.decode("utf-8", "replace").replace("\f", "\n")


def find_tesseract() -> str | None:
    return shutil.which("tesseract")


@lru_cache(maxsize=1)
def _installed(program: str) -> tuple[str, ...]:
    try:
        listed = subprocess.run(
            [program, "--list-langs"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    found = set(listed.stdout.decode("utf-8", "replace").split())
    return tuple(language for language in _LANGUAGES if language in found)[:_MOST_LANGUAGES]

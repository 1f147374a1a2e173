"""Loads a prompt file, checks its variables, hashes and renders it.

A file is Markdown with TOML front matter between ``+++`` lines (``variables = ["question"]``), then parts under
``# system`` and ``# user``. Variables are ``$name`` (``string.Template``), so braces in a prompt mean themselves.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Template


class PromptError(Exception):
    """A prompt file or its use that is wrong; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """``hash`` is of the file's bytes and goes into every answer that used it."""

    name: str
    hash: str
    variables: frozenset[str]
    system: str
    user: str

    def render(self, **values: str) -> tuple[str, str]:
        """The system and the user text. Raises PromptError when values and declared variables differ."""
        if values.keys() != self.variables:
            raise PromptError(f"prompt '{self.name}' takes {sorted(self.variables)}, was given {sorted(values)}")
        return Template(self.system).substitute(values), Template(self.user).substitute(values)


_FILE = re.compile(r"\A\+\+\+\n(?P<front>.*?)\n\+\+\+\n+# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.DOTALL)


def parse_prompt(name: str, raw: bytes) -> Prompt:
    """Raises PromptError naming what is wrong."""
    try:
        match = _FILE.match(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PromptError(f"prompt '{name}' is not valid UTF-8 (byte {error.start})") from error
    if match is None:
        raise PromptError(f"prompt '{name}' is not: +++ TOML +++, '# system', '# user'")
    try:
        front = tomllib.loads(match["front"])
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"prompt '{name}': front matter: {error}") from error
    variables = front.get("variables")
    named = isinstance(variables, list) and all(isinstance(variable, str) for variable in variables)
    if set(front) != {"variables"} or not isinstance(variables, list) or not named:
        raise PromptError(f"prompt '{name}': front matter holds 'variables', a list of names, and nothing else")
    used: set[str] = set()
    for part in (match["system"], match["user"]):
        template = Template(part)
        if not template.is_valid():
            raise PromptError(f"prompt '{name}': a $ that is no variable; write $$ for a dollar")
        used.update(template.get_identifiers())
    if used != set(variables):
        raise PromptError(f"prompt '{name}' declares {sorted(variables)} and uses {sorted(used)}")
    digest = hashlib.sha256(raw).hexdigest()[:16]
    return Prompt(name, digest, frozenset(used), match["system"].strip(), match["user"].strip())


@lru_cache(maxsize=16)
def load_prompt(name: str) -> Prompt:
    """The prompt file ``<name>.md`` of this package."""
    entry = resources.files("prompts").joinpath(f"{name}.md")
    if not entry.is_file():
        raise PromptError(f"there is no prompt '{name}'")
    return parse_prompt(name, entry.read_bytes())

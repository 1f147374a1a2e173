"""The library's own words: what its pages say, and the names of themes and countries."""

from dataclasses import dataclass
from datetime import date

from assistant.message_files import MessageFiles, isolated
from integrations.web.desk.plurals import form_for
from integrations.web.markup import Markup, element, joined
from integrations.web.shell import Shell
from knowledge.topics import is_review_due
from knowledge.types import Source

_FILES = MessageFiles("integrations.web.library")
KOSOVO = "XK"


@dataclass(frozen=True, slots=True)
class Words:
    """For one page and the language of its reader."""

    shell: Shell
    today: date

    def __call__(self, key: str, **values: object) -> str:
        return _FILES.message(key, self.shell.language.code, **values)

    def counted(self, key: str, count: int, **values: object) -> str:
        """A text with its number, in the form that goes with it."""
        language = self.shell.language.code
        form = form_for(_FILES.template(key, language), language, count)
        return form.format(
            **{name: isolated(str(value), language) for name, value in {"count": count, **values}.items()}
        )

    def theme(self, theme: str) -> str:
        return self(f"themes.{theme}")

    def country(self, code: str) -> str:
        return self(f"countries.{code}")

    def facts(self, source: Source, *more: Markup) -> Markup:
        """What a reader should know of a document before opening it: its dates, its sources, who may read it."""
        as_of = source.as_of or source.published
        said: list[Markup] = [
            self._dated("document.as_of", as_of) if as_of else joined(self.shell.text("page.undated"))
        ]
        if source.review_by:
            said.append(self._dated("document.review_by", source.review_by))
        if source.references:
            said.append(joined(self.counted("document.sources", len(source.references))))
        parts = [part for one in [*said, *more] for part in (" · ", one)][1:]
        if is_review_due(source.review_by, self.today):
            parts += [" ", element("span", {"class": "tag warn"}, self("document.due"))]
        audience = source.audience.partition(":")[0]
        if audience in ("partner", "staff"):
            parts += [" ", element("span", {"class": "tag"}, self(f"audience.{audience}"))]
        return element("p", {"class": "facts"}, *parts)

    def kosovo_note(self) -> Markup:
        """What is said wherever the country is named by us."""
        return element("p", {"class": "facts"}, self("library.kosovo"))

    def _dated(self, key: str, day: str) -> Markup:
        """The words around a date, the date as an element of its own."""
        before, _, after = _FILES.template(key, self.shell.language.code).partition("{date}")
        return joined(before, self.shell.date(day), after)

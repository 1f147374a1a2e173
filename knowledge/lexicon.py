"""The keyword index: SQLite FTS5, one table an audience (and one for what was in force once), in the catalogue's own
transactions.

The tokeniser keeps combining marks (``Mn Mc``): with FTS5's defaults Bengali and Nepali words fall to pieces.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from knowledge.normalisation import words_of
from knowledge.recent import Recent

_TOKENIZE = "porter unicode61 remove_diacritics 2 categories ''L* N* Co Mn Mc''"
# In a large collection the commonest words cost most of the time and decide nothing.
_PRUNE_ABOVE = 5000
_PRUNE_SHARE = 0.05
_MOST_TERMS = 48


@dataclass(frozen=True, slots=True)
class KeywordHits:
    """Passage key → BM25 over the question's total idf, for the best passages; each term's idf, in order; and the terms
    that stand nowhere in what the reader may see."""

    shares: dict[int, float]
    idf: dict[str, float]
    unseen: frozenset[str] = frozenset()


# Table, revision of the catalogue and word (None: every passage) → in how many passages. Counting a common word takes
# longer than the search itself, and the commonest words come in every question.
Frequencies = Recent[tuple[str, int, str | None], int]


class Lexicon:
    """Bound to one connection and one index fingerprint; for reading also to a memory of frequencies and the revision
    of the catalogue that they are counted at."""

    def __init__(
        self, connection: Connection, fingerprint: str, frequencies: Frequencies | None = None, revision: int = 0
    ) -> None:
        self._connection = connection
        self._fingerprint = fingerprint
        self._frequencies = frequencies
        self._revision = revision

    def add(self, audience: str, key: int, title: str, headings: Sequence[str], body: str) -> None:
        table = self._table(audience)
        values = {"key": key, "context": "\n".join((title, *headings)), "body": body}
        statement = text(f"INSERT INTO {table}(rowid, context, body) VALUES (:key, :context, :body)")
        if not self._exists(table):
            self._connection.execute(
                text(f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5(context, body, tokenize='{_TOKENIZE}')")
            )
        self._connection.execute(statement, values)

    def remove(self, audience: str, key: int) -> None:
        table = self._table(audience)
        if self._exists(table):
            self._connection.execute(text(f"DELETE FROM {table} WHERE rowid = :key"), {"key": key})

    def drop(self) -> None:
        """Removes every partition of this fingerprint."""
        names = self._connection.execute(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE :like AND sql LIKE 'CREATE VIRTUAL%'"
            ),
            {"like": f"lexicon_{self._fingerprint}_%"},
        ).scalars()
        for name in list(names):
            self._connection.execute(text(f"DROP TABLE {name}"))

    def search(
        self, question: str, audiences: Iterable[str], limit: int, keys: Sequence[int] | None = None
    ) -> KeywordHits:
        """The best passages by BM25 in the partitions of these audiences only; document frequencies count what the
        reader may see and nothing else. ``keys`` narrows to these passages."""
        tables = [table for table in map(self._table, sorted(audiences)) if self._exists(table)]
        terms = question_terms(question)[:_MOST_TERMS]
        if not tables or not terms:
            return KeywordHits({}, {})
        total = self._frequency(tables, None)
        frequency = {term: self._frequency(tables, term) for term in terms}
        idf = {term: max(0.0, math.log((total - n + 0.5) / (n + 0.5))) for term, n in frequency.items()}
        weight = sum(idf.values())
        wanted = [t for t in terms if frequency[t] and (total < _PRUNE_ABOVE or frequency[t] <= total * _PRUNE_SHARE)]
        unseen = frozenset(term for term, n in frequency.items() if not n)
        if not wanted or weight <= 0:
            return KeywordHits({}, idf, unseen)
        match = " OR ".join(f'"{term}"' for term in wanted)
        shares: dict[int, float] = {}
        narrowed = f" AND rowid IN ({','.join(str(int(key)) for key in keys)})" if keys is not None else ""
        for table in tables:
            rows = self._connection.execute(
                text(
                    f"SELECT rowid, bm25({table}, 0.5, 1.0) AS score FROM {table} WHERE {table} MATCH :match{narrowed} "
                    "ORDER BY score LIMIT :limit"
                ),
                {"match": match, "limit": limit},
            )
            shares.update({row.rowid: max(0.0, -row.score) / weight for row in rows})
        return KeywordHits(shares, idf, unseen)

    def frequencies(self, question: str, audiences: Iterable[str]) -> dict[str, int]:
        """In how many visible passages each word of the question stands."""
        tables = [table for table in map(self._table, sorted(audiences)) if self._exists(table)]
        return {term: self._frequency(tables, term) for term in question_terms(question)[:_MOST_TERMS]}

    def _frequency(self, tables: Sequence[str], term: str | None) -> int:
        """In how many visible passages the term stands; how many there are, for None."""
        return sum(self._counted(table, term) for table in tables)

    def _counted(self, table: str, term: str | None) -> int:
        key = (table, self._revision, term)
        found = self._frequencies.get(key) if self._frequencies else None
        if found is None:
            if term is None:
                counted = self._connection.execute(text(f"SELECT count(*) FROM {table}_docsize"))
            else:
                statement = text(f"SELECT count(*) FROM {table} WHERE {table} MATCH :term")
                counted = self._connection.execute(statement, {"term": f'"{term}"'})
            found = counted.scalar() or 0
            if self._frequencies:
                self._frequencies.put(key, found)
        return found

    def _table(self, audience: str) -> str:
        # Audience labels hold characters a table name cannot; the digest also keeps two labels apart for certain.
        readable = re.sub(r"[^a-z]", "_", audience)
        digest = hashlib.blake2b(audience.encode(), digest_size=4).hexdigest()
        return f"lexicon_{self._fingerprint}_{readable}_{digest}"

    def _exists(self, table: str) -> bool:
        try:
            self._connection.execute(text(f"SELECT 1 FROM {table}_config LIMIT 1"))
        except OperationalError:
            return False
        return True


def partition(audience: str, live: bool) -> str:
    """The name of the part that holds an audience's passages: of what is in force, or of what was."""
    return audience if live else f"{audience} past"


def question_terms(question: str) -> list[str]:
    """The question's different words in order, lower case."""
    return list(dict.fromkeys(word.lower() for word in words_of(question)))

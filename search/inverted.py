"""Words to rows: an inverted index on the disk (tantivy), ranked by BM25; the only door to that library.

The texts come folded and separated by blanks (`search.tokens`), so the engine only splits at blanks. A row
is the place of a document in the order in which it was written.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import tantivy

    Query: TypeAlias = tantivy.Query

ROW, WEIGHT = "row", "weight"
ROOM = 128 << 20  # bytes of words in memory before they are written out


@dataclass(frozen=True)
class Fields:
    """What is indexed of a document: `words` are split at blanks and ranked, `marks` taken as they are."""

    words: tuple[str, ...]
    marks: tuple[str, ...] = ()

    def schema(self) -> tantivy.Schema:
        """The schema of an index with these fields, the row and a weight."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        for name in self.words:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        for name in self.marks:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in (ROW, WEIGHT):
            builder.add_unsigned_field(name, fast=True)
        return builder.build()


class Inverted:
    """Read access to an inverted index; thread-safe."""

    def __init__(self, folder: Path, fields: Fields) -> None:
        """Raise ReleaseError where the folder has no such index."""
        import tantivy

        self._schema = fields.schema()
        message = f"{folder} has no index of words of this version; run `kg build` to make one."
        if not folder.is_dir() or not tantivy.Index.exists(str(folder)):
            raise ReleaseError(message)
        try:
            index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        except (ValueError, OSError) as error:
            raise ReleaseError(message) from error
        index.config_reader("manual", 1)
        index.reload()
        self._searcher = index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def best(self, query: Query, most: int) -> list[tuple[int, float]]:
        """Rows that match, the best first, with their scores (above 0)."""
        hits = self._searcher.search(query, most, count=False).hits if most else []
        return [(row, float(score)) for row, (score, _) in zip(self._rows(hits), hits, strict=True)]

    def heaviest(self, query: Query, most: int) -> list[int]:
        """Rows that match, those of most weight first."""
        hits = self._searcher.search(query, most, count=False, order_by_field=WEIGHT).hits if most else []
        return self._rows(hits)

    def _rows(self, hits: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[int]:
        values = self._searcher.fast_field_values(ROW, [address for _, address in hits])
        return [int(value) for value in values if value is not None]

    def count(self, field: str, term: str) -> int:
        """How many documents have a term."""
        return self._searcher.doc_freq(field, term)

    def term(self, field: str, term: str, boost: float = 1.0) -> Query:
        """What has a term."""
        from tantivy import Query

        return Query.boost_query(Query.term_query(self._schema, field, term), boost)

    def near(self, field: str, term: str, edits: int, boost: float = 1.0) -> Query:
        """What has a term within so many edits (insertion, deletion, substitution, swap)."""
        from tantivy import Query

        found = Query.fuzzy_term_query(self._schema, field, term, edits, True, False)
        return Query.boost_query(found, boost)

    def any_of(self, queries: Sequence[Query]) -> Query:
        """What matches one or more, better the more it matches."""
        from tantivy import Occur, Query

        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def all_of(self, queries: Sequence[Query]) -> Query:
        """What matches all."""
        from tantivy import Occur, Query

        return Query.boolean_query([(Occur.Must, query) for query in queries])

    def within(self, query: Query, limits: Sequence[Query]) -> Query:
        """What matches a query, and also all of the limits, which do not count for its rank."""
        from tantivy import Query

        return self.all_of([query, *(Query.const_score_query(limit, 0.0) for limit in limits)])

    def everything(self) -> Query:
        """All documents."""
        from tantivy import Query

        return Query.all_query()


def write_inverted(
    folder: Path, fields: Fields, documents: Iterable[tuple[Mapping[str, Iterable[str]], int]]
) -> int:
    """Index documents in a new folder, each the texts of its fields and a weight; the count of them.

    One thread writes one segment after the other and they are merged into one, so the same documents
    give the same ranks.
    """
    import tantivy

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    writer: Any = tantivy.Index(fields.schema(), path=str(folder), reuse=False).writer(ROOM, 1)
    row = -1
    for row, (texts, weight) in enumerate(documents):
        document = tantivy.Document()
        for name, values in texts.items():
            for value in values:
                document.add_text(name, value)
        document.add_unsigned(ROW, row)
        document.add_unsigned(WEIGHT, weight)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return row + 1

"""Tables as Apache Parquet, with types, and lists where a row may have several values.

Two runs of the same version of pyarrow write the same bytes. It is imported when a table is written.
"""

from __future__ import annotations

from itertools import islice
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.downloads.columns import Column, Row, Table, Value

ROWS = 1 << 14  # of a row group, which is what is in memory at once


def write_parquet(table: Table, target: IO[bytes]) -> None:
    """Write a table."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = pa.schema([_field(column) for column in table.columns])
    with ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in _batches(table.rows()):
            columns = [
                pa.array([_value(column, row[place]) for row in rows], schema.field(place).type)
                for place, column in enumerate(table.columns)
            ]
            writer.write_table(pa.table(columns, schema=schema), row_group_size=ROWS)


def _field(column: Column) -> Any:  # noqa: ANN401 pyarrow has no types
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "iri": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    kind = types[column.type]
    about = {"iri": column.iri} if column.iri else None
    return pa.field(column.name, pa.list_(kind) if column.many else kind, metadata=about)


def _value(column: Column, texts: Sequence[str]) -> Value | list[Value]:
    if column.many:
        return [column.value(text) for text in texts]
    return column.value(texts[0]) if texts else None


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, ROWS)):
        yield batch

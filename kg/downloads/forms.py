"""The forms in which a release can be taken."""

from __future__ import annotations

from dataclasses import dataclass

GZIP, ZIP = "application/gzip", "application/zip"
CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"


@dataclass(frozen=True)
class Form:
    """One way to take a whole release: its short name, its file, what it is, and the media type of that."""

    name: str
    file: str
    title: str
    media_type: str


FORMS = {
    form.name: form
    for form in (
        Form("nq", "graph.nq.gz", "N-Quads: every named graph, canonical and sorted", GZIP),
        Form("trig", "graph.trig.gz", "TriG: every named graph", GZIP),
        Form("ttl", "graph.ttl.gz", "Turtle: all graphs united, each triple once", GZIP),
        Form("jsonld", "graph.jsonld.gz", "JSON-LD: every named graph", GZIP),
        Form("csv", "graph.csv.zip", "CSV: a table for each class, and those around them", ZIP),
        Form("parquet", "graph.parquet.zip", "Parquet: the same tables, with types", ZIP),
        Form("sqlite", "graph.db", "SQLite: the same tables as one database", "application/vnd.sqlite3"),
    )
}
TABLES = {"csv": CSV, "parquet": PARQUET}  # forms of which each table is also a file of its own

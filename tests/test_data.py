"""The shipped data in the graph: every row found again, the counts of its README, nothing loose."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from kg import nquads
from kg.building.inputs import DATA
from kg.cells import address, date_type, typed
from kg.release import Release
from kg.store import IRI, Literal
from ontology import TERMS


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts(heading: str) -> Iterator[list[str]]:
    """Rows of a table of the README, by its heading row."""
    text = (DATA / "README.md").read_text(encoding="utf-8")
    after = text.split(heading, 1)[1].split("\n")[2:]
    for row in after:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if not row.startswith("|"):
            return
        yield [cell.replace(",", "").strip("`") for cell in cells]


def test_every_row_of_the_facts_is_in_the_graph_of_its_source(shipped: Release) -> None:
    published = {row["id"]: row["published_on"] for row in table("sources.csv")}
    facts = table("facts.csv")
    assert len(facts) > 4_000
    for row in facts:
        own = row["as_of"] in ("", published[row["source"]])
        graph = shipped.iris.source(row["source"], "" if own else row["as_of"])
        kind, value = row["value_type"], row["value"]
        term = {"entity": lambda v: shipped.iris.entity(v), "uri": address}.get(
            kind, lambda v, k=kind: typed(v, k)
        )(value)
        pattern = f"{shipped.iris.entity(row['subject'])} <{TERMS[row['property']]}> ?value"
        query = f"SELECT ?value WHERE {{ GRAPH {graph} {{ {pattern} }} }}"
        assert shipped.store.select(query, {"value": term}), row


def test_every_label_is_in_the_graph_in_its_language(shipped: Release) -> None:
    stated = {(q.subject, q.object) for q in shipped.store.quads(graph=shipped.iris.editorial)}
    for row in table("labels.csv"):
        assert (shipped.iris.entity(row["id"]), Literal(row["label"], language=row["lang"] or None)) in stated


def test_counts_per_class_agree_with_the_readme(shipped: Release) -> None:
    rows = list(counts("| Class | Entities |"))
    assert len(rows) == 14
    for name, expected in rows:
        query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{TERMS[name]}> }}"
        assert shipped.store.select(query)[0]["n"].value == expected, name


def test_counts_per_property_agree_with_the_readme(shipped: Release) -> None:
    """Of the statements, and of the rows: a statement once for each source and date."""
    rows = list(counts("| Property | Statements | Rows |"))
    assert len(rows) > 90
    for name, statements, stated in rows:
        query = f"""SELECT (COUNT(DISTINCT *) AS ?n) WHERE {{ ?s <{TERMS[name]}> ?o }}"""
        assert shipped.store.select(query)[0]["n"].value == statements, name
        query = f"""SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s <{TERMS[name]}> ?o }}
                    FILTER(STRSTARTS(STR(?g), "{shipped.iris.base}source/")) }}"""
        assert shipped.store.select(query)[0]["n"].value == stated, name


def test_nothing_stands_outside_a_graph_and_no_node_is_blank(shipped: Release) -> None:
    for quad in nquads.read(shipped.quads_file):
        assert isinstance(quad.graph_name, IRI), quad
        assert isinstance(quad.subject, IRI), quad
        assert isinstance(quad.object, IRI | Literal), quad


def test_every_graph_of_a_source_is_described(shipped: Release) -> None:
    query = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }}
        FILTER(STRSTARTS(STR(?g), "{shipped.iris.base}source/"))
        FILTER NOT EXISTS {{ ?g dcterms:isPartOf?/dcterms:title ?title }} }}"""
    assert not shipped.store.select(query)


def test_dates_keep_the_precision_of_their_source(shipped: Release) -> None:
    kinds = {row["value_type"] for row in table("facts.csv")} & {"date", "gYearMonth", "gYear"}
    assert len(kinds) == 3
    for row in table("facts.csv"):
        if row["value_type"] in kinds:
            assert date_type(row["value"]) == row["value_type"]

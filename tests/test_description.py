"""What is told about one IRI: every statement, in its written form, with its sources."""

from __future__ import annotations

import pytest

from kg import nquads
from kg.description import MOST_INCOMING, describe
from kg.errors import UnknownEntity
from kg.release import Release
from kg.store import IRI


@pytest.fixture(params=["shipped", "lighthouses"])
def release(request: pytest.FixtureRequest) -> Release:
    found: Release = request.getfixturevalue(request.param)
    return found


def entities(release: Release, most: int = 60) -> list[IRI]:
    found = sorted({quad.subject.value for quad in release.store.quads(graph=release.iris.editorial)})
    return [IRI(iri) for iri in found][:: max(1, len(found) // most)]


def test_a_description_holds_every_statement_of_the_sources_once(release: Release) -> None:
    for iri in entities(release):
        told = describe(release, iri)
        stated = {q.triple for q in release.store.quads(subject=iri) if release.iris.is_source(q.graph_name)}
        assert {str(q.triple.predicate) for q in told.quads} >= {str(t.predicate) for t in stated}
        assert len({(s.predicate, s.object) for s in told.statements}) == len(told.statements)
        assert all(s.sources for s in (*told.statements, *told.incoming))
        assert all(source.title for s in told.statements for source in s.sources)
        assert told.label.text
        assert told.kinds


def test_lexical_forms_are_those_of_the_facts_not_of_the_store(release: Release) -> None:
    written = {(q.subject, str(q.object)) for q in nquads.read(release.quads_file)}
    for iri in entities(release):
        assert all((iri, str(s.object)) in written for s in describe(release, iri).statements)


def test_incoming_statements_are_counted(release: Release) -> None:
    for iri in entities(release):
        told = describe(release, iri)
        for predicate, count in told.incoming_counts.items():
            shown = {s.subject for s in told.incoming if s.predicate == predicate}
            assert len(shown) == min(count, MOST_INCOMING)


def test_labels_come_in_the_language_asked_for(shipped: Release) -> None:
    query = """SELECT ?x ?it WHERE { ?x <http://www.w3.org/2004/02/skos/core#prefLabel> ?it, ?en
               FILTER(LANG(?it) = "it" && LANG(?en) = "en" && STR(?it) != STR(?en)) } LIMIT 20"""
    found = shipped.store.select(query)
    assert found
    for row in found:
        assert isinstance(row["x"], IRI)
        assert describe(shipped, row["x"], ["it"]).label.text == row["it"].value
        assert describe(shipped, row["x"], ["xx"]).label.lang == "en"


def test_a_value_as_of_another_date_is_told_with_that_date(shipped: Release) -> None:
    dated = [
        g
        for g in shipped.store.graphs()
        if g.value.removeprefix(f"{shipped.iris.base}source/").count("/") == 1
    ]
    assert dated
    for graph in dated[:20]:
        quad = next(iter(shipped.store.quads(graph=graph)))
        (told,) = [
            statement
            for statement in describe(shipped, quad.subject).statements
            if statement.predicate == quad.predicate and str(statement.object) == str(quad.object)
        ]
        source = shipped.iris.source_of(graph)
        assert (source, graph.value.rsplit("/", 1)[-1]) in {(s.iri, s.date) for s in told.sources}


def test_a_term_of_the_ontology_can_be_described(release: Release) -> None:
    kind = describe(release, entities(release)[0]).kinds[0]
    told = describe(release, kind)
    assert told.definition
    assert told.incoming_counts


def test_an_unknown_name_is_told_with_the_nearest(shipped: Release) -> None:
    with pytest.raises(UnknownEntity, match="did you mean “cineca”"):
        describe(shipped, shipped.iris.entity("cinecca"))
    with pytest.raises(UnknownEntity, match=r"does not mention <https://example\.org/nothing>"):
        describe(shipped, IRI("https://example.org/nothing"))

"""Networks as files: what is written is read again, whatever the names hold."""

from __future__ import annotations

import io

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.network import Linkage
from kg.network.drawing import Drawing
from kg.network.exchange import gexf, graphml
from kg.network.study import Choice, Study
from kg.release import Release

WRITERS = {"graphml": (graphml, nx.read_graphml), "gexf": (gexf, nx.read_gexf)}


def study_of(release: Release) -> Study:
    linkage = Linkage(release)
    return Study.of(linkage, Choice().projection(linkage, None), "pagerank")


@pytest.fixture(scope="module")
def study(shipped: Release) -> Study:
    return study_of(shipped)


@pytest.fixture(scope="module")
def small(lighthouses: Release) -> Study:
    """A network that is written in a moment."""
    return study_of(lighthouses)


@pytest.mark.parametrize("form", WRITERS)
def test_labels_weights_classes_and_iris_are_read_as_they_were_written(study, form):
    drawing = Drawing(study, ["it"])
    write, read = WRITERS[form]
    found = read(io.BytesIO(write(drawing)))
    assert set(found) == set(study.projection.nodes)
    for node, data in found.nodes(data=True):
        assert data["iri"] == node
        assert data["label"] == " ".join(drawing.names[node].split())
        assert data["classes"] == " ".join(drawing.kinds[node])
        assert data["pagerank"] == study.values[node]
        assert data["degree"] == drawing.degrees[node]
        number = drawing.community_of.get(node)
        assert data.get("community") == number
        if number is not None:
            assert data["community_name"] == drawing.title(study.partition.communities[number])
    assert found.number_of_edges() == len(study.projection.edges)
    for (a, b), edge in study.projection.edges.items():
        assert found.edges[a, b]["weight"] == edge.weight
        assert found.edges[a, b]["strength"] == pytest.approx(edge.strength)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=40)
@given(names=st.lists(st.text(), min_size=2, max_size=5))
def test_any_name_can_be_written(small, form, names):
    nodes = small.projection.nodes[: len(names)]
    drawing = Drawing(small, ["en"])
    drawing.__dict__["names"] = {**Drawing(small, ["en"]).names, **dict(zip(nodes, names, strict=True))}
    write, read = WRITERS[form]
    found = read(io.BytesIO(write(drawing)))
    for node, name in zip(nodes, names, strict=True):
        kept = "".join(one for one in name if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
        assert (found.nodes[node].get("label") or "") == " ".join(kept.split())

"""Networks as files that Gephi, Cytoscape, igraph and networkx read: GraphML and GEXF."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from kg.network.measures import DIGITS

if TYPE_CHECKING:
    import networkx as nx

    from kg.network.drawing import Drawing

GEXF_VERSION = "1.2draft"
# The day of writing: with it the same network would be other bytes each day.
WRITTEN = re.compile(rb' lastmodifieddate="[^"]*"')
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def graphml(drawing: Drawing) -> bytes:
    """The network as GraphML (Brandes et al., Graph Drawing 2001)."""
    import networkx as nx

    target = io.BytesIO()
    nx.write_graphml_xml(exchanged(drawing), target)
    return target.getvalue()


def gexf(drawing: Drawing) -> bytes:
    """The network as GEXF 1.2."""
    import networkx as nx

    target = io.BytesIO()
    nx.write_gexf(exchanged(drawing), target, version=GEXF_VERSION)
    return WRITTEN.sub(b"", target.getvalue(), count=1)


def exchanged(drawing: Drawing) -> nx.Graph[str]:
    """The network with what these formats hold: texts and numbers. Its nodes are IRIs.

    Lists are written as one text: IRIs with a space between, names with a semicolon. Names are written in one
    line, without the characters that XML cannot hold.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    for node in drawing.order:
        graph.add_node(node, **_node(drawing, node))
    for (a, b), edge in drawing.study.projection.edges.items():
        graph.add_edge(
            a,
            b,
            weight=float(edge.weight),
            strength=round(edge.strength, DIGITS),
            shared=" ".join(edge.shared),
            shared_names=_listed(drawing, edge.shared),
        )
    return graph


def _node(drawing: Drawing, node: str) -> dict[str, str | int | float]:
    kinds = drawing.kinds[node]
    measure = drawing.study.centrality.measure
    found: dict[str, str | int | float] = {
        "label": _line(drawing.names[node]),
        "iri": node,
        "classes": " ".join(kinds),
        "class_names": _listed(drawing, kinds),
        "degree": float(drawing.degrees[node]),
        measure: drawing.study.values[node],
    }
    number = drawing.community_of.get(node)
    if number is not None:
        found["community"] = number
        found["community_name"] = _line(drawing.title(drawing.study.partition.communities[number]))
    return found


def _listed(drawing: Drawing, iris: list[str]) -> str:
    return "; ".join(_line(drawing.names[iri]) for iri in iris)


def _line(text: str) -> str:
    return " ".join(UNWRITABLE.sub("", text).split())

"""Tests of the service description, which the suite leaves in words: each is done as its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import NamedNode, RdfFormat

from conformance.endpoint import accepted
from conformance.verdict import Failed, expect
from kg import validation
from kg.errors import ForeignDataError
from kg.store import parse_quads
from ontology import FOLDER

if TYPE_CHECKING:
    from conformance.endpoint import Endpoint
    from conformance.manifest import Test
    from kg.store import Quad

ENDPOINT = NamedNode("http://www.w3.org/ns/sparql-service-description#endpoint")
SHAPES = FOLDER / "service-shapes.ttl"


def run(test: Test, endpoint: Endpoint) -> str:
    """Run a test. Raises Failed."""
    quads = _described(endpoint)
    if test.iri.endswith("#has-endpoint-triple"):
        named = {quad.object for quad in quads if quad.predicate == ENDPOINT}
        wanted = NamedNode(endpoint.query)
        expect(wanted in named, f"the endpoint is said to be {', '.join(map(str, named))}, not {wanted}")
    elif test.iri.endswith("#conforms-to-schema"):
        shapes = rdflib.Graph().parse(SHAPES, format="turtle")
        found = validation.violations(validation.run(validation.rdflib_graph(quads), shapes))
        expect(not found, "; ".join(f"{flaw.focus}: {flaw.message}" for flaw in found))
    return ""


def _described(endpoint: Endpoint) -> list[Quad]:
    """What the endpoint says of itself (SPARQL 1.1 Service Description, section 2)."""
    form = RdfFormat.TURTLE
    response = endpoint.client.get(endpoint.query, headers={"Accept": form.media_type})
    accepted(response, "GET on the endpoint")
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    expect(media_type == form.media_type, f"GET on the endpoint returns {media_type}")
    try:
        return list(parse_quads(response.content, form, endpoint.query))
    except ForeignDataError as error:
        message = f"GET on the endpoint returns what is no RDF: {error}"
        raise Failed(message) from error

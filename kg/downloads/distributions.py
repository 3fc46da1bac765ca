"""The dumps as distributions of the dataset (DCAT 3, section 6.8): where, how large, which bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import ontology
from kg.cells import literal, natural
from kg.downloads.forms import FORMS
from kg.sources import LICENSE, MODIFIED, RDF_TYPE
from kg.store import IRI, RdfFormat, Triple, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.downloads.dumps import Dump
    from kg.iris import Iris
    from kg.release import Release

DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
ALGORITHM = IRI(f"{SPDX}checksumAlgorithm_sha256")


def of_dump(release: Release, dump: Dump, modified: str) -> Iterator[Triple]:
    """The distributions that dumps are, at addresses below the base, under the licence of the dataset."""
    iris = release.iris
    licences = [
        quad.object for quad in release.store.quads(iris.dataset, LICENSE, graph=iris.catalogue_graph)
    ]
    made = {form: file for form in FORMS if (file := dump.whole(form))}
    parts = {iris.dataset_part(f"dump-{form}"): file for form, file in made.items()}
    left_out = {iris.dataset_part(f"dump-{form}") for form in FORMS} - parts.keys()
    yield from (triple for triple in _called(iris) if triple.subject not in left_out)
    for part, file in parts.items():
        yield Triple(iris.dataset, IRI(f"{DCAT}distribution"), part)
        yield Triple(part, IRI(f"{DCAT}accessURL"), IRI(f"{iris.base}dumps/{dump.version}/"))
        yield Triple(part, IRI(f"{DCAT}downloadURL"), IRI(f"{iris.base}dumps/{dump.version}/{file.path}"))
        yield from (Triple(part, LICENSE, licence) for licence in licences)
        yield Triple(part, MODIFIED, literal(modified, "dateTime"))
        yield from weighed(part, file.size, file.digest)


def weighed(part: IRI, size: int, digest: str) -> Iterator[Triple]:
    """How many bytes a distribution has, and which ones."""
    checksum = IRI(f"{part.value}-checksum")
    yield Triple(part, IRI(f"{DCAT}byteSize"), natural(size))
    yield Triple(part, IRI(f"{SPDX}checksum"), checksum)
    yield Triple(checksum, RDF_TYPE, IRI(f"{SPDX}Checksum"))
    yield Triple(checksum, IRI(f"{SPDX}algorithm"), ALGORITHM)
    yield Triple(checksum, IRI(f"{SPDX}checksumValue"), literal(digest, "hexBinary"))
    yield Triple(ALGORITHM, RDF_TYPE, IRI(f"{SPDX}ChecksumAlgorithm"))


@cache
def _called(iris: Iris) -> tuple[Triple, ...]:
    """What distributions are called, and of which media types they are."""
    data = ontology.DUMPS.read_bytes()
    return tuple(quad.triple for quad in parse_quads(data, RdfFormat.TURTLE, iris.base))

"""The words of our JSON-LD: a context (JSON-LD 1.1, section 4.1) made from the ontology of a release.

A class or property is written by its local name, with the type that its values have; names and descriptions
are maps of languages; everything else is written with the prefixes of the release. It is the same for the
same ontology and prefixes. A document holds as much of it as it uses (docs/decisions/0027), so that nothing
need be fetched to read it; the whole is at `/context.jsonld`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, json

from kg.cells import XSD
from kg.inference import OWL
from kg.iris import LOCAL_NAME, compress
from kg.labels import ALT_PROPERTIES, DCTERMS, DEFINITION_PROPERTIES, FOAF, NAME_PROPERTIES, RDF, RDFS
from kg.sources import PROV, RDF_TYPE
from kg.store import IRI
from kg.void import VOID
from web import validators
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kg.release import Release

blueprint = Blueprint("context", __name__)

MEDIA_TYPE = "application/ld+json"
CLASSES = (f"{OWL}Class", f"{RDFS}Class")
LINKING = (f"{OWL}ObjectProperty",)
PROPERTIES = (*LINKING, f"{OWL}DatatypeProperty", f"{OWL}AnnotationProperty", f"{RDF}Property")
RANGE = IRI(f"{RDFS}range")
UNTYPED = {f"{XSD}string", f"{RDFS}Literal", f"{RDF}langString"}
TEXTS = (*NAME_PROPERTIES, *ALT_PROPERTIES, *DEFINITION_PROPERTIES)
# The links of a document itself, which no ontology of ours declares.
LINKS = (
    *(f"{RDF}{name}" for name in ("subject", "predicate")),
    *(f"{DCTERMS}{name}" for name in ("isPartOf", "license", "source")),
    *(f"{FOAF}primaryTopic", f"{PROV}wasDerivedFrom", f"{VOID}inDataset", f"{RDFS}seeAlso"),
)
ENDS = frozenset(":/?#[]@")  # only what ends so is a prefix without more ado (section 4.1.5)
MOST_TERMS = 5000


@dataclass(frozen=True)
class Context:
    """Prefixes, and terms with the IRI of each and its definition."""

    prefixes: Mapping[str, str]
    terms: Mapping[str, tuple[str, dict[str, str]]]

    @classmethod
    def of(cls, prefixes: Mapping[str, str], release: Release | None = None) -> Context:
        """The context of some prefixes and of the ontology of a release."""
        usable = {name: space for name, space in sorted(prefixes.items()) if name and space[-1:] in ENDS}
        declared = _declared(release, usable) if release else {}
        known = {iri for iri, _ in declared.values()}
        common = {name: term for name, term in _common(usable).items() if term[0] not in known}
        return cls(usable, {**common, **declared})

    def whole(self) -> dict[str, Any]:
        """All of it, as the value of `@context`."""
        return {**self.prefixes, **{name: said for name, (_, said) in self.terms.items()}}

    def part(self, used: Collection[str]) -> dict[str, Any]:
        """As much of it as a document needs that has these IRIs; what is left means the same as in the whole.

        A prefix that is also the scheme of one of the IRIs, as in geo:45,9, is left out, for that IRI would
        be read with the prefix; and so is one behind which an IRI goes on with "//", as after a scheme.
        """
        apart = {iri.partition(":")[0] for iri in used} | {
            name for name, space in self.prefixes.items() if any(iri.startswith(f"{space}//") for iri in used)
        }
        terms = {name: said for name, (iri, said) in self.terms.items() if iri in used}
        terms = {name: said for name, said in terms.items() if _stands(name, said, apart)}
        needed = {value.partition(":")[0] for said in terms.values() for value in said.values()}
        prefixes = {
            name: space
            for name, space in self.prefixes.items()
            if name not in apart and (name in needed or any(iri.startswith(space) for iri in used))
        }
        return {**prefixes, **terms}


@blueprint.get("/context.jsonld")
def context() -> Response:
    """The whole context of the release, as a document that JSON-LD can refer to."""
    held = snapshot()
    members = {"@context": held.context.whole()}
    body = json.dumps(members, ensure_ascii=False, indent=1, sort_keys=False) + "\n"
    response = Response(body, content_type=MEDIA_TYPE)
    response.headers["ETag"] = tag = validators.etag(held.release.tag, body)
    response.headers["Cache-Control"] = "max-age=3600"
    return Response(status=304, headers=response.headers) if validators.is_known(tag) else response


def _stands(name: str, said: Mapping[str, str], apart: Collection[str]) -> bool:
    """Whether a term and what defines it are without what is left out."""
    return not {part.partition(":")[0] for part in (name, *said.values())} & set(apart)


def _common(prefixes: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """Names, descriptions and the links of documents, by their CURIEs, for what no ontology declares."""
    kinds: dict[str, dict[str, str]] = {one.value: {"@container": "@language"} for one in TEXTS}
    kinds.update((iri, {"@type": "@id"}) for iri in LINKS)
    found = {}
    for iri, kind in kinds.items():
        curie = compress(iri, prefixes)
        if not curie.startswith("<"):
            found[curie] = (iri, {"@id": curie, **kind})
    return found


def _declared(release: Release, prefixes: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """What the ontology declares, by local names; of two with one name its own, else the first."""
    own = release.manifest.ontology.get("iri", "")
    found: dict[str, tuple[str, dict[str, str]]] = {}
    declared = dict(_kinds(release))
    for iri in sorted(declared, key=lambda iri: (not own or not iri.startswith(own), iri))[:MOST_TERMS]:
        curie = compress(iri, prefixes)
        name = curie.partition(":")[2]
        if not curie.startswith("<") and LOCAL_NAME.fullmatch(name) and name not in {*prefixes, *found}:
            found[name] = (iri, {"@id": curie, **_values(release, iri, declared[iri], prefixes)})
    return dict(sorted(found.items()))


def _kinds(release: Release) -> Iterator[tuple[str, str]]:
    """The IRI of each class and property with the class of which it is declared to be one."""
    graph = release.iris.ontology_graph if release.manifest.ontology else None
    for kind in (*reversed(PROPERTIES), *CLASSES):  # what is said last counts: that it links
        for quad in release.store.quads(predicate=RDF_TYPE, object=IRI(kind), graph=graph):
            if isinstance(quad.subject, IRI) and not release.iris.is_genid(quad.subject):
                yield quad.subject.value, kind


def _values(release: Release, iri: str, kind: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """What the values of a property are, as far as that holds for all of them."""
    if kind in CLASSES:
        return {}
    if kind in LINKING or iri in LINKS:
        return {"@type": "@id"}
    ranges = {quad.object for quad in release.store.quads(subject=IRI(iri), predicate=RANGE)}
    names = [one.value for one in ranges if isinstance(one, IRI)]
    if IRI(iri) in TEXTS or names == [f"{RDF}langString"]:
        return {"@container": "@language"}
    datatypes = [name for name in names if name.startswith(XSD) and name not in UNTYPED]
    curies = [compress(name, prefixes) for name in datatypes]
    return {"@type": curies[0].strip("<>")} if len(ranges) == 1 and curies else {}

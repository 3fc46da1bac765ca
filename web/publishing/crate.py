"""The dataset as a Research Object Crate (RO-Crate 1.2), generated from its description by DCAT.

It is a detached crate (section “RO-Crate Structure”): the document alone, whose files are on the web.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, json, request

from kg.labels import DCTERMS, label
from kg.store import IRI
from web import validators
from web.publishing.dataset import NO_LICENCE, About, encoding, facts, known
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from web.publishing.dataset import File

blueprint = Blueprint("crate", __name__)

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
MEDIA_TYPE = 'application/ld+json; profile="https://w3id.org/ro/crate"'
DESCRIPTOR = "ro-crate-metadata.json"


@blueprint.get(f"/{DESCRIPTOR}")
def metadata() -> Response:
    """The crate."""
    release = snapshot().release
    document = crate(About.of(release, request.url_root))
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=False)
    tag = validators.etag(release.tag, "crate", text)
    return validators.answered(tag, lambda: Response(f"{text}\n", content_type=MEDIA_TYPE))


def crate(about: About) -> dict[str, Any]:
    """The document: flattened JSON-LD, each entity once, by references to each other."""
    files = about.files()
    entities = [_descriptor(about), _root(about, files), *_files(about, files), *_context(about)]
    unique = {entity["@id"]: entity for entity in entities}
    return {"@context": f"{SPECIFICATION}/context", "@graph": list(unique.values())}


def _descriptor(about: About) -> dict[str, Any]:
    return {
        "@id": DESCRIPTOR,
        "@type": "CreativeWork",
        "about": {"@id": about.iri},
        "conformsTo": {"@id": SPECIFICATION},
    }


def _root(about: About, files: Sequence[File]) -> dict[str, Any]:
    return {
        "@id": about.iri,
        "@type": "Dataset",
        **facts(about),
        "license": {"@id": about.licence} if about.licence else NO_LICENCE,
        **known(
            {
                "cite-as": about.iri,
                "author": _references(iri for iri, _ in about.agents(f"{DCTERMS}creator")),
                "publisher": _references(iri for iri, _ in about.agents(f"{DCTERMS}publisher")),
                "conformsTo": _references(sorted(about.values(f"{DCTERMS}conformsTo"))),
                "hasPart": _references(file.address for file in files),
            }
        ),
    }


def _files(about: About, files: Iterable[File]) -> Iterator[dict[str, Any]]:
    """Files on the web, as they were when the release was made."""
    for file in files:
        yield known(
            {
                "@id": file.address,
                "@type": "File",
                "name": file.name,
                "description": f"{about.text(f'{DCTERMS}title')}, release {about.release.version}.",
                "encodingFormat": encoding(file),
                "contentSize": file.size,
                "sha256": file.digest,
                "dateModified": file.modified,
                "sdDatePublished": file.modified or about.release.manifest.created,
                "license": {"@id": file.licence} if file.licence else "",
            }
        )


def _context(about: About) -> Iterator[dict[str, Any]]:
    """What the others refer to: who made it, its licences, what it conforms to."""
    for predicate in ("creator", "publisher"):
        for iri, name in about.agents(f"{DCTERMS}{predicate}"):
            yield {"@id": iri, "@type": "Organization", "name": name, "url": about.root}
    for licence in filter(None, dict.fromkeys([about.licence, *(file.licence for file in about.files())])):
        name = about.text(f"{DCTERMS}title", licence) or licence
        yield {"@id": licence, "@type": "CreativeWork", "name": name, "description": f"{name}: {licence}"}
    for standard in sorted(about.values(f"{DCTERMS}conformsTo")):
        name = label(about.release.store, IRI(standard), ["en"]).text
        yield {"@id": standard, "@type": ["CreativeWork", "Standard"], "name": name}


def _references(iris: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": iri} for iri in iris]

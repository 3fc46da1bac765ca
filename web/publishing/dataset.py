"""The dataset as search engines for datasets know it: schema.org, read from its description by DCAT."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.downloads.distributions import DCAT, SPDX
from kg.labels import DCTERMS, FOAF, SCHEMA, SKOS
from kg.store import IRI, Literal
from web.publishing import catalogue
from web.publishing.dumps import newest
from web.scripts import data_block
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from markupsafe import Markup

    from kg.release import Release
    from kg.store import Quad, Term

NAME = f"{FOAF}name"
MEDIA_TYPES = "assignments/media-types/"
ENCODINGS = ("mediaType", "compressFormat", "packageFormat")
NO_LICENCE = "No licence is stated."
USED = (DCTERMS, DCAT, FOAF, SKOS, SPDX)
KEPT = 60.0  # seconds


@dataclass(frozen=True)
class File:
    """A file that holds the dataset; what is not known of it is ''.

    `media_types` are that of what it holds and, where it is packed, that of the package.
    """

    address: str
    name: str
    media_types: tuple[str, ...]
    size: str
    digest: str
    modified: str
    licence: str


@dataclass
class About:
    """What a description says of the dataset of a release and of what belongs to it."""

    release: Release
    root: str
    _said: dict[str, dict[str, list[Term]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, release: Release, root: str) -> About:
        """What is said where the service is asked for under an address."""
        found = cls(release, root)
        found.take(catalogue.described(release, root, newest()))
        return found

    def take(self, quads: Iterable[Quad]) -> None:
        """Note what quads say, in the vocabularies that catalogues use."""
        for quad in quads:
            if isinstance(quad.subject, IRI) and quad.predicate.value.startswith(USED):
                said = self._said.setdefault(quad.subject.value, {})
                said.setdefault(quad.predicate.value, []).append(quad.object)

    @property
    def iri(self) -> str:
        """The IRI of the dataset."""
        return self.release.iris.dataset.value

    def values(self, predicate: str, subject: str = "") -> list[str]:
        """IRIs and texts, of the dataset unless a subject is given."""
        terms = self._said.get(subject or self.iri, {}).get(predicate, [])
        return [term.value for term in terms if isinstance(term, IRI | Literal)]

    def value(self, predicate: str, subject: str = "") -> str:
        """The first of the values, or ''."""
        return min(self.values(predicate, subject), default="")

    def texts(self, predicate: str, subject: str = "") -> dict[str, str]:
        """Texts by language, English first."""
        terms = self._said.get(subject or self.iri, {}).get(predicate, [])
        found = {term.language or "": term.value for term in terms if isinstance(term, Literal)}
        return dict(sorted(found.items(), key=lambda item: (item[0] != "en", item[0] != "", item[0])))

    def text(self, predicate: str, subject: str = "") -> str:
        """The text in English, or else in whatever language there is."""
        return next(iter(self.texts(predicate, subject).values()), "")

    @property
    def licence(self) -> str:
        """The licence of the dataset, or of its files where it names none."""
        own = (self.value(f"{DCTERMS}license", one) for one in ("", *self._distributions()))
        return next(filter(None, own), "")

    @property
    def published(self) -> str:
        """The day on which the dataset was first published, or this release of it made."""
        return (self.value(f"{DCTERMS}issued") or self.release.manifest.created)[:10]

    def agents(self, predicate: str) -> list[tuple[str, str]]:
        """Those who are named by a property of the dataset, each with a name."""
        found = sorted(self.values(predicate))
        return [(one, self.text(NAME, one)) for one in found if self.text(NAME, one)]

    def period(self) -> str:
        """The time that the dataset is about, as an interval of ISO 8601, or ''."""
        part = self.value(f"{DCTERMS}temporal")
        ends = [self.value(f"{DCAT}{name}", part) if part else "" for name in ("startDate", "endDate")]
        return "/".join(end or ".." for end in ends) if any(ends) else ""

    def files(self) -> list[File]:
        """The files in which the dataset can be had, by their addresses."""
        found = (self._file(one) for one in self._distributions())
        return sorted((one for one in found if one.address), key=lambda one: one.address)

    def _distributions(self) -> list[str]:
        return sorted(self.values(f"{DCAT}distribution"))

    def _media_type(self, one: str, name: str) -> str:
        return self.value(f"{DCAT}{name}", one).partition(MEDIA_TYPES)[2]

    def _file(self, one: str) -> File:
        checksum = self.value(f"{SPDX}checksum", one)
        return File(
            address=self.value(f"{DCAT}downloadURL", one),
            name=self.text(f"{DCTERMS}title", one),
            media_types=tuple(filter(None, (self._media_type(one, name) for name in ENCODINGS))),
            size=self.value(f"{DCAT}byteSize", one),
            digest=self.value(f"{SPDX}checksumValue", checksum) if checksum else "",
            modified=self.value(f"{DCTERMS}modified", one),
            licence=self.value(f"{DCTERMS}license", one) or self.licence,
        )


def facts(about: About) -> dict[str, Any]:
    """What both a page and a crate say of the dataset in schema.org; what is not known is left out."""
    names = about.texts(f"{DCTERMS}title")
    said = {
        "name": about.text(f"{DCTERMS}title"),
        "alternateName": list(dict.fromkeys(names.values()))[1:],
        "description": about.text(f"{DCTERMS}description"),
        "url": about.root,
        "identifier": about.value(f"{DCTERMS}identifier"),
        "version": about.value(f"{DCAT}version"),
        "datePublished": about.published,
        "dateModified": about.value(f"{DCTERMS}modified"),
        "temporalCoverage": about.period(),
        "inLanguage": sorted(filter(None, names)),
        "keywords": sorted(set(about.values(f"{DCAT}keyword"))),
        "isAccessibleForFree": True,
    }
    return known(said)


def encoding(file: File) -> str | list[str]:
    """The media type of a file, or all of them where it is packed."""
    return file.media_types[0] if len(file.media_types) == 1 else list(file.media_types)


def known(members: dict[str, Any]) -> dict[str, Any]:
    """Members without those that say nothing."""
    return {name: value for name, value in members.items() if value not in ("", [], {}, None)}


def structured(about: About) -> dict[str, Any]:
    """The dataset as one document of JSON-LD, as search engines for datasets want it."""
    return {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": about.iri,
        **facts(about),
        **known(
            {
                "license": about.licence,
                "creator": _organisations(about.agents(f"{DCTERMS}creator")),
                "publisher": _organisations(about.agents(f"{DCTERMS}publisher")),
                "spatialCoverage": [_place(about, iri) for iri in sorted(about.values(f"{DCTERMS}spatial"))],
                "distribution": [_download(file) for file in about.files()],
            }
        ),
    }


def _organisations(agents: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"@type": "Organization", "@id": iri, "name": name} for iri, name in agents]


def _place(about: About, iri: str) -> dict[str, str]:
    return known({"@type": "Place", "@id": iri, "name": about.text(f"{SKOS}prefLabel", iri)})


def _download(file: File) -> dict[str, Any]:
    return known(
        {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": file.address,
            "encodingFormat": encoding(file),
            "contentSize": f"{file.size} B" if file.size else "",
            "sha256": file.digest,
            "dateModified": file.modified,
        }
    )


def block(root: str) -> Markup:
    """The dataset of the release that answers, as a block of data for a page."""
    release = snapshot().release
    return _block(release.path, release.tag, root, int(time.monotonic() // KEPT))


@lru_cache(maxsize=16)
def _block(_path: Path, _tag: str, root: str, _period: int) -> Markup:
    """The block, kept for a while, in which more files may be made from the same release."""
    return data_block(structured(About.of(snapshot().release, root)))

"""Everything said about one IRI, both directions, with the sources of each statement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from kg import nquads
from kg.cells import nearest
from kg.errors import UnknownEntity
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES, Label, definition, label
from kg.sources import RDF_TYPE, Source, sources
from kg.store import IRI, Literal, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.release import Release
    from kg.store import Term

NOT_STATEMENTS = frozenset({RDF_TYPE, *NAME_PROPERTIES, *ALT_PROPERTIES, *DEFINITION_PROPERTIES})
MOST_INCOMING = 500
MOST_COMPARED = 20_000


@dataclass(frozen=True)
class Statement:
    """A triple and who states it, ordered by IRI."""

    subject: IRI
    predicate: IRI
    object: Term
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Description:
    """What the graph says of one IRI.

    `statements` are those whose subject it is, names, kinds and definition apart; `incoming` those whose
    object it is, of each predicate the first MOST_INCOMING subjects; `incoming_counts` tells how many
    subjects there are; `quads` are all with the IRI as subject, in the forms they were written in. What is
    told of it sources state, unless `is_stated` says that they say nothing, as of most terms.
    """

    iri: IRI
    label: Label
    definition: Label | None
    kinds: tuple[IRI, ...]
    names: tuple[Label, ...]
    statements: tuple[Statement, ...]
    incoming: tuple[Statement, ...]
    incoming_counts: dict[IRI, int]
    quads: tuple[Quad, ...]
    is_stated: bool = True


def describe(release: Release, iri: IRI, langs: Sequence[str] = ("en",)) -> Description:
    """The description of an IRI that the graph mentions; labels in the first of `langs` that has one.

    What sources state stands first; of a term that no source mentions, what the ontology says; of what is
    nobody's subject, wherever it is mentioned.
    Raises UnknownEntity, with the nearest name, when the graph does not mention it.
    """
    is_subject = any(True for _ in release.store.quads(subject=iri))
    incoming = _incoming(release, iri) or ({} if is_subject else mentions(release, iri))
    counts = {prop: len({quad.subject for quad in quads}) for prop, quads in incoming.items()}
    first = chain.from_iterable(_first(quads) for quads in incoming.values())
    return replace(outline(release, iri, counts, langs), incoming=statements(release, first))


def outline(
    release: Release, iri: IRI, incoming_counts: Mapping[IRI, int], langs: Sequence[str] = ("en",)
) -> Description:
    """The description of an IRI without what refers to it, of which there is so much; see `describe`."""
    outgoing = _said(release, nquads.about(release.quads_file, iri))
    of_sources = [quad for quad in outgoing if release.iris.is_stated(quad)]
    stated = of_sources or outgoing
    if not stated and not incoming_counts:
        raise UnknownEntity(_unknown(release, iri))
    kinds = sorted({quad.object for quad in stated if quad.predicate == RDF_TYPE}, key=str)
    return Description(
        iri=iri,
        label=label(release.store, iri, langs),
        definition=definition(release.store, iri, langs),
        kinds=tuple(kind for kind in kinds if isinstance(kind, IRI)),
        names=_names(stated),
        statements=statements(release, (quad for quad in stated if quad.predicate not in NOT_STATEMENTS)),
        incoming=(),
        incoming_counts=dict(incoming_counts),
        quads=tuple(outgoing),
        is_stated=bool(of_sources),
    )


def is_mentioned(release: Release, iri: IRI) -> bool:
    """Whether there is a description of an IRI."""
    return any(True for _ in release.store.quads(subject=iri)) or any(_referring(release, iri))


def statements(release: Release, quads: Iterable[Quad]) -> tuple[Statement, ...]:
    """The distinct triples of the quads, each with its sources, in order of their N-Triples."""
    graphs: dict[Triple, set[IRI]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, IRI):
            graphs.setdefault(quad.triple, set()).add(quad.graph_name)
    found = sources(release.store, release.iris, {graph for names in graphs.values() for graph in names})
    return tuple(
        Statement(
            triple.subject,
            triple.predicate,
            triple.object,
            tuple(found[name] for name in sorted(names, key=str)),
        )
        for triple, names in sorted(graphs.items(), key=lambda item: str(item[0]))
        if isinstance(triple.subject, IRI)
    )


def _said(release: Release, quads: list[Quad]) -> list[Quad]:
    """The quads that do more than count; if there are none, those that count."""
    counts = release.iris.statistics_graph
    return [quad for quad in quads if quad.graph_name != counts] or quads


def _names(quads: Iterable[Quad]) -> tuple[Label, ...]:
    names = {
        Label(quad.object.value, quad.object.language or "")
        for quad in quads
        if quad.predicate in (*NAME_PROPERTIES, *ALT_PROPERTIES) and isinstance(quad.object, Literal)
    }
    return tuple(sorted(names, key=lambda name: (name.lang, name.text)))


def _incoming(release: Release, iri: IRI) -> dict[IRI, list[Quad]]:
    """By predicate, the quads with the IRI as object: those that sources state, else those of terms."""
    quads = list(_referring(release, iri))
    return _grouped([quad for quad in quads if release.iris.is_stated(quad)] or quads)


def mentions(release: Release, iri: IRI) -> dict[IRI, list[Quad]]:
    """By predicate, the quads with the IRI as object, counts and what is inferred included."""
    return _grouped(release.store.quads(object=iri))


def said(release: Release, iri: IRI) -> list[Quad]:
    """All quads with the IRI as subject, as they were written; if there are none, those that mention it.

    Of the latter the first MOST_INCOMING of each predicate. Raises UnknownEntity where there are none either.
    """
    found = _said(release, nquads.about(release.quads_file, iri))
    found = found or list(chain.from_iterable(map(_first, mentions(release, iri).values())))
    if not found:
        raise UnknownEntity(_unknown(release, iri))
    return found


def _grouped(quads: Iterable[Quad]) -> dict[IRI, list[Quad]]:
    found: dict[IRI, list[Quad]] = {}
    for quad in quads:
        found.setdefault(quad.predicate, []).append(quad)
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


def _referring(release: Release, iri: IRI) -> Iterator[Quad]:
    """The quads with the IRI as object, but for what is inferred, counted, or read by a machine."""
    apart = (release.iris.inferred_graph, release.iris.statistics_graph)
    for quad in release.store.quads(object=iri):
        if quad.graph_name not in apart and not release.iris.is_reading(quad.graph_name):
            yield quad


def _first(quads: list[Quad]) -> list[Quad]:
    """The quads of the first MOST_INCOMING subjects."""
    subjects = set(sorted({str(quad.subject) for quad in quads})[:MOST_INCOMING])
    return [quad for quad in quads if str(quad.subject) in subjects]


def _unknown(release: Release, iri: IRI) -> str:
    slug = release.iris.slug(iri)
    if slug is None:
        return f"The graph does not mention {iri}."
    return f"The graph does not mention “{slug}”{nearest(slug, _slugs(release)) or '; search for its name.'}"


def _slugs(release: Release) -> list[str]:
    """Names of our entities, as many as can be compared in a moment."""
    named = release.store.quads(predicate=RDF_TYPE)
    slugs = (release.iris.slug(quad.subject) for quad in named if isinstance(quad.subject, IRI))
    return list(islice((slug for slug in slugs if slug), MOST_COMPARED))

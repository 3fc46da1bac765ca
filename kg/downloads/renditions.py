"""The whole graph of a release in the formats of RDF, written statement by statement from its N-Quads.

The store is not asked: it rewrites literals. N-Quads, TriG and JSON-LD hold every named graph; Turtle holds
the default graph of the service, which is the union of all but the statistics, each triple once. Memory does
not grow with the graph: what must stand together is sorted through files.
"""

from __future__ import annotations

import shutil
from itertools import groupby
from typing import IO, TYPE_CHECKING

from kg import nquads
from kg.downloads import jsonld
from kg.store import DefaultGraph, Quad, RdfFormat, parse_quads, serialize

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator
    from pathlib import Path

    from kg.release import Release

BLOCK = 1 << 20


def write_nquads(release: Release, target: IO[bytes]) -> None:
    """Write the canonical N-Quads as they are (RDF 1.2 N-Quads, section 3)."""
    with release.quads_file.open("rb") as file:
        shutil.copyfileobj(file, target, BLOCK)


def write_turtle(release: Release, target: IO[bytes]) -> None:
    """Write the union of the graphs, without the statistics, as Turtle."""
    prefixes = used_prefixes(release)
    serialize(_union(release), target, format=RdfFormat.TURTLE, prefixes=prefixes)


def write_trig(release: Release, target: IO[bytes], by_graph: Path) -> None:
    """Write the named graphs, one after the other, as TriG; `by_graph` is a file by `sort_by_graph`."""
    with by_graph.open("rb") as file:
        quads = parse_quads(file, RdfFormat.N_QUADS)
        serialize(quads, target, format=RdfFormat.TRIG, prefixes=used_prefixes(release))


def write_jsonld(release: Release, target: IO[bytes], by_graph: Path) -> None:
    """Write the named graphs as JSON-LD; see `kg.downloads.jsonld`. Raises DumpUnwritable."""
    prefixes = used_prefixes(release, schemes=True)
    with by_graph.open("rb") as file:
        for text in jsonld.lines(parse_quads(file, RdfFormat.N_QUADS), prefixes):
            target.write(text.encode())


def sort_by_graph(release: Release, target: Path) -> None:
    """Write the N-Quads of a release to a new file, graph by graph, and in each of them in their order."""
    moved = target.with_name(f"{target.name}.moved")
    with release.quads_file.open(encoding="utf-8", newline="\n") as file:
        nquads.write(moved, (f"{graph} {triple}" for triple, graph in map(_parted, file)))
    with moved.open(encoding="utf-8", newline="\n") as file, target.open("w", encoding="utf-8") as quads:
        for line in file:
            graph, _, triple = line.rstrip("\n").partition(" ")
            quads.write(f"{triple} {graph} .\n")
    moved.unlink()


def used_prefixes(release: Release, *, schemes: bool = False) -> dict[str, str]:
    """The prefixes of a release that its statements have a use for, one for each namespace, in order.

    With `schemes` those are left out that are the scheme of an IRI, which could be taken for a shortened one.
    """
    with release.quads_file.open("rb") as file, nquads.mapped(file) as data:
        spaces = {
            space: name
            for name, space in sorted(release.prefixes.items(), reverse=True)
            if data.find(f"<{space}".encode()) >= 0 and not (schemes and _is_scheme(data, name))
        }
    return {name: space for space, name in sorted(spaces.items(), key=lambda pair: pair[1])}


def _is_scheme(data: mmap.mmap | bytes, name: str) -> bool:
    return data.find(f"<{name}:".encode()) >= 0


def _parted(line: str) -> tuple[str, str]:
    """A line of N-Quads as its triple and its graph; no IRI of a graph holds a blank."""
    triple, graph, _ = line.rsplit(" ", 2)
    return triple, graph


def _union(release: Release) -> Iterator[Quad]:
    """The triples of all graphs but the statistics; in a sorted file the same ones are neighbours."""
    apart = release.iris.statistics_graph
    stated = (quad for quad in nquads.read(release.quads_file) if quad.graph_name != apart)
    for triple, _ in groupby(stated, key=lambda quad: quad.triple):
        yield Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())

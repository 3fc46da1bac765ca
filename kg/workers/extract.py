"""One graph of a release as a whole: its triples as they were written, or as the store has them."""

from __future__ import annotations

import hashlib
import mmap
import os
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from kg.store import IRI, DefaultGraph, RdfFormat, parse, serialize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.store import Oxigraph, Triple

Name: TypeAlias = IRI | DefaultGraph

END = b" .\n"
BLOCK = 1 << 16
LINES = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)  # of which each triple is a line


class Digest:
    """A file to write into, of which only the SHA-256 is kept."""

    def __init__(self) -> None:
        self._found = hashlib.sha256()
        self.hexdigest = self._found.hexdigest

    def write(self, data: bytes) -> int:
        """Take a piece."""
        self._found.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing: every piece is taken as it comes."""


class Extract:
    """The graphs of a store, read from the sorted N-Quads that it was made from, where there are such.

    The default graph is then the union of the others without those `apart`, each triple once, as in the
    store. In the N-Quads literals stand as they were written; the store changes some.
    """

    def __init__(self, store: Oxigraph, quads_file: Path | None, apart: Iterable[str]) -> None:
        self._store = store
        self._apart = {_suffix(IRI(name)) for name in apart}
        self._data = _mapped(quads_file) if quads_file and quads_file.exists() else None

    def digest(self, name: Name) -> str:
        """SHA-256 of the triples of a graph, in hexadecimal; '' where there is no such graph.

        The order of a store depends on what it holds alone, so two stores of the same have it in common.
        """
        if isinstance(name, IRI) and not self._store.contains_named_graph(name):
            return ""
        found = Digest()
        output: Any = found
        self.write(name, output, RdfFormat.N_TRIPLES, {})
        return found.hexdigest()

    def write(self, name: Name, output: IO[bytes], form: RdfFormat, prefixes: Mapping[str, str]) -> None:
        """Write the triples of a graph, as those of a document's default graph."""
        if self._data is None:
            self._store.dump(output, form, from_graph=name, prefixes=dict(prefixes))
        elif form in LINES:
            for block in self._blocks(name):
                output.write(block)
        else:
            serialize(self._triples(name), output, form, prefixes=dict(prefixes))

    def _blocks(self, name: Name) -> Iterator[bytes]:
        """The triples as lines, many at a time."""
        block = bytearray()
        for line in self._stated(name) if isinstance(name, IRI) else self._united():
            block += line
            if len(block) > BLOCK:
                yield bytes(block)
                block.clear()
        yield bytes(block)

    def _triples(self, name: Name) -> Iterator[Triple]:
        for block in self._blocks(name):
            for quad in parse(block, RdfFormat.N_TRIPLES):
                yield quad.triple

    def _stated(self, graph: IRI) -> Iterator[bytes]:
        """The lines of a named graph, of which the file is searched for their ends only."""
        data, suffix = self._data or b"", _suffix(graph)
        end = data.find(suffix)
        while end >= 0:
            yield data[data.rfind(b"\n", 0, end) + 1 : end] + END
            end = data.find(suffix, end + len(suffix))

    def _united(self) -> Iterator[bytes]:
        """The lines of the union; in a sorted file the quads of one triple are neighbours."""
        for triple, quads in groupby(self._quads(), key=lambda quad: quad.rsplit(b" ", 2)[0]):
            if any(quad[len(triple) :] not in self._apart for quad in quads):
                yield triple + END

    def _quads(self) -> Iterator[bytes]:
        """The lines of the file, from its beginning."""
        data, start = self._data or b"", 0
        while (end := data.find(b"\n", start) + 1) > 0:
            yield data[start:end]
            start = end


def _suffix(graph: IRI) -> bytes:
    """What the lines of a graph, and no others, end in: a literal has no bare line feed."""
    return f" {graph} .\n".encode()


def _mapped(path: Path) -> mmap.mmap | bytes:
    """The bytes of a file, read as they are needed."""
    with path.open("rb") as file:
        is_empty = not os.fstat(file.fileno()).st_size  # and cannot be mapped
        return b"" if is_empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

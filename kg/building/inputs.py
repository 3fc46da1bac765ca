"""What a release is made from: an ontology with its shapes and examples, a folder of facts, settings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import ontology
from kg.catalogue import DESCRIPTION, described
from kg.errors import FactsError, ForeignDataError, Problem, ReleaseError
from kg.iris import Iris
from kg.settings import base_iri
from kg.skolem import skolemise
from kg.sources import RDF_TYPE, TITLE
from kg.store import IRI, Quad, RdfFormat, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.settings import Settings

PACKAGES = Path(__file__).parent.parent.parent
DATA = PACKAGES / "kg" / "data"
TABLES = ("entities.csv", "labels.csv", "facts.csv", "sources.csv")
CODE = ("kg", "ontology", "search")
SUFFIXES = (".py", ".toml")
ONTOLOGY = IRI("http://www.w3.org/2002/07/owl#Ontology")
BYTE_ORDER_MARK = "\ufeff".encode()


@dataclass(frozen=True)
class Inputs:
    """Where the inputs of a build are. Lexicon, shapes and examples stand beside the ontology, if at all."""

    ontology_file: Path
    data: Path
    base: str | None = None
    encoder: str | None = None
    vectors: str | None = None

    @classmethod
    def shipped(cls, settings: Settings) -> Inputs:
        """The ontology and the facts that come with this software."""
        return cls(ontology.ONTOLOGY, DATA, settings.base, settings.encoder, settings.vectors)

    @property
    def shapes(self) -> Path:
        """SHACL shapes; may not exist."""
        return self.ontology_file.parent / "shapes.ttl"

    @property
    def lexicon(self) -> Path:
        """The words by which the ontology is spoken of, in OntoLex-Lemon; may not exist."""
        return self.ontology_file.parent / "lexicon.ttl"

    @property
    def description(self) -> Path:
        """What the dataset says about itself, relative to the base IRI; may not exist."""
        return self.data / "dataset.ttl"

    @property
    def examples(self) -> list[Path]:
        """Files of example queries; may be none."""
        return sorted((self.ontology_file.parent / "examples").glob("*.ttl"))

    @cached_property
    def ontology(self) -> ontology.Ontology:
        """The ontology. Raises ReleaseError when it cannot be read."""
        try:
            return ontology.load(self.ontology_file)
        except ontology.OntologyError as error:
            raise ReleaseError(str(error)) from error

    @property
    def iris(self) -> Iris:
        """IRIs below the base of the settings, or else of the ontology. Raises SettingError."""
        return Iris(self.base or base_iri(self.ontology.base))

    @property
    def files(self) -> list[Path]:
        """All files that are read."""
        optional = [self.lexicon, self.shapes, self.description, *self.examples]
        tables = [self.data / name for name in TABLES]
        own = [ontology.ENGINE, ontology.SERVICE, ontology.SERVICE_SHAPES]
        return [*own, self.ontology_file, *tables, *(path for path in optional if path.is_file())]

    def check(self) -> None:
        """Raise FactsError when a file is missing."""
        missing = [path for path in self.files if not path.is_file()]
        if missing:
            raise FactsError(tuple(Problem(str(path), 0, "", "there is no such file.") for path in missing))

    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.files)

    def digest(self) -> str:
        """SHA-256 over all files, the settings and the code that builds."""
        total = hashlib.sha256(f"{self.base}\0{self.encoder}\0{self.vectors}".encode())
        code = [
            path for name in CODE for path in sorted((PACKAGES / name).rglob("*")) if path.suffix in SUFFIXES
        ]
        for path in [*self.files, *code]:
            total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()

    @cached_property
    def fixed_quads(self) -> list[Quad]:
        """Quads of ontology, lexicon, shapes, examples and dataset description, blank nodes skolemised."""
        iris = self.iris
        return [
            *self._skolemised(iris.ontology_graph, [ontology.ENGINE, self.ontology_file]),
            *self._skolemised(iris.lexicon_graph, [self.lexicon]),
            *self._skolemised(iris.shapes_graph, [self.shapes, ontology.SERVICE_SHAPES]),
            *self._skolemised(iris.examples_graph, self.examples),
            *self._described(),
        ]

    def _described(self) -> Iterator[Quad]:
        """The dataset, by its own description; what that leaves out, by the ontology's."""
        own = self._skolemised(self.iris.catalogue_graph, [self.description])
        title = self.ontology.texts(TITLE.value) or {"": self.iris.base}
        description = self.ontology.texts(DESCRIPTION.value) or title
        return described(own, title, description, self.iris, self._standards())

    def _standards(self) -> list[IRI]:
        """What the facts are checked against: the ontology, and the shapes where they have a name."""
        shapes = _read(self.shapes, self.iris.base) if self.shapes.is_file() else ()
        named = (quad.subject for quad in shapes if quad.predicate == RDF_TYPE and quad.object == ONTOLOGY)
        return [IRI(str(self.ontology.iri)), *(name for name in named if isinstance(name, IRI))]

    def _skolemised(self, graph: IRI, paths: list[Path]) -> Iterator[Quad]:
        name = graph.value.rsplit("/", 1)[-1]
        quads = (
            Quad(quad.subject, quad.predicate, quad.object, graph)
            for path in paths
            if path.is_file()
            for quad in _read(path, self.iris.base)
        )
        return skolemise(quads, self.iris.genid(name))


def _read(path: Path, base: str) -> Iterator[Quad]:
    try:
        yield from parse_quads(path.read_bytes().removeprefix(BYTE_ORDER_MARK), RdfFormat.TURTLE, base)
    except ForeignDataError as error:
        raise ForeignDataError(f"{path}: {error}.") from error

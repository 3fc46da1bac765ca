"""Terms: what can be said, and how it is said in five languages.

The files are data: `ontology.ttl` (OWL 2), `lexicon.ttl` (OntoLex-Lemon: the words for its classes and
properties), `kg.ttl` (the few terms by which an ontology speaks to the engine), `shapes.ttl` (SHACL),
`examples/` (competency questions with their queries), `service.ttl` (how any graph is offered),
`dumps.ttl` (how its dumps are called) and `service-shapes.ttl` (SHACL of the description of a service).

`TERMS` is the closed namespace of the shipped ontology, read when it is first used: `TERMS.hostedBy` is an
IRI, and a misspelt term raises AttributeError at its line. Importing this package reads nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ontology.reading import Ontology, OntologyError, Terms, load

    TERMS: Terms

__all__ = [
    "DUMPS",
    "ENGINE",
    "EXAMPLES",
    "FOLDER",
    "LEXICON",
    "ONTOLOGY",
    "SERVICE",
    "SERVICE_SHAPES",
    "SHAPES",
    "TERMS",
    "Ontology",
    "OntologyError",
    "Terms",
    "load",
]

FOLDER = Path(__file__).parent
ONTOLOGY = FOLDER / "ontology.ttl"
LEXICON = FOLDER / "lexicon.ttl"
ENGINE = FOLDER / "kg.ttl"
SHAPES = FOLDER / "shapes.ttl"
EXAMPLES = FOLDER / "examples"
SERVICE = FOLDER / "service.ttl"
DUMPS = FOLDER / "dumps.ttl"
SERVICE_SHAPES = FOLDER / "service-shapes.ttl"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes are of any type (PEP 562)
    """What needs rdflib, which takes a quarter of a second to import: nobody pays who does not use it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ontology import reading

    globals()[name] = reading.load(ONTOLOGY).terms if name == "TERMS" else getattr(reading, name)
    return globals()[name]

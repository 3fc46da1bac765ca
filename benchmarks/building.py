"""How building grows: generated facts by the ten thousand, hundred thousand and million.

From CSV to N-Quads to store, inference included, without shapes and index. Each size runs in a process
of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (10_000, 100_000, 1_000_000)
FACTS_PER_ENTITY = 20
SOURCES = 500

ONTOLOGY = """
@prefix : <https://example.org/bench/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/bench/ontology> a owl:Ontology .
:Thing a owl:Class .
:near a owl:ObjectProperty ; rdfs:domain :Thing ; rdfs:range :Thing ; owl:inverseOf :nearOf .
:nearOf a owl:ObjectProperty ; rdfs:domain :Thing ; rdfs:range :Thing .
:size a owl:DatatypeProperty ; rdfs:domain :Thing ; rdfs:range xsd:integer .
:since a owl:DatatypeProperty ; rdfs:domain :Thing ; rdfs:range xsd:date .
:note a owl:DatatypeProperty ; rdfs:domain :Thing ; rdfs:range xsd:string .
"""


def generate(folder: Path, size: int) -> None:
    """Write tables with `size` distinct facts, the same for every run."""
    chance = random.Random(size)
    entities = [f"thing-{number}" for number in range(max(2, size // FACTS_PER_ENTITY))]
    sources = [f"page-{number}" for number in range(SOURCES)]
    tables = {
        "entities": [("id", "class", "description_en"), *((name, "Thing", "") for name in entities)],
        "labels": [("id", "lang", "kind", "label"), *((name, "en", "pref", name) for name in entities)],
        "sources": [
            ("id", "url", "title", "publisher", "published_on", "language", "kind"),
            *((name, f"https://example.org/{name}", name, "", "2025", "en", "press") for name in sources),
        ],
        "facts": [("subject", "property", "value", "value_type", "source", "as_of")],
    }
    for number in range(size):
        (subject, other), source = chance.sample(entities, 2), chance.choice(sources)
        kind = number % 4
        values = (
            ("near", other, "entity"),
            ("size", str(number), "integer"),
            ("since", f"{1900 + number % 120}-{1 + number % 12:02}-{1 + number % 28:02}", "date"),
            ("note", f"Note {number} about {subject}", "string"),
        )
        as_of = "2025" if number % 10 else str(1000 + number % 9000)
        tables["facts"].append((subject, *values[kind], source, as_of))
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows if name != "facts" else dict.fromkeys(rows))


def measure(folder: Path) -> None:
    """Build from a folder and print what it took, as JSON."""
    from kg.building.build import build
    from kg.building.inputs import Inputs

    start = time.perf_counter()
    release = build(folder / "home", Inputs(folder / "ontology.ttl", folder))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"quads": release.manifest.counts["quads"], "seconds": seconds, "mebibytes": peak}))


def run(_arguments: Sequence[str] = ()) -> None:
    """Print a line for each size."""
    print("building        facts      quads   seconds   quads/s   peak MiB")
    for size in SIZES:
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "ontology.ttl").write_text(ONTOLOGY, encoding="utf-8")
            generate(folder, size)
            command = [sys.executable, "-m", "benchmarks.building", name]
            told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            rate = told["quads"] / told["seconds"]
            cost = f"{told['seconds']:>9.1f} {rate:>9,.0f} {told['mebibytes']:>10,.0f}"
            print(f"{size:>21,} {told['quads']:>10,} {cost}")


if __name__ == "__main__":
    measure(Path(sys.argv[1]))

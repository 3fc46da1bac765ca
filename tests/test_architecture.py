"""The house holds: who may import whom, one door per library, and what Python must not know."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("ontology", "kg", "search", "web")
FILES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]
DOORS = {
    "pyoxigraph": {"kg/store.py", "kg/workers/worker.py"},
    "networkx": {"kg/network/"},
    "sentence_transformers": {"search/encoder.py"},
    "torch": {"search/encoder.py", "search/transformer.py"},
    "faiss": {"search/embedded.py"},
    "pymilvus": {"search/milvus.py"},
    "tantivy": {"search/inverted.py"},
    "rapidfuzz": {"search/likeness.py"},
    "babel": {"search/answering/territories.py", "web/translations/", "web/written.py", "web/wording.py"},
    "bs4": {"kg/text/webpage.py"},
    "ijson": {"kg/imports/ror.py"},
    "charset_normalizer": {"kg/text/plaintext.py"},
    "markdown_it": {"kg/text/markdown.py", "web/about/prose.py"},
    "prometheus_client": {"web/"},
    "pyarrow": {"kg/downloads/parquet.py"},
    "pypdf": {"kg/text/pdf.py"},
    "flask": {"web/"},
    "click": {"web/"},
    "granian": {"web/"},
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} imports relatively"
            found.add(node.module or "")
    return {module.split(".")[0] for module in found}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_package_imports_only_packages_to_its_left(path: Path) -> None:
    package = name(path).split("/")[0]
    right = set(ORDER[ORDER.index(package) + 1 :])
    assert not imports(path) & right


@pytest.mark.parametrize("path", FILES, ids=name)
def test_the_product_does_not_import_what_measures_it(path: Path) -> None:
    assert not imports(path) & {"benchmarks", "conformance", "quality", "tests"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_library_has_one_door(path: Path) -> None:
    for library in imports(path) & DOORS.keys():
        assert any(name(path).startswith(door) for door in DOORS[library]), (
            f"{library} enters by {name(path)}"
        )


OF_SCHEMA_ORG = {"hasPart"}  # which the ontology has too


def domain_words() -> set[str]:
    """Local names of the shipped classes and properties and slugs of entities that say the domain."""
    text = (ROOT / "ontology" / "ontology.ttl").read_text(encoding="utf-8")
    terms = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    with (ROOT / "kg" / "data" / "entities.csv").open(encoding="utf-8", newline="") as file:
        slugs = {row["id"] for row in csv.DictReader(file)}
    return {term for term in terms - OF_SCHEMA_ORG if re.search(r"[a-z][A-Z]", term)} | {
        slug for slug in slugs if "-" in slug
    }


@pytest.mark.parametrize("path", FILES, ids=name)
def test_python_knows_nothing_of_the_domain(path: Path) -> None:
    words = domain_words()
    assert len(words) > 200
    said = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not {text for text in said if text in words or text.rsplit("#", 1)[-1] in words}


@pytest.mark.parametrize("module", ["web.cli", "kg.release", "search.index"])
def test_starting_is_quick_because_heavy_libraries_wait(module: str) -> None:
    heavy = {"torch", "sentence_transformers", "faiss", "networkx", "pyshacl", "rdflib", "numpy"}
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not heavy & set(loaded)

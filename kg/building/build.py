"""Build a release from facts and journal, and publish it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from kg import nquads
from kg.building.assembly import Assembly
from kg.building.manifest import Manifest
from kg.building.staging import commit, next_version, staging
from kg.errors import InvalidGraph, ReleaseError
from kg.facts import Facts
from kg.inference import Axioms
from kg.iris import Iris
from kg.journal import Journal
from kg.progress import Progress, silent
from kg.records.vocabulary import Vocabulary
from kg.release import Release, Releases
from kg.sources import TITLE
from kg.sparql.prefixes import STANDARD
from kg.statistics import Statistics
from kg.store import IRI, EmbeddedStore, Literal, Quad, Triple, add_apart, bulk_load
from kg.validation import Violation, in_words, validate

if TYPE_CHECKING:
    from pathlib import Path

    from kg.building.inputs import Inputs
    from kg.store import Store

Step: TypeAlias = Callable[[Release, Progress], dict[str, Any]]

BUILT, IMPORTED = "build", "import"
MOST_TOLD = 20
PATIENCE = 10.0  # seconds for an online write that is going on


def check(home: Path, inputs: Inputs, progress: Progress = silent) -> tuple[str, ...]:
    """Read and validate facts and journal without building; what is worth knowing, in words.

    Raises FactsError for cells that cannot be used and InvalidGraph for statements that break a shape.
    """
    inputs.check()
    facts, assembly = _facts(inputs), _assembly(inputs)
    quads = assembly.quads(inputs.fixed_quads, facts.quads(progress), journal(home))
    store = EmbeddedStore.in_memory(quads)
    return (*assembly.warnings, *_validated(store, inputs, facts))


def build(
    home: Path, inputs: Inputs, steps: Mapping[str, Step] | None = None, progress: Progress = silent
) -> Release:
    """Make a release from facts and journal and publish it.

    `steps` are run on the finished graph before it is published; what they return stands in the
    manifest under their names. Raises what `check` raises, and ReleaseError.
    """
    inputs.check()
    with staging(home, inputs.size(), PATIENCE) as folder:
        facts, assembly = _facts(inputs), _assembly(inputs)
        quads = assembly.quads(inputs.fixed_quads, facts.quads(progress), journal(home))
        manifest = Manifest(
            version=next_version(home),
            origin=BUILT,
            inputs=inputs.digest(),
            journal=journal(home).last(),
            base=inputs.iris.base,
            title=_titles(inputs),
            ontology={"iri": str(inputs.ontology.iri), "version": inputs.ontology.version},
            prefixes=prefixes(inputs.iris, inputs.ontology.prefixes),
        )
        draft = drafted(folder, quads, assembly, manifest)
        warnings = _validated(draft.store, inputs, facts)
        return finished(home, draft, warnings, steps or {}, progress)


def is_up_to_date(home: Path, inputs: Inputs, steps: Iterable[str] = ()) -> bool:
    """Whether nothing has changed since the last build by the same steps.

    So a rollback is left as it is, and so is an imported release.
    """
    releases = Releases(home)
    try:
        current, newest = releases.current(), releases.get(releases.versions()[-1])
    except ReleaseError:
        return False
    if current.manifest.origin == IMPORTED:
        return True
    wanted = (inputs.digest(), journal(home).last())
    manifests = (current.manifest, newest.manifest)
    return any((one.inputs, one.journal) == wanted and set(steps) <= set(one.steps) for one in manifests)


def drafted(folder: Path, quads: Iterable[Quad], assembly: Assembly, manifest: Manifest) -> Release:
    """Write the quads of an assembly and their store into a folder: a release not yet published."""
    count = nquads.write(folder / "data.nq", map(nquads.line, quads))
    bulk_load(folder / "store", folder / "data.nq")
    _count(folder, manifest)
    (folder / "index").mkdir()
    complete = replace(
        manifest,
        quads_digest=nquads.digest(folder / "data.nq"),
        counts={"quads": count, **assembly.counts},
        languages=assembly.languages,
        is_complete=assembly.is_complete,
        warnings=tuple(assembly.warnings),
    )
    return Release(folder, complete)


def finished(
    home: Path, draft: Release, warnings: Sequence[str], steps: Mapping[str, Step], progress: Progress
) -> Release:
    """Run the further steps on a draft, write its manifest and publish it."""
    manifest = replace(
        draft.manifest,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        warnings=(*draft.manifest.warnings, *warnings),
        steps={name: step(draft, progress) for name, step in steps.items()},
    )
    manifest.write(draft.path / "manifest.json")
    commit(home, draft.path, draft.version)
    return Releases(home).get(draft.version)


def journal(home: Path) -> Journal:
    """The online writes of a home folder."""
    return Journal(home / "journal")


def prefixes(iris: Iris, declared: Mapping[str, str]) -> dict[str, str]:
    """Standard prefixes, those that the inputs declare, and those of our own IRIs, which win."""
    return {**STANDARD, **declared, "id": f"{iris.base}id/", "source": f"{iris.base}source/"}


def _count(folder: Path, manifest: Manifest) -> None:
    """Count the graph, and add the statements that tell the counts."""
    iris, draft = Iris(manifest.base), Release(folder, manifest)
    statistics = Statistics.of(EmbeddedStore.open(draft.store_path), iris)
    statistics.write(draft.statistics_file)
    quads = list(statistics.quads(iris))
    add_apart(draft.store_path, quads)
    without = draft.quads_file.rename(folder / "uncounted.nq")
    nquads.patch(without, draft.quads_file, (), map(nquads.line, quads))
    without.unlink()


def _facts(inputs: Inputs) -> Facts:
    return Facts(inputs.data, Vocabulary.of(inputs.ontology), inputs.iris)


def _assembly(inputs: Inputs) -> Assembly:
    return Assembly(inputs.iris, Axioms.of(inputs.fixed_quads))


def _titles(inputs: Inputs) -> dict[str, str]:
    """What the graph is called, by language: by its own description, else by the ontology's."""
    titles: dict[str, dict[str, str]] = {}
    for quad in inputs.fixed_quads:
        if quad.predicate == TITLE and isinstance(quad.subject, IRI) and isinstance(quad.object, Literal):
            titles.setdefault(quad.subject.value, {})[quad.object.language or ""] = quad.object.value
    return titles.get(inputs.iris.dataset.value) or titles.get(str(inputs.ontology.iri)) or {}


def _validated(store: Store, inputs: Inputs, facts: Facts) -> list[str]:
    """Warnings by the shapes, in words. Raises InvalidGraph for what is wrong."""
    if not inputs.shapes.is_file():
        return []
    apart, iris = _schema_graphs(inputs.iris), inputs.iris
    quads = (
        quad
        for quad in store.quads()
        if quad.graph_name not in apart and not iris.is_reading(quad.graph_name)
    )
    found = validate(_of_rdf_1_1(quads), inputs.shapes, inputs.ontology.graph)

    def places(violation: Violation) -> list[str]:
        return _places(violation, facts, inputs)

    grave = [violation for violation in found if violation.grave]
    if grave:
        told = in_words(grave[:MOST_TOLD], store, places)
        more = [f"… and {len(grave) - MOST_TOLD} more."] if len(grave) > MOST_TOLD else []
        raise InvalidGraph("\n".join([*told, *more]))
    return in_words(found, store, places)


def _of_rdf_1_1(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads as far as rdflib reads them: without triples about triples and directions of text."""
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal) and value.direction:
            yield Quad(quad.subject, quad.predicate, Literal(value.value, language=value.language))
        elif not isinstance(value, Triple):
            yield quad


def _schema_graphs(iris: Iris) -> set[IRI]:
    schema = {iris.ontology_graph, iris.lexicon_graph, iris.shapes_graph, iris.examples_graph}
    return schema | {iris.statistics_graph}


def _places(violation: Violation, facts: Facts, inputs: Inputs) -> list[str]:
    """The first places in the tables that state what is violated; none for what nobody stated."""
    focus, is_about_a_path = violation.focus, violation.path.startswith("http")
    subject = inputs.iris.slug(IRI(focus)) if focus.startswith("http") else None
    if subject is None or not (violation.value and is_about_a_path):
        return [] if subject is None or not violation.grave else facts.places(subject, "", "")
    prop = violation.path.removeprefix(inputs.ontology.namespace).rpartition("#")[2]
    return facts.places(subject, prop, violation.value.removeprefix(inputs.iris.entity("").value))

"""The shipped ontology, its shapes and examples; and an ontology of another domain."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, SDO, SH, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

import ontology
from kg.building.inputs import DATA, Inputs
from kg.facts import Facts
from kg.inference import Axioms, Inference
from kg.iris import Iris
from kg.records.vocabulary import Vocabulary
from kg.release import Release
from kg.sparql.prefixes import STANDARD
from kg.store import IRI, RdfFormat, parse_quads
from kg.validation import validate
from ontology import TERMS, Ontology, OntologyError

LIGHTHOUSES = Path(__file__).parent / "fixtures" / "lighthouses"
LANGUAGES = {"en", "it", "de", "fr", "es"}
KG = Namespace("https://w3id.org/aifactories/kg#")
IRIS = Iris("https://w3id.org/aifactories/")
DECLARED = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<https://example.org/o> a owl:Ontology .\n"


@pytest.fixture(scope="module")
def shipped_ontology() -> Ontology:
    return ontology.load(ontology.ONTOLOGY)


@pytest.fixture(scope="module")
def lights() -> Ontology:
    return ontology.load(LIGHTHOUSES / "ontology.ttl")


@pytest.fixture(scope="module")
def axioms(shipped_inputs: Inputs) -> Axioms:
    return Axioms.of(shipped_inputs.fixed_quads)


def graph_of(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


def examples(folder: Path) -> list[tuple[URIRef, Graph]]:
    graph = Graph()
    for path in sorted(folder.glob("*.ttl")):
        graph.parse(path, format="turtle")
    return [(iri, graph) for iri in sorted(graph.subjects(RDF.type, SH.SPARQLExecutable))]


def languages(graph: Graph, iri: URIRef, predicate: URIRef) -> list[str]:
    return sorted(name.language or "" for name in graph.objects(iri, predicate))


# What every term must have


def test_every_term_has_one_label_in_each_of_five_languages(shipped_ontology: Ontology) -> None:
    for name in dir(TERMS):
        is_scheme = (TERMS[name], RDF.type, SKOS.ConceptScheme) in shipped_ontology.graph
        predicate = SKOS.prefLabel if is_scheme else RDFS.label
        assert languages(shipped_ontology.graph, TERMS[name], predicate) == sorted(LANGUAGES), name


def test_every_term_has_a_definition_that_is_a_sentence(shipped_ontology: Ontology) -> None:
    for name in dir(TERMS):
        (definition,) = shipped_ontology.graph.objects(TERMS[name], SKOS.definition)
        assert re.fullmatch(r"[A-Z].+\.", definition), name
        assert definition.language == "en"


def test_every_class_has_its_plural_where_it_differs(shipped_ontology: Ontology) -> None:
    for kind in shipped_ontology.classes:
        assert "en" in languages(shipped_ontology.graph, kind, SKOS.altLabel), kind


def test_every_property_has_domain_and_range_and_never_two(shipped_ontology: Ontology) -> None:
    for prop in shipped_ontology.properties:
        assert shipped_ontology.domains(prop), prop
        assert shipped_ontology.ranges(prop), prop
        for strict in (RDFS.domain, RDFS.range):
            assert len(list(shipped_ontology.graph.objects(prop, strict))) <= 1, prop
        assert shipped_ontology.domains(prop) <= set(shipped_ontology.classes), prop


def test_inverses_turn_domain_and_range_round(shipped_ontology: Ontology) -> None:
    pairs = [
        (one, other) for one, other in shipped_ontology.graph.subject_objects(OWL.inverseOf) if one in TERMS
    ]
    assert len(pairs) > 20
    for one, other in pairs:
        assert shipped_ontology.domains(one) == shipped_ontology.ranges(other), one
        assert shipped_ontology.ranges(one) == shipped_ontology.domains(other), one


def test_super_properties_take_whatever_their_sub_properties_take(shipped_ontology: Ontology) -> None:
    for prop, above in shipped_ontology.graph.subject_objects(RDFS.subPropertyOf):
        if above in TERMS:
            assert shipped_ontology.domains(prop) <= shipped_ontology.domains(above), prop
            assert shipped_ontology.ranges(prop) <= shipped_ontology.ranges(above), prop


def test_every_term_is_used_by_the_data_or_says_why_not(shipped_ontology: Ontology, axioms: Axioms) -> None:
    used = set()
    for name, column in (("entities", "class"), ("facts", "property")):
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            used |= {str(TERMS[row[column]]) for row in csv.DictReader(file)}
    inference = Inference(axioms)
    for quad in Facts(DATA, Vocabulary.of(shipped_ontology), IRIS).quads():
        inference.take(quad)
    for triple in inference.triples():
        used |= {triple.predicate.value, getattr(triple.object, "value", "")}
    for name in dir(TERMS):
        excused = shipped_ontology.graph.value(TERMS[name], KG.unusedBecause)
        assert (str(TERMS[name]) in used) != bool(excused), name


def test_the_terms_of_others_are_declared_so_that_nothing_need_be_fetched(shipped_ontology: Ontology) -> None:
    graph = shipped_ontology.graph
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf):
        for value in graph.objects(None, predicate):
            known = (value, RDF.type, None) in graph or str(value).startswith(
                (str(RDFS), str(STANDARD["xsd"]))
            )
            assert known, value
    assert "http://schema.org/" not in ontology.ONTOLOGY.read_text(encoding="utf-8")


def test_the_engine_vocabulary_documents_its_terms_and_is_all_that_is_used_of_it() -> None:
    engine = ontology.load(ontology.ENGINE)
    for name in dir(engine.terms):
        assert languages(engine.graph, engine.terms[name], RDFS.label) == sorted(LANGUAGES)
        assert engine.graph.value(engine.terms[name], SKOS.definition)
    for path in (ontology.ONTOLOGY, LIGHTHOUSES / "ontology.ttl"):
        assert {iri for triple in graph_of(path) for iri in triple if iri in KG} <= set(
            map(engine.terms.term, dir(engine.terms))
        )


# Consistency


@pytest.mark.parametrize(
    "path", [ontology.ONTOLOGY, LIGHTHOUSES / "ontology.ttl"], ids=["shipped", "lighthouses"]
)
def test_the_ontology_is_consistent(path: Path) -> None:
    """With a member of every class and a statement with every property, by the rules of OWL 2 RL."""
    assert not contradictions(with_one_of_everything(ontology.load(path)))


def test_a_member_of_two_classes_is_a_contradiction(shipped_ontology: Ontology) -> None:
    graph = with_one_of_everything(shipped_ontology)
    graph.add((URIRef("urn:x"), RDF.type, TERMS.State))
    graph.add((URIRef("urn:x"), TERMS.hasAntenna, URIRef("urn:y")))
    assert contradictions(graph)


def test_the_data_do_not_contradict_the_ontology(shipped_ontology: Ontology) -> None:
    graph = Graph()
    graph += shipped_ontology.graph
    for quad in Facts(DATA, Vocabulary.of(shipped_ontology), IRIS).quads():
        prop, value = URIRef(quad.predicate.value), quad.object
        if isinstance(value, IRI) and (prop in TERMS or prop == RDF.type):
            graph.add((URIRef(str(quad.subject.value)), prop, URIRef(value.value)))
    assert len(graph) > 4_000
    assert not contradictions(graph)


def with_one_of_everything(told: Ontology) -> Graph:
    graph = Graph()
    graph += told.graph
    for kind in told.classes:
        graph.add((URIRef(f"urn:a:{kind}"), RDF.type, kind))
    for prop in told.properties:
        subject, value = min(told.domains(prop)), min(told.ranges(prop))
        if told.is_object_property(prop):
            graph.add((URIRef(f"urn:a:{subject}"), prop, URIRef(f"urn:a:{value}")))
    return graph


def contradictions(graph: Graph) -> list[str]:
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    messages = graph.objects(None, URIRef("http://www.daml.org/2002/03/agents/agent-ont#error"))
    return [*map(str, messages), *map(str, graph.subjects(RDF.type, OWL.Nothing))]


# Reading


def test_a_misspelt_term_fails_and_names_the_nearest() -> None:
    assert str(TERMS.hostedBy) == "https://w3id.org/aifactories/ontology#hostedBy"
    with pytest.raises(AttributeError, match=r"has no term “hostdBy”; did you mean hostedBy"):
        _ = TERMS.hostdBy
    with pytest.raises(KeyError, match="has no term “zzzz”"):
        _ = TERMS["zzzz"]
    with pytest.raises(AttributeError, match="no attribute 'NOTHING'"):
        _ = ontology.NOTHING


def test_what_the_engine_reads_of_the_shipped_ontology(shipped_ontology: Ontology) -> None:
    told = shipped_ontology
    assert (told.base, told.prefix, told.version) == ("https://w3id.org/aifactories/", "aif", "0.1.0")
    assert told.prefixes["aif"] == told.namespace == str(told.iri) + "#"
    assert STANDARD.items() & told.prefixes.items() == {
        item for item in STANDARD.items() if item[0] in told.prefixes
    }
    assert len(told.classes) == 14
    assert told.domains(TERMS.hostedBy) == {TERMS.AIFactory, TERMS.Supercomputer, TERMS.QuantumComputer}
    assert told.ranges(TERMS.hostedBy) == {TERMS.Organisation}
    assert told.is_object_property(TERMS.website)
    assert not told.is_object_property(TERMS.wave)


def test_an_ontology_of_another_domain_and_another_style(lights: Ontology) -> None:
    terms = lights.terms
    assert lights.base == "https://example.org/lighthouses/"
    assert terms.rock_lighthouse == URIRef("https://example.org/lighthouses/ontology/rock_lighthouse")
    assert lights.domains(terms.within) == {terms.lighthouse, terms.place}
    assert terms.lighthouse in lights.superclasses(terms.rock_lighthouse)
    assert not lights.superclasses(terms.lighthouse) & set(lights.classes)


def test_an_ontology_that_states_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "o.ttl"
    path.write_text(DECLARED + "<https://example.org/o#a> a owl:Class .", encoding="utf-8")
    told = ontology.load(path)
    assert told.terms.a == URIRef("https://example.org/o#a")
    assert (told.prefix, told.version, told.prefixes) == ("", "", {"owl": str(OWL)})
    assert told.domains("https://example.org/o#a") == frozenset()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, r"o\.ttl cannot be read \(No such file"),
        (b"", "states?.*once; it declares none"),
        (DECLARED.replace("/o>", "/p>").encode() + DECLARED.encode(), "declares .*/o and .*/p"),
        (DECLARED.encode() + b"\n<a> <b> .", r"o\.ttl:4: not Turtle"),
        (DECLARED.encode() + b'<a> <b> "\xe9" .', "not UTF-8 at byte"),
    ],
)
def test_a_file_that_is_no_ontology_is_told_with_its_place(
    data: bytes | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "o.ttl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(OntologyError, match=words):
        ontology.load(path)


def test_importing_the_package_reads_nothing() -> None:
    check = "import sys, ontology; assert not {'rdflib', 'ontology.reading'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


# Shapes


def classes_of(graph: Graph, node: URIRef) -> set[str]:
    """The classes that a shape demands: sh:class, or sh:or over several."""
    alternatives = graph.value(node, SH["or"])
    nodes = Collection(graph, alternatives) if alternatives else [node]
    return {str(value) for each in nodes for value in graph.objects(each, SH["class"])}


def test_shapes_demand_what_domain_and_range_say(shipped_ontology: Ontology) -> None:
    graph = graph_of(ontology.SHAPES)
    with (DATA / "facts.csv").open(encoding="utf-8", newline="") as file:
        names = {row["property"] for row in csv.DictReader(file)}
    for name in names:
        shape = URIRef(f"https://w3id.org/aifactories/shapes#{name}")
        prop = TERMS[name]
        assert graph.value(shape, SH.targetSubjectsOf) == prop, name
        assert classes_of(graph, shape) == set(map(str, shipped_ontology.domains(prop))), name
        (values,) = graph.objects(shape, SH.property)
        objects = {str(iri) for iri in shipped_ontology.ranges(prop) if iri in TERMS}
        assert classes_of(graph, values) == objects, name
        if "date" in str(shipped_ontology.ranges(prop)) or objects:
            continue
        datatype = graph.value(values, SH.datatype)
        assert datatype in shipped_ontology.ranges(prop) or graph.value(values, SH.nodeKind) == SH.IRI, name


def test_every_message_reads_on_after_a_label() -> None:
    for message in graph_of(ontology.SHAPES).objects(None, SH.message):
        assert re.fullmatch(r"(has|is|ends) .+\.", message), message
        assert isinstance(message, Literal)
        assert message.language == "en"


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ("id:rome a :City .", "has no latitude."),
        ("id:rome a :City .", "has no English preferred name."),
        ("id:rome a :City , :State .", "is of more than one class, where each thing has one."),
        (
            'id:rome a :City ; skos:prefLabel "Rome"@en , "Roma"@en .',
            "has a preferred name without a language, or two",
        ),
        (
            "id:x a :AIFactory ; :locatedInState id:rome . id:rome a :City .",
            "has under “located in state” what is not",
        ),
        ("id:rome a :City ; :hostedBy id:rome .", "has “hosted by”, which only an AI Factory, "),
        (
            "id:x a :Supercomputer ; :top500Rank 0 .",
            "has a TOP500 rank that is not a whole number from 1 on.",
        ),
        ('id:x a :AIFactory ; :status "burning" .', "has a status that is none of the nine words"),
        ('id:x a :AIFactory ; :selectedOn "soon" .', "has under “selected on” what is not a year"),
        ("id:x a :Programme ; :euFundingSharePercent 120.0 .", "is not a percentage from 0 to 100."),
        (
            'id:x a :Programme ; :startsOn "2025-04"^^xsd:gYearMonth ; :endsOn "2024"^^xsd:gYear .',
            "ends before it",
        ),
        ("id:a a :Sector ; :broader id:b . id:b a :Sector ; :broader id:a .", "is broader than itself"),
    ],
)
def test_what_is_wrong_breaks_a_shape(added: str, words: str, shipped_ontology: Ontology) -> None:
    found = broken(added, shipped_ontology)
    assert any(words in message for message in found), found


def test_dates_of_different_precision_do_not_contradict_each_other(shipped_ontology: Ontology) -> None:
    same_year = 'id:x a :Programme ; :startsOn "2025-04-01"^^xsd:date ; :endsOn "2025"^^xsd:gYear .'
    assert not any("ends before" in message for message in broken(same_year, shipped_ontology))


def broken(turtle: str, told: Ontology) -> list[str]:
    prefixes = f"@prefix : <{told.namespace}> .\n@prefix id: <{IRIS.base}id/> .\n" + "".join(
        f"@prefix {name}: <{told.prefixes[name]}> .\n" for name in ("skos", "xsd")
    )
    quads = list(parse_quads((prefixes + turtle).encode(), RdfFormat.TURTLE))
    return [found.message for found in validate(quads, ontology.SHAPES, told.graph) if found.grave]


# Examples


@pytest.mark.parametrize(
    "folder", [ontology.EXAMPLES, LIGHTHOUSES / "examples"], ids=["shipped", "lighthouses"]
)
def test_every_example_has_one_query_and_a_wording_per_language(folder: Path) -> None:
    expected = LANGUAGES if folder == ontology.EXAMPLES else {"en", "de"}
    found = examples(folder)
    for iri, graph in found:
        assert set(languages(graph, iri, RDFS.label)) == expected, iri
        assert len(list(graph.objects(iri, SH.select))) == 1, iri
    assert sum((iri, SDO.keywords, Literal("home")) in graph for iri, graph in found) >= 2


def test_there_are_twenty_examples_and_six_for_the_home_page() -> None:
    found = examples(ontology.EXAMPLES)
    assert len(found) >= 20
    assert sum((iri, SDO.keywords, Literal("home")) in graph for iri, graph in found) == 6


def test_every_example_has_an_answer(shipped: Release) -> None:
    for iri, graph in examples(ontology.EXAMPLES):
        assert shipped.store.select(str(graph.value(iri, SH.select))), iri


def test_every_example_of_another_domain_has_an_answer(lighthouses: Release) -> None:
    for iri, graph in examples(LIGHTHOUSES / "examples"):
        assert lighthouses.store.select(str(graph.value(iri, SH.select))), iri


def test_examples_use_only_terms_that_exist() -> None:
    for iri, graph in examples(ontology.EXAMPLES):
        for name in re.findall(r"(?<![\w:])aif:(\w+)", str(graph.value(iri, SH.select))):
            assert TERMS[name], iri

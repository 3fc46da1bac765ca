"""The shipped lexicon: every word is whole and speaks of something, and nothing goes without words."""

from __future__ import annotations

from collections import Counter

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

import ontology
from kg.release import Release
from ontology import Ontology
from search.answering.lemon import LexicalForm, lexical_forms
from search.tokens import key, tokenize
from search.words import WORDS

AIF = Namespace("https://w3id.org/aifactories/ontology#")
ONTOLEX = Namespace("http://www.w3.org/ns/lemon/ontolex#")
SYNSEM = Namespace("http://www.w3.org/ns/lemon/synsem#")
LEXINFO = Namespace("http://www.lexinfo.net/ontology/3.0/lexinfo#")
OILS = Namespace("http://lemon-model.net/oils#")
LANGUAGES = ("en", "it", "de", "fr", "es")
PARTS = {LEXINFO.noun: "n", LEXINFO.verb: "v", LEXINFO.adjective: "a"}


@pytest.fixture(scope="module")
def shipped_ontology() -> Ontology:
    return ontology.load(ontology.ONTOLOGY)


@pytest.fixture(scope="module")
def lexicon() -> Graph:
    return Graph().parse(ontology.LEXICON, format="turtle")


@pytest.fixture(scope="module")
def forms(shipped: Release) -> tuple[LexicalForm, ...]:
    return lexical_forms(shipped)


def entries(lexicon: Graph) -> list[Node]:
    return sorted(lexicon.subjects(RDF.type, ONTOLEX.LexicalEntry))


def written(lexicon: Graph, entry: Node) -> list[Literal]:
    nodes = [*lexicon.objects(entry, ONTOLEX.canonicalForm), *lexicon.objects(entry, ONTOLEX.otherForm)]
    found = [text for node in nodes for text in lexicon.objects(node, ONTOLEX.writtenRep)]
    return [text for text in found if isinstance(text, Literal)]


def references(lexicon: Graph, entry: Node) -> list[Node]:
    senses = lexicon.objects(entry, ONTOLEX.sense)
    stated = [one for sense in senses for one in lexicon.objects(sense, ONTOLEX.reference)]
    return [*lexicon.objects(entry, ONTOLEX.denotes), *stated]


# What every entry must have


def test_every_entry_has_one_canonical_form_one_part_of_speech_and_a_meaning(lexicon: Graph) -> None:
    for entry in entries(lexicon):
        assert len(list(lexicon.objects(entry, ONTOLEX.canonicalForm))) == 1, entry
        [part] = lexicon.objects(entry, LEXINFO.partOfSpeech)
        assert part in PARTS, entry
        assert references(lexicon, entry), entry


def test_every_entry_is_of_one_language_which_its_name_tells(lexicon: Graph) -> None:
    for entry in entries(lexicon):
        [lang] = {text.language for text in written(lexicon, entry)}
        [part] = lexicon.objects(entry, LEXINFO.partOfSpeech)
        name = str(entry).rpartition("#")[2]
        assert lang in LANGUAGES, entry
        assert name.startswith(f"{lang}-"), entry
        assert name.rpartition("-")[2].rstrip("0123456789") == PARTS[part], entry


def test_every_node_that_looks_like_an_entry_is_one(lexicon: Graph) -> None:
    assert set(lexicon.subjects(ONTOLEX.canonicalForm)) == set(entries(lexicon))


def test_every_reference_is_a_term_of_the_ontology_or_says_something_of_a_property(
    lexicon: Graph, shipped_ontology: Ontology
) -> None:
    properties = set(shipped_ontology.properties)
    terms = properties | set(shipped_ontology.classes)
    for entry in entries(lexicon):
        for reference in references(lexicon, entry):
            if reference in terms:
                continue
            [prop] = [
                *lexicon.objects(reference, OWL.onProperty),
                *lexicon.objects(reference, OILS.boundTo),
            ]
            assert prop in properties, entry
            assert (reference, OWL.hasValue, None) in lexicon or (reference, OILS.boundTo, None) in lexicon


def test_values_are_those_that_the_data_has(lexicon: Graph, shipped: Release) -> None:
    for restriction, value in lexicon.subject_objects(OWL.hasValue):
        [prop] = lexicon.objects(restriction, OWL.onProperty)
        stated = f"ASK {{ ?x <{prop}> {value.n3()} }}"
        assert shipped.store.ask(stated) or value.toPython() in (True, False), (prop, value)


def test_gradable_adjectives_are_bound_to_what_can_be_compared(
    lexicon: Graph, shipped_ontology: Ontology
) -> None:
    for _, prop in lexicon.subject_objects(OILS.boundTo):
        assert not shipped_ontology.is_object_property(str(prop)), prop


def test_only_what_leads_to_things_is_read_backwards(lexicon: Graph, shipped_ontology: Ontology) -> None:
    for place in (SYNSEM.subjOfProp, SYNSEM.objOfProp):
        for sense in lexicon.subjects(place):
            [prop] = lexicon.objects(sense, ONTOLEX.reference)
            assert shipped_ontology.is_object_property(str(prop)), prop


# No word twice


def test_no_word_has_two_entries_or_one_meaning_twice(lexicon: Graph) -> None:
    words: Counter[tuple[str, str | None, Node | None]] = Counter()
    for entry in entries(lexicon):
        part = lexicon.value(entry, LEXINFO.partOfSpeech)
        [text] = lexicon.objects(lexicon.value(entry, ONTOLEX.canonicalForm), ONTOLEX.writtenRep)
        assert isinstance(text, Literal)
        words[(str(text), text.language, part)] += 1
        plain = [one for one in references(lexicon, entry) if isinstance(one, URIRef)]
        assert len(plain) == len(set(plain)), entry
    assert max(words.values()) == 1, words.most_common(3)


def test_other_forms_are_what_the_stemmers_do_not_reach(lexicon: Graph) -> None:
    for entry in entries(lexicon):
        texts = written(lexicon, entry)
        language = WORDS.language(texts[0].language or "")
        stems = [tuple(language.stem(token.key) for token in tokenize(str(text))) for text in texts]
        assert len(stems) == len(set(stems)), entry


def test_no_word_is_only_a_word_of_grammar(lexicon: Graph) -> None:
    for entry in entries(lexicon):
        for text in written(lexicon, entry):
            language = WORDS.language(text.language or "")
            assert not all(language.is_empty(token.key) for token in tokenize(str(text))), text


def test_labels_are_not_repeated(lexicon: Graph, shipped_ontology: Ontology) -> None:
    labels = {
        (term, name.language, key(str(name)))
        for predicate in (RDFS.label, SKOS.altLabel)
        for term, name in shipped_ontology.graph.subject_objects(predicate)
        if isinstance(name, Literal)
    }
    for entry in entries(lexicon):
        for term in lexicon.objects(entry, ONTOLEX.denotes):
            for text in written(lexicon, entry):
                assert (term, text.language, key(str(text))) not in labels, (term, text)


# Everything is spoken of


def test_every_class_and_every_property_has_words_in_five_languages(
    forms: tuple[LexicalForm, ...], shipped_ontology: Ontology
) -> None:
    spoken = {(form.reference, form.lang) for form in forms}
    for term in (*shipped_ontology.classes, *shipped_ontology.properties):
        for lang in LANGUAGES:
            assert any((near, lang) in spoken for near in related(shipped_ontology, term)), (term, lang)


def related(shipped_ontology: Ontology, term: URIRef) -> set[str]:
    """A property with those of the same meaning: its inverse, those above it and those below."""
    graph = shipped_ontology.graph
    found = {str(term), *map(str, graph.objects(term, OWL.inverseOf))}
    found |= set(map(str, graph.subjects(OWL.inverseOf, term)))
    found |= set(map(str, graph.objects(term, RDFS.subPropertyOf)))
    return found | set(map(str, graph.subjects(RDFS.subPropertyOf, term)))


@pytest.mark.parametrize(
    ("text", "lang", "name", "inverse"),
    [
        ("host", "en", "hostedBy", True),
        ("leader", "en", "coordinatedBy", False),
        ("antenna", "en", "linkedToFactory", True),
        ("focus on", "en", "focusSector", False),
        ("occuparsi di", "it", "focusSector", False),
        ("nimmt teil", "de", "hasPartner", True),
        ("s'adresser à", "fr", "targetsUserGroup", False),
        ("proveedor", "es", "offersService", True),
        ("owner", "en", "hostedBy", False),
    ],
)
def test_words_lead_the_right_way(
    forms: tuple[LexicalForm, ...], text: str, lang: str, name: str, *, inverse: bool
) -> None:
    found = {
        form.inverse
        for form in forms
        if (form.text, form.lang, form.reference) == (text, lang, str(AIF[name]))
    }
    assert found == {inverse}


def test_the_words_are_neither_things_nor_classes_of_the_graph(shipped: Release) -> None:
    from search.survey import survey

    found = survey(shipped)
    mine = [
        iri for iri in (*found.types, *found.classes, *found.properties) if "lexicon" in iri or "lemon" in iri
    ]
    assert mine == []

"""The words of a release's lexicons: what OntoLex-Lemon entries say that classes and properties are called.

Any graph of a release may hold such entries. Read are the forms of an entry, its part of speech (LexInfo),
and what it denotes, itself or by its senses: classes and properties, owl:hasValue restrictions ("free"), and
the scalars of OILS ("powerful"). The direction follows from which place of a property the subject of a
sentence has (the module synsem). Lexicon Model for Ontologies, community report of 10 May 2016, sections 3
and 4.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.iris import local_name
from kg.store import IRI
from kg.store import Literal as RDFLiteral

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.release import Release
    from kg.store import Solution, Store, Term

Part: TypeAlias = Literal["noun", "verb", "adjective", "other"]

PARTS: dict[str, Part] = {
    **dict.fromkeys(("noun", "common noun", "proper noun"), "noun"),
    **dict.fromkeys(("verb", "main verb", "phraseologic unit verb"), "verb"),
    **dict.fromkeys(("adjective", "participle adjective", "past participle adjective"), "adjective"),
}
PREFIXES = """
PREFIX lime: <http://www.w3.org/ns/lemon/lime#>
PREFIX oils: <http://lemon-model.net/oils#>
PREFIX ontolex: <http://www.w3.org/ns/lemon/ontolex#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX synsem: <http://www.w3.org/ns/lemon/synsem#>
PREFIX lexinfo: <http://www.lexinfo.net/ontology/3.0/lexinfo#>
PREFIX lexinfo2: <http://www.lexinfo.net/ontology/2.0/lexinfo#>
"""
FORMS = """
SELECT DISTINCT ?entry ?text ?language WHERE {
  ?entry ontolex:canonicalForm|ontolex:otherForm|ontolex:lexicalForm ?form .
  ?form ontolex:writtenRep ?text
  OPTIONAL { ?entry lime:language ?language }
}"""
SPEECH = "SELECT DISTINCT ?entry ?part WHERE { ?entry lexinfo:partOfSpeech|lexinfo2:partOfSpeech ?part }"
DENOTED = """
SELECT DISTINCT ?entry ?reference ?subject ?object WHERE {
  { ?entry ontolex:denotes|^ontolex:isDenotedBy ?reference }
  UNION {
    ?entry ontolex:sense|^ontolex:isSenseOf ?sense .
    ?sense ontolex:reference|^ontolex:isReferenceOf ?reference
    OPTIONAL { ?sense (^synsem:ontoMapping)?/synsem:subjOfProp ?subject }
    OPTIONAL { ?sense (^synsem:ontoMapping)?/synsem:objOfProp ?object }
  }
}"""
SUBJECTS = """
SELECT DISTINCT ?argument WHERE {
  ?frame lexinfo:subject|lexinfo:copulativeSubject|lexinfo:copulativeArg|
    lexinfo2:subject|lexinfo2:copulativeSubject|lexinfo2:copulativeArg ?argument
}"""
VALUES = "SELECT DISTINCT ?of ?property ?value WHERE { ?of owl:onProperty ?property ; owl:hasValue ?value }"
SCALARS = """
SELECT DISTINCT ?of ?property ?kind ?degree WHERE {
  ?of oils:boundTo ?property
  OPTIONAL { ?of a|rdfs:subClassOf ?kind FILTER(?kind = oils:ContravariantScalar) }
  OPTIONAL { ?of oils:degree ?degree }
}"""
LOW = ("low", "weak")


@dataclass(frozen=True)
class LexicalForm:
    """A word or phrase, and the class or property that it speaks of.

    A verb or an adjective leads from its subject to its object, a noun from a thing to what it names;
    `inverse` says that the property leads the other way. `value` is the one that an adjective says the
    property has; `degree` is "+" or "-" where an adjective says that its value is great or small.
    """

    text: str
    lang: str
    part: Part
    reference: str
    inverse: bool = False
    value: IRI | RDFLiteral | None = None
    degree: str = ""


@dataclass(frozen=True)
class _Meaning:
    """What an entry denotes, before its part of speech tells the direction."""

    reference: str
    is_subject: bool = False
    is_object: bool = False
    value: IRI | RDFLiteral | None = None
    degree: str = ""


def lexical_forms(release: Release) -> tuple[LexicalForm, ...]:
    """The forms of all entries that denote something, each once, in order."""
    texts, parts = _texts(release.store), _parts(release.store)
    found = {
        _form(text, lang, parts.get(entry, "other"), meaning)
        for entry, meanings in _meanings(release.store).items()
        for meaning in meanings
        for text, lang in texts.get(entry, ())
    }
    return tuple(sorted(found, key=_order))


def _form(text: str, lang: str, part: Part, meaning: _Meaning) -> LexicalForm:
    inverse = meaning.is_subject if part == "noun" else meaning.is_object
    return LexicalForm(text, lang, part, meaning.reference, inverse, meaning.value, meaning.degree)


def _order(form: LexicalForm) -> tuple[str, ...]:
    return (form.lang, form.text, form.part, form.reference, str(form.inverse), str(form.value), form.degree)


def _select(store: Store, query: str) -> list[Solution]:
    return store.select(PREFIXES + query)


def _texts(store: Store) -> Mapping[Term, set[tuple[str, str]]]:
    """The written forms of each entry, with their languages."""
    found: defaultdict[Term, set[tuple[str, str]]] = defaultdict(set)
    for row in _select(store, FORMS):
        text, stated = row["text"], row.get("language")
        if isinstance(text, RDFLiteral):
            lang = text.language or (stated.value if isinstance(stated, RDFLiteral) else "")
            found[row["entry"]].add((text.value, lang.split("-")[0].lower()))
    return found


def _parts(store: Store) -> Mapping[Term, Part]:
    """The part of speech of each entry."""
    rows = _select(store, SPEECH)
    return {row["entry"]: PARTS.get(_name(row["part"]), "other") for row in rows}


def _meanings(store: Store) -> Mapping[Term, list[_Meaning]]:
    """What each entry denotes."""
    subjects = {row["argument"] for row in _select(store, SUBJECTS)}
    described = _values(store) | _scalars(store)
    found: defaultdict[Term, list[_Meaning]] = defaultdict(list)
    for row in _select(store, DENOTED):
        reference = row["reference"]
        if reference in described:
            found[row["entry"]].append(described[reference])
        elif isinstance(reference, IRI):
            places = (row.get("subject") in subjects, row.get("object") in subjects)
            found[row["entry"]].append(_Meaning(reference.value, *places))
    return found


def _values(store: Store) -> dict[Term, _Meaning]:
    """What adjectives mean that give a property a value, by their restrictions."""
    return {
        row["of"]: _Meaning(row["property"].value, value=value)
        for row in _select(store, VALUES)
        if isinstance(row["property"], IRI) and isinstance(value := row["value"], IRI | RDFLiteral)
    }


def _scalars(store: Store) -> dict[Term, _Meaning]:
    """What gradable adjectives mean, by their scalars."""
    found = {}
    for row in _select(store, SCALARS):
        is_low = "kind" in row or ("degree" in row and _name(row["degree"]) in LOW)
        found[row["of"]] = _Meaning(_iri(row["property"]), degree="-" if is_low else "+")
    return found


def _iri(term: Term) -> str:
    return term.value if isinstance(term, IRI) else ""


def _name(term: Term) -> str:
    """The last part of an IRI in small words."""
    return local_name(_iri(term)).lower()

"""The twelve queries of those who explore a graph, and those for one row, a thousand, and millions."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from benchmarks.population import COUNTRIES, DATA, FIELDS, REGIONS, TERMS

if TYPE_CHECKING:
    from benchmarks.population import Population

VARIANTS = 8  # of each query, with different things in it
PREFIXES = f"""PREFIX : <{TERMS}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

EXPLORING = {
    "all said of a thing": "SELECT ?p ?o WHERE { $person ?p ?o }",
    "neighbours both ways": """SELECT ?p ?to ?from WHERE {
        { $organisation ?p ?to FILTER(ISIRI(?to)) } UNION { ?from ?p $organisation } } LIMIT 100""",
    "how many of each class": """SELECT ?class (COUNT(?thing) AS ?things) WHERE { ?thing a ?class
        FILTER(STRSTARTS(STR(?class), STR(:))) } GROUP BY ?class ORDER BY DESC(?things)""",
    "labels in a language": """SELECT ?place ?label WHERE {
        ?place :within $region ; rdfs:label ?label FILTER(LANG(?label) = "de") }""",
    "filter by number": """SELECT ?place ?people WHERE {
        ?place a :Town ; :population ?people FILTER(?people > 980000) } ORDER BY DESC(?people) LIMIT 50""",
    "path upwards": "SELECT ?around ?label WHERE { $town :within+ ?around . ?around rdfs:label ?label }",
    "optional parts": """SELECT ?organisation ?label ?whole ?site WHERE {
        ?organisation :locatedIn $town ; rdfs:label ?label FILTER(LANG(?label) = "en")
        OPTIONAL { ?organisation :partOf ?part . ?part rdfs:label ?whole FILTER(LANG(?whole) = "en") }
        OPTIONAL { ?organisation :homepage ?site } }""",
    "largest of all": """SELECT ?organisation ?size WHERE {
        ?organisation a :University ; :employees ?size } ORDER BY DESC(?size) ?organisation LIMIT 10""",
    "friends of friends": """SELECT DISTINCT ?other ?name WHERE {
        $person :knows/:knows ?other . ?other rdfs:label ?name FILTER(?other != $person) }""",
    "colleagues and homes": """SELECT ?name ?home WHERE {
        $person :worksFor ?employer . ?colleague :worksFor ?employer ; rdfs:label ?name ; :livesIn ?town .
        ?town rdfs:label ?home FILTER(LANG(?home) = "en") } LIMIT 50""",
    "word in a name": """SELECT ?organisation ?label WHERE {
        ?organisation a :Museum ; rdfs:label ?label FILTER(CONTAINS(LCASE(?label), "haven")) } LIMIT 20""",
    "dates, and what is absent": """SELECT ?person ?born WHERE {
        ?person :livesIn $town ; :born ?born FILTER(?born < "1960-01-01"^^xsd:date)
        FILTER NOT EXISTS { ?person :interest $field } } ORDER BY ?born LIMIT 20""",
}
TINY = "SELECT ?label WHERE { $person rdfs:label ?label }"
ROWS = "SELECT ?thing ?label WHERE { ?thing rdfs:label ?label } LIMIT $rows"
MANY = "SELECT ?a ?b ?c WHERE { ?a a :Region . ?b a :Region . ?c a :Region }"


def exploring(population: Population) -> dict[str, tuple[str, ...]]:
    """The twelve queries by name, each in its variants."""
    return {name: variants(text, population) for name, text in EXPLORING.items()}


def variants(text: str, population: Population, rows: int = 0) -> tuple[str, ...]:
    """A query about different things."""
    towns = population.places - REGIONS
    numbers = [number * number * 7 for number in range(1, VARIANTS + 1)]
    return tuple(
        PREFIXES
        + Template(text).substitute(
            person=f"<{DATA}person/{number % population.people}>",
            organisation=f"<{DATA}organisation/{number % population.organisations}>",
            field=f"<{DATA}field/{number % FIELDS}>",
            region=f"<{DATA}place/{COUNTRIES + number % (REGIONS - COUNTRIES)}>",
            town=f"<{DATA}place/{REGIONS + number % towns}>",
            rows=rows,
        )
        for number in numbers
    )

"""Eight queries that join widely before they group, as one writes them and as the engine likes them.

The engine orders the patterns of one group by guesses; a subquery is the order that it leaves alone. So a
rewrite puts the narrow part into a subquery, groups before it joins, or makes a set once that
`FILTER NOT EXISTS` would look up again for each solution. Both forms give the same solutions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Analytic:
    """A query as it is written first, and the same with another order of patterns."""

    name: str
    written: str
    rewritten: str


ANALYTIC = (
    Analytic(
        "people by the country of their employer",
        """SELECT ?label (COUNT(?person) AS ?people) WHERE {
            ?person :worksFor ?employer . ?employer :locatedIn ?town . ?town :within ?region .
            ?region :within ?country . ?country rdfs:label ?label FILTER(LANG(?label) = "en") }
            GROUP BY ?label ORDER BY DESC(?people) ?label""",
        """SELECT ?label (SUM(?staff) AS ?people) WHERE {
            { SELECT ?employer (COUNT(?person) AS ?staff) WHERE { ?person :worksFor ?employer }
              GROUP BY ?employer }
            ?employer :locatedIn ?town . ?town :within ?region .
            ?region :within ?country . ?country rdfs:label ?label FILTER(LANG(?label) = "en") }
            GROUP BY ?label ORDER BY DESC(?people) ?label""",
    ),
    Analytic(
        "fields whose people know each other",
        """SELECT ?one ?other (COUNT(*) AS ?pairs) WHERE {
            ?a :interest ?one . ?b :interest ?other . ?a :knows ?b }
            GROUP BY ?one ?other ORDER BY DESC(?pairs) ?one ?other LIMIT 20""",
        """SELECT ?one ?other (COUNT(*) AS ?pairs) WHERE {
            { SELECT ?a ?b ?one WHERE { ?a :interest ?one ; :knows ?b } } ?b :interest ?other }
            GROUP BY ?one ?other ORDER BY DESC(?pairs) ?one ?other LIMIT 20""",
    ),
    Analytic(
        "neighbours with the same interest",
        """SELECT ?town ?field (COUNT(*) AS ?pairs) WHERE {
            ?a :livesIn ?town ; :interest ?field . ?b :livesIn ?town ; :interest ?field FILTER(?a != ?b) }
            GROUP BY ?town ?field ORDER BY DESC(?pairs) ?town ?field LIMIT 10""",
        """SELECT ?town ?field (?people * (?people - 1) AS ?pairs) WHERE {
            { SELECT ?town ?field (COUNT(?a) AS ?people) WHERE { ?a :livesIn ?town ; :interest ?field }
              GROUP BY ?town ?field } }
            ORDER BY DESC(?pairs) ?town ?field LIMIT 10""",
    ),
    Analytic(
        "staff of museums by region and decade of birth",
        """SELECT ?region ?decade (COUNT(*) AS ?people) WHERE {
            ?region a :Region . ?town :within ?region .
            ?person :livesIn ?town ; :born ?born ; :worksFor ?employer . ?employer a :Museum
            BIND(SUBSTR(STR(?born), 1, 3) AS ?decade) }
            GROUP BY ?region ?decade ORDER BY DESC(?people) ?region ?decade LIMIT 20""",
        """SELECT ?region ?decade (COUNT(*) AS ?people) WHERE {
            { SELECT ?town ?born WHERE {
                ?employer a :Museum . ?person :worksFor ?employer ; :livesIn ?town ; :born ?born } }
            ?town :within ?region . ?region a :Region BIND(SUBSTR(STR(?born), 1, 3) AS ?decade) }
            GROUP BY ?region ?decade ORDER BY DESC(?people) ?region ?decade LIMIT 20""",
    ),
    Analytic(
        "circles of three",
        "SELECT (COUNT(*) AS ?circles) WHERE { ?a :knows ?b . ?b :knows ?c . ?c :knows ?a }",
        """SELECT (COUNT(*) AS ?circles) WHERE {
            { SELECT ?a ?b ?c WHERE { ?a :knows ?b . ?b :knows ?c } } ?c :knows ?a }""",
    ),
    Analytic(
        "interests shared with the parent of the parent",
        """SELECT ?whole (COUNT(?person) AS ?people) WHERE {
            ?person :worksFor ?employer . ?employer :partOf ?part . ?part :partOf ?whole .
            ?whole :field ?field . ?person :interest ?field }
            GROUP BY ?whole ORDER BY DESC(?people) ?whole LIMIT 10""",
        """SELECT ?whole (COUNT(?person) AS ?people) WHERE {
            { SELECT ?employer ?whole ?field WHERE {
                ?employer :partOf ?part . ?part :partOf ?whole . ?whole :field ?field } }
            ?person :worksFor ?employer ; :interest ?field }
            GROUP BY ?whole ORDER BY DESC(?people) ?whole LIMIT 10""",
    ),
    Analytic(
        "interests by country, with names",
        """SELECT ?where ?what (COUNT(DISTINCT ?person) AS ?people) WHERE {
            ?person a :Person ; :interest ?field ; :livesIn/:within/:within ?country .
            ?country rdfs:label ?where . ?field rdfs:label ?what FILTER(LANG(?where) = "en") }
            GROUP BY ?where ?what ORDER BY DESC(?people) ?where ?what LIMIT 20""",
        """SELECT ?where ?what ?people WHERE {
            { SELECT ?country ?field (COUNT(DISTINCT ?person) AS ?people) WHERE {
                ?person a :Person ; :interest ?field ; :livesIn/:within/:within ?country }
              GROUP BY ?country ?field }
            ?country rdfs:label ?where . ?field rdfs:label ?what FILTER(LANG(?where) = "en") }
            ORDER BY DESC(?people) ?where ?what LIMIT 20""",
    ),
    Analytic(
        "towns without an employer, by country",
        """SELECT ?country (COUNT(?town) AS ?towns) WHERE {
            ?town a :Town ; :within/:within ?country
            FILTER NOT EXISTS { ?employer :locatedIn ?town . ?person :worksFor ?employer } }
            GROUP BY ?country ORDER BY DESC(?towns) ?country""",
        """SELECT ?country (COUNT(?town) AS ?towns) WHERE {
            ?town a :Town ; :within/:within ?country
            MINUS { SELECT DISTINCT ?town WHERE {
                ?employer :locatedIn ?town . ?person :worksFor ?employer } } }
            GROUP BY ?country ORDER BY DESC(?towns) ?country""",
    ),
)

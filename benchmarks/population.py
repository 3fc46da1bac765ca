"""Generated data of a general shape: people who know each other, organisations, places, fields.

Written as N-Triples, line by line, so that any size fits in memory; the same for every run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATA = "https://example.org/explore/"
TERMS = "https://example.org/explore/terms#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
XSD = "http://www.w3.org/2001/XMLSchema#"

FIELDS = 200
COUNTRIES, REGIONS = 20, 200  # the places with the lowest numbers; all others are towns
PER_PLACE, PER_ORGANISATION, PER_PERSON, PER_FIELD = 8, 9, 10, 3  # statements
GIVEN = ("Ada", "Bela", "Carla", "Dario", "Elena", "Femke", "Goran", "Hanna", "Ivo", "Jana", "Karel", "Lucia")
FAMILY = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Larch", "Maple", "Oak", "Rowan")
FIRST = ("North", "South", "East", "West", "Upper", "Lower", "Old", "New", "Great", "Little", "High", "Deep")
SECOND = (
    "bridge",
    "field",
    "ford",
    "haven",
    "hill",
    "mill",
    "port",
    "stone",
    "vale",
    "water",
    "well",
    "wood",
)
KINDS = ("Company", "University", "Hospital", "Museum", "Laboratory")


@dataclass(frozen=True)
class Population:
    """How many of each there are in about so many triples."""

    triples: int

    @property
    def places(self) -> int:
        """One in twenty statements is about a place."""
        return max(2 * REGIONS, self.triples // 160)

    @property
    def organisations(self) -> int:
        """One in ten statements is about an organisation."""
        return max(10, self.triples // 90)

    @property
    def people(self) -> int:
        """The rest is about people."""
        others = PER_PLACE * self.places + PER_ORGANISATION * self.organisations + PER_FIELD * FIELDS
        return max(10, (self.triples - others) // PER_PERSON)

    def lines(self) -> Iterator[str]:
        """The statements as lines of N-Triples."""
        chance = random.Random(self.triples)
        for number in range(FIELDS):
            yield from _field(number)
        for number in range(self.places):
            yield from _place(number, chance)
        for number in range(self.organisations):
            yield from self._organisation(number, chance)
        for number in range(self.people):
            yield from self._person(number, chance)

    def write(self, path: Path) -> None:
        """Write all statements to a file."""
        with path.open("w", encoding="utf-8") as file:
            file.writelines(self.lines())

    def _organisation(self, number: int, chance: random.Random) -> Iterator[str]:
        subject = iri("organisation", number)
        name = f"{_place_name(number)} {KINDS[number % len(KINDS)]} {number}"
        yield f"{subject} {TYPE} {term(KINDS[number % len(KINDS)])} .\n"
        yield f'{subject} {LABEL} "{name}"@en .\n'
        yield f'{subject} {LABEL} "{name} (fr)"@fr .\n'
        yield f"{subject} {term('locatedIn')} {iri('place', _town(self.places, chance))} .\n"
        yield f"{subject} {term('partOf')} {iri('organisation', _low(number + 1, chance))} .\n"
        yield f"{subject} {term('field')} {iri('field', _low(FIELDS, chance))} .\n"
        yield f'{subject} {term("founded")} "{1800 + chance.randrange(226)}"^^<{XSD}gYear> .\n'
        yield f"{subject} {term('employees')} {_integer(_low(50_000, chance))} .\n"
        yield f"{subject} {term('homepage')} <https://example.org/sites/{number}> .\n"

    def _person(self, number: int, chance: random.Random) -> Iterator[str]:
        subject = iri("person", number)
        name = f"{GIVEN[number % len(GIVEN)]} {chance.choice(FAMILY)} {number}"
        born = f"{1930 + chance.randrange(80)}-{chance.randrange(12) + 1:02}-{chance.randrange(28) + 1:02}"
        yield f"{subject} {TYPE} {term('Person')} .\n"
        yield f'{subject} {LABEL} "{name}"@en .\n'
        yield f"{subject} {term('worksFor')} {iri('organisation', _low(self.organisations, chance))} .\n"
        yield f"{subject} {term('livesIn')} {iri('place', _town(self.places, chance))} .\n"
        yield f"{subject} {term('interest')} {iri('field', _low(FIELDS, chance))} .\n"
        yield f'{subject} {term("born")} "{born}"^^<{XSD}date> .\n'
        yield f"{subject} {term('height')} {_integer(150 + chance.randrange(50))} .\n"
        for other in {_low(self.people, chance) for _ in range(3)}:
            yield f"{subject} {term('knows')} {iri('person', other)} .\n"


def iri(kind: str, number: int) -> str:
    """The name of a thing."""
    return f"<{DATA}{kind}/{number}>"


def term(name: str) -> str:
    """The name of a class or property."""
    return f"<{TERMS}{name}>"


def _field(number: int) -> Iterator[str]:
    subject = iri("field", number)
    yield f"{subject} {TYPE} {term('Field')} .\n"
    yield f'{subject} {LABEL} "Field {number}"@en .\n'
    yield f"{subject} {term('broader')} {iri('field', number // 4)} .\n"


def _place(number: int, chance: random.Random) -> Iterator[str]:
    subject, name = iri("place", number), _place_name(number)
    yield f"{subject} {TYPE} {term(_kind_of_place(number))} .\n"
    for lang in ("en", "de", "it"):
        yield f'{subject} {LABEL} "{name} {number} ({lang})"@{lang} .\n'
    if number >= COUNTRIES:
        around = number % COUNTRIES if number < REGIONS else COUNTRIES + number % (REGIONS - COUNTRIES)
        yield f"{subject} {term('within')} {iri('place', around)} .\n"
    yield f"{subject} {term('population')} {_integer(_low(1_000_000, chance))} .\n"
    yield f'{subject} {term("latitude")} "{chance.uniform(35, 70):.4f}"^^<{XSD}decimal> .\n'
    yield f'{subject} {term("longitude")} "{chance.uniform(-10, 30):.4f}"^^<{XSD}decimal> .\n'


def _kind_of_place(number: int) -> str:
    if number < COUNTRIES:
        return "Country"
    return "Region" if number < REGIONS else "Town"


def _place_name(number: int) -> str:
    return FIRST[number % len(FIRST)] + SECOND[number // len(FIRST) % len(SECOND)]


def _town(places: int, chance: random.Random) -> int:
    return REGIONS + _low(places - REGIONS, chance)


def _low(count: int, chance: random.Random) -> int:
    """A number below `count`, low ones more often: some things are met far more often than others."""
    return int(count * chance.random() ** 2)


def _integer(value: int) -> str:
    return f'"{value}"^^<{XSD}integer>'

"""The query behind each view of a selection: one SELECT whose rows are those that the view shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.iris import compress
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.aspects.collection import Collection, Field
    from kg.aspects.geography import Geography
    from kg.release import Release
    from web.exploring.selection import Accepted

JOINT = "|"  # between the values of one cell
NO_NAME = re.compile(r"[^A-Za-z0-9]+")
YEAR = '"^(-?[0-9]{4,}).*$", "$1"'


@dataclass(frozen=True)
class Selected:
    """Writes the queries about the members of some classes that meet some filters."""

    release: Release
    collection: Collection
    kinds: Sequence[IRI]
    filters: Sequence[Accepted]

    def things(self, name: str = "thing") -> str:
        """The pattern of what is selected, by the name of its variable."""
        kinds = [self._name(kind) for kind in self.kinds]
        own = f"?{name}"
        lines = (
            [f"{own} a {kinds[0]} ."]
            if len(kinds) == 1
            else [f"VALUES ?{name}Class {{ {' '.join(kinds)} }}", f"{own} a ?{name}Class ."]
        )
        lines += [self._filter(own, f"{name}{number}", one) for number, one in enumerate(self.filters, 1)]
        return "\n".join(f"  {line}" for line in lines)

    def table(self, fields: Sequence[Field], geography: Geography) -> str:
        """Each thing with its values of some properties, joined where there are several, and where it is."""
        names = self.columns(fields)
        shown = " ".join(f"?{name}" for name in (*names, *(PLACED if geography.latitudes else ())))
        columns = (
            f'  OPTIONAL {{ SELECT ?thing (GROUP_CONCAT(DISTINCT STR(?v); SEPARATOR="{JOINT}") AS ?{name})\n'
            f"    WHERE {{ ?thing {self._name(field.prop)} ?v }} GROUP BY ?thing }}\n"
            for name, field in zip(names, fields, strict=True)
        )
        things = f"{{ SELECT DISTINCT ?thing WHERE {{\n{self.things()}\n  }} }}"
        return (
            f"SELECT ?thing {shown} WHERE {{\n  {things}\n"
            f"{''.join(columns)}{self._optional(geography) if geography.latitudes else ''}}}\nORDER BY ?thing"
        )

    def places(self, geography: Geography) -> str:
        """Each thing with each place where it is, and the coordinates of that."""
        return (
            f"SELECT DISTINCT ?thing ?place ?latitude ?longitude WHERE {{\n{self.things()}\n"
            f"{self._at(geography)}{self._coordinates(geography)}}}\nORDER BY ?thing ?place"
        )

    def dates(self, props: Iterable[IRI]) -> str:
        """Each thing with its dates by some properties."""
        names = " ".join(map(self._name, props))
        return (
            f"SELECT DISTINCT ?thing ?property ?date WHERE {{\n{self.things()}\n"
            f"  VALUES ?property {{ {names} }}\n  ?thing ?property ?date\n  FILTER(ISLITERAL(?date))\n"
            "}\nORDER BY ?date ?thing ?property"
        )

    def shared(self, among: IRI) -> str:
        """Pairs of things with what of a class both are linked to, in either direction."""
        sides = "\n".join(
            f"  {{ ?{side} ?{side}To ?via }} UNION {{ ?via ?{side}From ?{side} }}" for side in ("a", "b")
        )
        return (
            f"SELECT DISTINCT ?a ?b ?via WHERE {{\n{self.things('a')}\n{self.things('b')}\n"
            f"  ?via a {self._name(among)} .\n{sides}\n  FILTER(STR(?a) < STR(?b))\n}}\nORDER BY ?a ?b ?via"
        )

    def direct(self) -> str:
        """Pairs of things that are linked to each other, in either direction."""
        return (
            f"SELECT DISTINCT ?a ?b WHERE {{\n{self.things('a')}\n{self.things('b')}\n"
            "  { ?a ?to ?b } UNION { ?b ?from ?a }\n  FILTER(STR(?a) < STR(?b))\n}\nORDER BY ?a ?b"
        )

    def columns(self, fields: Iterable[Field]) -> list[str]:
        """The variables of some fields, named like their properties."""
        found: list[str] = []
        for field in fields:
            last = NO_NAME.sub("", re.split(r"[/#:]", field.prop.value.rstrip("/#"))[-1]) or "value"
            name = last if last not in (*found, "thing", *PLACED) else f"{last}{len(found)}"
            found.append(name)
        return found

    def _filter(self, thing: str, name: str, one: Accepted) -> str:
        field = self.collection.fields.get(one.prop)
        prop, value = self._name(one.prop), f"?{name}Value"
        keys = sorted(one.keys)
        if field is not None and field.sort == "link":
            found = " ".join(self._term(key) for key in keys)
            if len(keys) == 1:
                return f"{thing} {prop} {found} ."
            return f"FILTER EXISTS {{ VALUES {value} {{ {found} }} {thing} {prop} {value} }}"
        texts = ", ".join(str(Literal(key)) for key in keys)
        is_date = field is not None and field.sort == "date"
        read = f"REPLACE(STR({value}), {YEAR})" if is_date else f"STR({value})"
        return f"FILTER EXISTS {{ {thing} {prop} {value} FILTER({read} IN ({texts})) }}"

    def _optional(self, geography: Geography) -> str:
        """The first place of each thing with its coordinates."""
        return (
            "  OPTIONAL {\n    { SELECT ?thing (MIN(?somewhere) AS ?place) WHERE {\n"
            f"{self._at(geography, 'somewhere')}      ?somewhere {self._path(geography.latitudes)} ?north ;\n"
            f"        {self._path(geography.longitudes)} ?east\n    }} GROUP BY ?thing }}\n"
            f"  {self._coordinates(geography)}  }}\n"
        )

    def _at(self, geography: Geography, place: str = "place") -> str:
        """The pattern that leads from a thing to itself, where it has coordinates, else to its places."""
        latitude = self._path(geography.latitudes)
        own = f"{{ ?thing {latitude} ?own BIND(?thing AS ?{place}) }}"
        if not geography.locating:
            return f"  {own}\n"
        at = self._path(geography.locating)
        return (
            f"  {own}\n  UNION {{ ?thing {at} ?{place} FILTER NOT EXISTS {{ ?thing {latitude} ?none }} }}\n"
        )

    def _coordinates(self, geography: Geography) -> str:
        latitude, longitude = self._path(geography.latitudes), self._path(geography.longitudes)
        return (
            "  { SELECT ?place (MIN(?north) AS ?latitude) (MIN(?east) AS ?longitude) WHERE {\n"
            f"    ?place {latitude} ?north ; {longitude} ?east\n"
            "  } GROUP BY ?place }\n"
        )

    def _path(self, props: Iterable[IRI]) -> str:
        names = [self._name(prop) for prop in props]
        return f"({'|'.join(names)})" if len(names) > 1 else "".join(names)

    def _term(self, text: str) -> str:
        try:
            return self._name(IRI(text))
        except ValueError:
            return str(Literal(text))

    def _name(self, iri: IRI) -> str:
        return "a" if iri == RDF_TYPE else compress(iri.value, self.release.prefixes)


PLACED = ("place", "latitude", "longitude")

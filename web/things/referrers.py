"""What refers to a thing, on its page: by property, so many, and some at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest, NotFound

from kg.aspects.referring import STATED
from kg.description import statements
from kg.errors import UnknownEntity
from kg.iris import compress, expand
from kg.network.explanation import inverse
from web.links import Link
from web.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.aspects.arrangement import Arrangement
    from kg.aspects.referring import Referring
    from kg.release import Release
    from kg.store import IRI
    from web.links import Links
    from web.things.behind import Behind
    from web.values import Marks

PAGE = 20
MOST_AT_ONCE = 2_000  # things that are read, named and sorted by name; more stay in the order of IRIs
MOST_OPEN = 5  # properties of which things are shown where there are more
LONGEST_NUMBER = 9  # digits


@dataclass(frozen=True)
class Asked:
    """Which page of what refers by which property is asked for, and which page of the passages."""

    incoming: IRI | None = None
    page: int = 1
    passages: int = 1

    @classmethod
    def of(cls, release: Release, args: Mapping[str, str]) -> Asked:
        """What the parameters `incoming`, `page` and `passages` ask for. Raises BadRequest."""
        name = args.get("incoming", "")
        try:
            incoming = expand(name, release.prefixes, release.iris) if name else None
        except UnknownEntity as error:
            message = f"“incoming” must name a property, by a CURIE or an IRI: {error}"
            raise BadRequest(message) from error
        page, passages = _number(args, "page"), _number(args, "passages")
        if page > 1 and incoming is None:
            raise BadRequest("“page” needs “incoming”, the property whose things are told page by page.")
        return cls(incoming, page, passages)


@dataclass(frozen=True)
class Referrer:
    """The things that refer by one property: a page of them, how many there are, and its query.

    `key` names the property in an address; `page` is 0 where none are shown.
    """

    name: Link
    key: str
    values: tuple[Value, ...]
    count: int
    page: int
    query: str

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.count // PAGE)


@dataclass(frozen=True)
class Referrers:
    """All that refers to a thing, and the query for it."""

    groups: tuple[Referrer, ...]
    count: int
    query: str


def referrers(
    links: Links, arrangement: Arrangement, found: Referring, asked: Asked, marks: Marks, behind: Behind
) -> Referrers:
    """What refers to a thing, a page of each property. Raises NotFound for a page that there is not."""
    if asked.incoming is not None and asked.incoming not in found.counts:
        name = compress(asked.incoming.value, links.release.prefixes)
        raise NotFound(f"Nothing refers to it by {name}; leave out “incoming” to see what does.")
    return _Drawing(links, arrangement, found, asked, marks, behind).draw()


@dataclass
class _Drawing:
    links: Links
    arrangement: Arrangement
    found: Referring
    asked: Asked
    marks: Marks
    behind: Behind

    def draw(self) -> Referrers:
        found = self.found
        self.links.prepare(found.counts)
        self._names = {prop: self._name(prop) for prop in found.counts}
        props = sorted(found.counts, key=self._rank)
        whole = found.everything() if 0 < found.total <= MOST_AT_ONCE else None
        shown = props if whole is not None else self._open(props)
        groups = tuple(self._group(prop, whole, is_open=prop in shown) for prop in props)
        query = self.behind.referring(props, found.scope) if props else ""
        return Referrers(groups, found.total, query)

    def _open(self, props: Sequence[IRI]) -> list[IRI]:
        """Those of which things are shown: that which is asked for, and the first ones."""
        wanted = [self.asked.incoming] if self.asked.incoming is not None else []
        return list(dict.fromkeys([*wanted, *props]))[:MOST_OPEN]

    def _group(self, prop: IRI, whole: dict[IRI, list[IRI]] | None, *, is_open: bool) -> Referrer:
        count = self.found.counts[prop]
        page = self.asked.page if prop == self.asked.incoming else 1
        start = (page - 1) * PAGE
        if start >= count:
            raise NotFound(f"There is no page {page}; the last one is {-(-count // PAGE)}.")
        things: list[IRI] = []
        if whole is not None:
            self.links.prepare(whole[prop])
            things = sorted(whole[prop], key=self._by_name)[start : start + PAGE]
        elif is_open:
            things = self.found.things(prop, start, PAGE)
        return Referrer(
            name=self._names[prop],
            key=compress(prop.value, self.links.release.prefixes).strip("<>"),
            values=self._values(prop, things),
            count=count,
            page=page if things else 0,
            query=self.behind.referring([prop], self.found.scope),
        )

    def _values(self, prop: IRI, things: Sequence[IRI]) -> tuple[Value, ...]:
        release, iri = self.links.release, self.found.iri
        self.links.prepare(things)
        quads = [quad for thing in things for quad in release.store.quads(thing, prop, iri)]
        if self.found.scope == STATED:
            quads = [quad for quad in quads if release.iris.is_stated(quad)]
        said = {one.subject: one.sources for one in statements(release, quads)}
        return tuple(
            Value(self.links.link(thing), thing.value, "thing", self.marks.of(said.get(thing, ())))
            for thing in things
        )

    def _name(self, prop: IRI) -> Link:
        """The name of the inverse, or that of the property behind an arrow."""
        other = inverse(self.links.release.store, prop)
        name = self.links.term(other or prop)
        return name if other else Link(f"← {name.text}", name.href, name.lang, name.external, name.title)

    def _rank(self, prop: IRI) -> tuple[object, ...]:
        place = self.arrangement.place(prop, backwards=True)
        text = self._names[prop].text.casefold()
        return (place.group_order, place.group, place.order, text, prop.value)

    def _by_name(self, thing: IRI) -> tuple[str, str]:
        return self.links.label(thing).text.casefold(), thing.value


def _number(args: Mapping[str, str], name: str) -> int:
    text = args.get(name, "1")
    if not text.isdecimal() or len(text) > LONGEST_NUMBER or int(text) < 1:
        raise BadRequest(f"“{name}” must be a number from 1 on.")
    return int(text)

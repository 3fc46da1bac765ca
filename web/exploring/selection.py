"""What a reader has selected to explore: classes and filters, how it is seen, and the address that says so.

A filter is a parameter named like its property, as a CURIE or an IRI; its value is a thing by slug, CURIE or
IRI, a year, or a text. Values of one property are alternatives; of several properties each must be met.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import url_for
from werkzeug.exceptions import BadRequest

from kg.errors import UnknownEntity
from kg.iris import compress, expand
from kg.store import IRI
from web import languages
from web.commands.naming import termed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.datastructures import MultiDict

    from kg.aspects.collection import Collection, Field
    from kg.release import Release

VIEWS = ("map", "network", "timeline", "table")
MOST_CLASSES, MOST_VALUES, MOST_FILTERS = 12, 20, 12
LARGEST_PAGE = 100_000


@dataclass(frozen=True)
class Selection:
    """Classes, alternatives by property, and the parameters of views; '' and () where nothing is said.

    `by` is what things are linked through in a network, `on` the property of the dates of a timeline.
    """

    kinds: tuple[IRI, ...] = ()
    filters: tuple[tuple[IRI, tuple[str, ...]], ...] = ()
    view: str = ""
    sort: str = ""
    by: str = ""
    on: str = ""
    page: int = 1

    @classmethod
    def of(cls, release: Release, args: MultiDict[str, str]) -> Selection:
        """What the parameters of a request select. Raises BadRequest and UnknownEntity."""
        view = args.get("view", "")
        if view and view not in VIEWS:
            raise BadRequest(f"“view” must be one of {', '.join(VIEWS)}.")
        kinds = [termed(release, text) for text in args.getlist("class")[:MOST_CLASSES] if text.strip()]
        named = list(dict.fromkeys(name for name in args if ":" in name))[:MOST_FILTERS]
        filters = tuple((expand(name, release.prefixes, release.iris), _texts(args, name)) for name in named)
        return cls(
            tuple(dict.fromkeys(kinds)),
            tuple(one for one in filters if one[1]),
            view,
            args.get("sort", ""),
            args.get("by", ""),
            args.get("on", ""),
            _page(args.get("page", "1")),
        )

    def accept(self, fields: Mapping[IRI, Field], release: Release) -> tuple[Accepted, ...]:
        """The filters with what their values are, as the fields that they filter by name them."""
        return tuple(
            Accepted(prop, frozenset(_key(release, fields.get(prop), text) for text in texts))
            for prop, texts in self.filters
        )

    def has(self, prop: IRI, text: str) -> bool:
        """Whether a value is among the alternatives of a property."""
        return text in dict(self.filters).get(prop, ())

    def toggled(self, prop: IRI, text: str) -> Selection:
        """The same with one more alternative, or without it."""
        texts = dict(self.filters)
        own = texts.get(prop, ())
        texts[prop] = tuple(one for one in own if one != text) if text in own else (*own, text)
        kept = tuple((name, values) for name, values in texts.items() if values)
        return replace(self, filters=kept, page=1)

    def address(self, release: Release, endpoint: str = "exploring.page") -> str:
        """The address of the selection."""
        return _asked(url_for(endpoint), self.parameters(release))

    def parameters(self, release: Release) -> list[tuple[str, str]]:
        """The parameters that say the same."""
        said = [
            *(("class", compress(kind.value, release.prefixes).strip("<>")) for kind in self.kinds),
            *(
                (compress(prop.value, release.prefixes).strip("<>"), text)
                for prop, texts in self.filters
                for text in texts
            ),
            *((name, getattr(self, name)) for name in ("view", "by", "on", "sort")),
            ("page", str(self.page) if self.page > 1 else ""),
            ("lang", languages.chosen() or ""),
        ]
        return [(name, value) for name, value in said if value]


@dataclass(frozen=True)
class Accepted:
    """A filter: a property, and the alternatives of which a member must have one."""

    prop: IRI
    keys: frozenset[str]


def chosen(collection: Collection, filters: Iterable[Accepted], but: IRI | None = None) -> list[IRI]:
    """The members that meet all filters, but for that of one property."""
    wanted = [(collection.fields.get(one.prop), one.keys) for one in filters if one.prop != but]
    return [
        member
        for member in collection.members
        if all(field is not None and not field.keys(member).isdisjoint(keys) for field, keys in wanted)
    ]


def short(release: Release, field: Field, key: str) -> str:
    """How addresses name a value of a field."""
    if field.sort != "link":
        return key
    return release.iris.slug(IRI(key)) or compress(key, release.prefixes).strip("<>")


def _key(release: Release, field: Field | None, text: str) -> str:
    """The value that is meant; of a link its IRI."""
    if field is None or field.sort != "link":
        return text
    try:
        return expand(text, release.prefixes, release.iris).value
    except UnknownEntity:
        return text


def _texts(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    values = dict.fromkeys(value.strip() for value in args.getlist(name)[:MOST_VALUES])
    return tuple(value for value in values if value)


def _page(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 1 <= int(text[:9]) <= LARGEST_PAGE):
        raise BadRequest("“page” must be a number from 1 on.")
    return int(text)


def _asked(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters, safe=':')}" if parameters else path

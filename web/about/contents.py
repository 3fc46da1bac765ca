"""The pages about the graph and the service, in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for

from web.about.shelf import Shelf
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterator


OWN = ("about.", "design.")  # how the names of the addresses of this section begin


@dataclass(frozen=True)
class Entry:
    """A page: where it is, what it is called, and in a line what it is for."""

    endpoint: str
    title: str
    about: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """Its address."""
        return url_for(self.endpoint, **self.values)

    @property
    def name(self) -> str:
        """Its title in the language of the reader."""
        return gettext(self.title)

    @property
    def line(self) -> str:
        """What it is for, in the language of the reader."""
        return gettext(self.about)


@dataclass(frozen=True)
class Part:
    """Pages that belong together."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """Its title in the language of the reader."""
        return gettext(self.title)


USE = Part(
    N_("Use it"),
    (
        Entry(
            "about.ask",
            N_("How to ask"),
            N_("Questions in plain words: examples, what is understood, what an outcome means."),
        ),
        Entry(
            "about.query",
            N_("How to query"),
            N_("SPARQL, from the first query on, with examples to run and to change."),
        ),
        Entry(
            "about.data",
            N_("Take the data"),
            N_("Files, formats, addresses of single things, and how to bring your own data in."),
        ),
        Entry(
            "openapi.page",
            N_("For programs"),
            N_("Every address that answers in JSON, with its parameters and an example."),
        ),
    ),
)
UNDERSTAND = Part(
    N_("Understand it"),
    (
        Entry(
            "about.making",
            N_("How it is made, and what is missing"),
            N_("Sources by kind, what is said of how many, and where sources disagree."),
        ),
        Entry(
            "terms.page",
            N_("The ontology"),
            N_("Every class and property, with definitions, counts and examples."),
        ),
        Entry(
            "about.document",
            N_("Quality"),
            N_("How often search and answers are right, measured over question sets."),
            {"name": "quality"},
        ),
        Entry(
            "about.document",
            N_("Conformance"),
            N_("The test suites of the W3C, with every test that fails and why."),
            {"name": "conformance"},
        ),
    ),
)
SERVICE = Part(
    N_("The service"),
    (
        Entry(
            "about.who",
            N_("Who runs this"),
            N_("Publisher, contact, licence, and how to cite."),
        ),
        Entry(
            "about.accessibility",
            N_("Accessibility"),
            N_("What the pages promise, how it is tested, and the limits that are known."),
        ),
        Entry(
            "about.privacy",
            N_("Privacy"),
            N_("What is noted of a visit, and what is not."),
        ),
        Entry(
            "about.documents",
            N_("All documents"),
            N_("The manual of the software, and the decisions behind it."),
        ),
        Entry(
            "design.page",
            N_("Design"),
            N_("The components that the pages are made of."),
        ),
    ),
)
PARTS = (USE, UNDERSTAND, SERVICE)


def parts() -> list[Part]:
    """The parts, with the pages that this service has."""
    known = current_app.view_functions
    return [Part(one.title, tuple(page for page in one.entries if page.endpoint in known)) for one in PARTS]


def addresses() -> Iterator[str]:
    """The addresses of the pages that only this section has, for whoever lists all pages."""
    yield url_for("about.page", _external=True)
    for part in parts():
        for one in part.entries:
            if one.endpoint.startswith(OWN):
                yield url_for(one.endpoint, **one.values, _external=True)
    reports = {one.values.get("name") for part in PARTS for one in part.entries}
    for name in Shelf.found().names():
        if name not in reports:
            yield url_for("about.document", name=name, _external=True)

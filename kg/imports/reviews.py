"""Links that were proposed and reviewed: the table that a reviewer fills in, and the statements it makes.

An accepted link stands in the graph of its source, the extract of the register, which says of itself what it
is and by which method it was compared, and by whom accepted; so no link is without either.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import cells
from kg.errors import FactsError, Problem, UnknownEntity
from kg.iris import expand
from kg.labels import DCTERMS, SKOS
from kg.records.tables import rows, shortened
from kg.sources import DERIVED_FROM, ENTITY, ISSUED, KIND, PUBLISHER, RDF_TYPE, TITLE, sources
from kg.store import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.release import Release

COLUMNS = (
    *("accept", "entity", "label", "class", "country"),
    *("link", "link_label", "link_kind", "link_country", "score", "reasons", "extract"),
)
YES, NO = frozenset(("yes", "y", "x", "1", "true")), frozenset(("", "no", "n", "0", "false"))
EXACT_MATCH = IRI(f"{SKOS}exactMatch")
METHOD = IRI(f"{DCTERMS}description")
FORMULA = ("=", "+", "-", "@")  # by which a spreadsheet takes a text for something to compute
REGISTER = "register"


@dataclass(frozen=True)
class Link:
    """One accepted row: the thing, the record that is the same, and the file that it was read from."""

    line: int
    thing: IRI
    record: IRI
    extract: str


@dataclass(frozen=True)
class Origin:
    """The extract as a source: its id, and what readers are told of it; what is not known is ''."""

    identifier: str
    title: str = ""
    url: str = ""
    publisher: str = ""
    date: str = ""


def text(table: Iterable[Sequence[str]]) -> str:
    """The table for the reviewer, as CSV; what a spreadsheet would compute it is to show."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_shown(cell) for cell in row] for row in table)
    return written.getvalue()


def _shown(cell: str) -> str:
    """A cell as `rows` reads it, without what makes a formula."""
    words = " ".join(cell.split())
    return f"'{words}" if words.startswith(FORMULA) else words


def accepted(path: Path, release: Release) -> list[Link]:
    """The links that a reviewer has accepted. Raises FactsError, with the lines, for what is not clear."""
    problems: list[Problem] = []
    found = []
    for line, row in rows(path, COLUMNS, problems):
        word, entity, record, extract = row[0].lower(), row[1], row[5], row[11]
        if word not in YES | NO:
            message = f"“{shortened(row[0])}” is neither yes nor no; write yes, or leave it empty."
            problems.append(Problem(path.name, line, "accept", message))
        elif word in YES:
            found += _link(path.name, line, (entity, record, extract), release, problems)
    problems += _contradictions(path.name, found)
    if problems:
        raise FactsError(tuple(problems))
    return found


def _link(
    file: str, line: int, said: tuple[str, str, str], release: Release, problems: list[Problem]
) -> list[Link]:
    entity, address, extract = said
    record = cells.address(address)
    if record is None:
        message = f"“{shortened(address)}” is not a web address; it must begin with http:// or https://."
        problems.append(Problem(file, line, "link", message))
        return []
    try:
        thing = expand(entity, release.prefixes, release.iris)
    except UnknownEntity as error:
        problems.append(Problem(file, line, "entity", str(error)))
        return []
    if not any(True for _ in release.store.quads(subject=thing)):
        message = f"the graph says nothing of “{shortened(entity)}”; propose again on this release."
        problems.append(Problem(file, line, "entity", message))
        return []
    return [Link(line, thing, record, extract)]


def _contradictions(file: str, links: Sequence[Link]) -> Iterator[Problem]:
    """What cannot both be exact: one thing with two records, and one record for two things."""
    things: dict[IRI, Link] = {}
    records: dict[IRI, Link] = {}
    for link in links:
        other = things.setdefault(link.thing, link)
        if other.record != link.record:
            message = f"line {other.line} links it with {other.record.value}; accept one of them."
            yield Problem(file, link.line, "link", message)
        other = records.setdefault(link.record, link)
        if other.thing != link.thing:
            message = f"line {other.line} links it with {other.thing.value}; accept one of them."
            yield Problem(file, link.line, "entity", message)


def quads(
    links: Sequence[Link], origin: Origin, who: str, day: str, release: Release, prop: IRI = EXACT_MATCH
) -> list[Quad]:
    """The statements that accepted links make, in the graph of their source, with the method.

    Raises FactsError where nobody says what the source is.
    """
    graph = release.iris.source(origin.identifier)
    method = Literal(_method(links, who, day), language="en")
    return [
        *(Quad(link.thing, prop, link.record, graph) for link in links),
        Quad(graph, METHOD, method, graph),
        *_described(origin, graph, release),
    ]


def _method(links: Sequence[Link], who: str, day: str) -> str:
    files = ", ".join(sorted({link.extract for link in links if link.extract}))
    count = f"{len(links)} link{'' if len(links) == 1 else 's'}"
    read = f" from {files}" if files else ""
    return (
        f"Method: {count} accepted by {who} on {day}, each by hand, among candidates that were proposed"
        f"{read} by their names, with their kinds, countries and websites."
    )


def _described(origin: Origin, graph: IRI, release: Release) -> Iterator[Quad]:
    """What the source says of itself; nothing where it is described already."""
    known = sources(release.store, release.iris, [graph])[graph]
    if any(True for _ in release.store.quads(subject=graph, predicate=TITLE)):
        return
    if not origin.title:
        message = f"nothing is known of the source “{known.iri.value}”; give its --title."
        raise FactsError((Problem("", 0, "", message),))
    yield Quad(graph, RDF_TYPE, ENTITY, graph)
    yield Quad(graph, TITLE, Literal(origin.title), graph)
    yield Quad(graph, KIND, Literal(REGISTER), graph)
    if origin.publisher:
        yield Quad(graph, PUBLISHER, Literal(origin.publisher), graph)
    if origin.date:
        yield Quad(graph, ISSUED, cells.dated(origin.date), graph)
    if origin.url:
        yield Quad(graph, DERIVED_FROM, IRI(origin.url), graph)

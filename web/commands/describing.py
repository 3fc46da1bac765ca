"""What is said of a thing, and what links two."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from kg.description import describe as described
from kg.iris import compress
from kg.labels import Label, labels
from kg.store import IRI, Literal
from web.commands.home import choice, current_release, example
from web.commands.naming import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.description import Description, Statement
    from kg.release import Release
    from kg.sources import Source
    from kg.store import Term

RDF = ("ttl", "nt", "jsonld")
lang_option = click.option("--lang", default="en", show_default=True, help="Language of names, such as it.")


@dataclass(frozen=True)
class Said:
    """A description with the names of all that it mentions."""

    found: Description
    names: Mapping[Term, Label]

    @classmethod
    def of(cls, release: Release, iri: IRI, langs: list[str]) -> Said:
        """All that a release says of an IRI. Raises UnknownEntity."""
        found = described(release, iri, langs)
        both = (*found.statements, *found.incoming)
        terms = {*found.kinds, *(term for one in both for term in (one.subject, one.predicate, one.object))}
        names = labels(release.store, [term for term in terms if isinstance(term, IRI)], langs)
        called = release.codes.names({one.predicate for one in found.statements}, langs)
        return cls(found, {**called, **{term: names[term] for term in names}})

    def as_json(self) -> dict[str, Any]:
        """The members that programs get."""
        found = self.found
        return {
            "iri": found.iri.value,
            "label": found.label.text,
            "kinds": [self._term(kind) for kind in found.kinds],
            "definition": found.definition.text if found.definition else "",
            "names": [{"text": name.text, "lang": name.lang} for name in found.names],
            "statements": [self._statement(one, one.object) for one in found.statements],
            "incoming": [self._statement(one, one.subject) for one in found.incoming],
        }

    def in_words(self) -> str:
        """A line for each statement, with its sources."""
        found = self.found
        kinds = ", ".join(self.names[kind].text for kind in found.kinds)
        lines = [f"{found.label}  ({kinds})" if kinds else str(found.label), found.iri.value]
        lines += [found.definition.text] if found.definition else []
        lines += [""] if found.statements else []
        for one in found.statements:
            said = f"{self._text(one.predicate)}: {self._text(one.object)}"
            lines.append(f"  {said}  [{source_line(one.sources)}]")
        lines += [""] if found.incoming else []
        for one in found.incoming:
            said = f"{self._text(one.subject)} — {self._text(one.predicate)} → it"
            lines.append(f"  {said}  [{source_line(one.sources)}]")
        return "\n".join(lines)

    def _statement(self, one: Statement, other: Term) -> dict[str, Any]:
        sources = [source.as_json() for source in one.sources]
        return {"property": self._term(one.predicate), "value": self._term(other), "sources": sources}

    def _term(self, term: Term) -> dict[str, str]:
        name = {"label": self.names[term].text} if term in self.names else {}
        if isinstance(term, IRI):
            return {"iri": term.value, **name}
        if isinstance(term, Literal):
            return {"value": term.value, "datatype": term.datatype.value, "lang": term.language or "", **name}
        return {"value": str(term)}

    def _text(self, term: Term) -> str:
        said = self._term(term)
        return said.get("label") or said["value"]


def source_line(sources: Iterable[Source]) -> str:
    """Titles and dates of sources."""
    return "; ".join(f"{one.title}, {one.date}" if one.date else one.title for one in sources)


@click.command(
    epilog=example("kg describe cineca", "kg describe 'Barcelona Supercomputing Center' --format ttl")
)
@click.argument("name")
@lang_option
@choice("text", "json", *RDF)
def describe(*, name: str, lang: str, form: str) -> None:
    """Tell all that is said of a thing: NAME is a slug, a CURIE, an IRI or an exact name."""
    release = current_release()
    iri = named(release, name)
    if form in RDF:
        _write_document(release, iri, form)
        return
    said = Said.of(release, iri, [lang])
    click.echo(
        json.dumps(said.as_json(), ensure_ascii=False, indent=2) if form == "json" else said.in_words()
    )


def _write_document(release: Release, iri: IRI, form: str) -> None:
    from web.negotiation import GRAPH, choose, formats
    from web.rdf.context import Context
    from web.rdf.documents import document

    chosen, context = choose(formats(GRAPH), None, form), Context.of(release.prefixes, release)
    sys.stdout.buffer.write(document(release, iri, chosen, context))


@click.command(epilog=example("kg path cineca bsc", "kg path cineca bsc --format json"))
@click.argument("a")
@click.argument("b")
@lang_option
@click.option("--most", type=click.IntRange(1, 50), default=5, show_default=True, help="How many at most.")
@choice("text", "json")
def path(*, a: str, b: str, lang: str, most: int, form: str) -> None:
    """Tell what links A and B, by the shortest explanations."""
    from kg.network import network
    from kg.network.explanation import Wording

    release = current_release()
    start, end = named(release, a), named(release, b)
    found = network(release).explanations(start, end, most)
    if form == "json":
        explanations = [[step.as_json() for step in one.steps] for one in found]
        members = {"a": start.value, "b": end.value, "explanations": explanations}
        click.echo(json.dumps(members, ensure_ascii=False, indent=2))
        return
    wording = Wording(release, [lang])
    for one in found:
        click.echo(wording.tell(one))
        click.echo(f"    [{source_line(one.sources)}]")
    if not found:
        click.echo("Nothing links them in four steps or fewer.", err=True)


@click.command(epilog=example("kg iri id:cineca", "kg iri https://w3id.org/aifactories/id/cineca"))
@click.argument("name")
@choice("text", "json")
def iri(*, name: str, form: str) -> None:
    """Tell the IRI and the CURIE of what NAME is: a slug, a CURIE, an IRI or an exact name."""
    release = current_release()
    found = named(release, name).value
    short = compress(found, release.prefixes)
    members = {"iri": found, "curie": "" if short.startswith("<") else short}
    if form == "json":
        click.echo(json.dumps(members, ensure_ascii=False, indent=2))
        return
    click.echo("\n".join(said for said in members.values() if said))


COMMANDS = (describe, path, iri)

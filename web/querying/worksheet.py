"""The page on which queries are written, with the answer to the one that was asked, seen in several ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import current_app, render_template, request, url_for

from kg.sparql import keywords
from kg.sparql.layout import laid_out
from kg.store import IRI
from web import languages
from web.access import SANDBOX
from web.drawing.places import kind_of
from web.negotiation import DATASET, GRAPH, HTML, PAGE, SOLUTIONS, formats
from web.pages import address_of
from web.querying import hints
from web.querying.programs import programs
from web.querying.protocol import LONGEST_ADDRESS
from web.querying.views import CHART, MAP, NETWORK, Views
from web.scripts import data_block
from web.snapshot import snapshot
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from kg.labels import Label
    from kg.sparql.plan import Plan
    from web.errors import Problem
    from web.links import Links
    from web.negotiation import Format
    from web.querying.programs import Program
    from web.querying.protocol import Asked
    from web.querying.results import Table
    from web.snapshot import Snapshot

    Question: TypeAlias = tuple[Label, str, str | None]  # with its query, and how its answer is best seen

# What scripts say; “%s” is put in by them.
WORDS = {
    "keys": N_(
        "Ctrl and space propose words of the graph, by any of their names. Ctrl and Enter run the query. "
        "Escape, then Tab, leaves the editor."
    ),
    "uses": N_("Members of the class that have it: %s."),
    "declare": N_("Declare %s"),
    "running": N_("The query is running"),
    "unreachable": N_("The service cannot be reached."),
    "long": N_("The query is too long for a link."),
    "copy": N_("Copy"),
    "copied": N_("Copied"),
    "draft": N_("Query %s"),
    "drafts": N_("Open queries"),
    "add": N_("New"),
    "rename": N_("Rename"),
    "close": N_("Close"),
    "name": N_("Name"),
    "done": N_("Done"),
}
# How the ontology's keywords of a question say that its answer is best seen.
SEEN_AS = {"map": MAP, "graph": NETWORK, "chart": CHART}
FEWEST = 2  # questions about a class that are worth a heading
FOR_SOLUTIONS = formats(SOLUTIONS, PAGE)
FOR_GRAPHS = formats(GRAPH, DATASET, PAGE)


def page(asked: Asked, found: Table | None, problem: Problem | None = None, plan: Plan | None = None) -> str:
    """The page with a query, and what came of it."""
    held = snapshot()
    links = held.links(languages.wanted())
    is_empty = found and not found.rows and not found.boolean
    query = asked.query or ""
    return render_template(
        "sparql.html",
        asked=asked,
        query=laid_out(query) if "layout" in request.values else query,
        longest=LONGEST_ADDRESS,
        is_posted=len(urlencode({"query": query})) > LONGEST_ADDRESS,
        table=found,
        notice=hints.notice(query, held) if is_empty else "",
        problem=problem,
        plan=plan,
        examples=_examples(held, links),
        release=held.release,
        words=data_block(_words(), "application/json", "words"),
        **(_told(asked, found, held, links) if found else {}),
    )


def _words() -> dict[str, Any]:
    """What the scripts of the page say, and where they ask."""
    has_things = not current_app.extensions[SANDBOX]
    return {
        "check": url_for("drafts.check"),
        "schema": address_of("schema.schema") if has_things else "",
        "lookup": address_of("suggesting.suggest") if has_things else "",
        "phrases": {"Completions": gettext("Proposals")},
        **{name: gettext(text) for name, text in WORDS.items()},
    }


def _told(asked: Asked, found: Table, held: Snapshot, links: Links) -> dict[str, Any]:
    """How an answer can be seen, and had by programs."""
    views = Views(found, held, links, request.args.get("measure", ""))
    return {
        "views": views,
        "view": views.chosen(request.args.get("view", "")),
        "downloads": _downloads(asked, FOR_GRAPHS if found.form == "graph" else FOR_SOLUTIONS),
        "programs": _programs(asked, found),
    }


def _examples(held: Snapshot, links: Links) -> list[tuple[Label | None, list[Question]]]:
    """The questions of the graph in the reader's language by what they are about, with their queries."""
    links.prepare(example.iri for example in held.examples)
    found: dict[str, list[Question]] = {}
    for example in held.examples:
        view = next((view for word, view in SEEN_AS.items() if word in example.keywords), None)
        question = (links.label(example.iri), example.query, view)
        found.setdefault(_subject(example.query, held), []).append(question)
    few = [one for kind in list(found) if not kind or len(found[kind]) < FEWEST for one in found.pop(kind)]
    told = [(links.label(IRI(kind)), asked) for kind, asked in found.items()]
    return [*told, *([(None, few)] if few else [])]


def _subject(query: str, held: Snapshot) -> str:
    """The class that a query names first, itself or by one of its members; '' where it names none."""
    kinds = {kind.value for kind, _ in held.census}
    for iri in keywords.terms(query, held.release.prefixes):
        if iri in kinds:
            return iri
        if held.release.iris.slug(IRI(iri)) and (kind := kind_of(held, IRI(iri))):
            return kind
    return ""


def _programs(asked: Asked, found: Table) -> list[Program]:
    given = _over(asked)
    address = url_for("sparql.sparql", _external=True)
    return programs(asked.query or "", f"{address}?{urlencode(given)}" if given else address, found.form)


def _downloads(asked: Asked, offered: Iterable[Format]) -> list[tuple[Format, str]]:
    """The formats other than the page, each with the address of the answer in it."""
    given = [("query", asked.query or ""), *_over(asked)]
    address = url_for("sparql.sparql")
    return [
        (form, f"{address}?{urlencode([*given, ('format', form.name)])}") for form in offered if form != HTML
    ]


def _over(asked: Asked) -> list[tuple[str, str]]:
    """The parameters that say over what a query is asked."""
    given = [("default-graph-uri", iri) for iri in asked.default_graphs]
    given += [("named-graph-uri", iri) for iri in asked.named_graphs]
    return [*given, ("release", asked.release)] if asked.release else given

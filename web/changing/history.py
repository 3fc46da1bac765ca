"""The history of one entity: when each statement of it came, changed and went, and who states it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, json, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from kg.errors import UnknownEntity
from kg.labels import NAME_PROPERTIES
from kg.sources import sources
from kg.store import IRI, Literal
from web import languages, validators
from web.changing.changes import dated, known_history
from web.changing.feed import moment, named, page_of, told
from web.links import Link, Links, is_external
from web.negotiation import HTML, Format, choose
from web.snapshot import snapshot
from web.values import Value, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from kg.history import Event, Lifeline, Span, Step
    from kg.sources import Source
    from kg.store import Quad, Term

blueprint = Blueprint("history", __name__)

JSON = Format("json", "JSON", "application/json", frozenset({"history"}))
OFFERED = (HTML, JSON)


@blueprint.get("/history/<path:slug>")
def page(slug: str) -> Response:
    """The history of an entity of ours, as a page or as JSON."""
    stem, _, suffix = slug.rpartition(".")
    name = request.args.get("format")
    if stem and suffix == JSON.name:
        slug, name = stem, suffix
    try:
        iri = snapshot().release.iris.entity(slug)
    except ValueError as error:
        raise UnknownEntity(f"“{slug}” cannot be a name in this graph.") from error
    return _told(iri, name)


@blueprint.get("/history")
def of() -> BaseResponse:
    """The history of any IRI, which for an entity of ours has an address of its own."""
    try:
        iri = IRI(request.args.get("iri", ""))
    except ValueError as error:
        message = "“iri” must be an absolute IRI; ask for /history?iri=https://example.org/thing."
        raise BadRequest(message) from error
    slug = snapshot().release.iris.slug(iri)
    if slug:
        more: dict[str, Any] = {
            name: value for name, value in request.args.items() if name in ("format", "lang")
        }
        return redirect(url_for("history.page", slug=slug, **more), code=303)
    return _told(iri, request.args.get("format"))


def _told(iri: IRI, name: str | None) -> Response:
    form = choose(OFFERED, request.headers.get("Accept"), name)
    history = known_history()
    steps, state = history.steps(), snapshot().release.tag
    tag = validators.etag(state, "history", len(steps), form.name, request.url, languages.wanted())

    def made() -> Response:
        found = history.of(iri)
        if found is None:
            raise UnknownEntity(f"No release that is known says anything of {iri}. {told(steps)}".strip())
        links, versions = snapshot().links(languages.wanted()), set(history.releases.versions())
        telling = Telling(found, steps, links, versions)
        text = telling.page() if form == HTML else telling.text()
        return Response(text, content_type=form.content_type)

    response = validators.answered(tag, made)
    response.vary.update(("Accept", "Accept-Language"))
    return dated(response, datetime.fromisoformat(steps[-1].at).astimezone(UTC))


@dataclass(frozen=True)
class Said:
    """A statement as the page shows it."""

    name: Link
    value: Value
    source: Source
    source_href: str


@dataclass(frozen=True)
class Telling:
    """Tells a life, with the names of what it speaks of."""

    life: Lifeline
    steps: Sequence[Step]
    links: Links
    kept: set[int]

    def page(self) -> str:
        """The page."""
        self._prepare()
        return render_template(
            "history.html",
            iri=self.life.iri,
            name=self._name(),
            page=page_of(self.life.iri),
            is_there=any(span.until is None for span in self.life.spans),
            events=[
                (step, [self._event(one) for one in found]) for step, found in reversed(self.life.events)
            ],
            spans=[(self._said(span.quad), span) for span in self._by_age()],
            named=named,
            is_exact=is_exact,
            release_href=self.release_href,
            told=told(self.steps),
            alternates=[(JSON, url_for("history.of", iri=self.life.iri.value, format=JSON.name))],
        )

    def text(self) -> str:
        """The history as JSON."""
        self._prepare()
        life = self.life
        body = {
            "iri": life.iri.value,
            "label": self._name().text,
            "note": told(self.steps),
            "first": self._point(life.events[0][0]),
            "last": self._point(life.events[-1][0]),
            "statements": [self._span(span) for span in self._by_age()],
            "changes": [
                {**self._point(step), "statements": [self._change(one) for one in found]}
                for step, found in life.events
            ],
        }
        return json.dumps(body, ensure_ascii=False, indent=2, sort_keys=False) + "\n"

    def release_href(self, step: Step) -> str:
        """Where the entity is shown as it was after a step; '' where the release is not kept any more."""
        return page_of(self.life.iri, step.new) if step.new in self.kept else ""

    def _by_age(self) -> list[Span]:
        """The statements by property, then in the order in which they came."""
        return sorted(
            self.life.spans,
            key=lambda span: (
                self.links.label(span.quad.predicate).text.casefold(),
                span.since.number,
                str(span.quad),
            ),
        )

    def _prepare(self) -> None:
        quads = [span.quad for span in self.life.spans]
        terms = {term for quad in quads for term in (quad.predicate, quad.object)}
        self.links.prepare([self.life.iri, *(term for term in terms if isinstance(term, IRI))])

    def _name(self) -> Link:
        """What the entity is called, or was."""
        names = [
            span.quad.object
            for span in sorted(self.life.spans, key=lambda span: -(span.until or span.since).number)
            if span.quad.predicate in NAME_PROPERTIES and isinstance(span.quad.object, Literal)
        ]
        name = self.links.label(self.life.iri)
        is_named = any(True for _ in self.links.release.store.quads(subject=self.life.iri))
        if is_named or not names:
            return Link(name.text, lang=name.lang)
        in_order = sorted(names, key=lambda one: one.language not in self.links.langs)
        return Link(in_order[0].value, lang=in_order[0].language or "")

    def _source(self, quad: Quad) -> Source:
        graph = quad.graph_name
        assert isinstance(graph, IRI)
        return sources(self.links.release.store, self.links.release.iris, [graph])[graph]

    def _said(self, quad: Quad) -> Said:
        source = self._source(quad)
        name = self.links.term(quad.predicate)
        if is_external(name.href):
            name = self.links.curie(quad.predicate)
        value = value_of(self.links, quad.predicate, quad.object)
        return Said(name, value, source, self.links.href(source.iri))

    def _event(self, one: Event) -> tuple[Event, Said | None, Said]:
        """An event, the statement before where its value has changed, and the statement."""
        before = self._said(one.before) if one.before and one.after else None
        return one, before, self._said(one.quad)

    def _point(self, step: Step) -> dict[str, Any]:
        """When something happened."""
        return {
            "release": step.new,
            "previous": step.old,
            "date": moment(step),
            "by": step.kind,
            "exact": is_exact(step),
        }

    def _term(self, term: Term) -> dict[str, str]:
        if isinstance(term, IRI):
            return {"iri": term.value, "label": self.links.label(term).text}
        if isinstance(term, Literal):
            return {"value": term.value, "datatype": term.datatype.value, "lang": term.language or ""}
        return {"value": str(term)}

    def _stated(self, quad: Quad) -> dict[str, Any]:
        source = self._source(quad)
        return {
            "property": self._term(quad.predicate),
            "value": self._term(quad.object),
            "source": source.as_json(),
        }

    def _span(self, span: Span) -> dict[str, Any]:
        went = self._point(span.until) if span.until else None
        return {**self._stated(span.quad), "came": self._point(span.since), "went": went}

    def _change(self, one: Event) -> dict[str, Any]:
        before = {"before": self._term(one.before.object)} if one.before and one.after else {}
        return {"change": one.kind, **self._stated(one.quad), **before}


def is_exact(step: Step) -> bool:
    """Whether a statement that came by a step is known not to have been there before."""
    return step.known

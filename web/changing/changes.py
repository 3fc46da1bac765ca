"""What changed from release to release, for people and for programs that keep up with the graph.

The feed is an ordered collection of ActivityStreams 2.0, in pages as the IIIF Change Discovery API 1.0 orders
them: the oldest first, so that a page that is full stays as it is. Atom has the newest first. RDF Patch has
all that changes from one release to another.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from kg.errors import UnknownEntity
from kg.history import History, Selection
from kg.history.patches import text
from kg.history.steps import way
from kg.iris import expand
from web import languages, validators
from web.changing import activitystreams
from web.changing.atom import MEDIA_TYPE as ATOM_TYPE
from web.changing.atom import atom
from web.changing.feed import Feed, Names, named, told
from web.finding.filtering import UnknownFilter
from web.negotiation import HTML, XML, Format, choose
from web.snapshot import current, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.history import Step
    from kg.store import IRI
    from web.changing.feed import Row

blueprint = Blueprint("changes", __name__)

FEED = frozenset({"feed"})
ACTIVITIES = Format(
    name="json",
    title="ActivityStreams",
    media_type="application/activity+json",
    families=FEED,
    aliases=("application/ld+json", "application/json"),
    names=("as2", "jsonld"),
)
ATOM = Format("atom", "Atom", ATOM_TYPE, FEED, XML, ("xml",))
RDF_PATCH = Format("rdfp", "RDF Patch", "application/rdf-patch", FEED, (), ("rdf-patch",))
OFFERED = (HTML, ACTIVITIES, ATOM, RDF_PATCH)
NUMBER = re.compile("[0-9]{1,9}")
PIECE = 500  # lines that are sent together


@blueprint.get("/changes")
@blueprint.get("/changes.<suffix>")
def page(suffix: str | None = None) -> Response:
    """The feed, one of its pages, or the change between two releases."""
    form = choose(OFFERED, request.headers.get("Accept"), suffix or request.args.get("format"))
    if form == RDF_PATCH:
        response = _patch(known_history())
    else:
        response = _feed(_asked(known_history()), form)
        response.vary.add("Accept-Language")
    response.vary.add("Accept")
    return response


def known_history() -> History:
    """The history of the releases of this service."""
    return History(current().releases)


def dated(response: Response, moment: datetime) -> Response:
    """The response with a moment as `Last-Modified`, and without content where the client has it already.

    In the second of the moment itself nothing is said: another change may follow in it (RFC 9110, section
    8.8.2.2).
    """
    if datetime.now(UTC).replace(microsecond=0) > moment:
        response.last_modified = moment
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(validators.judged())
    return response


def _feed(feed: Feed, form: Format) -> Response:
    number = _number("page")
    if number is not None and not 0 < number <= feed.last:
        raise NotFound(f"There is no page {number}; the last is {feed.last}.")
    state = snapshot().release.tag
    tag = validators.etag(state, "changes", len(feed.steps), form.name, request.url, languages.wanted())
    made = validators.answered(
        tag, lambda: Response(_written(feed, number, form), content_type=form.content_type)
    )
    return dated(made, feed.updated)


def _written(feed: Feed, number: int | None, form: Format) -> str | bytes:
    """A page of the feed, or without a number what leads to all of them, in a format."""
    if form == ATOM:
        return atom(feed, number)
    if form == ACTIVITIES:
        body = activitystreams.page(feed, number) if number else activitystreams.collection(feed)
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    return _shown(feed, number)


def _shown(feed: Feed, number: int | None) -> str:
    """The page for people, the newest activities first."""
    groups: list[tuple[Step, list[Row]]] = []
    for row in Names(feed.history).rows(feed.page(number)[::-1] if number else feed.newest()):
        if not groups or groups[-1][0] != row.activity.step:
            groups.append((row.activity.step, []))
        groups[-1][1].append(row)
    older = (number or feed.last) - 1
    return render_template(
        "changes.html",
        feed=feed,
        groups=groups,
        told=told(feed.steps),
        step_name=named,
        older=feed.address(older) if older else "",
        newer=feed.address(number + 1) if number and number < feed.last else "",
        alternates=[(form, feed.address(number, suffix=form.name)) for form in (ACTIVITIES, ATOM)],
        asked=dict(feed.named),
    )


def _patch(history: History) -> Response:
    """Every change between two releases; without parameters what the current one changed."""
    steps = history.steps()
    said_old, said_new = _number("from"), _number("to")
    new = steps[-1].new if said_new is None else said_new
    old = _before(steps, new) if said_old is None else said_old
    entity, of_class = _entity(history), _class(history)
    entities = {one.entity for one in history.net(old, new, entity, of_class)} if entity or of_class else None
    rows = history.patch(old, new, entities)
    states = history.manifest(old), history.manifest(new)
    tag = validators.etag(states[1].quads_digest, "patch", states[0].quads_digest, old, new, entity, of_class)
    # A patch of some entities only does not lead from state to state.
    lines = text(rows, *(states if entities is None else ()))
    return validators.answered(tag, lambda: Response(_pieces(lines), content_type=RDF_PATCH.content_type))


def _before(steps: Sequence[Step], new: int) -> int:
    """The release that was current before the one of that number. Raises BadRequest where none is known."""
    way(steps, new, new)
    old = next(step.old for step in reversed(steps) if step.new == new)
    if not old:
        message = f"Nothing is known before release {new}. Take the whole graph, or name a release by “from”."
        raise BadRequest(message)
    return old


def _pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """The lines in pieces worth sending."""
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) == PIECE:
            yield "".join(piece).encode()
            piece = []
    yield "".join(piece).encode()


def _asked(history: History) -> Feed:
    """The feed that the parameters ask for. Raises an error that says which one is wrong."""
    steps = history.steps()
    entity, of_class = _entity(history), _class(history)
    old, new = _number("from"), _number("to")
    after, until = _between(steps, old, new)
    values = {"class": of_class, "entity": entity, "from": old, "to": new, "lang": languages.chosen()}
    said = tuple((name, str(value)) for name, value in values.items() if value)
    return Feed(history, steps, Selection(entity, of_class, after, until), said)


def _between(steps: Sequence[Step], old: int | None, new: int | None) -> tuple[int, int | None]:
    """After which step, and up to which one. Raises BadRequest, UnknownRelease and ChangesLost."""
    if new is not None:
        way(steps, new, new)
    if old is None:
        return 0, None if new is None else max(step.number for step in steps if step.new == new)
    chosen = way(steps, old, steps[-1].new if new is None else new)
    if any(backwards for _, backwards in chosen):
        raise BadRequest(
            f"Release {old} came after release {new}; name them in their order, or ask for RDF Patch."
        )
    numbers = [step.number for step, _ in chosen]
    return (numbers[0] - 1, numbers[-1]) if numbers else (len(steps), None)


def _number(name: str) -> int | None:
    """The number in a parameter, or None where there is none. Raises BadRequest."""
    said = request.args.get(name, "")
    if said and not NUMBER.fullmatch(said):
        what = "page" if name == "page" else "release"
        raise BadRequest(f"“{name}” is the number of a {what}, and “{said[:20]}” is none.")
    return int(said) if said else None


def _entity(history: History) -> str:
    """The IRI of the entity asked for, '' where none is. Raises UnknownFilter."""
    said = request.args.get("entity", "").strip()
    if not said:
        return ""
    iri = _expanded(said)
    if history.ledger.count(Selection(iri.value)) or history.last_release_with(iri):
        return iri.value
    raise UnknownFilter(f"“{said[:200]}” was in no release that is known; give a slug, a CURIE or an IRI.")


def _class(history: History) -> str:
    """The IRI of the class asked for by IRI, CURIE or local name, '' where none is. Raises UnknownFilter."""
    said = request.args.get("class", "").strip()
    if not said:
        return ""
    spaces = snapshot().vocabulary
    found = [_expanded(said).value] if ":" in said else [one + said for one in spaces if said in spaces[one]]
    known = [iri for iri in found if history.ledger.has_class(iri)]
    if len(known) > 1:
        raise UnknownFilter(f"Several classes are called “{said}”: {', '.join(known)}; give one of these.")
    if not known:
        raise UnknownFilter(f"Nothing ever was of a class “{said[:200]}”; give its CURIE or IRI.")
    return known[0]


def _expanded(said: str) -> IRI:
    release = snapshot().release
    try:
        return expand(said, release.prefixes, release.iris)
    except UnknownEntity as error:
        raise UnknownFilter(str(error)) from error

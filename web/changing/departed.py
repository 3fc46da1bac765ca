"""What is no longer in the graph: 410 with the last release that had it (RFC 9110, section 15.5.11)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, render_template

from kg.iris import local_name
from web.changing.changes import known_history
from web.changing.feed import history_of, page_of
from web.errors import Problem, preferred, problem_response
from web.negotiation import HTML
from web.snapshot import snapshot

if TYPE_CHECKING:
    from kg.store import IRI


def departed(iri: IRI) -> Response | None:
    """The answer about an IRI that the release does not mention but an earlier one did; None for any other.

    It links to the last release that did (`predecessor-version`), if that is still kept, and to the history
    (`version-history`), by the relations of RFC 5829.
    """
    history, release = known_history(), snapshot().release
    last = history.last_release_with(iri, release.version)
    if last in (None, release.version):
        return None
    past = page_of(iri, last) if last in history.releases.versions() else ""
    story = history_of(iri)
    response = _page(iri, last, past, story) if preferred() == HTML else _problem(iri, last, past, story)
    links = [f'<{past}>; rel="predecessor-version"'] if past else []
    response.headers["Link"] = ", ".join([*links, f'<{story}>; rel="version-history"'])
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _page(iri: IRI, last: int, past: str, story: str) -> Response:
    name = known_history().ledger.names([iri.value]).get(iri.value) or local_name(iri.value)
    body = render_template("departed.html", name=name, iri=iri, last=last, past=past, story=story)
    return Response(body, status=HTTPStatus.GONE)


def _problem(iri: IRI, last: int, past: str, story: str) -> Response:
    detail = f"The graph says nothing of {iri} any more; the last release that did is {last}"
    detail += "." if past else ", which is not kept any more; the history has its statements."
    members = {"lastRelease": last, **({"lastVersion": past} if past else {}), "history": story}
    return problem_response(Problem(HTTPStatus.GONE, detail, members))

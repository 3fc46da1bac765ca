"""From a name to an IRI, and from an IRI to its CURIE and back, for programs; `operations/lookup.toml`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from kg.iris import compress
from kg.store import IRI
from search.reconciliation import Sought
from web import languages
from web.finding.filtering import Filtering
from web.operations.api import json_response, limit, required
from web.reconciliation.identifiers import Identifiers, Teller
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.lexicon import TermKind
    from search.reconciliation import Candidate

blueprint = Blueprint("lookup", __name__, url_prefix="/api")

USUAL, MOST = 10, 50
KINDS: tuple[TermKind, ...] = ("entity", "class", "property")
CURIE = re.compile(r"([\w.-]*):([^\s<>\"{}|\\^`]*)")  # CURIE Syntax 1.0, section 3


@blueprint.get("/lookup")
def lookup() -> Response:
    """What is called `q`, or nearly so: at most `limit` things, terms too, of the classes `type`."""
    text, held = required("q"), snapshot()
    types = Filtering(held.finder).filters({"class": request.args.getlist("type")}).classes
    sought = Sought(text, types, most=limit(USUAL, MOST))
    found = held.reconciler.candidates(sought, KINDS)
    teller = Teller(Identifiers(held.release, held.finder.profile), held.links(languages.wanted()))
    teller.links.prepare(IRI(one.iri) for one in found)
    said = [_found(one, teller, held.release.prefixes) for one in found]
    return json_response({"query": text, "results": said})


@blueprint.get("/curie")
def curie() -> Response:
    """The CURIE of `iri` by the longest prefix of this release that fits, or the IRI of `curie`."""
    sent = [name for name in ("iri", "curie") if request.args.get(name, "").strip()]
    if len(sent) != 1:
        raise BadRequest("Give either “iri” or “curie”.")
    text, prefixes = request.args[sent[0]].strip(), snapshot().release.prefixes
    iri = _absolute(text) if sent == ["iri"] else _expanded(text, prefixes)
    short = short_name(iri, prefixes)
    if not short:
        raise NotFound(f"No prefix of this graph fits {iri}; these do for others: {_listed(prefixes)}.")
    prefix = short.split(":", 1)[0]
    return json_response({"iri": iri, "curie": short, "prefix": prefix, "namespace": prefixes[prefix]})


def short_name(iri: str, prefixes: Mapping[str, str]) -> str:
    """The CURIE of an IRI; '' where no prefix fits."""
    short = compress(iri, prefixes)
    return "" if short.startswith("<") else short


def _found(one: Candidate, teller: Teller, prefixes: Mapping[str, str]) -> dict[str, Any]:
    entry = snapshot().reconciler.entries.by_iri([one.iri]).get(one.iri)
    return {
        "iri": one.iri,
        "curie": short_name(one.iri, prefixes),
        "label": teller.name(one.iri),
        "kind": one.kind,
        "classes": [teller.name(kind) for kind in entry.classes] if entry else [],
        "description": teller.described(one.iri, entry).get("description", ""),
        "matched": one.matched,
        "score": round(one.score, 1),
        "match": one.match,
    }


def _absolute(text: str) -> str:
    try:
        return IRI(text.removeprefix("<").removesuffix(">")).value
    except ValueError as error:
        raise BadRequest(f"“{text}” is no absolute IRI ({error}).") from error


def _expanded(text: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a CURIE, which may stand between brackets."""
    written = CURIE.fullmatch(text.removeprefix("[").removesuffix("]"))
    if written is None:
        raise BadRequest(f"“{text}” is no CURIE; write it as prefix:name.")
    if written[1] not in prefixes:
        raise NotFound(f"“{written[1]}” is no prefix of this graph; these are: {_listed(prefixes)}.")
    return _absolute(prefixes[written[1]] + written[2])


def _listed(prefixes: Mapping[str, str]) -> str:
    return ", ".join(sorted(prefixes))

"""Which network a person asks for by names, and in which format."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from kg.errors import NetworkRefused, UnknownEntity
from kg.network.study import Choice
from kg.sources import RDF_TYPE
from web.commands.naming import termed

if TYPE_CHECKING:
    from kg.inference import Signed
    from kg.network.drawing import Drawing
    from kg.release import Release
    from kg.store import IRI

MEDIA_TYPES = {
    "json": "application/json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
}
STEP = re.compile(r"\s*(\^?)\s*(<[^<>]*>|[^/^<>]+?)\s*(?:/|$)")


def chosen(release: Release, kind: str = "", via: str = "", query: str = "") -> Choice:
    """The network of a class, linked by a class or a path of properties; or of a query; or of everything.

    Raises UnknownEntity for a name that is none, and NetworkRefused for what does not go together.
    """
    members = termed(release, kind) if kind else None
    if members is not None and not has_members(release, members):
        raise NetworkRefused(f"“{kind}” is no class that anything is a member of.")
    among, path = way(release, via) if via else (None, ())
    return Choice(members, among, path, query)


def way(release: Release, text: str) -> tuple[IRI | None, tuple[Signed, ...]]:
    """The class or the properties that are meant by “AI Factory”, “partner of”, or “^aif:a/aif:b”.

    Raises UnknownEntity.
    """
    try:
        term = termed(release, text)
    except UnknownEntity:
        steps = list(STEP.finditer(text))
        if "".join(step[0] for step in steps) != text or not re.search(r"[/^]", text):
            raise
        return None, tuple(
            (termed(release, name), bool(turned)) for turned, name in (step.groups() for step in steps)
        )
    return (term, ()) if has_members(release, term) else (None, ((term, False),))


def has_members(release: Release, term: IRI) -> bool:
    """Whether a term is a class in use."""
    return any(True for _ in release.store.quads(predicate=RDF_TYPE, object=term))


def written(drawing: Drawing, form: str) -> bytes:
    """A network in one of the formats of MEDIA_TYPES."""
    from kg.network.exchange import gexf, graphml

    if form == "json":
        return (json.dumps(drawing.as_json(), ensure_ascii=False) + "\n").encode()
    return graphml(drawing) if form == "graphml" else gexf(drawing)

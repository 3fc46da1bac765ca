"""The formats of RDF that are read, found by the name of a file or by how it begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError
from kg.store import RdfFormat, parse_quads

if TYPE_CHECKING:
    from pathlib import Path

    from kg.store import QuadParser

SUFFIXES = {
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
COMPRESSED = ".gz"
HTML = re.compile(rb"<(!doctype\s+html|html)\b", re.IGNORECASE)
XML = re.compile(rb"<(\?xml|!DOCTYPE|!--|rdf:RDF)")
JSON = re.compile(rb'\{\s*["}]|\[\s*[{"\[]')
TURTLE = re.compile(rb"[@<\[({]|[\w-]*:|(prefix|base|graph)\b", re.IGNORECASE)
WHERE = re.compile(r"Parser error at line .*?: ", re.DOTALL)
CUT_OFF = "is not RDF/XML: it ends before its last end tag; fetch it again"
COMMENTS = re.compile(rb"(?:\s|#[^\n]*\n)*")


def by_name(path: Path) -> RdfFormat | None:
    """The format that the name of a file promises."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != COMPRESSED]
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def by_content(head: bytes) -> RdfFormat | None:
    """The format of a document that begins with `head`.

    N-Triples are read as N-Quads and Turtle as TriG, which contain them.
    """
    start = COMMENTS.sub(b"", head, count=1)
    if is_web_page(start):
        return None
    if XML.match(start):
        return RdfFormat.RDF_XML
    if JSON.match(start):
        return RdfFormat.JSON_LD
    if _is_quad(start.partition(b"\n")[0]):
        return RdfFormat.N_QUADS
    return RdfFormat.TRIG if TURTLE.match(start) else None


def is_web_page(head: bytes) -> bool:
    """Whether a document begins like HTML."""
    return bool(HTML.match(head.lstrip()))


def unreadable(error: SyntaxError, form: RdfFormat) -> str:
    """What the parser misses in a document, in words that follow its name."""
    cause = WHERE.sub("", error.msg, count=1).rstrip(".")
    place = f" at line {error.lineno}, column {error.offset}" if error.lineno else ""
    if "LoadDocumentCallback" in cause:
        return "names a remote JSON-LD context, and nothing is ever fetched; put the context into the file"
    remedy = "save it as UTF-8" if "UTF-8" in cause else "correct it there, or export it again"
    return f"is not {form.name}{place}: {cause}; {remedy}"


def is_cut_off(parser: QuadParser, form: RdfFormat) -> bool:
    """Whether a document that was read without an error ended too early.

    The engine does not miss end tags, but a prefix still in scope was declared by an open element.
    """
    return form == RdfFormat.RDF_XML and bool(parser.prefixes)


def _is_quad(line: bytes) -> bool:
    try:
        return any(True for _ in parse_quads(line, RdfFormat.N_QUADS))
    except ForeignDataError:
        return False

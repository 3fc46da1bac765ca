"""RDF documents in the body of a request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from kg.imports.formats import by_name
from kg.updating.writing import Document
from web.negotiation import DATASET, GRAPH, formats

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

MULTIPART = "multipart/form-data"
UNTOLD = ("", "application/octet-stream")
CODINGS = {"": False, "identity": False, "gzip": True, "x-gzip": True}
TYPES = {
    media_type: form.media_type
    for form in reversed(formats(GRAPH, DATASET))
    for media_type in (*form.aliases, form.media_type)
}


def documents(base: str) -> list[Document]:
    """The documents of the request, whose relative IRIs are resolved against `base`.

    One is the body; in a form (SPARQL 1.1 Graph Store HTTP Protocol, section 5.5), each file is one. Raises
    UnsupportedMediaType.
    """
    if request.mimetype != MULTIPART:
        return [Document(request.get_data(), _format(request.content_type), base, _is_packed())]
    if _is_packed():
        raise UnsupportedMediaType("A form is read as it is; send it without Content-Encoding.")
    files = [_document(file, base) for _, file in request.files.items(multi=True)]
    texts = [text for _, text in request.form.items(multi=True) if text.strip()]
    fields = [Document(text.encode(), "", base) for text in texts]
    return files + fields


def _document(file: FileStorage, base: str) -> Document:
    """A file of a form, in the format that is said of it, or that its name promises."""
    name = Path(file.filename or "")
    promised = by_name(name)
    untold = file.mimetype in UNTOLD
    media_type = promised.media_type if untold and promised else _format(file.content_type)
    return Document(file.read(), media_type, base, name.suffix.lower() == ".gz")


def _format(content_type: str | None) -> str:
    """The media type of a format of RDF; '' where the content shall tell. Raises UnsupportedMediaType."""
    media_type, options = parse_options_header(content_type or "")
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"The charset {options['charset']} is not read; send UTF-8.")
    if media_type.lower() in UNTOLD:
        return ""
    try:
        return TYPES[media_type.lower()]
    except KeyError:
        known = ", ".join(form.media_type for form in formats(GRAPH, DATASET))
        message = f"{media_type} is not stored; send {known}, and say which by Content-Type."
        raise UnsupportedMediaType(message) from None


def _is_packed() -> bool:
    """Whether the body is gzipped. Raises UnsupportedMediaType for other codings."""
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in CODINGS:
        raise UnsupportedMediaType(f"The coding {coding} is not undone here; send gzip, or none.")
    return CODINGS[coding]

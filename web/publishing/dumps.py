"""The dumps of all releases that are kept, to be taken whole or piece by piece (RFC 9110, section 14).

An address with a number never changes what it gives, so that what breaks off is gone on with; `latest` leads
to such an address. The SHA-256 of a file is its entity tag, and told as `Repr-Digest` (RFC 9530, section 3).
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    json,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import Gone, NotFound

from kg.downloads.dumps import Dump, Dumps
from kg.downloads.forms import FORMS
from kg.errors import DumpPending, ReleaseError
from kg.sparql.spelling import nearest
from web import mementos
from web.negotiation import HTML, choose
from web.parts import parted
from web.querying.graphlist import JSON
from web.snapshot import current
from web.wording import N_

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.downloads.package import File
    from kg.release import Release

blueprint = Blueprint("dumps", __name__, url_prefix="/dumps")

AGAIN = 30  # seconds after which to ask again for what is being made
LIKENESS = 0.6  # of a path to what was probably meant
AN_HOUR = "public, max-age=3600"
# What `kg.downloads.forms` calls the forms of a dump.
TITLES = (
    N_("N-Quads: every named graph, canonical and sorted"),
    N_("TriG: every named graph"),
    N_("Turtle: all graphs united, each triple once"),
    N_("JSON-LD: every named graph"),
    N_("CSV: a table for each class, and those around them"),
    N_("Parquet: the same tables, with types"),
    N_("SQLite: the same tables as one database"),
)
NO_WORD = re.compile(r"[^a-z0-9]+")
ENCODED = {"text/csv": "text/csv; charset=utf-8; header=present", "text/plain": "text/plain; charset=utf-8"}


@dataclass(frozen=True)
class Kept:
    """A release that is kept, and its dumps where they are there."""

    release: Release
    dump: Dump | None

    @property
    def wholes(self) -> list[File]:
        """The files that hold all of it, one for each form."""
        return [file for file in self.dump.files.values() if file.form] if self.dump else []

    @property
    def others(self) -> list[File]:
        """The other files."""
        return [file for file in self.dump.files.values() if not file.form] if self.dump else []

    def as_json(self) -> dict[str, Any]:
        """What programs are told of it."""
        return {
            "release": self.release.version,
            "created": self.release.manifest.created,
            "address": url_for("dumps.one", version=self.release.version, _external=True),
            "made": self.dump is not None,
            "files": [self._file(file) for file in (*self.wholes, *self.others)],
            "left_out": dict(self.dump.left_out) if self.dump else {},
        }

    def _file(self, file: File) -> dict[str, Any]:
        return {
            "path": file.path,
            "address": url_for("dumps.file", version=self.release.version, path=file.path, _external=True),
            "title": file.title,
            "media_type": file.media_type,
            "bytes": file.size,
            "sha256": file.digest,
            **({"form": file.form} if file.form else {}),
        }


def newest() -> Kept | None:
    """The newest release that has dumps, with them; of the current one or an earlier one."""
    try:
        dump = _dumps().latest()
        return Kept(current().releases.get(dump.version), dump) if dump else None
    except ReleaseError:  # deleted since it was found
        return None


@blueprint.get("/")
def page() -> Response:
    """All dumps: a page or JSON."""
    dumps, found = _dumps(), newest()
    kept = [Kept(release, dumps.find(release.version)) for release in reversed(current().releases.all())]
    form = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    number = found.release.version if found else None
    if form == HTML:
        return _listing(
            render_template("dumps.html", kept=kept, latest=number, whole=True), HTML.content_type
        )
    members = {"latest": number, "releases": [one.as_json() for one in kept]}
    return _listing(_text(members), JSON.content_type)


@blueprint.get("/<int:version>/")
def one(version: int) -> Response:
    """The dumps of one release: a page or JSON; what is not there yet is made soon."""
    release = _release(version)
    known = Kept(release, _dumps().find(version))
    if known.dump is None:
        _dumps().want(version)
    form = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    if form == HTML:
        return _listing(
            render_template("dumps.html", kept=[known], latest=None, whole=False), HTML.content_type
        )
    return _listing(_text(known.as_json()), JSON.content_type)


@blueprint.get("/latest/")
@blueprint.get("/latest/<path:path>")
def latest(path: str = "") -> BaseResponse:
    """Where the newest dumps are, which may be some minutes behind what is served. Raises DumpPending."""
    found = _dumps().latest()
    if found is None:
        raise _pending(current().releases.current().version)
    if path:
        address = url_for("dumps.file", version=found.version, path=_file(found, path).path)
    else:
        address = url_for("dumps.one", version=found.version)
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    response = redirect(address + query, code=HTTPStatus.FOUND)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/<int:version>/<path:path>")
def file(version: int, path: str) -> Response:
    """One file, or a part of it. Raises DumpPending where it is still to be made."""
    release = _release(version)
    dump = _dumps().find(version)
    if dump is None:
        _dumps().want(version)
        raise _pending(version)
    return _sent(release, dump, _file(dump, path))


def _sent(release: Release, dump: Dump, file: File) -> Response:
    created = datetime.fromisoformat(release.manifest.created)
    try:
        response = send_file(
            dump.folder / file.path,
            file.media_type,
            as_attachment=True,
            download_name=_download_name(release, file),
            conditional=False,
            etag=file.digest,
            last_modified=created,
        )
    except FileNotFoundError as error:  # deleted since it was found
        raise Gone(f"Release {release.version} is not kept any more.") from error
    response.headers["Content-Type"] = ENCODED.get(file.media_type, file.media_type)
    response.headers["Cache-Control"] = AN_HOUR
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(file.digest)).decode()}:"
    return parted(response, file.size)


def _file(dump: Dump, path: str) -> File:
    """A file of a dump. Raises NotFound with what was probably meant, or why it is not there."""
    if path in dump.files:
        return dump.files[path]
    for name, reason in dump.left_out.items():
        if path == FORMS[name].file:
            raise NotFound(f"There is no {path} of release {dump.version}. {reason}")
    near = nearest(path, dump.files, LIKENESS)
    hint = f"is it {near}?" if near else f"{url_for('dumps.one', version=dump.version)} lists what there is."
    raise NotFound(f"There is no {path[:80]} among the dumps of release {dump.version}; {hint}")


def _release(version: int) -> Release:
    """A release that is kept. Raises Gone, or NotFound."""
    return current().releases.get(mementos.kept(version))


def _pending(version: int) -> DumpPending:
    return DumpPending(f"The dumps of release {version} are being made; ask again in {AGAIN} seconds.", AGAIN)


def _download_name(release: Release, file: File) -> str:
    """Under which name a browser saves a file: that of the graph, the number, and what it is."""
    titles = release.manifest.title
    words = NO_WORD.sub("-", (titles.get("en") or next(iter(titles.values()), "")).lower()).strip("-")
    name = file.path.replace("/", "-").removeprefix("graph.")
    between = "." if file.path.startswith("graph.") else "-"
    return f"{words[:60] or 'graph'}-{release.version}{between}{name}"


def _listing(body: str, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _text(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def _dumps() -> Dumps:
    return Dumps(current().releases.home)

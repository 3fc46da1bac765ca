"""Which version of RDF an answer needs, told by its bytes as they pass (RDF 1.2 Concepts, section 2.1).

What RDF 1.2 adds to RDF 1.1 are triple terms and the base direction of a literal; "1.2-basic" is without
triple terms. Whether an answer has them shows when it is written, so a client that cannot read them gets
406 where they are in the first piece, and an answer that breaks off where they come later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import QueryUnwritable

if TYPE_CHECKING:
    from web.negotiation import Choice

LATEST = "1.2"
LACKING = {"1.1": {"triple", "direction"}, "1.2-basic": {"triple"}}
OVERLAP = 256  # bytes in which a sign may be cut in two, in formats without lines
SIGNS = (b"<<(", b'"triple"', b"<triple>", b"its:dir", b"rdf:version", b"--ltr", b"--rtl")
# Each is found where the syntax puts it, and never within a literal, in which these letters are escaped.
STRINGS = rb'"(?:[^"\\\n]|\\.)*+"(?:@[\w-]+--(?P<direction>ltr|rtl)\b)?|(?P<triple><<\()'
PATTERNS = {
    "json": rb'(?P<triple>"type":"triple")|(?P<direction>"its:dir":")',
    "xml": rb'(?P<triple><triple>)|(?P<direction><literal xml:lang="[^"]*" its:dir=)',
    "rdf": rb'<[^<>]* rdf:version="(?:(?P<direction>1\.2-basic)|(?P<triple>1\.2))"',
    **dict.fromkeys(("tsv", "ttl", "nt", "trig", "nq"), STRINGS),
}
COMPILED = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}


@dataclass
class Inspection:
    """What has been seen of an answer, in a format and a version; `found` are the additions of RDF 1.2."""

    choice: Choice
    found: frozenset[str] = frozenset()
    _rest: bytes = b""

    @property
    def is_needed(self) -> bool:
        """Whether the client has limited the version."""
        return self.choice.version in LACKING

    @property
    def content_type(self) -> str:
        """The header `Content-Type`, with the version that the client named or the answer needs."""
        version = self.choice.version or (LATEST if self.found else "")
        kind = self.choice.form.content_type
        return f"{kind}; version={version}" if version and self.choice.form.versioned else kind

    def see(self, piece: bytes) -> bytes:
        """The next piece itself. Raises QueryUnwritable where the version does not have what is in it."""
        pattern = COMPILED.get(self.choice.form.name)
        if pattern is None:
            return piece
        data = self._rest + piece
        if any(sign in data for sign in SIGNS):
            self.found |= {match.lastgroup for match in pattern.finditer(data) if match.lastgroup}
        self._rest = data[-OVERLAP:] if b"\n" not in data[-len(piece) :] else data[data.rfind(b"\n") + 1 :]
        if self.found & LACKING.get(self.choice.version, set()):
            message = f"The answer has terms that RDF {self.choice.version} has not; ask for version={LATEST}"
            raise QueryUnwritable(f"{message}, or avoid triple terms and base directions.")
        return piece

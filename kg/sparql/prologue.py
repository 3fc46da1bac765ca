"""What a query declares before it begins: base and prefixes (SPARQL 1.1 Query Language, section 4.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from kg.sparql.terminals import CODEPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CODEPOINTS = re.compile(CODEPOINT)
ESCAPED = re.compile(r"\\(.)")


class Prologue:
    """The base IRI and the prefixes that hold: those that need no declaration, and those declared."""

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        self._base = base
        self._spaces = dict(prefixes)
        self._declarations = [f"BASE <{base}>"] if base else []
        self._declared: set[str] = set()

    def declare_base(self, written: str) -> None:
        """Take `BASE <…>`."""
        self._declarations.append(f"BASE {written}")
        self._base = self._iri(written)

    def declare_prefix(self, prefix: str, written: str) -> None:
        """Take `PREFIX …: <…>`."""
        self._declarations.append(f"PREFIX {prefix}: {written}")
        self._declared.add(prefix)
        self._spaces[prefix] = self._iri(written)

    def knows(self, prefix: str) -> bool:
        """Whether a prefix needs no declaration, or has one."""
        return prefix in self._spaces

    def expanded(self, written: str) -> str | None:
        """The IRI that is written in full, relative or with a prefix; None where the prefix is not known."""
        if written.startswith("<"):
            return self._iri(written)
        prefix, _, local = written.partition(":")
        space = self._spaces.get(prefix)
        return None if space is None else space + ESCAPED.sub(r"\1", local)

    def text(self, prefixes: Iterable[str]) -> str:
        """All that the query declares, and those of the prefixes that it need not declare."""
        known = [name for name in sorted(prefixes) if name in self._spaces and name not in self._declared]
        return "\n".join([*(f"PREFIX {name}: <{self._spaces[name]}>" for name in known), *self._declarations])

    def _iri(self, written: str) -> str:
        iri = CODEPOINTS.sub(lambda found: chr(int(found[0].lstrip("\\uU"), 16)), written[1:-1])
        path, sign, fragment = iri.partition("#")  # urljoin would drop an empty fragment
        try:
            return urljoin(self._base.partition("#")[0], path) + sign + fragment
        except ValueError:  # of what is no reference at all the engine says why
            return iri

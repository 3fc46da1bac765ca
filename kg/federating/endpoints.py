"""The SPARQL endpoints that queries may ask by SERVICE, as the operator names them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.cells import address
from kg.errors import SettingError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Endpoint:
    """An endpoint by its IRI; `pinned` is the one address at which it is sought, '' where its name tells."""

    iri: str
    pinned: str = ""

    @classmethod
    def parse(cls, setting: str) -> Endpoint:
        """The endpoint of a setting: `https://example.org/sparql`, or with its address behind `=`.

        Only an address that the operator has so pinned (`http://localhost:9999/sparql=127.0.0.1`) may be one
        that is not public. Raises SettingError.
        """
        iri, equals, pinned = setting.partition("=")
        if equals and not _is_address(pinned):
            message = (
                f"“{pinned}” behind = in “{setting}” is no IP address; write the one where the endpoint is "
                f"({iri}=192.0.2.1), or leave it out."
            )
            raise SettingError(message)
        if not _is_endpoint(iri):
            message = (
                f"“{iri}” is no address of a SPARQL endpoint; write it in ASCII, without password, ? and #: "
                "https://example.org/sparql."
            )
            raise SettingError(message)
        return cls(iri, pinned)

    @property
    def is_encrypted(self) -> bool:
        """Whether it is asked over TLS."""
        return self._parts.scheme == "https"

    @property
    def authority(self) -> str:
        """Its name and port, as the Host header has them."""
        return self._parts.netloc

    @property
    def host(self) -> str:
        """Its name."""
        return self._parts.hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        return self._parts.port or PORTS[self._parts.scheme]

    @property
    def path(self) -> str:
        """What is asked for there."""
        return self._parts.path or "/"

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.iri)


def _is_endpoint(iri: str) -> bool:
    try:
        parts = urlsplit(iri)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and iri.isascii() and not set("@?#") & set(iri) and address(iri) is not None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

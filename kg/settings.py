"""Settings from the environment: where releases live, the base IRI, the encoder, where vectors are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.cells import address
from kg.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Settings:
    """What a person may set.

    `home` holds releases, journal and caches. `base` is the IRI below which entities and sources are
    named; None leaves it to the ontology. `encoder` is the name or path of a sentence-transformers
    model; None is the packaged one. `vectors` is the address of a Milvus (`https://host:port`, or the path
    of a file `….db` for milvus-lite); None keeps the vectors in the release. A token that Milvus asks for
    is read from KG_VECTORS_TOKEN when it is needed, so that it stands in no file.
    """

    home: Path
    base: str | None = None
    encoder: str | None = None
    vectors: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings by KG_HOME, KG_BASE, KG_ENCODER and KG_VECTORS. Raises SettingError."""
        home = environment.get("KG_HOME")
        base = environment.get("KG_BASE")
        vectors = environment.get("KG_VECTORS")
        return cls(
            home=Path(home).expanduser().absolute() if home else default_home(environment),
            base=base_iri(base) if base else None,
            encoder=environment.get("KG_ENCODER") or None,
            vectors=milvus_address(vectors) if vectors else None,
        )


def base_iri(text: str) -> str:
    """The IRI below which to name things, with the slash at its end. Raises SettingError."""
    iri = address(text)
    if iri is None or "#" in text or "?" in text:
        message = (
            f"The base “{text}” is no web address to name things below; write https://example.org/graph/."
        )
        raise SettingError(message)
    return f"{iri.value.rstrip('/')}/"


def milvus_address(text: str) -> str:
    """The address of a Milvus, a path being absolute. Raises SettingError."""
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc:
        return text
    if text.endswith(".db") and not parts.scheme:
        return str(Path(text).expanduser().absolute())
    message = (
        f"“{text}” (KG_VECTORS) is no address of a Milvus; write https://host:19530, or the path of a file "
        "that ends in .db. A token belongs into KG_VECTORS_TOKEN."
    )
    raise SettingError(message)


def default_home(environment: Mapping[str, str]) -> Path:
    """`var/` in a checkout, else the data folder of the XDG Base Directory Specification."""
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "var"
    data = environment.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "ai-factories-kg"

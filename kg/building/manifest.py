"""The manifest of a release: what it says about itself."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = 2


@dataclass(frozen=True)
class Manifest:
    """What a release says about itself.

    `counts` are of "quads" (without those that count the others), "graphs" and so on. `journal` is the number
    of the last online write it holds, and `follows` that of the release on which an online write made it, 0
    for a build. `is_complete` tells whether all that follows from the ontology was inferred. `steps_of` is
    the tag of the earlier state that the further steps were run on; '' is this one.
    """

    version: int
    origin: str
    base: str
    created: str = ""
    inputs: str = ""
    quads_digest: str = ""
    journal: int = 0
    follows: int = 0
    is_complete: bool = True
    counts: dict[str, int] = field(default_factory=dict)
    title: dict[str, str] = field(default_factory=dict)
    ontology: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps_of: str = ""
    layout: int = LAYOUT

    def write(self, path: Path) -> None:
        """Write the manifest as JSON, through to the disk."""
        with path.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=2, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest in a file. Raises ReleaseError when it cannot be read or is of another layout."""
        try:
            members = json.loads(path.read_text(encoding="utf-8"))
            if members["layout"] != LAYOUT:
                message = (
                    f"{path} has layout {members['layout']}, this version reads {LAYOUT}; run `kg build`."
                )
                raise ReleaseError(message)
            return cls(
                **{
                    **members,
                    "languages": tuple(members["languages"]),
                    "warnings": tuple(members["warnings"]),
                }
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseError(f"{path} is not a manifest ({error}); run `kg build`.") from error

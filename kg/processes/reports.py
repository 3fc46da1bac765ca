"""Errors of ours told by a process to the one that started it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg import errors

if TYPE_CHECKING:
    from kg.errors import KGError

MEMBERS = ("line", "column", "suggestion", "report")


def told(error: KGError) -> dict[str, Any]:
    """What there is to say of an error, as JSON has it."""
    members = {name: value for name, value in vars(error).items() if name in MEMBERS}
    return {"error": type(error).__name__, "message": str(error), **members}


def heard(payload: bytes) -> KGError:
    """The error that was told."""
    said: dict[str, Any] = json.loads(payload)
    kind: type[KGError] = getattr(errors, said["error"])
    return kind(said["message"], **{name: said[name] for name in MEMBERS if name in said})

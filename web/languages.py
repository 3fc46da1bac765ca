"""In which languages a client wants to read names."""

from __future__ import annotations

import re

from flask import request

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
INTERFACE = "en"
MOST = 8


def wanted() -> list[str]:
    """Primary languages, best first: of `?lang=`, then of `Accept-Language`, then the interface's own."""
    asked = [request.args.get("lang", ""), *(tag for tag, _ in request.accept_languages)]
    found = [tag.split("-")[0].lower() for tag in asked if TAG.fullmatch(tag)]
    return list(dict.fromkeys([*found[:MOST], INTERFACE]))


def chosen() -> str | None:
    """The language that the client named by `?lang=`, if it did."""
    tag = request.args.get("lang", "")
    return tag.split("-")[0].lower() if TAG.fullmatch(tag) else None

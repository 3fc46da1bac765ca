"""Graphs held against shapes, those of DCAT-AP among them where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import SH, Graph

W3C = Path(os.environ.get("KG_W3C", Path(__file__).parent.parent.parent / "shared" / "w3c")) / "dcat-ap"


def violations(data: Graph, shapes: Graph) -> str:
    is_valid, _, told = validate(data, shacl_graph=shapes)
    return "" if is_valid else told


def dcat_ap() -> Graph:
    """The shapes of DCAT-AP 3.0.1 and of its ranges, which name shapes of each other and a few of neither."""
    if not W3C.is_dir():
        pytest.skip(f"{W3C} is absent")
    shapes = Graph().parse(W3C / "dcat-ap-SHACL.ttl").parse(W3C / "ranges.ttl")
    for shape, named in list(shapes.subject_objects(SH.property)):
        if (named, SH.path, None) not in shapes:
            shapes.remove((shape, SH.property, named))
    return shapes

from __future__ import annotations

from pathlib import Path

import pytest

from kg.imports import formats
from kg.store import RdfFormat


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.nt", RdfFormat.N_TRIPLES),
        ("a.nq.gz", RdfFormat.N_QUADS),
        ("a.b.TTL", RdfFormat.TURTLE),
        ("a.trig", RdfFormat.TRIG),
        ("a.rdf.GZ", RdfFormat.RDF_XML),
        ("a.jsonld", RdfFormat.JSON_LD),
        ("a.gz", None),
        ("ttl", None),
        ("a.csv", None),
    ],
)
def test_a_name_promises_a_format(name: str, form: RdfFormat | None) -> None:
    assert formats.by_name(Path(name)) == form


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ("<a:s> <a:p> 'o' .", RdfFormat.TRIG),
        ('<a:s> <a:p> "o" .\n', RdfFormat.N_QUADS),
        ('# said by\n\n_:s <a:p> "o" <a:g> .\n_:s <a:p>', RdfFormat.N_QUADS),
        ("@prefix a: <a:> .", RdfFormat.TRIG),
        ("PREFIX a: <a:>", RdfFormat.TRIG),
        ("#\n  a:s a:p a:o", RdfFormat.TRIG),
        ("[ a:p a:o ] .", RdfFormat.TRIG),
        ("[] a:p a:o .", RdfFormat.TRIG),
        ("{ a:s a:p a:o }", RdfFormat.TRIG),
        ("GRAPH a:g {", RdfFormat.TRIG),
        ('<?xml version="1.0"?>', RdfFormat.RDF_XML),
        ("\n<rdf:RDF xmlns", RdfFormat.RDF_XML),
        ("<!DOCTYPE rdf:RDF [", RdfFormat.RDF_XML),
        ('{ "@context": {', RdfFormat.JSON_LD),
        ('[\n{"@id"', RdfFormat.JSON_LD),
        ("{}", RdfFormat.JSON_LD),
        ("<!doctype HTML><html>", None),
        ("<html>", None),
        ("id,name\n1,a", None),
        ("%PDF-1.7", None),
        ("PK\x03\x04", None),
        ("", None),
    ],
)
def test_the_beginning_of_a_document_tells_its_format(head: str, form: RdfFormat | None) -> None:
    assert formats.by_content(head.encode()) == form


def test_a_web_page_is_known_as_one() -> None:
    assert formats.is_web_page(b"  <!DOCTYPE html>")
    assert not formats.is_web_page(b"<?xml version='1.0'?>")

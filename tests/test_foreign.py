"""Files from elsewhere, good and hostile, read by the real process."""

from __future__ import annotations

import gzip
import os
import random
import re
import socket
import sys
import threading
import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ForeignDataError
from kg.imports.foreign import Foreign, ImportLimits, read_foreign
from kg.iris import Iris
from kg.progress import silent
from kg.store import RdfFormat, parse_quads, serialize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

IRIS = Iris("http://our/")
MIB = 1 << 20
TURTLE = "@prefix e: <http://e/> . e:a e:p e:b ; e:q 'é', 1.50 ."
LINES = [
    "<http://e/a> <http://e/p> <http://e/b> <http://our/source/{}> .",
    '<http://e/a> <http://e/q> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://our/source/{}> .',
    '<http://e/a> <http://e/q> "é" <http://our/source/{}> .',
]
RDF_XML = """<?xml version="1.0"?>{}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:e="http://e/"><rdf:Description rdf:about="http://e/a"><e:p>{}</e:p></rdf:Description></rdf:RDF>"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[Foreign, list[str]]]:
    """Reads documents, given as the name and content of each, and checks that nothing is left lying."""
    numbers = count()

    def read(limits: ImportLimits | None = None, **documents: bytes | str) -> tuple[Foreign, list[str]]:
        number = next(numbers)
        inputs, outputs = tmp_path / f"in-{number}", tmp_path / f"out-{number}"
        inputs.mkdir()
        outputs.mkdir()
        files = []
        for name, content in documents.items():
            files.append(inputs / name.replace("_", "."))
            files[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
        target = outputs / "all.nq"
        try:
            foreign = read_foreign(files, target, IRIS, limits or ImportLimits(seconds=20), silent)
        except ForeignDataError:
            assert not list(outputs.iterdir())
            raise
        assert list(outputs.iterdir()) == [target]
        return foreign, target.read_text(encoding="utf-8").splitlines()

    return read


def refusal(read: Callable[..., object], limits: ImportLimits | None = None, **documents: bytes | str) -> str:
    start = time.monotonic()
    with pytest.raises(ForeignDataError) as caught:
        read(limits, **documents)
    assert time.monotonic() - start < 10
    words = str(caught.value)
    assert words.endswith(".")
    assert "\n" not in words
    return words


def in_format(form: RdfFormat) -> bytes:
    triples = [quad.triple for quad in parse_quads(TURTLE.encode(), RdfFormat.TURTLE)]
    return serialize(triples, format=form, prefixes={"e": "http://e/"}) or b""


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        ("nt", RdfFormat.N_TRIPLES),
        ("nq", RdfFormat.N_QUADS),
        ("ttl", RdfFormat.TURTLE),
        ("trig", RdfFormat.TRIG),
        ("rdf", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
    ],
)
def test_each_format_gives_the_same_quads(
    read: Callable[..., tuple[Foreign, list[str]]],
    suffix: str,
    form: RdfFormat,
    pack: Callable[[bytes], bytes],
) -> None:
    document = pack(in_format(form))
    expected = [line.format("data") for line in LINES]
    assert read(**{f"Data_{suffix}": document})[1] == expected
    assert read(Data=document)[1] == expected, "known by its content"
    if pack is gzip.compress:
        assert read(**{f"Data_{suffix}_gz": document})[1] == expected


def test_counts_sources_and_prefixes_are_told(read: Callable[..., tuple[Foreign, list[str]]]) -> None:
    foreign, lines = read(
        Zürich_Ä_ttl=TURTLE,
        data_nt='<http://e/a> <http://e/p> "1" .\n' * 2,
        data_ttl="@prefix e: <http://other/> . @prefix f: <http://f/> . f:a f:p 1 .",
        editorial_rdf=RDF_XML.format("", "1"),
        **{"!_jsonld": '{"@context": {"g": "http://g/"}, "@id": "g:a", "g:p": 1}'},
    )
    slugs = [source.value.removeprefix("http://our/source/") for source in foreign.sources]
    assert slugs == ["zurich-a", "data", "data-2", "editorial-2", "file"]
    assert foreign.quads == len(lines) == 7
    assert lines == sorted(lines)
    assert {name: foreign.prefixes[name] for name in "efg"} == {
        "e": "http://e/",
        "f": "http://f/",
        "g": "http://g/",
    }


def test_named_graphs_keep_their_names_and_blank_ones_get_one(
    read: Callable[..., tuple[Foreign, list[str]]],
) -> None:
    _, lines = read(data_trig="PREFIX e: <http://e/> e:a e:p 1 . e:g { e:a e:p 2 } _:g { e:a e:p 3 }")
    graphs = [line.split()[-2] for line in lines]
    assert graphs[:2] == ["<http://our/source/data>", "<http://e/g>"]
    assert graphs[2].startswith("<http://our/.well-known/genid/data/")


def test_relative_iris_are_resolved_against_the_source(
    read: Callable[..., tuple[Foreign, list[str]]],
) -> None:
    _, (line,) = read(data_ttl="<> <#p> <../x> .")
    assert line.split()[:3] == ["<http://our/source/data>", "<http://our/source/data#p>", "<http://our/x>"]


def test_the_mark_of_utf8_is_no_part_of_the_text(read: Callable[..., tuple[Foreign, list[str]]]) -> None:
    assert len(read(data_ttl=b"\xef\xbb\xbf" + TURTLE.encode())[1]) == 3


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations("abcd"), st.randoms())
def test_blank_nodes_get_the_same_iris_whatever_their_names_and_order(
    read: Callable[..., tuple[Foreign, list[str]]], names: list[str], chance: random.Random
) -> None:
    a, b, c, d = names
    statements = [f"_:{a} e:p _:{b} .", f"_:{b} e:p _:{a}, 1 .", f"e:x e:p _:{c}, _:{d} .", f"_:{c} e:q 2 ."]
    shuffled = list(statements)
    chance.shuffle(shuffled)
    plain = "_:u e:p _:v . _:v e:p _:u, 1 . e:x e:p _:w, _:z . _:w e:q 2 ."
    prefix = "@prefix e: <http://e/> . "
    _, lines = read(data_ttl=prefix + " ".join(shuffled))
    assert lines == read(data_ttl=prefix + plain)[1]
    assert not any("_:" in line for line in lines)


def test_progress_is_told_by_the_mebibyte(tmp_path: Path) -> None:
    document = tmp_path / "data.nt"
    document.write_text("".join(f'<http://e/{n}> <http://e/p> "{"x" * 1000}" .\n' for n in range(2500)))
    told: list[tuple[int, int | None]] = []

    def progress(items: Iterable[None], description: str, total: int | None = None) -> Iterable[None]:
        for number, item in enumerate(items, 1):
            told.append((number, total))
            yield item

    read_foreign([document], tmp_path / "target.nq", IRIS, ImportLimits(), progress)
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        ({"a": ""}, "a is empty; give "),
        ({"a_nt": " \n# nothing\n"}, "a.nt states nothing"),
        ({"a_json": '{"name": "x"}'}, "a.json states nothing"),
        ({"a": "id,name\n1,x"}, "a is in no known format; give JSON-LD, N-Quads, "),
        ({"a": "<!DOCTYPE html><html></html>"}, "a is a web page; give "),
        ({"a_nt": "<http://e/a> <http://e/p> .\n"}, "a.nt is not N-Triples at line 1, column 27: "),
        (
            {"a_nt": '<http://e/a> <http://e/p> "1" .\n<b> <p> "1" .'},
            "a.nt is not N-Triples at line 2, column 1: ",
        ),
        ({"a_ttl": "@prefix e: <http://e/> .\ne:a e:p x:b ."}, "a.ttl is not Turtle at line 2, column 9: "),
        ({"a_jsonld": '{"@id": }'}, "a.jsonld is not JSON-LD at line 1, column 9: "),
        ({"a_ttl": TURTLE.encode("latin-1")}, "Invalid UTF-8: .*; save it as UTF-8."),
        ({"a_ttl": TURTLE.encode("utf-16")}, "a.ttl is written in UTF-16; save it as UTF-8."),
        ({"a_rdf": RDF_XML.format("", "é").replace("?>", ' encoding="latin1"?>', 1)}, "UTF-8"),
        ({"a_ttl": "<a:b> <a:b> 'a\0b' ."}, "a.ttl holds a NUL character"),
        (
            {"a_ttl_gz": gzip.compress(TURTLE.encode())[:-9]},
            "a.ttl.gz cannot be unpacked .*; fetch ",
        ),
        (
            {"a_ttl_gz": b"\x1f\x8b\x08\x00garbage, garbage"},
            "a.ttl.gz cannot be unpacked .*; fetch ",
        ),
        ({"a_rdf": RDF_XML.format("", "x").removesuffix("</rdf:RDF>")}, "ends before its last end tag"),
        ({"a_rdf": RDF_XML.format("", "x")[:-5]}, "a.rdf is not RDF/XML: "),
        ({"b_ttl": TURTLE, "a_ttl": "<"}, "a.ttl is not Turtle"),
        ({"a_json": '{"@context": "http://127.0.0.1:9/c"}'}, "a.json names a remote JSON-LD context"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_told_with_file_place_and_remedy(
    read: Callable[..., object], documents: dict[str, str | bytes], words: str
) -> None:
    assert re.search(words, refusal(read, **documents))


def clique(size: int) -> str:
    """A graph whose blank nodes nothing tells apart (RDFC-1.0, section 7.1)."""
    edges = (f"_:n{a} <http://e/p> _:n{b} .\n" for a in range(size) for b in range(size) if a != b)
    return "".join(edges)


def entities(levels: int) -> str:
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return RDF_XML.format(f'<!DOCTYPE rdf:RDF [<!ENTITY e0 "laughter">{nested}]>', f"&e{levels - 1};")


def wide_entity() -> str:
    return RDF_XML.format(f'<!DOCTYPE rdf:RDF [<!ENTITY e "{"x" * MIB}">]>', "&e;" * 1000)


HOSTILE = [
    ({"a_nt_gz": gzip.compress(b" " * 100 * MIB)}, "a.nt.gz unpacks to more than 33554432 bytes"),
    (
        {"a_ttl_gz": gzip.compress(b"<a:b> <a:b> '" + b"x" * 30 * MIB)},
        "a.ttl.gz is not Turtle|longer than 16 MiB|more memory",
    ),
    ({"a_rdf": entities(12)}, "a.rdf needs more memory than 128 MiB to read"),
    ({"a_rdf": wide_entity()}, "a.rdf needs more memory than 128 MiB to read|N-Quads of more than"),
    ({"a_nt": clique(11)}, "a.nt has blank nodes that 1 s do not tell apart; give them IRIs.|more memory"),
    ({"a_ttl": f"@prefix e: <http://e/{'x' * 9999}> . " + "e:a e:b e:c, e:d .\n" * 2000}, "makes N-Quads of"),
    ({"a_nt": "<a:b> <a:b> <a:b> .\n" * 10_001}, "a.nt has more than 10000 statements"),
    ({"a_nt": b"x" * (16 * MIB + 1)}, "The files have 16777217 bytes and may have 16777216; split them"),
    ({"a_jsonld": "[" * 100_000}, "a.jsonld is not JSON-LD"),
    ({"a_ttl": "<a:b> <a:b> " + "(" * 100_000}, "a.ttl has more than 10000 statements"),
    ({"a_ttl": "<a:b> <a:b> " + "<<( <a:b> <a:b> " * 100_000}, "a.ttl is not Turtle"),
]


@pytest.mark.parametrize(("documents", "words"), HOSTILE, ids=[words[:30] for _, words in HOSTILE])
def test_hostile_files_are_refused_in_time(
    read: Callable[..., object], documents: dict[str, str | bytes], words: str
) -> None:
    limits = ImportLimits(
        bytes=16 * MIB,
        expanded_bytes=32 * MIB,
        quads=10_000,
        seconds=8,
        naming_seconds=1,
        memory=128 * MIB,
    )
    assert re.search(words, refusal(read, limits, **documents))


def test_a_deadline_ends_what_goes_on(read: Callable[..., object]) -> None:
    words = refusal(read, ImportLimits(seconds=1), a_nt=clique(11))
    assert words == "Reading took longer than 1 s; split the files, or raise the limit."
    words = refusal(read, ImportLimits(naming_seconds=1), a_nt=clique(11))
    assert words == "a.nt has blank nodes that 1 s do not tell apart; give them IRIs."


@pytest.mark.parametrize(
    "document",
    [
        {"a_jsonld": '{{"@context": "{0}context", "@id": "http://e/a", "p": 1}}'},
        {"a_jsonld": '{{"@context": {{"@import": "{0}context"}}, "@id": "http://e/a", "p": 1}}'},
        {"a_rdf": RDF_XML.format('<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "{0}">]>', "&x;")},
        {"a_rdf": RDF_XML.format('<!DOCTYPE rdf:RDF SYSTEM "{0}dtd">', "1")},
        {"a_rdf": RDF_XML.format('<!DOCTYPE rdf:RDF [<!ENTITY % x SYSTEM "{0}"> %x;]>', "1")},
    ],
    ids=["context", "imported context", "entity", "document type", "parameter entity"],
)
def test_nothing_is_fetched(read: Callable[..., object], document: dict[str, str]) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with suppress(ForeignDataError):
            read(**{name: text.format(address) for name, text in document.items()})
        with socket.create_connection(server.getsockname()) as connection:
            connection.send(b"ours")
        thread.join(30)
    assert heard == [b"ours"]


def test_no_file_is_read_through_an_entity(read: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    declaration = f'<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    assert "secret" not in refusal(read, a_rdf=RDF_XML.format(declaration, "&x;"))


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nt")
    for name, words in (("", "is not a file"), ("pipe.nt", "is not a file"), ("no.nt", "does not exist")):
        with pytest.raises(ForeignDataError, match=words):
            read_foreign([tmp_path / name], tmp_path / "all.nq", IRIS, ImportLimits(), silent)


def test_a_reader_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ForeignDataError, match="try again"):
        read_foreign([tmp_path / "a.ttl"], tmp_path / "all.nq", IRIS, ImportLimits(), silent)


def test_a_file_cannot_speak_for_what_only_a_build_writes(
    read: Callable[..., tuple[Foreign, list[str]]],
) -> None:
    forged = (
        f"GRAPH {IRIS.catalogue_graph} {{ {IRIS.source('x')} <http://purl.org/dc/terms/title> 'Forged' }}"
    )
    _, lines = read(data_trig=forged)
    assert [line.rsplit(" ", 2)[1] for line in lines] == [str(IRIS.source("data"))]


def test_a_term_without_end_is_told_as_such(read: Callable[..., tuple[Foreign, list[str]]]) -> None:
    with pytest.raises(ForeignDataError, match="a line or a term longer than 16 MiB"):
        read(data_nt=f'<http://e/s> <http://e/p> "{"x" * 20 * MIB}" .\n')

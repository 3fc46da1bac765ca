"""The file of sorted N-Quads: what goes in comes out, found by subject, compared line by line."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import nquads
from kg.store import IRI, EmbeddedStore, Literal, Quad, bulk_load

XSD = "http://www.w3.org/2001/XMLSchema#"
names = st.text("abcdé-", min_size=1, max_size=3).map(lambda name: IRI(f"https://example.org/{name}"))
texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
literals = st.one_of(
    texts.map(Literal),
    texts.map(lambda text: Literal(text, language="it")),
    st.sampled_from(["1.50", "01", "+2"]).map(lambda text: Literal(text, datatype=IRI(f"{XSD}decimal"))),
)
quads = st.sets(st.builds(Quad, names, names, st.one_of(names, literals), names), max_size=12)


@given(quads)
def test_a_file_gives_back_its_quads_with_their_lexical_forms(some: set[Quad]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.nq"
        assert nquads.write(path, map(nquads.line, some)) == len(some)
        assert list(nquads.read(path)) == sorted(some, key=nquads.line)
        for quad in some:
            assert set(nquads.about(path, quad.subject)) == {q for q in some if q.subject == quad.subject}
        assert nquads.about(path, IRI("https://example.org/absent")) == []


@given(quads, quads)
def test_the_difference_of_two_files_is_that_of_their_quads(old: set[Quad], new: set[Quad]) -> None:
    with TemporaryDirectory() as folder:
        first, second = Path(folder) / "old.nq", Path(folder) / "new.nq"
        nquads.write(first, map(nquads.line, old))
        nquads.write(second, map(nquads.line, new))
        changes = set(nquads.difference(first, second))
        assert changes == {("-", nquads.line(q)) for q in old - new} | {
            ("+", nquads.line(q)) for q in new - old
        }


@given(quads)
def test_the_order_of_the_input_does_not_change_a_byte(some: set[Quad]) -> None:
    with TemporaryDirectory() as folder:
        first, second = Path(folder) / "one.nq", Path(folder) / "two.nq"
        ordered = [nquads.line(quad) for quad in some]
        nquads.write(first, ordered)
        nquads.write(second, [*reversed(ordered), *ordered])
        assert nquads.digest(first) == nquads.digest(second)


def test_what_does_not_fit_into_memory_at_once_is_sorted_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(nquads, "RUN", 1000)
    lines = [f'<http://e/{n % 97}> <http://e/p> "{n % 89}" <http://e/g> .' for n in range(9000)]
    assert nquads.write(tmp_path / "data.nq", lines) == len(set(lines))
    assert (tmp_path / "data.nq").read_text().splitlines() == sorted(set(lines))
    assert [path.name for path in tmp_path.iterdir()] == ["data.nq"], "the files between are gone"


def test_a_store_is_loaded_from_the_file(tmp_path: Path) -> None:
    quad = Quad(IRI("https://e.org/s"), IRI("https://e.org/p"), Literal('a\n"b"\\'), IRI("https://e.org/g"))
    nquads.write(tmp_path / "data.nq", [nquads.line(quad)])
    bulk_load(tmp_path / "store", tmp_path / "data.nq")
    store = EmbeddedStore.open(tmp_path / "store")
    assert list(store.quads()) == [quad]
    assert list(store.graphs()) == [quad.graph_name]
    assert len(store) == 1
    assert store.ask("ASK { ?s ?p ?o }"), "the default graph is the union of the named ones"

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyoxigraph
import pytest

from benchmarks import kinds, report
from benchmarks.analytic import ANALYTIC
from benchmarks.clients import CSV, JSON, Embedded, Measured
from benchmarks.cloud import Cloud
from benchmarks.measuring import Question, Results, rows_of
from benchmarks.mix import EXPLORING, PREFIXES, ROWS, VARIANTS, exploring, variants
from benchmarks.peers import EMBEDDED, OURS, Peer, missing
from benchmarks.population import Population

SMALL = Population(10_000)
PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population")
    SMALL.write(folder / "explore.nt")
    made = pyoxigraph.Store(str(folder / "store"))
    made.bulk_load(path=str(folder / "explore.nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    made.flush()
    return str(folder / "store")


def test_population_is_the_same_each_time_and_as_large_as_asked():
    lines = list(SMALL.lines())
    assert lines == list(SMALL.lines())
    assert len(lines) == len(set(lines))
    assert 0.98 * SMALL.triples < len(lines) <= SMALL.triples


def test_each_exploring_query_finds_something_and_is_asked_about_several_things(store):
    engine = Embedded(store)
    assert len(EXPLORING) == 12
    for name, queries in exploring(SMALL).items():
        assert sum(rows_of(engine.ask(query, JSON)) for query in queries), name
        assert len(queries) == VARIANTS


@pytest.mark.parametrize("query", ANALYTIC, ids=lambda query: query.name)
def test_a_rewritten_analytic_query_has_the_same_answer(store, query):
    engine = Embedded(store)
    written, rewritten = (
        engine.ask(PREFIXES + text, CSV).splitlines() for text in (query.written, query.rewritten)
    )
    assert written == rewritten
    assert len(written) > 1


def test_as_many_rows_as_wanted(store):
    (query,) = set(variants(ROWS, SMALL, 1000))
    assert rows_of(Embedded(store).ask(query, JSON)) == 1000


def test_table_tells_medians_and_ratios_and_what_was_not_measured():
    results, questions = Results(), [Question("one", ()), Question("other", ())]
    for name, seconds in (("one", 0.002), ("other", 0.008)):
        results.add(Question(name, ()), Peer(OURS), 1, [Measured((seconds,) * 3, 3 * seconds, 1)])
    results.add(questions[0], Peer(EMBEDDED), 1, [Measured((0.001,), 0.001, 1)])
    lines = list(report.times(results, questions, [OURS, EMBEDDED], 1))
    assert lines[0] == "| ms, 1 client | rows | kg serve | in-process |"
    assert "| one | 0 | 2.00 | 1.00 |" in lines
    assert "| other | 0 | 8.00 | – |" in lines
    assert "| **geometric mean** |  | 4.00 | – |" in lines


def test_peers_that_cannot_be_measured_are_told_with_the_reason():
    assert "left out above" in missing(10_000_000)["rdflib"]


@pytest.mark.slow
def test_exploring_runs_through_the_service():
    command = [sys.executable, "-m", "benchmarks", "exploring", "--sizes", "20000", "--clients", "1"]
    command += ["--rounds", "1", "--seconds", "0.02", "--peers", EMBEDDED, "oxigraph serve"]
    done = subprocess.run(
        [*command, "--parts", "mix", "tiny", "rows", "analytic"],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "| **times ours** |  | 1.00 |" in done.stdout
    for part in ("The explore mix", "Tiny queries", "Results with many rows", "Analytic queries"):
        assert f"### {part}" in done.stdout
    assert "gave" not in done.stdout, "the peers disagree"


def test_generated_vectors_are_unit_vectors_not_about_the_origin_and_the_same_each_time(tmp_path):
    vectors = Cloud().write(tmp_path / "vectors.npy", 3000)
    np.testing.assert_array_equal(vectors, Cloud().draw(3000))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert 0.35 < np.linalg.norm(vectors.mean(axis=0)) < 0.5


def test_kinds_of_vector_indexes_are_measured_against_the_true_neighbours(tmp_path):
    path = tmp_path / "vectors.npy"
    vectors = Cloud().write(path, 3000)
    true = kinds.neighbours(vectors)
    cosines = kinds.questions(vectors, kinds.QUESTIONS) @ np.asarray(vectors).T
    assert true.tolist() == np.argsort(-cosines, axis=1)[:, : kinds.TOP].tolist()
    np.save(tmp_path / "vectors.true.npy", true)
    for kind in ("Flat", kinds.OURS):
        (tmp_path / kind).mkdir()
        told = kinds.measured(kind, path, tmp_path / kind)
        assert told["recall"] == 1
        assert told["p50"] <= told["p95"]


@pytest.mark.slow
def test_answering_is_measured_on_a_small_graph():
    command = [sys.executable, "-m", "benchmarks", "answering", "--parts", "compiling", "--compiled", "5000"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    for step in ("survey", "profile", "lexicon", "values", "opening", "together"):
        assert f"| {step} |" in done.stdout

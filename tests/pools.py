"""What tests ask of a pool of workers, and wait for."""

from __future__ import annotations

import time
from contextlib import contextmanager

from kg.store import bulk_load
from kg.workers.evaluator import Evaluator
from kg.workers.limits import Limits

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def made(folder, names):
    """A store in which each name says its place among them."""
    lines = [f'<http://e/{name}> <http://e/p> "{number}" <http://e/g> .' for number, name in enumerate(names)]
    (folder / "data.nq").write_text("\n".join(lines))
    bulk_load(folder / "store", folder / "data.nq")
    return folder / "store"


@contextmanager
def evaluating(store_path, hold=None, **limits):
    """An evaluator with a pool of its own."""
    asked = Limits(**{"deadline": 20, **limits})
    with Evaluator(store_path, {}, "http://e/", asked, hold=hold) as evaluator:
        yield evaluator


def state(evaluator):
    """What the pool says of itself."""
    return evaluator._line.ask({"state": True})


def running(evaluator):
    """The queries that run and wait."""
    return evaluator._line.ask({"queries": True})["queries"]


def cancel_all(evaluator):
    """End all that run and wait."""

    def is_quiet():
        found = running(evaluator)
        for one in found:
            evaluator._line.ask({"cancel": one["id"]})
        return not found

    wait_until(is_quiet)


def wait_until(condition, seconds=30.0):
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)

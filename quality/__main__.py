"""Measure the search: `python -m quality search`; over a collection: `python -m quality retrieval`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kg.errors import KGError
from quality import page
from quality.collection import Collection
from quality.finding import measured_release, searches
from quality.measuring import measure, query_sets, tables, write_failures
from quality.queries import CHECKOUT
from quality.retrieval import retrieve
from search.encoder import load_encoder

PAGE = CHECKOUT / "docs" / "quality.md"


def main() -> None:
    """Run what the command line asks for; what the search misses is no failure of the command."""
    chosen = _arguments()
    try:
        chosen.run(chosen)
    except (KGError, OSError) as error:
        sys.exit(str(error))


def _search(chosen: argparse.Namespace) -> None:
    with measured_release(chosen.home) as release:
        sets = [found for found in query_sets(release) if not chosen.sets or found.name in chosen.sets]
        found = measure(sets, searches(release, load_encoder()))
    lines = list(tables(sets, found))
    print("\n".join(lines))
    if chosen.failures:
        write_failures(chosen.failures, sets, found)
    if not chosen.sets and chosen.home is None:
        page.write(PAGE, "search", lines)


def _retrieval(chosen: argparse.Namespace) -> None:
    collection = Collection.read(chosen.documents, chosen.queries, chosen.qrels)
    print(f"nDCG@10 {retrieve(collection):.3f} over {len(collection.queries)} queries")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m quality", description="Measure the search.")
    commands = parser.add_subparsers(required=True, metavar="search|retrieval")
    _search_arguments(commands.add_parser("search", help="over queries with known answers"))
    _retrieval_arguments(commands.add_parser("retrieval", help="over a collection of plain documents"))
    return parser.parse_args()


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sets", nargs="*", metavar="set", help="names of sets; else all and docs/quality.md")
    parser.add_argument("--home", type=Path, help="a KG_HOME; without, the shipped facts are built")
    parser.add_argument("--failures", type=Path, help="a file for what was missed, but for what is held out")
    parser.set_defaults(run=_search)


def _retrieval_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--documents", type=Path, required=True, help="a folder with a file a document")
    parser.add_argument("--queries", type=Path, required=True, help="lines of id, tab, text")
    parser.add_argument("--qrels", type=Path, required=True, help="lines of query, 0, document, degree")
    parser.set_defaults(run=_retrieval)


if __name__ == "__main__":
    main()

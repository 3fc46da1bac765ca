"""Measure the search: `python -m quality search`; over a collection: `retrieval`; the answers: `answers`.

`reconciliation` measures how names of tables are found, and `calibrate` fits the confidence of answers.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kg.errors import KGError
from quality import calibrating, reconciliation
from quality.answering import measured
from quality.answering import page as answers_page
from quality.answers import Wanted, examined, sittings
from quality.answers import write_failures as write_wrong_answers
from quality.collection import Collection
from quality.finding import measured_release, searches
from quality.measuring import measure, query_sets, tables, write_failures
from quality.queries import CHECKOUT, DEVELOPMENT
from quality.retrieval import retrieve
from search.encoder import load_encoder
from search.examining.page import write
from search.examining.tables import overview
from search.ranking import Finder
from search.reconciliation import Reconciler

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
        write(PAGE, "search", lines)


def _reconciliation(chosen: argparse.Namespace) -> None:
    with measured_release(chosen.home) as release:
        reconciler = Reconciler.of(Finder.open(release, None))
        found = reconciliation.measured(release, reconciler)
    lines = list(reconciliation.tables(found))
    print("\n".join(lines))
    if chosen.failures:
        reconciliation.write_failures(chosen.failures, found[DEVELOPMENT])
    if chosen.home is None:
        write(PAGE, "reconciliation", lines)


def _retrieval(chosen: argparse.Namespace) -> None:
    collection = Collection.read(chosen.documents, chosen.queries, chosen.qrels)
    print(f"nDCG@10 {retrieve(collection):.3f} over {len(collection.queries)} queries")


def _answers(chosen: argparse.Namespace) -> None:
    if chosen.files:
        _over_files(chosen)
        return
    lines = list(answers_page(*measured(chosen.homes)))
    print("\n".join(lines))
    if chosen.write:
        write(chosen.write, "answers", lines)


def _calibrate(chosen: argparse.Namespace) -> None:
    calibrating.write(calibrating.fitted(chosen.homes))


def _over_files(chosen: argparse.Namespace) -> None:
    wanted = Wanted(frozenset(chosen.lang), frozenset(chosen.kind))
    files = sittings(chosen.files, chosen.home)
    found = list(examined(files, wanted, by_meaning=not chosen.without_meaning))
    print("\n".join(overview(found)))
    if chosen.failures:
        write_wrong_answers(chosen.failures, found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m quality", description="Measure the search and the answers."
    )
    commands = parser.add_subparsers(required=True, metavar="SUBJECT")
    _search_arguments(commands.add_parser("search", help="over queries with known answers"))
    _reconciliation_arguments(commands.add_parser("reconciliation", help="over spoilt names of things"))
    _retrieval_arguments(commands.add_parser("retrieval", help="over a collection of plain documents"))
    _answers_arguments(commands.add_parser("answers", help="over questions with known answers"))
    calibrate = commands.add_parser("calibrate", help="fit the confidence of answers")
    calibrate.add_argument(
        "--homes", type=Path, help="a folder with a KG_HOME a graph; without, they are made"
    )
    calibrate.set_defaults(run=_calibrate)
    return parser.parse_args()


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sets", nargs="*", metavar="set", help="names of sets; else all and docs/quality.md")
    parser.add_argument("--home", type=Path, help="a KG_HOME; without, the shipped facts are built")
    parser.add_argument("--failures", type=Path, help="a file for what was missed, but for what is held out")
    parser.set_defaults(run=_search)


def _reconciliation_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, help="a KG_HOME; without, the shipped facts are built")
    parser.add_argument("--failures", type=Path, help="a file for what was missed, but for what is held out")
    parser.set_defaults(run=_reconciliation)


def _retrieval_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--documents", type=Path, required=True, help="a folder with a file a document")
    parser.add_argument("--queries", type=Path, required=True, help="lines of id, tab, text")
    parser.add_argument("--qrels", type=Path, required=True, help="lines of query, 0, document, degree")
    parser.set_defaults(run=_retrieval)


def _answers_arguments(parser: argparse.ArgumentParser) -> None:
    files = "questions, and the home to ask; without, all graphs that are there"
    parser.add_argument("files", nargs="*", metavar="FILE[:KG_HOME]", help=files)
    parser.add_argument("--homes", type=Path, help="a folder with a KG_HOME a graph; without, they are made")
    parser.add_argument(
        "--write", type=Path, help="a page to put all graphs into, between its marks “answers”"
    )
    parser.add_argument("--home", type=Path, help="for files without; else the shipped facts are built")
    parser.add_argument("--lang", action="append", default=[], help="only questions in this language")
    parser.add_argument("--kind", action="append", default=[], help="only questions of this type")
    parser.add_argument("--failures", type=Path, help="a file for what is not right, one object a line")
    parser.add_argument("--without-meaning", action="store_true", help="find related things by words only")
    parser.set_defaults(run=_answers)


if __name__ == "__main__":
    main()

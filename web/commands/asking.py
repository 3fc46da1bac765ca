"""Asking the graph: questions and SPARQL."""

from __future__ import annotations

import json
import sys
import time
from copy import copy
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from kg.errors import KGError, QueryRefused, QuerySyntaxError
from kg.iris import compress
from kg.labels import labels
from kg.sparql.plan import Plan
from kg.store import IRI
from kg.workers.evaluator import Evaluator
from kg.workers.limits import Limits
from web.commands.describing import source_line
from web.commands.home import choice, current_release, example
from web.commands.searching import opened_finder
from web.querying.excerpt import caret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.evaluation import Evaluation
    from kg.store import Term
    from search.answer import Answerer
    from search.contract import Answer
    from search.ranking import Finder

SOLUTIONS = {
    "table": "application/sparql-results+json",
    "json": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xml": "application/sparql-results+xml",
}
GRAPHS = {"table": "text/turtle", "ttl": "text/turtle", "nt": "application/n-triples"}
PLANS = ("table", "json")
WIDEST = 60


class NotAQuestion(KGError):
    """A line of a batch that cannot be read."""


@click.command(
    epilog=example(
        "kg ask 'Who hosts Leonardo?'", "kg ask --batch questions.jsonl --format json > answers.jsonl"
    )
)
@click.argument("question", required=False)
@click.option("--lang", help="Language of question and answer; without it the question tells.")
@click.option("--batch", type=click.File(encoding="utf-8"), help="Questions as JSON, one object a line.")
@choice("text", "json")
def ask(*, question: str | None, lang: str | None, batch: IO[str] | None, form: str) -> None:
    """Answer a question in plain language, or a batch of them.

    A line of a batch is an object with "question" and, if wanted, "lang", "id" and "context" (the questions
    before it, the oldest first); the answers are objects too, one a line, with "id" and "ms", that is how
    long the answer took without the search for what is related.
    """
    from search.answer import Answerer

    if (question is None) == (batch is None):
        raise click.UsageError("Give a QUESTION or --batch FILE.")
    finder = opened_finder(by_meaning=form == "json" or batch is not None)
    answerer = Answerer.open(finder.release, finder)
    if batch is not None:
        for members in _answers(answerer, batch, lang):
            click.echo(json.dumps(members, ensure_ascii=False))
            sys.stdout.flush()
        return
    answer = answerer.answer(question or "", lang)
    if form == "json":
        click.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell(answer, finder)


def _answers(answerer: Answerer, batch: IO[str], lang: str | None) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(batch, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            question = str(asked["question"])
        except (ValueError, KeyError, TypeError) as error:
            place = f"{batch.name}:{number}"
            raise NotAQuestion(
                f'{place}: not an object with "question"; write {{"question": "…"}}.'
            ) from error
        began = time.perf_counter()
        answer = answerer.answered(question, asked.get("lang") or lang, _context(asked))
        milliseconds = round(1000 * (time.perf_counter() - began), 3)
        members = answerer.with_related(answer).as_json()
        yield {**({"id": asked["id"]} if "id" in asked else {}), **members, "ms": milliseconds}


def _context(asked: dict[str, Any]) -> list[str]:
    """The questions before one, the oldest first."""
    context = asked.get("context") or []
    return [str(question) for question in (context if isinstance(context, list) else [context])]


def _tell(answer: Answer, finder: Finder) -> None:
    """The sentence, and below it what it rests on."""
    from search.wording import Wording

    if answer.outcome != "answer":
        click.echo(answer.message)
        for other in answer.alternatives:
            click.echo(f"  · {other['paraphrase']}")
        if answer.nearest:
            click.echo("  " + ", ".join(near["label"] for near in answer.nearest))
        return
    click.echo(answer.sentence)
    terms = {term for one in answer.evidence for term in (one.subject, one.predicate, one.object)}
    store, langs = finder.release.store, [answer.lang]
    called = finder.release.codes.names({one.predicate for one in answer.evidence}, langs)
    names = labels(store, [term for term in terms if isinstance(term, IRI)], langs)
    shown: dict[Term, str] = {term: name.text for term, name in (*names.items(), *called.items())}
    wording = Wording(answer.lang)

    def text(term: Term) -> str:
        return wording.value(term, shown)

    for one in answer.evidence:
        said = " ".join(text(term) for term in (one.subject, one.predicate, one.object))
        click.echo(f"  {said}  [{source_line(one.sources)}]")


@click.command(
    epilog=example(
        "kg evaluate 'SELECT * { ?s ?p ?o } LIMIT 3'",
        "kg evaluate -f query.rq --format csv",
        "kg evaluate --explain --deadline 600 < query.rq",
    )
)
@click.argument("query", required=False)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="File of the query."
)
@choice("table", "json", "csv", "tsv", "xml", "ttl", "nt")
@click.option(
    "--explain",
    is_flag=True,
    help="Show what the engine did, with the rows and the time of each step, and not the answer.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0.1),
    default=Limits.deadline,
    show_default=True,
    metavar="SECONDS",
    help="How long it may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(16),
    default=Limits.memory >> 20,
    show_default=True,
    metavar="MIB",
    help="How much memory it may take.",
)
def evaluate(
    *, query: str | None, file: Path | None, form: str, explain: bool, deadline: float, memory: int
) -> None:
    """Evaluate a SPARQL query: given as QUERY, in a file, or on stdin.

    It is evaluated as a stranger's would be: in a process without network, and within these limits. To be
    explained it is evaluated too, and measured, which takes longer. `kg sparql` is the same command.
    """
    if query is not None and file is not None:
        raise click.UsageError("Give QUERY or --file, not both.")
    if explain and form not in PLANS:
        raise click.UsageError(f"A plan is written as --format {' or '.join(PLANS)}.")
    text = query if query is not None else file.read_text(encoding="utf-8") if file else sys.stdin.read()
    release = current_release()
    limits = Limits(deadline=deadline, memory=memory << 20)
    with (
        Evaluator(release.store_path, release.prefixes, release.iris.base, limits) as evaluator,
        _begun(evaluator, text, form, explain=explain) as evaluation,
    ):
        _write(evaluation, form)


def _begun(evaluator: Evaluator, query: str, form: str, *, explain: bool) -> Evaluation:
    """The answer to a query, or its plan."""
    try:
        if explain:
            return evaluator.explain(query)
        return evaluator.evaluate(query, SOLUTIONS.get(form, "text/csv"), GRAPHS.get(form, "text/turtle"))
    except QuerySyntaxError as error:
        raise _with_caret(error, query) from error


def _with_caret(error: QuerySyntaxError, query: str) -> KGError:
    shown = caret(query, error.line, error.column)
    return QuerySyntaxError(f"{error}\n{shown}" if shown else str(error), error.line, error.column)


def _write(evaluation: Evaluation, form: str) -> None:
    known = GRAPHS if evaluation.form == "graph" else SOLUTIONS
    if form not in known:
        kind = "a graph" if evaluation.form == "graph" else "no graph"
        raise QueryRefused(f"The answer is {kind}; use --format {', '.join(known)}.")
    if form == "table" and evaluation.form != "graph":
        write = _write_plan if evaluation.form == "plan" else _write_table
        write(b"".join(evaluation))
        return
    for chunk in evaluation:
        sys.stdout.buffer.write(chunk)
    sys.stdout.flush()


def _write_plan(data: bytes) -> None:
    """Each step on a line, IRIs shortened."""
    for line in Plan.of(data).lines(current_release().prefixes):
        click.echo(line)


def _write_table(data: bytes) -> None:
    """Solutions in columns, IRIs shortened; a boolean as a word."""
    results = json.loads(data)
    if "boolean" in results:
        click.echo("yes" if results["boolean"] else "no")
        return
    prefixes = current_release().prefixes
    columns = results["head"]["vars"]

    def cell(binding: dict[str, Any] | None) -> str:
        if binding is None:
            return ""
        text = str(binding["value"])
        return compress(text, prefixes) if binding["type"] == "uri" else " ".join(text.split())

    rows = [[cell(row.get(name)) for name in columns] for row in results["results"]["bindings"]]
    widths = [min(WIDEST, max(map(len, column))) for column in zip(columns, *rows, strict=True)]
    for row in [columns, ["-" * width for width in widths], *rows]:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())
    click.echo(f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}", err=True)


sparql = copy(evaluate)
sparql.name = "sparql"  # as it was called first

COMMANDS = (ask, evaluate, sparql)

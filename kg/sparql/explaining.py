"""What the engine did to answer a query, told by its own command line (the package `oxigraph`).

The library has no such thing. The command line evaluates the query to its end and throws the results away.
That takes 10 ms to start, and the measuring makes it slower than the query alone: 1.5, 3, 13 and 23 times in
four queries over the shipped graph, the last of which counts many rows. It reads the release on disk, also
where a service answers from memory.

It is run by a worker, whose limits it has too: no network and no more memory are inherited; the alarm is not.
It writes the plan to its stderr: as JSON it would write it to a file with a name, and a worker that is killed
would leave that behind.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sysconfig
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from kg.processes import isolation
from kg.sparql.dialect import restated
from kg.sparql.keywords import has_keyword, tokens
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMS = frozenset({"select", "ask", "construct", "describe"})
# What comes after FROM, where there is no pattern (SPARQL 1.1 Query Language, section 19.8, rules 2 and 18).
AFTER_FROM = frozenset({"where", "group", "having", "order", "limit", "offset", "values"})
FAILURE = re.compile(r"^Error: (.*?)(?:\n\nCaused by:.*)?\n*\Z", re.DOTALL | re.MULTILINE)
PLACE = re.compile(r"error at (\d+):(\d+): ")
PART = re.compile(
    r"""
      \w+[ ](?P<begin>\{)
    | (?P<end>\})
    | (?P<member>[a-z][a-z ]*):[ ](?P<number>[0-9][0-9.e-]*)
    | name:[ ]"(?P<name>(?:[^"\\]|\\.)*+)"
    """,
    re.VERBOSE,
)
ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
CONTROLS = {"t": "\t", "r": "\r", "n": "\n", "0": "\0"}
OVERFLOW = b"has overflowed its stack"  # said before SIGABRT; the library ends by SIGSEGV there
DEEPEST = 200
LOW = 19  # the priority of what must not hold up others, for the pool cannot lower it later (nice(2))
PR_SET_PDEATHSIG = 1


def explained(settings: Mapping[str, Any], request: Mapping[str, Any]) -> bytes:
    """The plan of a query with rows and times, in the JSON of the engine.

    Settings are `store`, `base`, `prefixes` and `deadline`; the request has `query`, `default_graphs` and
    `named_graphs`. Raises SyntaxError, told as the library would; OSError, RuntimeError and ValueError for
    what cannot be evaluated or explained. Where a signal ended the command line it ends this process too, so
    that whoever waits for the plan sees how.
    """
    declarations = [f"PREFIX {name}: <{space}>\n" for name, space in settings["prefixes"].items()]
    query = over_graphs(restated(request["query"]), request["default_graphs"], request["named_graphs"])
    ended = _evaluated("".join(declarations) + query, settings)
    if ended.returncode < 0:
        signal.raise_signal(signal.SIGSEGV if OVERFLOW in ended.stderr else -ended.returncode)
    told = ended.stderr.decode(errors="replace")
    if ended.returncode:
        raise _failure(told, len(declarations))
    return json.dumps(plan_of(told), ensure_ascii=False).encode()


def plan_of(told: str) -> dict[str, Any]:
    """The plan that the engine prints for people, as it would write it in JSON.

    Raises ValueError where there is none, and where it has more than DEEPEST levels.
    """
    if not told.startswith("QueryExplanation {"):
        message = (
            "the command line of the engine gives no plan; install the same version as that of pyoxigraph"
        )
        raise ValueError(message)
    nodes: list[dict[str, Any]] = [{}]  # those that are open, the outermost first
    for part in PART.finditer(told):
        if part["begin"]:
            nodes[-1].setdefault("children", []).append({})
            nodes.append(nodes[-1]["children"][-1])
        elif part["end"]:
            nodes.pop().setdefault("children", [])
        elif part["member"]:
            nodes[-1][part["member"]] = json.loads(part["number"])
        else:
            nodes[-1]["name"] = _unescaped(part["name"])
        if len(nodes) > DEEPEST:
            message = f"its plan has more than {DEEPEST} levels; ask for the plan of a part of it"
            raise ValueError(message)
    (explanation,) = nodes[0]["children"]
    (root,) = explanation.pop("children")
    return {**explanation, "plan": root}


def _evaluated(query: str, settings: Mapping[str, Any]) -> subprocess.CompletedProcess[bytes]:
    """The end of the command line, which dies with this process and has its deadline."""
    seconds = signal.getitimer(signal.ITIMER_REAL)[0] or settings["deadline"]
    return subprocess.run(  # noqa: S603 the query is its input
        [
            *(_program(), "query", "--explain", "--stats"),
            *("--location", settings["store"], "--query-base", settings["base"]),
            *("--results-format", "nt" if _makes_triples(query) else "tsv"),
        ],
        input=query.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={},
        check=False,
        preexec_fn=partial(_bind, ctypes.CDLL(None), os.getpid(), seconds),
    )


def _bind(libc: ctypes.CDLL, parent: int, seconds: float) -> None:
    """Have the kernel end this process with its parent, and at the deadline, and let all others go first.

    All of it outlives execve(2). Until then only system calls are made, for threads that were not forked may
    hold locks.
    """
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    os.nice(LOW)
    isolation.end_after(seconds)


def _program() -> str:
    """Where the command line is: beside the interpreter, or where programs are. Raises FileNotFoundError."""
    folders = sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)
    found = shutil.which("oxigraph", path=os.pathsep.join(folders))
    if found is None:
        message = "the command line of the engine is not installed; run `pip install oxigraph`"
        raise FileNotFoundError(message)
    return found


def _failure(told: str, declared: int) -> Exception:
    """What the library would have raised; the first `declared` lines of the query were ours."""
    found = FAILURE.search(told)
    if found is None:
        return RuntimeError("the command line of the engine ended without a word")
    place = PLACE.match(found[1])
    if place is None:
        return RuntimeError(found[1])
    line = int(place[1]) - declared
    return SyntaxError(f"error at {line}:{place[2]}: {found[1][place.end() :]}")


def over_graphs(query: str, default_graphs: Iterable[str], named_graphs: Iterable[str]) -> str:
    """The query over the graphs of the request, which the command line takes from the query only.

    Raises ValueError where the query names graphs too, in the place of which they would stand.
    """
    clauses = [f"FROM {IRI(iri)}" for iri in default_graphs]
    clauses += [f"FROM NAMED {IRI(iri)}" for iri in named_graphs]
    if not clauses:
        return query
    if has_keyword(query, "FROM"):
        message = "its graphs are named by FROM and by the request; ask for the plan with one of the two"
        raise ValueError(message)
    place = _place_of_from(query)
    return f"{query[:place]} {' '.join(clauses)} {query[place:]}"


def _place_of_from(query: str) -> int:
    """Where FROM can stand: before the pattern, which in CONSTRUCT comes after the template."""
    depth, before, end = 0, "", 0
    for token in dropwhile(lambda token: token.word not in FORMS, tokens(query)):
        begins_pattern = token.word == "{" and before != "construct"
        if not depth and (begins_pattern or token.word in AFTER_FROM):
            return token.start
        depth += (token.word in ("(", "{")) - (token.word in (")", "}"))
        before, end = token.word, token.end
    return end


def _makes_triples(query: str) -> bool:
    form = next((token.word for token in tokens(query) if token.word in FORMS), "")
    return form in ("construct", "describe")


def _unescaped(name: str) -> str:
    """The name without the escapes of Rust."""
    return ESCAPED.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else CONTROLS.get(found[2], found[2]), name
    )

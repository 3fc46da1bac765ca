"""Serving the current release over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.workers.limits import MOST_WAITING, Limits
from web.commands.home import current_release, example, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.running.logs import Form

FC = TypeVar("FC", bound="Callable[..., object] | click.Command")
PROCESSES = 2
FORMS: tuple[Form, ...] = ("auto", "text", "json", "none")
DEFAULT = Limits()


def limit(
    name: str, kind: click.ParamType[Any], default: float, words: str, metavar: str | None = None
) -> Callable[[FC], FC]:
    """An option that an environment variable can set too."""
    return click.option(
        f"--{name}",
        type=kind,
        default=default,
        metavar=metavar,
        help=words,
        show_default=True,
        envvar=f"KG_{name.upper()}",
        show_envvar=True,
    )


@click.command(
    epilog=example("kg serve", "kg serve --host 0.0.0.0 --port 80 --workers 4", "kg serve --sandbox")
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    show_default=f"{PROCESSES}, a sandbox 1",
    help="How many processes.",
)
@limit(
    "deadline",
    click.FloatRange(0.1),
    DEFAULT.deadline,
    "How long a query may take, from the request to the last byte of its answer.",
    "SECONDS",
)
@limit("memory", click.IntRange(64), DEFAULT.memory >> 20, "How much memory a query may take.", "MIB")
@limit("answer", click.IntRange(1), DEFAULT.size >> 20, "How large an answer may be.", "MIB")
@limit("evaluators", click.IntRange(2, 256), DEFAULT.workers, "How many queries are evaluated at once.")
@limit("waiting", click.IntRange(1, MOST_WAITING), DEFAULT.waiting, "How many others may wait for that.")
@limit(
    "budget",
    click.FloatRange(0),
    60.0,
    "How much computing the queries of one client may take in a minute; 0 sets no limit.",
    "SECONDS",
)
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    metavar="NETWORK",
    help="Proxies whose X-Forwarded-For is believed, as 10.0.0.0/8. Can be given several times.",
    show_envvar=True,
    envvar="KG_TRUSTED_PROXIES",
)
@click.option(
    "--service",
    "endpoints",
    multiple=True,
    metavar="URL[=ADDRESS]",
    help="SPARQL endpoints that queries may ask by SERVICE; with their address where that is not public. Can "
    "be given several times.",
    show_envvar=True,
    envvar="KG_SERVICES",
)
@click.option(
    "--log",
    type=click.Choice(FORMS),
    default=FORMS[0],
    help="How requests and warnings are told on stderr; auto is text on a terminal, else lines of JSON.",
    show_default=True,
    show_envvar=True,
    envvar="KG_LOG",
)
@click.option(
    "--log-clients", is_flag=True, help="Tell the addresses of clients too, which are personal data."
)
@click.option(
    "--sandbox",
    is_flag=True,
    help="Serve an empty graph that everyone on this machine may write, and that is gone afterwards.",
)
@click.option("--dev", is_flag=True, help="Serve from one process by Flask's own server, for development.")
def serve(
    *,
    host: str,
    port: int,
    workers: int | None,
    deadline: float,
    memory: int,
    answer: int,
    evaluators: int,
    waiting: int,
    budget: float,
    proxies: tuple[str, ...],
    endpoints: tuple[str, ...],
    log: Form,
    log_clients: bool,
    sandbox: bool,
    dev: bool,
) -> None:
    """Serve pages, SPARQL and linked data, until Ctrl-C or SIGTERM.

    A release published meanwhile is served from the next request on.
    """
    from kg.federating.endpoints import Endpoint
    from kg.workers.holding import most_quads
    from web.callers import network
    from web.running.serving import Plan, develop, serve

    if not sandbox:
        current_release()

    def announce(url: str) -> None:
        what = "An empty sandbox" if sandbox else "The graph"
        click.echo(f"{what} answers at {url} (Ctrl-C stops it).", err=True)

    limits = Limits(
        deadline=deadline,
        memory=memory << 20,
        size=answer << 20,
        workers=evaluators,
        waiting=waiting,
        budget=0.0 if sandbox else budget,
        held=0 if sandbox else most_quads(),
    )
    known = tuple(map(network, proxies)), tuple(map(Endpoint.parse, endpoints))
    plan = Plan(settings(), limits, sandbox, *known, log, log_clients)
    if dev:
        develop(plan, host, port, announce)
    else:
        serve(plan, host, port, workers or (1 if sandbox else PROCESSES), announce)


COMMANDS = (serve,)

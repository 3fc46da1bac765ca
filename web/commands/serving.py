"""Serving the current release over HTTP."""

from __future__ import annotations

import click

from web.commands.home import current_release, example, settings

PROCESSES = 2


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
@click.option(
    "--deadline",
    type=click.FloatRange(0.1),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a query may take, from the request to the last byte of its answer.",
)
@click.option(
    "--sandbox",
    is_flag=True,
    help="Serve an empty graph that everyone on this machine may write, and that is gone afterwards.",
)
@click.option("--dev", is_flag=True, help="Serve from one process by Flask's own server, for development.")
def serve(*, host: str, port: int, workers: int | None, deadline: float, sandbox: bool, dev: bool) -> None:
    """Serve pages, SPARQL and linked data, until Ctrl-C or SIGTERM.

    A release published meanwhile is served from the next request on.
    """
    from kg.evaluation import Limits
    from kg.holding import most_quads
    from web.serving import Plan, develop, serve

    if not sandbox:
        current_release()

    def announce(url: str) -> None:
        what = "An empty sandbox" if sandbox else "The graph"
        click.echo(f"{what} answers at {url} (Ctrl-C stops it).", err=True)

    limits = Limits(deadline=deadline, held=0 if sandbox else most_quads())
    plan = Plan(settings(), limits, sandbox)
    if dev:
        develop(plan, host, port)
    else:
        serve(plan, host, port, workers or (1 if sandbox else PROCESSES), announce)


COMMANDS = (serve,)

"""Serving the current release over HTTP."""

from __future__ import annotations

import click

from web.commands.home import current_release, example, settings


@click.command(epilog=example("kg serve", "kg serve --host 0.0.0.0 --port 80 --workers 4"))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="How many processes."
)
@click.option("--dev", is_flag=True, help="Serve from one process by Flask's own server, for development.")
def serve(*, host: str, port: int, workers: int, dev: bool) -> None:
    """Serve pages, SPARQL and linked data, until Ctrl-C or SIGTERM.

    A release published meanwhile is served from the next request on.
    """
    from web.serving import develop, serve

    current_release()

    def announce(url: str) -> None:
        click.echo(f"The graph answers at {url} (Ctrl-C stops it).", err=True)

    if dev:
        develop(settings(), host, port)
    else:
        serve(settings(), host, port, workers, announce)


COMMANDS = (serve,)

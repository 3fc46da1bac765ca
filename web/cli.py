"""The command `kg`: its errors are one sentence on stderr, and stdout holds data only."""

from __future__ import annotations

import os
import sys

import click

from kg.errors import KGError
from web.commands import (
    asking,
    building,
    changes,
    describing,
    exporting,
    facts,
    ingesting,
    linking,
    networks,
    quality,
    releases,
    running,
    searching,
    serving,
    tokens,
)

FAILURE, INTERRUPTED = 1, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ai-factories-kg", prog_name="kg")
def kg() -> None:
    """Build, search, ask, query and serve a graph of sourced facts.

    Releases are kept in the folder that KG_HOME names. Each command has its own --help with an example.
    """


COMMANDS = (
    building,
    releases,
    changes,
    exporting,
    facts,
    ingesting,
    linking,
    tokens,
    searching,
    asking,
    describing,
    networks,
    quality,
    serving,
    running,
)

for module in COMMANDS:
    for command in module.COMMANDS:
        kg.add_command(command)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 misused, 130 interrupted."""
    try:
        status = kg.main(standalone_mode=False) or 0
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough; the interpreter must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = FAILURE
    except KGError as error:
        click.echo(f"Error: {error}", err=True)
        status = FAILURE
    except OSError as error:
        click.echo(f"Error: {error.filename or 'A file'}: {error.strerror or error}.", err=True)
        status = FAILURE
    sys.exit(status)


if __name__ == "__main__":
    main()

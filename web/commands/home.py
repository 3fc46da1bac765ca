"""What the commands share: the settings, the release that is there or is built, the bar on long work."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import click

from kg.release import Releases
from kg.settings import Settings, base_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.building.build import Step
    from kg.release import Release

T = TypeVar("T")


def settings(base: str | None = None) -> Settings:
    """The settings of the environment; a base given on the command line wins."""
    known = Settings.from_environment()
    return replace(known, base=base_iri(base)) if base else known


def progress(items: Iterable[T], description: str, total: int | None = None) -> Iterable[T]:
    """Show a bar on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, description, total, leave=False, file=sys.stderr)


def steps(*, index: bool = True) -> Mapping[str, Step]:
    """The further steps of a build."""
    from search.index import STEP, index_step

    return {STEP: index_step(settings())} if index else {}


def current_release() -> Release:
    """The current release; where there is none the shipped graph is built, with a word about it."""
    from kg.building.build import build
    from kg.building.inputs import Inputs

    known, set_up = Releases(settings().home), settings()
    if known.state() is not None:
        return known.current()
    click.echo(f"There is no release in {set_up.home} yet; building the shipped graph first.", err=True)
    return build(set_up.home, Inputs.shipped(set_up), steps(), progress)


def example(*lines: str) -> str:
    """The end of a help text: lines to copy."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def choice(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option --format, whose first name is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to write it.",
    )

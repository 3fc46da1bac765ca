"""`python -m web.translations`: bring the catalogues up to the texts, and tell what is to be translated."""

from __future__ import annotations

import click

from web.translations.extraction import update

if __name__ == "__main__":
    for lang, missing in update().items():
        click.echo(f"{lang}: {missing} to be translated")

"""The documents that come with the software: in the package, or in the folder `docs` of a checkout."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.settings import CHECKOUT
from web.about.prose import Prose, Words, prose
from web.links import is_web_address

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGED = Path(__file__).parent.parent / "docs"
DECISIONS = "decisions/"
SUFFIX = ".md"
INDEX = "README"  # of a folder, which lists what the shelf lists anyway
NAME = re.compile(r"(decisions/)?[\w-]{1,100}", re.ASCII)  # no longer than a file system takes
DATA = re.compile(r"[\w-]{1,100}\.ttl", re.ASCII)
BEGINNING = 2000  # characters that tell what a document is about
HERE = "http://127.0.0.1:8000"  # how the documents name a service that runs on the reader's machine


@dataclass(frozen=True)
class Document:
    """A document by its name, with its title and its first paragraph."""

    name: str
    title: str
    lead: str

    @property
    def is_decision(self) -> bool:
        """Whether it tells of a decision and its reasons."""
        return self.name.startswith(DECISIONS)


@dataclass(frozen=True)
class Shelf:
    """The documents in one folder; none where the folder is not there."""

    folder: Path | None

    @classmethod
    def found(cls) -> Shelf:
        """The shelf of this installation."""
        checkout = CHECKOUT / "docs" if (CHECKOUT / "pyproject.toml").is_file() else None
        places = (place for place in (PACKAGED, checkout) if place and place.is_dir())
        return cls(next(places, None))

    def names(self) -> list[str]:
        """The names of all documents, in alphabetical order, what explains decisions at the end."""
        if self.folder is None:
            return []
        found = [*self.folder.glob(f"*{SUFFIX}"), *(self.folder / DECISIONS).glob(f"*{SUFFIX}")]
        names = (one.relative_to(self.folder).with_suffix("").as_posix() for one in found)
        return sorted((one for one in names if not one.endswith(INDEX)), key=lambda one: ("/" in one, one))

    def text(self, name: str) -> str | None:
        """The Markdown of a document, None where there is none of that name."""
        if self.folder is None or not NAME.fullmatch(name) or name.endswith(INDEX):
            return None
        file = self.folder / f"{name}{SUFFIX}"
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def data(self, name: str) -> Path | None:
        """The file with the data that a document speaks of, None where there is none of that name."""
        if self.folder is None or not DATA.fullmatch(name):
            return None
        file = self.folder / name
        return file if file.is_file() else None

    def shown(self, name: str, href: Callable[[str], str], words: Words) -> Prose | None:
        """A document as HTML, None where there is none; `href` gives the address of one by its name."""
        text = self.text(name)
        return prose(text, lambda place: self._leads(name, place, href), words) if text is not None else None

    def _leads(self, name: str, place: str, href: Callable[[str], str]) -> str:
        """Where a link of a document leads: within it, to another one, to this service, out, or nowhere."""
        if place.startswith("#"):
            return place
        if place.startswith(f"{HERE}/"):
            return href("") + place.removeprefix(f"{HERE}/")
        if is_web_address(place):
            return place
        parts = urlsplit(place)
        other = posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
        known = other.removesuffix(SUFFIX)
        if self.data(other) is not None:
            return href(other)
        if not other.endswith(SUFFIX) or self.text(known) is None:
            return ""
        return f"{href(known)}#{parts.fragment}" if parts.fragment else href(known)


@lru_cache(maxsize=4)
def listed(shelf: Shelf) -> tuple[Document, ...]:
    """The documents on a shelf, each with what it is about."""
    begun = ((name, (shelf.text(name) or "")[:BEGINNING]) for name in shelf.names())
    shown = ((name, prose(text, lambda _: "", Words("", ""))) for name, text in begun)
    return tuple(Document(name, one.title or name, one.lead) for name, one in shown)

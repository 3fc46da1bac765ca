"""Files of documents taken into the graph: read, told apart by language, cut into passages, linked, written.

All files of one ingestion are one write. What is read again and is as it was changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from kg import nquads
from kg.documents import EXCERPT, Document, document_at, document_names, document_quads, named
from kg.errors import UnknownEntity
from kg.progress import silent
from kg.release import Releases
from kg.text.annotations import annotation_quads
from kg.text.passages import passages
from kg.text.reading import ReadingLimits, papers, read_papers, stem
from kg.text.texts import Texts
from kg.updating.writer import WriteLimits, Writer
from kg.updating.writing import Document as Written
from search.lexicon import Lexicon
from search.mentions import Spotter
from search.tokens import tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kg.iris import Iris
    from kg.progress import Progress
    from kg.release import Release
    from kg.store import Quad
    from kg.text.annotations import Mention
    from kg.text.manuscript import Manuscript
    from kg.text.passages import Span
    from kg.text.reading import Paper
    from kg.updating.writing import Receipt

WHO = "kg ingest"
LIMITS = WriteLimits(patience=60.0, seconds=1800.0, memory=8 << 30, expanded_bytes=4 << 30)
SAMPLE = 20_000  # characters by which a language is told
LEAST_KNOWN = 0.15  # of the words, closed-class words of a language: fewer, and it is another


@dataclass(frozen=True)
class Wishes:
    """What is said of documents beside what their files say; '' leaves it to the file."""

    lang: str = ""
    title: str = ""
    date: str = ""
    url: str = ""
    licence: str = ""
    shows: str = EXCERPT


@dataclass(frozen=True)
class Taken:
    """A document as it is taken in: its text, its passages and what it mentions."""

    document: Document
    text: str
    spans: tuple[Span, ...]
    mentions: tuple[Mention, ...]

    def quads(self, iris: Iris) -> Iterator[Quad]:
        """All that the graph is to say of it."""
        yield from document_quads(self.document, self.text, self.spans, iris)
        yield from annotation_quads(self.document.name, self.mentions, self.spans, self.document.lang, iris)


class Ingester:
    """Takes documents into the graph of one home. Raises ReleaseError where it has no index."""

    def __init__(self, home: Path, progress: Progress = silent) -> None:
        self._home, self._progress = home, progress
        self.release: Release = Releases(home).current()
        self._texts = Texts(home)

    def read(self, paths: Sequence[Path], wishes: Wishes, limits: ReadingLimits | None = None) -> list[Taken]:
        """What would be taken in from files and folders. Raises ForeignDataError."""
        found = papers(paths)
        known = document_names(self.release.store, self.release.iris)
        names = named([paper.name for paper in found], known)
        spotter = Spotter(self.release, Lexicon(self.release.index))
        manuscripts = self._progress(read_papers(found, limits or ReadingLimits()), "Reading", len(found))
        return [
            _taken(paper, name, manuscript, wishes, spotter)
            for manuscript, paper, name in zip(manuscripts, found, names, strict=True)
        ]

    def write(self, taken: Sequence[Taken]) -> Receipt:
        """Take documents in, all in one write; their texts are kept first. Raises WriteError."""
        iris = self.release.iris
        self._texts.put_all(one.text for one in taken)
        lines = (nquads.line(quad) for one in taken for quad in one.quads(iris))
        return self._replace([one.document.name for one in taken], "".join(f"{line}\n" for line in lines))

    def delete(self, names: Sequence[str]) -> Receipt:
        """Remove documents, told by name, file or IRI. Raises UnknownEntity; kept texts stay."""
        return self._replace([self._name(name) for name in names], "")

    def _replace(self, names: Sequence[str], data: str) -> Receipt:
        iris = self.release.iris
        graphs = chain.from_iterable((iris.document_graph(name), iris.mentions_graph(name)) for name in names)
        written = [Written(data.encode(), "application/n-quads", iris.base)]
        return Writer(self._home, LIMITS).replace(list(graphs), written, WHO)

    def _name(self, said: str) -> str:
        """The name of a document that somebody means."""
        store, iris = self.release.store, self.release.iris
        own = said.removeprefix(iris.document("").value)
        name = document_names(store, iris).get(own, own)
        try:
            found = document_at(store, iris, name)
        except ValueError:
            found = None
        if found is None:
            raise UnknownEntity(f"No document “{said}” was taken in; `kg search` finds those that were.")
        return name


def _taken(paper: Paper, name: str, manuscript: Manuscript, wishes: Wishes, spotter: Spotter) -> Taken:
    text = manuscript.text
    lang = wishes.lang or manuscript.lang or language_of(text)
    primary = lang.partition("-")[0].lower()
    spans = passages(text, primary)
    document = Document(
        name=name,
        file=paper.name,
        title=wishes.title or manuscript.title or stem(paper.name),
        lang=lang,
        date=wishes.date or manuscript.date,
        url=wishes.url,
        licence=wishes.licence,
        shows=wishes.shows,
        digest=Texts.digest(text),
    )
    return Taken(document, text, tuple(spans), tuple(spotter.mentions(text, primary)))


def language_of(text: str) -> str:
    """The language that the closed-class words of a text are of; '' where it is none that is known here."""
    tokens = tokenize(text[:SAMPLE])
    lang = WORDS.detect(tokens)
    singles = WORDS.language(lang).singles
    known = sum(token.text.casefold() in singles for token in tokens)
    return lang if known >= LEAST_KNOWN * len(tokens) else ""

"""A public retrieval collection as it lies in a folder: plain documents, queries and judgements.

A document is a file that is called by its id; queries are lines of id, tab and text; judgements are the lines
of trec_eval (query, iteration, document, degree) or of BEIR (query, document, degree, under a heading).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOT_IN_NAMES = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Collection:
    """Documents in a folder, the texts of the queries, and for each query the degrees of the documents."""

    documents: Path
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, documents: Path, queries: Path, judgements: Path) -> Collection:
        """The collection in these files. Raises ForeignDataError, and OSError where one is not there."""
        if not documents.is_dir():
            raise ForeignDataError(f"{documents} is no folder of documents.")
        texts = dict(_query(line, queries) for line in _lines(queries))
        degrees: dict[str, dict[str, int]] = {}
        for line in _judgement_lines(judgements):
            query, document, degree = _judgement(line, judgements)
            degrees.setdefault(query, {})[document] = degree
        if unknown := sorted(degrees.keys() - texts.keys()):
            raise ForeignDataError(f"{judgements} judges for query “{unknown[0]}”, which {queries} has not.")
        return cls(documents, texts, degrees)


def document_name(identifier: str) -> str:
    """What a document of that id is called: what takes documents in may change case and signs of a name."""
    return NOT_IN_NAMES.sub("-", identifier.casefold()).strip("-")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _judgement_lines(path: Path) -> list[str]:
    lines = _lines(path)
    return lines[1:] if lines and not lines[0].split()[-1].lstrip("-").isdigit() else lines


def _query(line: str, path: Path) -> tuple[str, str]:
    identifier, tab, text = line.partition("\t")
    if not tab:
        raise ForeignDataError(f"{path} has a line without a tab: “{line[:60]}”. Write id, tab, text.")
    return identifier.strip(), text.strip()


def _judgement(line: str, path: Path) -> tuple[str, str, int]:
    parts = line.split()
    if len(parts) not in (3, 4) or not parts[-1].lstrip("-").isdigit():
        raise ForeignDataError(f"{path} has a line that is no judgement: “{line[:60]}”.")
    return parts[0], document_name(parts[-2]), int(parts[-1])

"""The search measured over a collection, whose documents are taken in by `kg ingest`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError
from kg.release import Releases
from quality.collection import document_name
from quality.gain import mean_ndcg
from search.encoder import load_encoder
from search.ranking import Finder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.iris import Iris
    from quality.collection import Collection
    from search.hits import Hit

DOCUMENTS = "document/"  # in the IRIs of what was taken in
MOST = 100  # hits, of which those count that are documents
KG = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from web.cli import main; main()"]


def retrieve(collection: Collection, lang: str = "en") -> float:
    """The mean nDCG@10 over a new home that holds the documents beside the shipped facts.

    Raises ForeignDataError where the documents could not be taken in.
    """
    with TemporaryDirectory() as folder:
        _ingest(collection.documents, Path(folder))
        release = Releases(Path(folder)).current()
        finder = Finder.open(release, load_encoder())
        runs = {
            name: documents(finder.find(text, (lang,), most=MOST), release.iris)
            for name, text in collection.queries.items()
            if name in collection.judgements
        }
    return mean_ndcg(runs, collection.judgements)


def documents(hits: Iterable[Hit], iris: Iris) -> list[str]:
    """The names of the documents among the hits, the best first, each once."""
    slugs = [iris.slug(hit.iri) or "" for hit in hits]
    names = [document_name(slug.removeprefix(DOCUMENTS)) for slug in slugs if slug.startswith(DOCUMENTS)]
    return list(dict.fromkeys(names))


def _ingest(documents: Path, home: Path) -> None:
    environment = {**os.environ, "KG_HOME": str(home)}
    done = subprocess.run([*KG, "ingest", str(documents)], env=environment, check=False)
    if done.returncode:
        raise ForeignDataError(f"`kg ingest {documents}` ended with status {done.returncode}.")

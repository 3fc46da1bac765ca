"""What all tests share: releases of two domains, built once with the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import build
from kg.inputs import Inputs
from kg.release import Release
from kg.settings import Settings

LIGHTHOUSES = Path(__file__).parent / "fixtures" / "lighthouses"


def built(home: Path, inputs: Inputs) -> Release:
    from search.index import index_step

    settings = Settings(home=home, base=inputs.base, encoder=inputs.encoder)
    return build(home, inputs, {"index": index_step(settings)})


@pytest.fixture(scope="session")
def shipped_inputs() -> Inputs:
    return Inputs.shipped(Settings(home=Path("unused")))


@pytest.fixture(scope="session")
def lighthouse_inputs() -> Inputs:
    return Inputs(LIGHTHOUSES / "ontology.ttl", LIGHTHOUSES)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, shipped_inputs: Inputs) -> Release:
    """The shipped graph; its home is two folders above its path."""
    return built(tmp_path_factory.mktemp("shipped"), shipped_inputs)


@pytest.fixture(scope="session")
def lighthouses(tmp_path_factory: pytest.TempPathFactory, lighthouse_inputs: Inputs) -> Release:
    """A second domain, of which no Python code knows."""
    return built(tmp_path_factory.mktemp("lighthouses"), lighthouse_inputs)

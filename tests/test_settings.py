"""Settings from the environment: where things go, and what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import settings
from kg.errors import SettingError
from kg.settings import Settings


def test_what_is_set_is_used() -> None:
    found = Settings.from_environment(
        {"KG_HOME": "/data/kg", "KG_BASE": "https://e.org/g", "KG_ENCODER": "m"}
    )
    assert found == Settings(Path("/data/kg"), "https://e.org/g/", "m")


def test_in_a_checkout_everything_stays_in_it() -> None:
    assert Settings.from_environment({}).home == Path(__file__).parent.parent / "var"


def test_elsewhere_it_goes_where_data_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CHECKOUT", tmp_path)
    set_up = Settings.from_environment({"XDG_DATA_HOME": "/data"})
    assert set_up.home == Path("/data/ai-factories-kg")
    assert Settings.from_environment({}).home == Path.home() / ".local" / "share" / "ai-factories-kg"


@pytest.mark.parametrize("address", ["http://localhost:19530", "https://milvus.example.org", "/data/v.db"])
def test_vectors_may_be_kept_by_a_milvus(address: str) -> None:
    assert Settings.from_environment({"KG_VECTORS": address}).vectors == address
    assert Settings.from_environment({"KG_VECTORS": "v.db"}).vectors == str(Path.cwd() / "v.db")


@pytest.mark.parametrize("address", ["localhost:19530", "ftp://e.org/v.db", "/data/v", "https://me:pw@e.org"])
def test_an_address_that_is_no_milvus_is_refused(address: str) -> None:
    with pytest.raises(SettingError, match="KG_VECTORS_TOKEN"):
        Settings.from_environment({"KG_VECTORS": address})


@pytest.mark.parametrize(
    "base", ["graph", "ftp://e.org/", "https://e.org/#", "https://e.org/a b", "https://e.org/?x="]
)
def test_a_base_that_cannot_name_things_is_refused(base: str) -> None:
    with pytest.raises(SettingError, match=r"write https://example\.org/graph/"):
        Settings.from_environment({"KG_BASE": base})

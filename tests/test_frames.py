from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.processes import frames

KINDS = (frames.READY, frames.HEAD, frames.DATA, frames.END, frames.FAILURE, frames.REQUEST)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.binary(max_size=1000))))
def test_what_is_packed_is_unpacked_in_order(messages: list[tuple[bytes, bytes]]) -> None:
    stream = io.BytesIO(b"".join(frames.pack(*message) for message in messages))
    assert [frames.unpack(stream.read) for _ in messages] == messages
    with pytest.raises(EOFError):
        frames.unpack(stream.read)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_json_comes_back_as_it_was(message: dict[str, object]) -> None:
    kind, payload = frames.unpack(io.BytesIO(frames.pack_json(frames.HEAD, message)).read)
    assert (kind, json.loads(payload)) == (frames.HEAD, message)


@given(st.binary(min_size=1, max_size=100), st.data())
def test_a_frame_cut_anywhere_is_not_taken_for_whole(payload: bytes, data: st.DataObject) -> None:
    whole = frames.pack(frames.DATA, payload)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(EOFError):
        frames.unpack(io.BytesIO(cut).read)


def test_a_length_that_no_writer_gives_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValueError, match="longer than"):
        frames.unpack(io.BytesIO(frames.HEADER.pack(frames.DATA, frames.LONGEST + 1)).read)


def test_a_payload_that_no_reader_takes_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LONGEST", 10)
    with pytest.raises(ValueError, match="longer than"):
        frames.pack(frames.DATA, b"x" * 11)

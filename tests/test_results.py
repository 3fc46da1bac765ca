"""What a page shows of an answer is bounded, whatever the answer is."""

from __future__ import annotations

import time

from web.querying.results import MOST_BYTES, Lines


def test_lines_are_the_same_however_an_answer_is_cut_into_pieces():
    text = '?a\t?b\n"one"\t\n\n<http://e/ü>\t2\n'.encode()
    whole = text.decode().splitlines()
    for size in (1, 2, 3, 7, len(text)):
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        assert list(Lines([b"".join(pieces)])) == whole
        reader = Lines(pieces)
        assert list(reader) == whole
        assert not reader.is_cut


def test_an_answer_of_long_rows_is_cut_and_says_so():
    row = b"x" * (MOST_BYTES // 4) + b"\n"
    reader = Lines([row] * 100)
    assert 4 <= len(list(reader)) <= 5
    assert reader.is_cut


def test_a_row_of_many_pieces_takes_no_longer_than_it_is():
    began = time.process_time()
    reader = Lines([b"x" * (1 << 16)] * 1000)
    assert list(reader) == []
    assert reader.is_cut
    assert time.process_time() - began < 1

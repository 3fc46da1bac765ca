"""Turns of long requests."""

from __future__ import annotations

import asyncio
import threading

import pytest

from web.running import turns
from web.running.turns import Turns


async def take(found, name, order, leave):
    """Take a turn, and note when it begins and when it is left."""
    async with found.turn():
        order.append(name)
        await leave.wait()
    order.append(f"{name} left")


def test_long_requests_take_turns_in_the_order_in_which_they_came():
    async def all_of_them():
        found, order, leave = Turns(1), [], asyncio.Event()
        tasks = [asyncio.create_task(take(found, name, order, leave)) for name in "abc"]
        await asyncio.sleep(0.05)
        assert order == ["a"]
        leave.set()
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(all_of_them()) == ["a", "a left", "b", "b left", "c", "c left"]


def test_a_turn_ends_once_others_work_for_it():
    async def two_of_them():
        found, order, leave = Turns(1), [], asyncio.Event()
        async with found.turn() as end:
            task = asyncio.create_task(take(found, "next", order, leave))
            await asyncio.sleep(0.05)
            assert order == []
            for _ in range(2):  # to end it twice does not make two of it
                threading.Thread(target=end).start()
            await asyncio.sleep(0.05)
            assert order == ["next"]
            last = asyncio.create_task(take(found, "last", order, leave))
            await asyncio.sleep(0.05)
        assert order == ["next"]
        leave.set()
        await asyncio.gather(task, last)

    asyncio.run(two_of_them())


def test_who_has_waited_for_long_goes_on_without(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)

    async def two_of_them():
        found, order, leave = Turns(1), [], asyncio.Event()
        async with found.turn():
            task = asyncio.create_task(take(found, "late", order, leave))
            await asyncio.sleep(0.2)
            assert order == ["late"]
        leave.set()
        await task
        async with asyncio.timeout(1), found.turn():
            assert order == ["late", "late left"]

    asyncio.run(two_of_them())


def test_who_takes_too_long_is_in_nobodys_way():
    async def two_of_them():
        found, order, leave = Turns(1, 0.05), [], asyncio.Event()
        tasks = [asyncio.create_task(take(found, name, order, leave)) for name in ("slow", "next")]
        await asyncio.sleep(0.2)
        assert order == ["slow", "next"]
        leave.set()
        await asyncio.gather(*tasks)
        async with found.turn():  # what was ended twice is one turn still
            task = asyncio.create_task(take(found, "last", order, leave))
            await asyncio.sleep(0.02)
            assert "last" not in order
        await task

    asyncio.run(two_of_them())


def test_who_fails_leaves_the_turn_to_the_next():
    async def two_of_them():
        found = Turns(1)
        with pytest.raises(KeyError):
            async with found.turn():
                raise KeyError
        async with asyncio.timeout(1), found.turn():
            return True

    assert asyncio.run(two_of_them())

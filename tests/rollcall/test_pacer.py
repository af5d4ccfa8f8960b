"""Slots: so many requests a second for each token, whatever the answers take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from rollcall.pacer import SECOND, Slots


class Later:
    """What was asked to be done later, until the test lets it happen."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        self.calls.append((seconds, call))


async def test_a_slot_is_free_again_a_second_after_its_answer_and_not_before() -> None:
    later = Later()
    slots = Slots(lambda _: 2, later)
    async with slots.slot("max"), slots.slot("max"):
        assert later.calls == []
    waiting = asyncio.create_task(_enter(slots))
    await asyncio.sleep(0)
    assert not waiting.done()
    assert [seconds for seconds, _ in later.calls] == [SECOND, SECOND]
    later.calls[0][1]()
    await waiting


async def test_tokens_do_not_wait_for_each_other() -> None:
    slots = Slots(lambda _: 1, Later())
    async with slots.slot("max"), slots.slot("max:other"):
        pass


async def test_nought_is_no_limit() -> None:
    slots = Slots(lambda _: 0, Later())
    async with AsyncExitStack() as stack:
        for _ in range(100):
            await stack.enter_async_context(slots.slot("max"))


async def test_a_call_that_fails_gives_its_slot_back_all_the_same() -> None:
    later = Later()
    with pytest.raises(ValueError, match="failed"):
        async with Slots(lambda _: 1, later).slot("max"):
            raise ValueError("failed")
    assert len(later.calls) == 1


async def _enter(slots: Slots) -> None:
    async with slots.slot("max"):
        pass

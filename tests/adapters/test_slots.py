"""Slots: so many requests a second for each token, whatever the answers take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from adapters.slots import SECOND, Slots


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


async def test_who_is_urgent_is_before_all_who_are_not() -> None:
    later, came = Later(), list[str]()

    async def enter(name: str, *, urgent: bool) -> None:
        async with slots.slot("max", urgent=urgent):
            came.append(name)

    slots = Slots(lambda _: 1, later)
    await _enter(slots)
    waiting = [
        asyncio.create_task(enter(name, urgent=urgent))
        for name, urgent in (("first", False), ("second", False), ("leaver", True), ("other leaver", True))
    ]
    await asyncio.sleep(0)
    for number in range(len(waiting)):
        later.calls[number][1]()
        await asyncio.sleep(0.01)
    assert came == ["leaver", "other leaver", "first", "second"]


async def test_who_gives_up_when_the_slot_has_come_leaves_it_to_the_next() -> None:
    later = Later()
    slots = Slots(lambda _: 1, later)
    await _enter(slots)
    gives_up, waits = (asyncio.create_task(_enter(slots)) for _ in range(2))
    await asyncio.sleep(0)
    later.calls[0][1]()
    gives_up.cancel()
    await waits
    assert gives_up.cancelled() or gives_up.done()


async def _enter(slots: Slots) -> None:
    async with slots.slot("max"):
        pass


async def test_looks_come_after_all_others_and_have_one_slot_in_twenty() -> None:
    later, came = Later(), list[str]()

    async def enter(name: str, *, urgent: bool = False, look: bool = False) -> None:
        async with slots.slot("max", urgent=urgent, look=look):
            came.append(name)

    slots = Slots(lambda _: 1, later)
    await _enter(slots)
    names = [("look", False, True)] * 3 + [("leaver", True, False)] * 15 + [("change", False, False)] * 30
    waiting = [asyncio.create_task(enter(name, urgent=urgent, look=look)) for name, urgent, look in names]
    await asyncio.sleep(0)
    for number in range(len(names)):
        later.calls[number][1]()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert [place for place, name in enumerate(came, 1) if name == "look"] == [20, 40, 48]
    assert came[:15] == ["leaver"] * 15


async def test_without_a_share_looks_have_what_is_left() -> None:
    later, came = Later(), list[str]()

    async def enter(name: str, *, look: bool = False) -> None:
        async with slots.slot("max", look=look):
            came.append(name)

    slots = Slots(lambda _: 1, later, looks_share=0.0)
    await _enter(slots)
    waiting = [asyncio.create_task(enter("look", look=True))]
    waiting += [asyncio.create_task(enter("change")) for _ in range(40)]
    await asyncio.sleep(0)
    for number in range(41):
        later.calls[number][1]()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert came[-1] == "look"

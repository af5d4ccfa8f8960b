"""H1: a leaver stays for ever, because he came and went while one call was on its way, and the two «cancel out».

From the claim until a confirmed answer the places in a call are unknown, which equals nothing. The machine of H1, H3
and H4 finds such a history by chance; here each way that a call may end is tried by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.interleavings.one_class import OneClass
from tests.interleavings.wire import Dispatcher
from tests.road import Road

Fate = Callable[[Dispatcher], Awaitable[None]]


async def answered(dispatcher: Dispatcher) -> None:
    await dispatcher.goes_on()
    await dispatcher.goes_on()


async def lost_on_the_way_there(dispatcher: Dispatcher) -> None:
    await dispatcher.is_lost()


async def lost_on_the_way_back(dispatcher: Dispatcher) -> None:
    await dispatcher.goes_on()
    await dispatcher.is_lost()


async def sent_by_one_who_died_before_it_landed(dispatcher: Dispatcher) -> None:
    await dispatcher.dies()
    await dispatcher.late.pop().land()


async def sent_by_one_who_died_when_it_had_landed(dispatcher: Dispatcher) -> None:
    await dispatcher.goes_on()
    await dispatcher.dies()


async def sent_by_one_who_died_and_never_landed(dispatcher: Dispatcher) -> None:
    await dispatcher.dies()


FATES = (
    answered,
    lost_on_the_way_there,
    lost_on_the_way_back,
    sent_by_one_who_died_before_it_landed,
    sent_by_one_who_died_when_it_had_landed,
    sent_by_one_who_died_and_never_landed,
)

each_fate = pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.__name__)


async def meanwhile(school: OneClass, fate: Fate, happens: Callable[[], Awaitable[None]]) -> None:
    """Something happens in the school while the one call that is due is on its way; then it meets its fate."""
    dispatcher = school.dispatcher()
    await dispatcher.start()
    await happens()
    await fate(dispatcher)
    while dispatcher.stage != "idle":
        await dispatcher.goes_on()
    await school.comes_to_rest()


@each_fate
async def test_who_goes_while_she_is_added_does_not_stay(road: Road, fate: Fate) -> None:
    school = OneClass(road)
    await school.begins()
    await school.anna_comes()
    await meanwhile(school, fate, school.anna_goes)
    assert not school.anna_is_in


@each_fate
async def test_who_comes_back_while_she_is_removed_is_in(road: Road, fate: Fate) -> None:
    school = OneClass(road)
    await school.begins(with_anna=True)
    await school.anna_goes()
    await meanwhile(school, fate, school.anna_comes)
    assert school.anna_is_in


@each_fate
async def test_a_name_given_back_while_the_chat_is_renamed_is_its_title(road: Road, fate: Fate) -> None:
    school = OneClass(road)
    await school.begins()
    await school.is_called("5 Б")
    await meanwhile(school, fate, lambda: school.is_called("5 А"))
    assert school.title == "5 А"

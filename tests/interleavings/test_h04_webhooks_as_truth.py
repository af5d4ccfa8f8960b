"""H4: a webhook hours old is believed, and a leaver stays: he seems to be out already.

A webhook never writes what is observed. It leaves a read-back, which the room's settler makes under its lease, and
which decides; only whether somebody left by himself is taken from the webhook, and counts if the read-back agrees.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from adapters.database.schema import places
from sync.ids import AccountId
from tests.doubles.platform import Action
from tests.interleavings.one_class import ANNA, CHAT, OneClass
from tests.laws.roads import rows
from tests.road import Road


async def is_told(school: OneClass, why: str) -> None:
    """What a webhook leaves."""
    async with school.road.database.settling() as tx:
        await tx.ask_read_backs([("max", CHAT, AccountId(ANNA), why)])


def leaves(school: OneClass) -> None:
    del school.road.platform.world.chats[int(CHAT)].members[int(ANNA)]


@pytest.mark.parametrize("why", ["left", "removed"])
async def test_an_old_webhook_heard_before_she_is_removed_does_not_keep_her_in(road: Road, why: str) -> None:
    """She had left and was put back; the webhook of her leaving comes in only now, and then she is expelled."""
    school = OneClass(road)
    await school.begins(with_anna=True)
    await is_told(school, why)
    await school.anna_goes()
    await road.converge()
    assert not school.anna_is_in


@pytest.mark.parametrize("why", ["left", "removed"])
async def test_an_old_webhook_heard_after_she_was_removed_and_came_back_changes_nothing(road: Road, why: str) -> None:
    """Our own removal is told, late and twice."""
    school = OneClass(road)
    await school.begins(with_anna=True)
    await school.anna_goes()
    await road.converge()
    await school.anna_comes()
    await road.converge()
    calls = list(road.platform.world.calls)
    for _ in range(2):
        await is_told(school, why)
        await road.converge()
    assert school.anna_is_in
    assert road.platform.world.calls == calls


async def test_what_is_told_while_she_is_read_back_is_read_back_again(road: Road) -> None:
    """The answer on its way has not seen it yet: it must not take away what asks for another look."""
    school = OneClass(road)
    await school.begins(with_anna=True)
    await is_told(school, "left")

    async def just_after(action: Action) -> None:
        if action.name == "read_members" and school.anna_is_in:
            leaves(school)
            road.clock.turn(seconds=1)
            await is_told(school, "left")

    road.platform.after = just_after
    await road.converge()
    [place] = await rows(road, select(places).where(places.c.account == ANNA))
    assert (place.wanted, place.observed) == ("out", "out")
    assert place.left_at is not None


async def test_who_was_put_out_by_somebody_else_is_put_back(road: Road) -> None:
    school = OneClass(road)
    await school.begins(with_anna=True)
    leaves(school)
    await is_told(school, "removed")
    await road.converge()
    assert school.anna_is_in

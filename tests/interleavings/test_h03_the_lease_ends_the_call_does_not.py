"""H3: a dispatcher stalls with its call unsent; another takes the room over, does the work, and is done; then the first
one wakes, its call lands, and nobody ever looks again.

A call's time limit ends well before the lease, by the clock just before it is sent. A completion whose lease is gone
writes «unknown», never nothing. Where a call was on its way its places are read back at once, and once more after the
longest life of a call. And leases are compared by the database's clock, so that no machine's own steals one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

import pytest

from adapters.database import store
from adapters.database.store import Database
from sync.use_cases.settle_rooms import settle_rooms
from tests.interleavings.one_class import OneClass
from tests.road import START, Road, TestClock


async def test_who_is_added_by_a_call_whose_lease_is_gone_does_not_stay(road: Road) -> None:
    school = OneClass(road)
    await school.begins()
    await school.anna_comes()
    stalled = school.dispatcher()
    await stalled.start()
    await school.comes_to_rest()
    assert school.anna_is_in
    await school.anna_goes()
    await school.comes_to_rest()
    assert not school.anna_is_in
    await stalled.goes_on()
    assert school.anna_is_in
    await stalled.goes_on()
    await school.comes_to_rest()
    assert not school.anna_is_in


async def test_who_is_removed_by_a_call_whose_lease_is_gone_is_put_back(road: Road) -> None:
    school = OneClass(road)
    await school.begins(with_anna=True)
    await school.anna_goes()
    stalled = school.dispatcher()
    await stalled.start()
    await school.comes_to_rest()
    await school.anna_comes()
    await school.comes_to_rest()
    await stalled.goes_on()
    assert not school.anna_is_in
    await stalled.goes_on()
    await school.comes_to_rest()
    assert school.anna_is_in


@pytest.mark.parametrize("goes", [True, False])
async def test_a_call_of_a_dead_dispatcher_that_lands_after_its_room_was_read_back_is_found(
    road: Road, goes: bool
) -> None:
    """By the second reading: whoever sent it tells nothing, and the first reading and the listing saw nothing yet."""
    school = OneClass(road)
    await school.begins(with_anna=not goes)
    await (school.anna_comes if goes else school.anna_goes)()
    dying = school.dispatcher()
    await dying.start()
    await (school.anna_goes if goes else school.anna_comes)()
    await dying.dies()
    road.clock.turn(seconds=road.dispatch.lease_s + 1)
    for _ in range(4):
        await road.settle()
        road.clock.turn(seconds=5)
    assert await road.unsettled() == []
    await dying.late.pop().land()
    assert school.anna_is_in == goes
    await road.converge()
    assert school.anna_is_in != goes


@dataclass
class SlowPacer:
    """A slot is free after so many seconds."""

    clock: TestClock
    seconds: float

    @asynccontextmanager
    async def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AsyncIterator[None]:
        self.clock.turn(seconds=self.seconds)
        yield


@pytest.mark.parametrize("waited_s", [35, 36])
async def test_a_call_that_might_outlive_its_lease_is_not_sent(road: Road, waited_s: int) -> None:
    """Its slot came late: 20 s that it may last, and a margin of 5 s, no longer fit into what is left of 60 s."""
    school = OneClass(road)
    await school.begins()
    await school.anna_comes()
    await settle_rooms(replace(road.dispatch, pacer=SlowPacer(road.clock, waited_s)))
    assert school.anna_is_in == (waited_s == 35)
    await road.converge()
    assert school.anna_is_in


class TwoMinutesAhead(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> TwoMinutesAhead:
        ahead = datetime.now(tz) + timedelta(minutes=2)
        return cls.combine(ahead.date(), ahead.timetz())


async def test_a_machine_whose_clock_is_ahead_takes_no_lease_away(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the leases go by PostgreSQL's own clock, as they do wherever several machines share a database."""
    database = Database(postgresql_url)
    school = OneClass(Road(database, TestClock(), one_clock=False))
    await school.begins()
    school.road.clock.at = START  # planning's clock is weeks behind: whatever it wants done is due by PostgreSQL's
    await school.anna_comes()
    slow = school.dispatcher()
    await slow.start()
    school.road.clock.turn(minutes=2)
    monkeypatch.setattr(store, "datetime", TwoMinutesAhead)
    assert await school.road.settle() == 0
    await slow.goes_on()
    await slow.goes_on()
    assert school.anna_is_in
    await database.close()

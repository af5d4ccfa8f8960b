"""H34: rooms queue for slots under their leases; leases end in the queue, and each burns a slot: nothing is done.

Whatever the rate, the lease and the time that answers take, work goes down at the rate.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise, product
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.schema import rate_slots
from adapters.database.slots import DatabaseSlots
from adapters.database.store import Database, database_time
from adapters.slots import SECOND, Slots
from sync.errors import Failure, PlatformError
from sync.room import LEAVERS
from sync.use_cases.lease_limits import Free
from sync.use_cases.settle_rooms import Dispatch, Settler
from tests.doubles.loop import run_at_once
from tests.doubles.platform import PARTNER
from tests.doubles.settling import Kept, RoomsInMemory, room_to_empty

ROOMS_AT_ONCE, LOOK_EVERY_S = 64, 0.2
CALL_TIMEOUT_S, MARGIN_S = 20.0, 5.0


class LoopClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.monotonic(), UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass
class SlowPlatform:
    """Takes everybody out, each call `answer_s` after it was made; or says what is in `error`."""

    answer_s: float
    error: PlatformError | None = None
    calls: list[tuple[float, str]] = field(default_factory=list)
    capabilities = PARTNER

    async def remove_member(self, chat: str, account: str) -> None:
        self.calls.append((asyncio.get_running_loop().time(), account))
        await asyncio.sleep(self.answer_s)
        if self.error is not None:
            raise self.error


@dataclass
class Ground:
    store: RoomsInMemory
    platforms: dict[str, SlowPlatform]
    rates: dict[str, float]
    lease_s: float = 60.0

    @property
    def dispatch(self) -> Dispatch:
        rate = self.rates.__getitem__
        store, platforms = cast("Any", self.store), cast("Any", self.platforms)
        return Dispatch(store, platforms, Slots(rate), LoopClock(), CALL_TIMEOUT_S, self.lease_s, MARGIN_S, rate)

    async def works(self, seconds: float, *, dispatchers: int = 1) -> None:
        """As serving processes do, for so long."""
        dispatch = self.dispatch
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(self._keep_settling(dispatch) for _ in range(dispatchers)))

    async def _keep_settling(self, dispatch: Dispatch) -> None:
        answered = asyncio.Event()
        settler = Settler(dispatch, ROOMS_AT_ONCE, answered=answered.set)
        try:
            while True:
                if not await settler.go_on():
                    answered.clear()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_EVERY_S):
                            await answered.wait()
        finally:
            settler.cancel()


def rooms(count: int, accounts: int, token: str = "max", first: int = 0) -> dict[int, Kept]:
    return {first + no: Kept(room_to_empty(first + no, accounts, token)) for no in range(count)}


CASES = tuple(product((0.5, 1.0, 3.0, 30.0, 1000.0), (25.5, 26.0, 60.0), (0.005, 0.3, 4.0)))


@pytest.mark.parametrize(("rate", "lease_s", "answer_s"), CASES)
def test_work_goes_down_at_the_rate(rate: float, lease_s: float, answer_s: float) -> None:
    """A slot is free a second after its answer; and each room has one call on its way."""
    served = min(max(1, int(rate)) / (SECOND * max(1.0, 1 / rate) + answer_s), ROOMS_AT_ONCE / answer_s)
    seconds = max(3.0, 40 / served)
    platform = SlowPlatform(answer_s)
    ground = Ground(
        RoomsInMemory(rooms(90, int(served * seconds / 90) + 20)), {"max": platform}, {"max": rate}, lease_s
    )
    run_at_once(ground.works(seconds))
    assert len(platform.calls) >= 0.7 * served * seconds
    assert len({account for _, account in platform.calls}) == len(platform.calls)


def test_two_dispatchers_that_share_a_slow_rate_do_not_stand_in_each_others_way() -> None:
    platform = SlowPlatform(0.3)
    ground = Ground(RoomsInMemory(rooms(90, 10)), {"max": platform}, {"max": 1.0}, 26.0)
    run_at_once(ground.works(100.0, dispatchers=2))
    assert len(platform.calls) >= 60


@pytest.mark.parametrize("rate", [1.0, 10.0, 30.0])
def test_who_has_to_leave_waits_behind_nobody_who_waits_for_a_slot(rate: float) -> None:
    """His room is leased though all seats are taken, and its call takes the next slot."""
    platform, due_at = SlowPlatform(0.1), 20.0
    leaver = Kept(replace(room_to_empty(9999, 1, "max"), grade=LEAVERS), due_at=due_at)
    store = RoomsInMemory(rooms(300, 20) | {9999: leaver})
    run_at_once(Ground(store, {"max": platform}, {"max": rate}).works(due_at + 10))
    [at] = [at for at, account in platform.calls if account.startswith("9999-")]
    assert at - due_at <= LOOK_EVERY_S + 2 * (SECOND / min(rate, 1.0) + 0.1)


@pytest.mark.parametrize(("claimed", "limits", "leavers"), [(64, {}, 16), (20, {"max": 20}, 60), (20, {"max": 21}, 0)])
def test_leavers_have_a_quarter_more_seats_and_no_more(claimed: int, limits: dict[str, int], leavers: int) -> None:
    """And are looked for only where a limit was met: else they were claimed with the others."""
    rooms_claimed = [room_to_empty(number, 1, "max") for number in range(claimed)]
    assert Free(64, 80, limits, {}).after(rooms_claimed).leavers == leavers


def test_a_slow_account_takes_no_seats_from_a_fast_one() -> None:
    slow, fast = SlowPlatform(0.1), SlowPlatform(0.1)
    store = RoomsInMemory(rooms(200, 5, "slow") | rooms(200, 50, "fast", 1000))
    run_at_once(Ground(store, {"slow": slow, "fast": fast}, {"slow": 1.0, "fast": 100.0}).works(20.0))
    assert len(fast.calls) >= 0.7 * 20 * 100 / (SECOND + 0.1)


def test_an_account_that_refuses_is_probed_by_one_request_and_takes_no_seats() -> None:
    away = SlowPlatform(0.05, PlatformError(Failure.CREDENTIALS, "verify.token"))
    good = SlowPlatform(0.05)
    store = RoomsInMemory(rooms(200, 5, "away") | rooms(200, 50, "good", 1000))
    run_at_once(Ground(store, {"away": away, "good": good}, {"away": 30.0, "good": 100.0}).works(200.0))
    assert len(good.calls) >= 5000
    late = [at for at, _ in away.calls if at > 30]
    assert len(late) <= 4


@pytest.mark.parametrize("retry_after_s", [None, 0.0, 3e7, 99999999999999.0])
def test_a_limit_neither_spins_nor_silences_an_account_for_longer_than_a_quarter_of_an_hour(
    retry_after_s: float | None,
) -> None:
    platform = SlowPlatform(0.01, PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=retry_after_s))
    ground = Ground(RoomsInMemory(rooms(200, 5)), {"max": platform}, {"max": 30.0})
    run_at_once(ground.works(3000.0))
    times = [at for at, _ in platform.calls]
    assert max(b - a for a, b in pairwise(times)) <= 901
    assert len([at for at in times if at > 10]) <= 3000


async def test_who_gave_up_waiting_has_burnt_no_slot(postgresql_url: str) -> None:
    """He gives up while the slot is fetched for him: it is free at once, not a second later."""
    waiting: list[asyncio.Task[None]] = []

    async def gives_up(connection: AsyncConnection) -> datetime:
        for task in waiting:
            task.cancel()
        return await database_time(connection)

    store = Database(postgresql_url, clock=gives_up)
    slots = DatabaseSlots(store, lambda _: 1, 20.0)

    async def wait() -> None:
        async with slots.slot("max"):
            raise AssertionError("the slot came after all")

    waiting.append(asyncio.create_task(wait()))
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    await slots.close()
    async with store.reading() as connection:
        free_at = (await connection.execute(select(rate_slots.c.free_at))).scalar_one()
        assert free_at <= await database_time(connection)
    await store.close()

"""What every store keeps to while platforms are heard."""

from __future__ import annotations

from tests.road import Road


async def turn(road: Road, hearer: str, token: str = "max") -> bool:
    async with road.database.hearing() as tx:
        return await tx.hold_hearing(token, hearer, lasts_s=60)


async def test_of_two_processes_one_hears_an_account_and_goes_on_to(road: Road) -> None:
    assert (await turn(road, "a"), await turn(road, "b")) == (True, False)
    road.clock.turn(seconds=59)
    assert (await turn(road, "a"), await turn(road, "b")) == (True, False)
    road.clock.turn(seconds=59)
    assert not await turn(road, "b")


async def test_another_process_hears_once_the_first_was_silent_for_too_long(road: Road) -> None:
    await turn(road, "a")
    road.clock.turn(seconds=60)
    assert (await turn(road, "b"), await turn(road, "a")) == (True, False)


async def test_who_stops_hearing_lets_another_process_hear_at_once(road: Road) -> None:
    await turn(road, "a")
    async with road.database.hearing() as tx:
        await tx.end_hearing("max", "b")  # whose turn it is not ends nobody's
        assert not await tx.hold_hearing("max", "b", lasts_s=60)
        await tx.end_hearing("max", "a")
    assert await turn(road, "b")


async def test_each_account_has_its_own_hearer(road: Road) -> None:
    assert await turn(road, "a")
    assert await turn(road, "b", token="max:second")

"""The dispatcher against what a platform does to it: limits, outages, a token refused, many schools at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sync.errors import Failure, PlatformError
from sync.use_cases.settle_rooms import settle_rooms
from tests.road import Road

Event = dict[str, Any]


def told(number: int, type_: str, road: Road, **data: Any) -> Event:
    envelope = {"specversion": "1.0", "source": "sis", "id": str(number), "time": road.clock.at.isoformat()}
    return {**envelope, "type": type_, "data": data}


def schools(road: Road, sizes: dict[str, int], first_account: int = 1000) -> list[Event]:
    """Schools with so many classes each, one linked pupil a class."""
    events: list[Event] = []

    def tell(type_: str, **data: Any) -> None:
        events.append(told(len(events), type_, road, **data))

    for school, classes in sizes.items():
        tell("school.organisation.registered.v1", organisation_id=school, name=school)
        for number in range(classes):
            class_id, student, account = f"{school}-{number}", f"{school}-s{number}", str(first_account + len(events))
            tell("account.linked.v1", person_id=student, provider="max", external_user_id=account)
            tell("school.class.opened.v1", organisation_id=school, class_id=class_id, name="1", school_year="2026/2027")
            tell("school.student.enrolled.v1", organisation_id=school, student_id=student, class_id=class_id)
            road.knows(account)
    return events


async def test_a_limit_met_pauses_the_token_for_as_long_as_the_platform_says(road: Road) -> None:
    await road.post(schools(road, {"a": 3}))
    await road.plan()
    road.platform.outcomes.append(PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=30.0))
    road.clock.turn(seconds=1)
    await road.settle()
    tried = len(road.platform.world.calls)
    road.clock.turn(seconds=29)
    assert await road.settle() == 0
    assert len(road.platform.world.calls) == tried
    await road.converge()
    assert len(await road.members()) == 3


async def test_an_outage_lets_every_room_wait_and_loses_nothing(road: Road) -> None:
    await road.post(schools(road, {"a": 4}))
    await road.plan()
    until = road.clock.at + timedelta(minutes=5)

    def away(_: object) -> PlatformError | None:
        return PlatformError(Failure.BUSY, "connection.refused") if road.clock.at < until else None

    road.platform.outcome = away
    await road.converge()
    assert road.clock.at >= until
    assert len(await road.members()) == 4


async def test_a_token_refused_stops_its_own_schools_alone(road: Road) -> None:
    await road.post(schools(road, {"a": 2}))
    await road.plan()
    road.platform.outcome = lambda _: PlatformError(Failure.CREDENTIALS, "verify.token", retry_after_s=60.0)
    road.clock.turn(seconds=1)
    await road.settle()
    assert await road.settle() == 0
    road.platform.outcome = lambda _: None
    await road.converge()
    assert len(await road.members()) == 2


async def test_a_big_school_does_not_make_a_small_one_wait(road: Road) -> None:
    """Each school gets one room a round: the small one is served in the first rounds, whoever came first."""
    await road.post(schools(road, {"big": 30}))
    small = [event | {"id": f"small-{event['id']}"} for event in schools(road, {"small": 2}, 5000)]
    await road.post(small)
    await road.plan()
    road.clock.turn(seconds=1)
    await settle_rooms(road.dispatch, limit=6)
    assert {chat for chat in await road.members() if "small" in chat} == {"class:small-0", "class:small-1"}

"""H41: the removal of somebody who left is refused. It is tried again within minutes, then ever more slowly, and said.

A 404 in place of an answer is no word of where he is: he is read back before he counts as out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from adapters.max.errors import refusal
from sync.alarms import REMOVAL_LATE
from sync.errors import Failure, PlatformError
from tests.doubles.platform import Action
from tests.interleavings.test_h35_one_step_holds_up_the_room import a_while, class_of, failing, joins
from tests.interleavings.told import Told
from tests.laws.roads import told as changes_told
from tests.road import Road
from tests.web.conftest import api_over

FORBIDDEN = PlatformError(Failure.REFUSED, "proto.payload")


async def expelled(road: Road, told: Told) -> list[datetime]:
    """Pupil 1 is expelled, and cannot be removed; gives the times at which it was tried, as they come."""
    tries: list[datetime] = []

    async def note(action: Action) -> None:
        if action.name == "remove_member":
            tries.append(road.clock.at)

    road.platform.before, road.platform.outcome = note, failing("remove_member", error=FORBIDDEN)
    await road.post([told.school("student.expelled", student_id="p1")])
    return tries


async def test_it_is_tried_again_within_minutes_then_ever_more_slowly(road: Road) -> None:
    told = await class_of(road, "1", "2")
    began = road.clock.at
    tries = await expelled(road, told)
    await a_while(road, 6 * 60 * 5)  # five hours
    assert sum(at < began + timedelta(minutes=5) for at in tries) >= 3
    waits = [later - sooner for sooner, later in pairwise(tries)]
    assert waits == sorted(waits)
    assert timedelta(minutes=59) < waits[-1] < timedelta(minutes=61)
    refused = [change for change in await changes_told(road) if change.action == "refused"]
    assert len(refused) == 1


async def test_he_is_out_as_soon_as_the_platform_lets_him(road: Road) -> None:
    told = await class_of(road, "1", "2")
    await expelled(road, told)
    await a_while(road, 6 * 10)
    road.platform.outcome = lambda _: None
    await a_while(road, 6 * 15)
    assert (await road.members())["class:5a"] == {"2": "member"}
    await road.converge()
    assert await road.unsettled() == []


async def test_from_five_minutes_on_an_alarm_says_so_and_it_counts_as_refused(road: Road) -> None:
    told = await class_of(road, "1", "2")
    await expelled(road, told)
    async with api_over(road) as api:
        await a_while(road, 6 * 4)
        status = await api.get("/v1/status")
        assert REMOVAL_LATE not in {alarm["kind"] for alarm in status["alarms"]}
        await a_while(road, 6 * 2)
        status = await api.get("/v1/status")
        assert REMOVAL_LATE in {alarm["kind"] for alarm in status["alarms"]}
        assert {name: count for name, count in status["outbox"].items() if count} == {"refused": 1}


async def test_who_comes_back_meanwhile_is_asked_about_no_more(road: Road) -> None:
    told = await class_of(road, "1", "2")
    tries = await expelled(road, told)
    await a_while(road, 6)
    await road.post([told.school("student.restored", student_id="p1", class_id="5a")])
    before = len(tries)
    await a_while(road, 6 * 60)
    assert len(tries) == before
    assert (await road.members())["class:5a"] == {"1": "member", "2": "member"}
    async with api_over(road) as api:
        assert set((await api.get("/v1/status"))["outbox"].values()) == {0}


async def test_others_in_his_chat_come_and_go_meanwhile(road: Road) -> None:
    told = await class_of(road, "1", "2", "3")
    await expelled(road, told)
    refused = failing("remove_member", error=FORBIDDEN, accounts=["1"])
    road.platform.outcome = refused
    road.knows("4")
    before = len(told.events)
    joins(told, "4", "5a")
    told.school("student.expelled", student_id="p3")
    await road.post(told.events[before:])
    await a_while(road, 3)
    assert (await road.members())["class:5a"].keys() == {"1", "2", "4"}


@pytest.mark.parametrize("body", [{"code": "not.found"}, None], ids=["by a gateway", "without a word"])
async def test_a_404_does_not_put_him_out(road: Road, body: object) -> None:
    told = await class_of(road, "1", "2")
    await road.post([told.school("student.expelled", student_id="p1")])
    answers = [refusal(404, body, {})]

    def once(action: Action) -> PlatformError | None:
        return answers.pop() if answers and action.name == "remove_member" else None

    road.platform.outcome = once
    await road.converge()
    assert answers == []
    assert road.shown("-1") == {"2": "member"}
    assert await road.unsettled() == []

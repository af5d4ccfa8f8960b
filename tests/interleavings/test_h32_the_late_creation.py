"""H32: a dispatcher stands still with the creation of a chat on its way; another makes the chat; the first one wakes.

What it tells comes without its lease, so all it may leave is a doubt: and a doubt about a chat that is there is a look
at it, or nothing would ever be done in that room again.
"""

from __future__ import annotations

from tests.interleavings.told import Told
from tests.interleavings.wire import Dispatcher
from tests.road import Road


async def test_a_chat_made_by_another_meanwhile_goes_on_being_settled(road: Road) -> None:
    told = Told()
    road.knows("1", "2")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="boris", class_id="5a")
    told.account("linked", "boris", "2")
    told.account("linked", "anna", "1")
    await road.post(told.events)
    await road.plan()
    road.clock.turn(seconds=1)
    stalled = Dispatcher(road.database, road.platform.world, road.clock)
    await stalled.start()
    road.clock.turn(seconds=road.dispatch.lease_s + 1)
    await road.converge()
    assert await road.members() == {"class:5a": {"2": "member"}}
    await stalled.goes_on()
    await stalled.goes_on()
    await road.post([told.school("student.enrolled", student_id="anna", class_id="5a")])
    await road.converge()
    assert await road.members() == {"class:5a": {"1": "member", "2": "member"}}
    assert await road.unsettled() == []

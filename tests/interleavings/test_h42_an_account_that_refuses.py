"""H42: a school is moved to another platform account while somebody has to leave many of its chats on the old one, and
that one's token is refused. These rooms stand in nobody's way: whoever moves is in the new class and out of the old.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from adapters.simulator.entities import User
from sync.errors import Failure, PlatformError
from sync.ids import OrganisationId
from sync.use_cases.choose_account import Choice, choose_account
from sync.use_cases.settle_rooms import Dispatch
from tests.doubles.platform import WorldPlatform
from tests.interleavings.told import Told
from tests.laws.roads import UNGUARDED
from tests.road import NoLimit, Road

OLD_CLASSES = 60  # more rooms than are claimed at a time
FAILURES = [PlatformError(Failure.CREDENTIALS, "verify.token"), PlatformError(Failure.BUSY, "http.503")]


@dataclass
class TwoAccounts(Road):
    another: WorldPlatform = field(default_factory=WorldPlatform)

    def __post_init__(self) -> None:
        self.another.world._made = 10_000  # no two chats of one id

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.database, {"max": self.platform, "max:new": self.another}, NoLimit(), self.clock)

    def another_shown(self, chat: str) -> set[str]:
        members = self.another.world.chats[int(chat)].members
        return {str(user) for user, member in members.items() if not member.is_owner}


def opened(told: Told, class_id: str, pupil: str) -> None:
    told.school("class.opened", class_id=class_id, name=class_id, school_year="2026/2027")
    told.school("student.enrolled", student_id=f"p{pupil}", class_id=class_id)
    told.account("linked", f"p{pupil}", pupil)


def users(*accounts: str) -> list[User]:
    return [User(int(account)) for account in accounts]


async def passes(road: Road, seconds: int) -> None:
    for _ in range(seconds):
        await road.plan()
        await road.settle()
        road.clock.turn(seconds=1)


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: error.code)
async def test_rooms_of_an_account_that_refuses_stand_in_nobodys_way(road: Road, error: PlatformError) -> None:
    both = TwoAccounts(road.database, road.clock, rules=UNGUARDED)
    told = Told()
    told.school("organisation.registered", name="Школа")
    for number in range(1, OLD_CLASSES + 1):
        opened(told, f"old-{number}", str(number))
    both.knows(*map(str, range(1, OLD_CLASSES + 1)))
    await both.post(told.events)
    await both.converge(2000)
    tokens = {"max", "max:new"}
    now = both.clock.now()
    assert await choose_account(both.database, tokens, OrganisationId("school"), None, "new", now=now) is Choice.CHOSEN
    before = len(told.events)
    for class_id, pupil in (("new-a", "101"), ("new-b", "102")):
        opened(told, class_id, pupil)
    both.another.world.put_users(users("101", "102"))
    await both.post(told.events[before:])
    await both.converge(2000)
    both.platform.outcome = lambda _: error
    before = len(told.events)
    for number in range(1, OLD_CLASSES + 1):
        told.school("student.expelled", student_id=f"p{number}")
    told.school("student.transferred", student_id="p101", to_class_id="new-b")
    await both.post(told.events[before:])
    await passes(both, 30)
    assert both.another.world.chats.keys() == {-10_001, -10_002}
    assert sorted(map(both.another_shown, ("-10001", "-10002")), key=len) == [set(), {"101", "102"}]
    both.platform.outcome = lambda _: None
    await both.converge(2000)
    assert await both.unsettled() == []

"""Looks that the platform does not answer as it should, and what a look in turn costs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from adapters.database.schema import read_backs
from sync.errors import Failure, PlatformError
from sync.ids import AccountId, OrganisationId, PersonId, RoomNo
from sync.looks import ASK, Decision
from sync.places import MEMBER
from sync.ports.present import Returned, Unplaced
from sync.use_cases.decide_present import Seen
from sync.use_cases.look_at_rooms import look_at_rooms, next_turn_in
from tests.doubles.platform import Action
from tests.laws.roads import rows
from tests.looks.conftest import FOREIGN, OTHER_TEACHER, A, School
from tests.road import START


async def next_turn_after(school: School, error: PlatformError) -> float:
    school.road.platform.outcome = lambda _action: error
    assert await look_at_rooms(school.road.looking, "max") == 4
    return await next_turn_in(school.road.database, "max")


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (PlatformError(Failure.BUSY, "429", retry_after_s=30), 30),
        (PlatformError(Failure.BUSY, "429"), 5),
        (PlatformError(Failure.CREDENTIALS, "401"), 60),
    ],
)
async def test_what_is_no_fault_of_a_room_rests_the_account(school: School, error: PlatformError, seconds: int) -> None:
    await school.road.look()
    school.road.clock.turn(hours=1)
    assert await next_turn_after(school, error) == seconds
    assert await look_at_rooms(school.road.looking, "max") == 0
    assert await rows(school.road, select(read_backs)) == []


async def test_a_room_that_fails_by_itself_does_not(school: School) -> None:
    await school.road.look()
    school.road.clock.turn(hours=1)
    school.road.platform.outcome = lambda _action: PlatformError(Failure.RETRY, "500")
    assert await look_at_rooms(school.road.looking, "max", limit=1) == 1
    school.road.platform.outcome = lambda _action: None
    assert await look_at_rooms(school.road.looking, "max") == 3
    assert await rows(school.road, select(read_backs)) == []


async def test_a_chat_that_waits_for_a_person_and_is_deleted_is_found_gone(school: School) -> None:
    school.road.platform.world.set_rights(school.chats[A], lost=True, at=school.road.clock.at)
    await school.looks()
    assert await school.needs_person() == {A: "needs_person"}
    school.road.platform.world.delete_chat(school.chats[A])
    await school.looks()
    assert await school.needs_person() == {A: "gone"}


async def test_a_look_in_turn_costs_two_requests_whatever_it_finds(school: School) -> None:
    school.joins(A, FOREIGN)
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)

    school.road.platform.before = note
    await school.road.look()
    assert sorted(asked) == ["list_members"] * 4 + ["read_chat"] * 4


async def test_who_is_known_is_not_decided_on_as_a_stranger(school: School) -> None:
    await school.chooses(strangers="revert")
    school.joins(A, OTHER_TEACHER)
    await school.road.look()
    await school.road.settle()
    await school.road.plan()
    assert await rows(school.road, select(read_backs)) == []


def test_of_a_school_whose_planning_fails_nobody_is_decided_on() -> None:
    """Whoever is known there may belong into the chat: only planning would tell."""
    one, other = (
        Unplaced(OrganisationId(school), RoomNo(1), "max", AccountId("77"), MEMBER, START, Decision(ASK))
        for school in ("one", "other")
    )
    returned = (Returned(one, PersonId("anna")), Returned(other, PersonId("anna")))
    seen = Seen(returned, ((one, one.policy), (other, other.policy)))
    left = seen.without({OrganisationId("one")})
    assert (left.returned, left.strangers) == (returned[1:], ((other, other.policy),))

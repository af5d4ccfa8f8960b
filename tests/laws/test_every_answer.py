"""L5: for every answer the platform can give, repeated settling reaches observed = wanted or a named state."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import places, rooms
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from tests.doubles.platform import Action, Lost, Outcome
from tests.histories import ACCOUNTS
from tests.interleavings.told import Told
from tests.laws.profiles import share_of_examples
from tests.laws.roads import fresh_road, full_histories, in_batches, in_the_world, replanned, rows, unsettled
from tests.road import Road

Event = dict[str, Any]

PASSING = [Lost.BEFORE, Lost.AFTER, *(PlatformError(f, "told") for f in (Failure.BUSY, Failure.RETRY))]
FOR_GOOD = [PlatformError(f, "told") for f in (Failure.REFUSED, Failure.NEEDS_PERSON, Failure.GONE)]
TOKEN = PlatformError(Failure.CREDENTIALS, "verify.token")
STUCK = {"gone", "needs_person"}
MOST_CALLS = 500


class TooManyCallsError(AssertionError):
    """The road does not come to rest, or hammers the platform without a pause."""


def bounded(road: Road, most: int = MOST_CALLS) -> None:
    """Fails the test if more calls are made from now on than any road of this size needs."""
    calls = 0

    async def count(_: Action) -> None:
        nonlocal calls
        calls += 1
        if calls > most:
            raise TooManyCallsError

    road.platform.before = count


async def check_named(road: Road) -> None:
    """Whatever the store believes of the world is so; what is not as wanted is refused, or its room needs a person."""
    stuck = {room.room_no for room in await rows(road, select(rooms)) if room.observed_life in STUCK}
    world = await in_the_world(road)
    refused = set()
    for place in await rows(road, select(places).where(places.c.account != "")):
        if place.room_no not in stuck:
            assert place.observed == world.get((place.room_no, place.account), "out")
        if place.refused_for is not None and place.refused_for == place.wanted:
            refused.add((place.room_no, place.account))
    left = [line for line in await unsettled(road) if line[0] not in stuck and line[:2] not in refused]
    assert left == []


async def faulty_road(
    prepared: Path, events: Sequence[Event], sizes: Sequence[int], outcomes: Sequence[Outcome], private: list[str]
) -> None:
    async with fresh_road(prepared) as road:
        road.knows(*(account for account in ACCOUNTS if account not in private))
        road.knows(*private, private=private)
        dealt = deque(outcomes)
        road.platform.outcomes = dealt
        bounded(road)
        for batch in in_batches(events, sizes):
            await road.post(batch)
            await road.plan()
            await road.settle()
            road.clock.turn(seconds=2)
        await road.converge()
        assert await replanned(road) == []
        await road.converge()
        await check_named(road)


@share_of_examples(0.1)
@given(
    events=full_histories(max_size=20),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=3),
    outcomes=st.lists(st.sampled_from([None, *PASSING, *FOR_GOOD, TOKEN]), max_size=25),
    private=st.lists(st.sampled_from(ACCOUNTS), unique=True, max_size=2),
)
def test_after_any_answers_the_world_is_as_wanted_or_says_why_not(
    prepared_sqlite: Path, events: list[Event], sizes: list[int], outcomes: list[Outcome], private: list[str]
) -> None:
    asyncio.run(faulty_road(prepared_sqlite, events, sizes, outcomes, private))


CALLS = ("create_chat", "rename_chat", "archive_chat", "add_members", "remove_member", "grant_admin", "revoke_admin",
         "read_members")  # fmt: skip


def small_school() -> tuple[list[Event], list[Event]]:
    """A class with its teacher, two pupils and a chat administrator; and a year in which all of it changes."""
    told = Told()
    told.school("organisation.registered", name="Школа", chat_administrator_id="elena")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027", homeroom_teacher_id="dmitri")
    told.school("class.opened", class_id="5b", name="5 Б", school_year="2026/2027")
    for employee in ("elena", "dmitri"):
        told.school("employee.hired", employee_id=employee, position_type="teaching_staff")
    for student in ("anna", "boris"):
        told.school("student.enrolled", student_id=student, class_id="5a")
    for person, account in zip(("anna", "boris", "dmitri", "elena"), ("1", "2", "3", "4"), strict=True):
        told.account("linked", person, account)
    before = len(told.events)
    told.school("class.renamed", class_id="5a", name="6 А")
    told.school("student.expelled", student_id="anna")
    told.school("organisation.chat_administrator_assigned", employee_id=None)
    told.school("chat.edited", chat_id="class:5a", add_ids=["elena"])
    told.school("class.homeroom_teacher_assigned", class_id="5b", employee_id="elena")
    told.school("student.enrolled", student_id="vera", class_id="5a")
    told.account("linked", "vera", "5")
    told.school("class.closed", class_id="5b")
    return told.events[:before], told.events[before:]


FACT_TYPES = [Failure.REFUSED, Failure.UNCONFIRMED, Failure.NEEDS_PERSON, Failure.GONE, Failure.BUSY]


@pytest.mark.parametrize("failure", FACT_TYPES, ids=lambda failure: failure.value)
@pytest.mark.parametrize("name", CALLS)
async def test_a_call_that_always_fails_is_not_hammered_and_all_is_made_good_once_it_succeeds(
    prepared_sqlite: Path, name: str, failure: Failure
) -> None:
    async with fresh_road(prepared_sqlite) as road:
        road.knows("1", "2", "3", "4", "5")
        begins, changes = small_school()
        await road.post(begins)
        await road.converge()
        lost: deque[Outcome] = deque([Lost.AFTER])  # so that there is something to be read back

        def outcome(action: Action) -> Outcome:
            if action.name == name:
                return PlatformError(failure, "told")
            return lost.popleft() if lost and action.name == "add_members" else None

        road.platform.outcome = outcome
        await road.post(changes)
        bounded(road, 100)
        for _ in range(10):
            await road.plan()
            await road.settle()
            road.clock.turn(seconds=30)
        road.platform.outcome = lambda _: None
        await road.converge()
        await check_named(road)
        if failure in {Failure.BUSY, Failure.UNCONFIRMED}:
            assert await unsettled(road) == []


async def test_a_title_refused_for_good_keeps_nobody_out(prepared_sqlite: Path) -> None:
    async with fresh_road(prepared_sqlite) as road:
        road.knows("1", "2", "3", "4", "5")
        begins, changes = small_school()
        await road.post(begins)
        await road.converge()
        refusal = PlatformError(Failure.REFUSED, "proto.payload")
        road.platform.outcome = lambda action: refusal if action.name == "rename_chat" else None
        await road.post(changes)
        for _ in range(10):
            await road.plan()
            await road.settle()
            road.clock.turn(seconds=10)
        assert (await road.members())["class:5a"] == {"2": "member", "3": "admin", "4": "member", "5": "member"}


async def test_a_stranger_whom_the_platform_will_not_tell_of_stops_nobody(prepared_sqlite: Path) -> None:
    async with fresh_road(prepared_sqlite) as road:
        road.knows("1", "2", "3", "4", "5", "9")
        begins, _ = small_school()
        await road.post(begins)
        await road.converge()
        refusal = PlatformError(Failure.REFUSED, "proto.payload")
        road.platform.outcome = lambda action: refusal if action.name == "read_members" else None
        room = next(room for room in await rows(road, select(rooms)) if room.chat_id == "class:5a")
        async with road.database.settling() as tx:
            await tx.ask_read_backs([(room.platform_token, room.external_chat_id, AccountId("9"), "left")])
        bounded(road, 100)
        for _ in range(10):
            await road.settle()
            road.clock.turn(seconds=10)
        assert await unsettled(road) == []

"""L3 and H22: the desired membership of the untouched did not change; and a scope tells all that its persons need.

H22: an event costs whom it affected, and whom the touching forgets is wrong until the nightly run: a class opened late,
its chat administrator, students of whole-class groups, everybody of a school registered late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import organisations, rooms
from adapters.database.store import Database
from sync.affected import persons_named
from sync.days import local_day
from sync.desired import desired_of_person, desired_of_school
from sync.facts import Assertion
from sync.ids import OrganisationId, PersonId
from sync.planning_scope import PlanningScope
from sync.roster import Roster
from sync.roster.facts import Facts
from sync.titles import Titles, title
from tests.doubles.transaction import Watched
from tests.histories import ORGANISATIONS
from tests.laws.profiles import share_of_examples
from tests.laws.roads import MORNING, assertions_of, fresh_road, full_histories, in_batches, rows
from tests.road import Road

Event = dict[str, Any]
Desired = Mapping[str, Mapping[str, Any]]


@dataclass
class Loads:
    """A store that keeps every scope that was loaded."""

    store: Database
    scopes: list[PlanningScope] = field(default_factory=list)

    @asynccontextmanager
    async def planning(self) -> Any:
        async with self.store.planning() as transaction:
            yield Watched(transaction, self._keep)

    async def _keep(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:
        answer = await call()
        if name == "plans.load":
            self.scopes.extend(answer.values())
        return answer


@dataclass
class Whole:
    """Whole schools, from all assertions said so far."""

    said: Sequence[Assertion]

    @property
    def persons(self) -> set[str]:
        return {person for assertion in self.said for person in persons_named(assertion)}

    def roster(self, school: str, day: date) -> Roster:
        return Roster(OrganisationId(school), day, Facts(self.said))

    def desired(self, school: str, day: date | None) -> Mapping[str, Mapping[str, tuple[Any, ...]]]:
        """Of each person the chats, role, and reasons; nobody's of a school that is not known."""
        if day is None:
            return {}
        by_person: dict[str, dict[str, tuple[Any, ...]]] = {}
        for chat_id, members in desired_of_school(map(PersonId, self.persons), self.roster(school, day)).items():
            for person, membership in members.items():
                by_person.setdefault(person, {})[chat_id] = named(membership)
        return by_person


def named(membership: Any) -> tuple[Any, ...]:
    return membership.role, *((reason.reason, reason.role) for reason in membership.reasons)


async def check_batch(road: Road, before: Whole, after: Whole, step: Any) -> None:
    watched = Loads(road.database)
    days = await days_of(road)
    was = {school: before.desired(school, days.get(school)) for school in ORGANISATIONS}
    await step(replace(road, database=watched))  # type: ignore[arg-type]
    await replace(road, database=watched).plan()  # type: ignore[arg-type]
    planned = {(scope.organisation_id, person) for scope in watched.scopes for person in scope.causes}
    days = await days_of(road)
    for school in ORGANISATIONS:
        now = after.desired(school, days.get(school))
        for person in now.keys() | was[school].keys():
            if now.get(person) != was[school].get(person):
                assert (school, person) in planned, (was[school].get(person), now.get(person))
    check_scopes(watched.scopes, after, days)
    await check_titles(road, after, days)


def check_scopes(scopes: Collection[PlanningScope], whole: Whole, days: Mapping[str, date]) -> None:
    """What the last scope of each school tells of its persons is what the whole school tells."""
    for scope in {scope.organisation_id: scope for scope in scopes}.values():
        roster = whole.roster(scope.organisation_id, days[scope.organisation_id])
        for person in scope.causes:
            found = desired_of_person(person, scope.roster)
            assert {chat: named(m) for chat, m in found.items()} == {
                chat: named(m) for chat, m in desired_of_person(person, roster).items()
            }


async def check_titles(road: Road, whole: Whole, days: Mapping[str, date]) -> None:
    present = {
        (row.organisation_id, row.chat_id): row for row in await rows(road, select(rooms).order_by(rooms.c.life))
    }
    for room in present.values():
        roster = whole.roster(room.organisation_id, days[room.organisation_id])
        if roster.open_chat(room.chat_id) is not None:
            assert room.wanted_title == title(room.chat_id, roster, Titles())


async def days_of(road: Road) -> dict[str, date]:
    return {row.organisation_id: row.day for row in await rows(road, select(organisations)) if row.day is not None}


async def check_history(
    prepared: Path, events: list[Event], sizes: list[int], hours: list[int], *, remembers: bool
) -> None:
    async with fresh_road(prepared, remembers=remembers) as road:
        told: list[Event] = []
        for number, batch in enumerate(in_batches(events, sizes)):
            before = Whole(assertions_of(told))
            told += batch
            await check_batch(
                road, before, Whole(assertions_of(told)), lambda watched, batch=batch: watched.post(batch)
            )
            road.clock.turn(hours=hours[number % len(hours)])
        whole = Whole(assertions_of(told))
        for days in range(6):
            road.clock.at = max(road.clock.at, MORNING + timedelta(days=days))
            await check_batch(road, whole, whole, nothing)
            await check_days(road, whole)


async def nothing(_: Road) -> None: ...


async def check_days(road: Road, whole: Whole) -> None:
    """The stored day may lag behind the calendar, but only while nothing changes."""
    for row in await rows(road, select(organisations).where(organisations.c.day.is_not(None))):
        today = local_day(road.clock.at, row.time_zone)
        assert row.day <= today
        assert whole.desired(row.organisation_id, row.day) == whole.desired(row.organisation_id, today)


@share_of_examples(0.2)
@given(
    events=full_histories(),
    sizes=st.lists(st.integers(1, 8), min_size=1, max_size=4),
    hours=st.lists(st.sampled_from((0, 0, 5, 24)), min_size=1, max_size=4),
    remembers=st.booleans(),
)
def test_who_is_not_planned_belongs_where_he_did(
    prepared_sqlite: Path, events: list[Event], sizes: list[int], hours: list[int], remembers: bool
) -> None:
    asyncio.run(check_history(prepared_sqlite, events, sizes, hours, remembers=remembers))

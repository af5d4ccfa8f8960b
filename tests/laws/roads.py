"""A fresh road for each example, and what a test asks of one that has come to rest."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.load.facts import StoredFacts
from adapters.database.schema import changes, inbox, organisations, places, rooms
from adapters.database.store import Database
from events.decode import decode_batch
from events.translate import translate
from sync.affected import EVERYBODY, Affected
from sync.facts import FACT_TYPES, Assertion
from sync.guards.limits import Guards
from sync.ids import EventNo
from sync.plan.making import Policy
from sync.planning_scope import Cause
from sync.room import RANK
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.plan_scopes import PlanningRules
from tests.histories import ACCOUNTS, BASE_DAY, ORGANISATIONS, histories, random_history
from tests.interleavings.pauses import PausingDatabase
from tests.road import Road, TestClock

Event = dict[str, Any]

REMEMBERED_BYTES = 64_000_000
FIRST_DAY = date(2026, 11, 2)  # later than any event's time
MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # of that day in every zone the histories know
AHEAD = FIRST_DAY + timedelta(days=3) - BASE_DAY

UNGUARDED = PlanningRules(guards=Guards(on=False))


def ahead(events: Iterable[Event]) -> list[Event]:
    """The same events with their days moved ahead of the road's clock, into its first week."""
    return [_ahead(event) for event in events]


def _ahead(event: Event) -> Event:
    data = dict(event["data"])
    if data.get("effective_on"):
        data["effective_on"] = str(date.fromisoformat(data["effective_on"]) + AHEAD)
    return {**event, "data": data}


def full_histories(*, max_size: int = 30) -> st.SearchStrategy[list[Event]]:
    """Whole schools with a full life. By a seed: examples drawn event by event are too short for events to meet."""
    full = st.builds(random_history, st.integers(0, 2**32), st.integers(0, max_size))
    return st.one_of(full, full, full, histories(max_size=max_size)).map(ahead)


@asynccontextmanager
async def fresh_road(
    prepared: Path, rules: PlanningRules = UNGUARDED, *, remembers: bool = True
) -> AsyncIterator[Road]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "rollcall.db")
        shutil.copy(prepared, path)
        clock = TestClock(MORNING)
        remembered_bytes = REMEMBERED_BYTES if remembers else 0
        database = Database(f"sqlite:///{path}", clock=clock.of_database, remembered_bytes=remembered_bytes)
        road = Road(database, clock, rules=rules)
        road.knows(*ACCOUNTS)
        try:
            yield road
        finally:
            await database.close()


@asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Road, Road]]:
    """Two roads over one database and one platform, each with connections of its own: one to plan, one to settle."""
    clock = TestClock()
    planning, settling = (PausingDatabase(url, clock=clock.of_database) for _ in range(2))
    first = Road(planning, clock)
    try:
        yield first, Road(settling, clock, first.platform)
    finally:
        await planning.close()
        await settling.close()


def in_batches(events: Sequence[Event], sizes: Sequence[int]) -> list[Sequence[Event]]:
    """The events cut into batches of these sizes, over and over."""
    batches, start, number = [], 0, 0
    while start < len(events):
        size = sizes[number % len(sizes)]
        batches.append(events[start : start + size])
        start, number = start + size, number + 1
    return batches


def assertions_of(events: Sequence[Event]) -> list[Assertion]:
    """What the events say, each (source, id) once; assertions are numbered by their event's place."""
    seen: set[tuple[str, str]] = set()
    said: list[Assertion] = []
    for number, event in enumerate(decode_batch(json.dumps(events).encode(), MORNING), 1):
        incoming = translate(event)  # type: ignore[arg-type]
        if (incoming.source, incoming.event_id) not in seen:
            seen.add((incoming.source, incoming.event_id))
            said.extend(replace(assertion, event_no=EventNo(number)) for assertion in incoming.assertions)
    return said


async def stored_assertions(road: Road) -> set[Assertion]:
    """The facts as stored, less the numbers that arrival gave their events."""
    async with road.database.reading() as connection:
        tables = StoredFacts(Bulk(connection))
        schools = [(school,) for school in ORGANISATIONS]
        found: list[Assertion] = []
        for kind in FACT_TYPES:
            found += await tables.assertions(kind, ("organisation_id",), schools)
    return {replace(assertion, event_no=EventNo(0)) for assertion in found}


async def rows(road: Road, query: Any) -> Sequence[Any]:
    async with road.database.reading() as connection:
        return (await connection.execute(query)).fetchall()


async def replanned(road: Road) -> list[str]:
    """Plans everybody of every school anew; gives what that changed, in words: nothing, once at rest."""
    await road.plan()
    known = {row.organisation_id for row in await rows(road, select(organisations))}
    async with road.database.planning() as tx:
        affected = {Affected(school, EVERYBODY, school): Cause(EventNo(1), by_event=True) for school in known}
        await tx.affected.add(affected, road.clock.now())
    changed: list[str] = []
    while (batch := await plan_affected(road.database, road.rules, road.clock.now())) is not None:
        assert not batch.stalled
        changed += [repr(change) for plan in batch.plans for change in (*plan.rooms, *plan.places)]
    return changed


async def unsettled(road: Road) -> list[Any]:
    """Places, by room and account, whose world is not as wanted: the account's highest wish, and what it has."""
    wanted: dict[tuple[int, str], str] = defaultdict(lambda: "out")
    for place in await rows(road, select(places).where(places.c.account != "")):
        key = place.room_no, place.account
        wanted[key] = max(wanted[key], place.wanted, key=RANK.__getitem__)
    seen = await in_the_world(road)
    keys = wanted.keys() | seen.keys()
    return [(*key, wanted[key], seen.get(key, "out")) for key in sorted(keys) if wanted[key] != seen.get(key, "out")]


async def in_the_world(road: Road) -> Mapping[tuple[int, str], str]:
    """Everybody's role in every platform chat, by room and account."""
    return {
        (room.room_no, account): role
        for room in await rows(road, select(rooms))
        if room.external_chat_id is not None and int(room.external_chat_id) in road.platform.world.chats
        for account, role in road.shown(room.external_chat_id).items()
    }


async def told(road: Road) -> Sequence[Any]:
    """The changes that were told, oldest first."""
    return await rows(road, select(changes).order_by(changes.c.change_no))


async def numbered(road: Road) -> set[int]:
    """The numbers of the events that were taken."""
    return {row.no for row in await rows(road, select(inbox.c.no))}


def kept_on_unlink() -> PlanningRules:
    return PlanningRules(Policy(keep_on_unlink=True), Guards(on=False))

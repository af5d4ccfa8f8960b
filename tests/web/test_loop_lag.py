"""No question keeps the loop for long, asked of a school of 3,000: whatever is long goes in portions.

Measured is the processor's time that the loop's own thread takes from one tick to the next, so that what else the
machine does changes nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.database.store import Database
from sync.affected import EVERYBODY, Affected
from sync.ids import EventNo, OrganisationId
from sync.planning_scope import Cause
from sync.use_cases.reconcile_schools import reconcile_schools
from tests.road import Road, TestClock
from tests.web.conftest import Api, api_over
from tests.web.lag import TICK_S, measured, too_long

Event = dict[str, Any]

CLASSES, PUPILS_OF_ONE, STAFF = 80, 30, 200
CLASS_IDS = [f"c{number:02}" for number in range(CLASSES)]
EMPLOYEES = [f"e{number:03}" for number in range(STAFF)]
PUPILS = {f"{class_id}-p{number:02}": class_id for class_id in CLASS_IDS for number in range(PUPILS_OF_ONE)}

EVENTS_AT_ONCE, NAMED_AT_ONCE, BATCH = 2000, 500, 500

ROUTES = [
    "/v1/organisations",
    "/v1/organisations/s",
    "/v1/organisations/s/chats?limit=1000&count=true",
    "/v1/organisations/s/chats/class:c00/members",
    "/v1/organisations/s/chats/class:c00/members?excluded=true&count=true",
    "/v1/organisations/s/chats/everybody/members?limit=1000",
    "/v1/organisations/s/chats/everybody/members?limit=1000&excluded=true",
    "/v1/organisations/s/chats/staff:s/members?limit=1000",
    "/v1/organisations/s/classes/c79/reminders",
    "/v1/organisations/s/classes/c79/reminders.pdf",
    "/v1/organisations/s/classes/c79/reminders.pdf?sheet=slips",
    "/v1/persons/e000",
    "/v1/persons/e000/chats?limit=1000",
    "/v1/persons/e000/accounts",
    "/v1/persons/e000/accounts/max",
    "/v1/explain?person=e000",
    "/v1/explain?person=c00-p00&organisation=s",
    "/v1/dead-letters",
    "/v1/holds",
    "/v1/status",
    "/metrics",
]


def school(api: Api) -> Iterator[Event]:
    """2,400 pupils of 80 classes, each with a parent or two, and 200 employees."""
    of = {"organisation_id": "s"}
    yield api.event("school.organisation.registered", **of, name="Школа", chat_administrator_id=EMPLOYEES[0])
    for employee in EMPLOYEES:
        yield api.event("school.employee.hired", **of, employee_id=employee, position_type="teaching_staff")
    for class_id, teacher in zip(CLASS_IDS, EMPLOYEES, strict=False):
        named = {"name": class_id, "school_year": "2026/2027", "homeroom_teacher_id": teacher}
        yield api.event("school.class.opened", **of, class_id=class_id, **named)
    for number, (pupil, class_id) in enumerate(PUPILS.items()):
        yield api.event("school.student.enrolled", **of, student_id=pupil, class_id=class_id)
        for parent in range(1 + number % 2):
            yield api.event("school.guardian.assigned", **of, guardian_id=f"{pupil}-g{parent}", student_id=pupil)


def everybody(api: Api) -> Iterator[Event]:
    """A chat with all pupils and employees in it."""
    of = {"organisation_id": "s", "chat_id": "everybody"}
    made: dict[str, Any] = {
        "name": "Все",
        "chat_type": "other",
        "group_id": None,
        "employee_ids": [],
        "student_ids": [],
    }
    yield api.event("school.chat.created", **of, **made)
    people = [*EMPLOYEES, *PUPILS]
    for start in range(0, len(people), NAMED_AT_ONCE):
        yield api.event("school.chat.edited", **of, add_ids=people[start : start + NAMED_AT_ONCE])


def exclusions(api: Api) -> Iterator[Event]:
    """A fifth of all pupils are kept out of something: blocked, taken out by hand, or denied a parent."""
    of = {"organisation_id": "s"}
    for pupil in list(PUPILS)[::15]:
        yield api.event("school.person.blocked", **of, person_id=pupil)
    for pupil in list(PUPILS)[1::15]:
        yield api.event("school.chat.edited", **of, chat_id="everybody", remove_ids=[pupil])
    for pupil in list(PUPILS)[2::15]:
        yield api.event("school.guardian.removed", **of, guardian_id=f"{pupil}-g0", student_id=pupil, denied=True)


def in_turn(events: Sequence[Event], *, on: int = 1) -> list[Event]:
    """The events a second after one another, on a day of November."""
    began = datetime(2026, 11, on, tzinfo=UTC)
    return [event | {"time": (began + timedelta(seconds=number)).isoformat()} for number, event in enumerate(events)]


@pytest.fixture
async def api(sqlite_url: str) -> AsyncIterator[Api]:
    """The school as it stands: the employees and half of the pupils linked and in their chats; then a chat of everybody
    is to be made, some are kept out of theirs, and a third of all pupils are expelled at once.
    """
    clock = TestClock()
    database = Database(sqlite_url, clock=clock.of_database)
    road = Road(database, clock)
    async with api_over(road) as api:
        people = [*EMPLOYEES, *list(PUPILS)[::2]]
        road.knows(*map(str, range(1, len(people) + 1)))
        links = api.links(*((person, number) for number, person in enumerate(people, start=1)))
        events = in_turn([*school(api), *links])
        for start in range(0, len(events), EVENTS_AT_ONCE):
            taken = await road.post(events[start : start + EVENTS_AT_ONCE])
            assert "rejected" not in {each.outcome for each in taken}
        await road.converge()
        gone = [api.event("school.student.expelled", organisation_id="s", student_id=pupil) for pupil in PUPILS]
        await road.post(in_turn([*everybody(api), *exclusions(api)], on=2))
        await road.post(in_turn(gone[::3], on=3))
        yield api
    await database.close()


async def test_no_question_keeps_the_loop_for_long(api: Api) -> None:
    gc.collect()
    gc.freeze()  # what the tests hold is not what is measured
    try:
        found = {}
        for route in ROUTES:
            await api.get(route)  # what is made once, is: statements, forms of answers
            with measured() as lag:
                await asyncio.sleep(2 * TICK_S)
                await api.get(route)
            found[route] = round(lag.most_s, 3)
    finally:
        gc.unfreeze()
    assert too_long(found) == {}, found


async def posted(api: Api, events: Sequence[Event]) -> None:
    outcomes = Counter(each["outcome"] for each in await api.post(*events))
    assert outcomes == {"applied": BATCH - 1, "duplicate": 1}, outcomes


async def test_no_use_case_keeps_the_loop_for_long(api: Api) -> None:
    """A batch of 500, everybody of the school planned anew, all of it settled; the night; updates of the platform."""
    road = api.road
    moves = [
        api.event(
            "school.student.transferred", organisation_id="s", student_id=pupil, to_class_id=CLASS_IDS[number % 80]
        )
        for number, pupil in enumerate(list(PUPILS)[1::4][:BATCH])
    ]
    everybody = {Affected(OrganisationId("s"), EVERYBODY, "s"): Cause(EventNo(0), by_event=False)}

    async def touched() -> None:
        async with road.database.planning() as tx:
            await tx.affected.add(everybody, road.clock.now())

    await road.post(in_turn(moves[:1], on=3))  # what is made once, is; and the school is met
    steps: dict[str, Callable[[], Awaitable[Any]]] = {
        "a batch": lambda: posted(api, in_turn(moves, on=3)),
        "everybody": touched,
        "planning": road.plan,
        "settling": road.settle,
        "the night": lambda: reconcile_schools(road.database, dt.time(3), road.clock.now()),
        "planning the night": road.plan,
    }
    gc.collect()
    gc.freeze()
    found = {}
    try:
        for name, step in steps.items():
            with measured() as lag:
                await asyncio.sleep(2 * TICK_S)
                await step()
            found[name] = round(lag.most_s, 3)
    finally:
        gc.unfreeze()
    assert too_long(found) == {}, found

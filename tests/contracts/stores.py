"""What the contract of stores is tried with: facts, rooms and places, small and readable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from adapters.database.schema import places
from adapters.database.store import Database
from sync.accounts import AccountAssertion
from sync.acts.act import AnyAct
from sync.acts.chats import CreateChat
from sync.acts.effects import Effects
from sync.acts.members import AddMembers, GrantAdmin
from sync.acts.next_act import next_act
from sync.affected import PERSON, STUDENT, Affected
from sync.facts import AT_ONCE, CLASS_STATE, POSITION, Assertion, ClassState
from sync.guards.leaving import Removed
from sync.ids import AccountId, ChatId, EventNo, OrganisationId, PersonId, RoomNo
from sync.places import MEMBER, OUT, KeptReason, Place, Room
from sync.plan import PlaceChange, Plan
from sync.planning_scope import Cause
from sync.ports.events import Incoming
from sync.ports.plans import Batch
from sync.ports.settling import Done, Release
from sync.room import RoomWork
from sync.versions import Version
from tests.doubles.platform import PARTNER
from tests.road import START, TestClock

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TODAY, TOMORROW = START.date(), START.date() + DAY
CAUSE = Cause(EventNo(7), by_event=True)
LEASE_S = 60.0


ANNA, BORIS = Affected(OrganisationId("school"), PERSON, "anna"), Affected(OrganisationId("school"), STUDENT, "boris")


KEY = (OrganisationId("school"), PersonId("anna"))
LONG_AGO, FAR_OFF = date(1900, 1, 1), date(2999, 12, 31)


async def rows(store: Database, *columns: Any) -> list[tuple[Any, ...]]:
    async with store.reading() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns).order_by(*columns))]


def incoming(event_id: str, source: str = "sis", body: str = '{"имя": "ж"}') -> Incoming:
    return Incoming(source, event_id, "school.person.blocked.v1", OrganisationId("school"), START, body.encode())


def version(source: str = "sis", sequence: str | None = None, at: datetime = START) -> Version:
    return Version(source, sequence, at, "событие")


async def written(store: Database, *assertions: Assertion) -> None:
    timelines: dict[Any, tuple[Assertion, ...]] = {}
    for assertion in assertions:
        timelines[assertion.kind, assertion.key] = (*timelines.get((assertion.kind, assertion.key), ()), assertion)
    async with store.planning() as tx:
        await tx.facts.write_timelines({fact: ((), timeline) for fact, timeline in timelines.items()})


def hired(position: str, source: str = "sis", on: date = AT_ONCE, at: datetime = START, no: int = 1) -> Assertion:
    return Assertion(POSITION, KEY, POSITION.value(position, None), on, version(source, at=at), EventNo(no))


def class_open(school: str, on: date = AT_ONCE) -> Assertion:
    return Assertion(CLASS_STATE, (school, "5a"), ClassState(open=True), on, version(school), EventNo(4))


def link(person: str, account: str | None, provider: str = "max", no: int = 1, source: str = "sis") -> AccountAssertion:
    return AccountAssertion(
        PersonId(person),
        provider,
        None if account is None else AccountId(account),
        Version(source, "1", START, f"{person}{no}"),
        EventNo(no),
    )


def room(chat_id: str = "class:5a", life: int = 1, school: str = "school") -> Room:
    return Room(RoomNo(0), OrganisationId(school), ChatId(chat_id), life, "5 А", platform="max")


def place(made: Room, person: str, wanted: str = MEMBER, account: str | None = None) -> Place:
    reasons = (
        (KeptReason("studies_in", MEMBER, EventNo(7), START + timedelta(microseconds=1)),) if wanted != OUT else ()
    )
    standing = Place(
        made.organisation_id, PersonId(person), made.room_no, AccountId(person if account is None else account)
    )
    return standing.wanting(wanted, reasons, EventNo(7), START)


async def opened(store: Database, *new: Room) -> list[Room]:
    async with store.planning() as tx:
        await tx.schools.lock({one.organisation_id for one in new})
        return await tx.plans.open_rooms(new)


async def planned(
    store: Database, *changes: PlaceChange, removals: Mapping[PlaceChange, Removed] | None = None, at: datetime = START
) -> None:
    counted = [dict(removals or {})]
    async with store.planning() as tx:
        await tx.plans.write(Batch([Plan(OrganisationId("school"), (), changes)], counted), at)


async def standing(store: Database, *persons: str) -> dict[str, list[Place]]:
    async with store.planning() as tx:
        affected = {Affected(OrganisationId("school"), PERSON, person): CAUSE for person in persons}
        scopes = await tx.plans.load(affected, {OrganisationId("school"): TODAY})
    return {person: list(scopes[OrganisationId("school")].places.get(PersonId(person), ())) for person in persons}


async def due(store: Database, clock: TestClock, *persons: str, wanted: str = MEMBER) -> Room:
    """A room that has these persons to add, and whose time has come."""
    (made,) = await opened(store, room())
    await planned(store, *(PlaceChange(None, place(made, person, wanted)) for person in persons), at=clock.at)
    clock.turn(seconds=1)
    return made


async def claimed(store: Database) -> RoomWork:
    async with store.settling() as tx:
        (work,) = await tx.claim(10, LEASE_S)
    return work


async def completed(store: Database, work: RoomWork, act: AnyAct, answer: object) -> bool:
    async with store.settling() as tx:
        await tx.intend([(work, act)], LEASE_S)
    return await answer_written(store, work, act, act.confirmed(work, answer))


async def answer_written(store: Database, work: RoomWork, act: AnyAct | None, effects: Effects) -> bool:
    """Whether it was, for want of a lease."""
    async with store.settling() as tx:
        return (await tx.complete([Done(work, act, effects)]))[work.room_no] is not None


async def reloaded(store: Database, work: RoomWork) -> RoomWork | None:
    async with store.settling() as tx:
        return (await tx.complete([Done(work)]))[work.room_no]


async def released(
    store: Database, work: RoomWork, grade: int | None = None, retry_in_s: float | None = None, attempts: int = 0
) -> None:
    async with store.settling() as tx:
        await tx.release([Release(work, grade, retry_in_s, attempts)])


ANSWERS: Mapping[str, object] = {CreateChat.name: "-100", AddMembers.name: {}, GrantAdmin.name: None}


async def settled(store: Database, clock: TestClock, *persons: str, wanted: str = MEMBER) -> RoomWork:
    """A room that is as wanted, its lease let go."""
    await due(store, clock, *persons, wanted=wanted)
    work = await claimed(store)
    while (act := next_act(work, PARTNER)) is not None and act.name in ANSWERS:
        assert await completed(store, work, act, ANSWERS[act.name])
        again = await reloaded(store, work)
        assert again is not None
        work = again
    await released(store, work)
    return work


async def observed(store: Database) -> dict[Any, Any]:
    return dict(await rows(store, places.c.account, places.c.observed))

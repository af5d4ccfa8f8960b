"""What the contract of stores is tried with: facts, rooms and places, small and readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from adapters.database.store import Database
from adapters.database.tables import places
from sync.accounts import AccountWord
from sync.acts.act import AnyAct
from sync.acts.chats import CreateChat
from sync.acts.effects import Effects
from sync.acts.members import AddMembers, GrantAdmin
from sync.acts.next_act import next_act
from sync.facts import AT_ONCE, CLASS_STATE, POSITION, ClassState, Word
from sync.places import MEMBER, OUT, KeptReason, Place, Room
from sync.plan import PlaceChange, Plan
from sync.ports.events import Incoming
from sync.ports.plans import Batch
from sync.ports.settling import Done, Release
from sync.room import RoomWork
from sync.slices import Cause
from sync.touched import PERSON, STUDENT, Touch
from sync.versions import Version
from tests.doubles.platform import PARTNER
from tests.road import START, TestClock

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TODAY, TOMORROW = START.date(), START.date() + DAY
CAUSE = Cause(7, by_event=True)
LEASE_S = 60.0


ANNA, BORIS = Touch("school", PERSON, "anna"), Touch("school", STUDENT, "boris")


KEY = ("school", "anna")
LONG_AGO, FAR_OFF = date(1900, 1, 1), date(2999, 12, 31)


async def rows(store: Database, *columns: Any) -> list[tuple[Any, ...]]:
    async with store.reading() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns).order_by(*columns))]


def incoming(event_id: str, source: str = "sis", body: str = '{"имя": "ж"}') -> Incoming:
    return Incoming(source, event_id, "school.person.blocked.v1", "school", START, body.encode())


def version(source: str = "sis", sequence: str | None = None, at: datetime = START) -> Version:
    return Version(source, sequence, at, "событие")


async def written(store: Database, *words: Word) -> None:
    timelines: dict[Any, tuple[Word, ...]] = {}
    for word in words:
        timelines[word.kind, word.key] = (*timelines.get((word.kind, word.key), ()), word)
    async with store.planning() as tx:
        await tx.facts.write_timelines({fact: ((), timeline) for fact, timeline in timelines.items()})


def hired(position: str, source: str = "sis", on: date = AT_ONCE, at: datetime = START, no: int = 1) -> Word:
    return Word(POSITION, KEY, POSITION.value(position, None), on, version(source, at=at), no)


def class_open(school: str, on: date = AT_ONCE) -> Word:
    return Word(CLASS_STATE, (school, "5a"), ClassState(open=True), on, version(school), 4)


def link(person: str, account: str | None, provider: str = "max", no: int = 1, source: str = "sis") -> AccountWord:
    return AccountWord(person, provider, account, Version(source, "1", START, f"{person}{no}"), no)


def room(chat_id: str = "class:5a", life: int = 1, school: str = "school") -> Room:
    return Room(0, school, chat_id, life, "5 А")


def place(made: Room, person: str, wanted: str = MEMBER, account: str | None = None) -> Place:
    reasons = (KeptReason("studies_in", MEMBER, 7, START + timedelta(microseconds=1)),) if wanted != OUT else ()
    standing = Place(made.organisation_id, person, made.room_no, person if account is None else account)
    return standing.wanting(wanted, reasons, 7, START)


async def opened(store: Database, *new: Room) -> list[Room]:
    async with store.planning() as tx:
        await tx.schools.lock({one.organisation_id for one in new})
        return await tx.plans.open_rooms(new)


async def planned(
    store: Database, *changes: PlaceChange, removals: Iterable[PlaceChange] = (), at: datetime = START
) -> None:
    counted = [dict.fromkeys(removals, "class:5a")]
    async with store.planning() as tx:
        await tx.plans.write(Batch([Plan("school", (), changes)], counted), at)


async def standing(store: Database, *persons: str) -> dict[str, list[Place]]:
    async with store.planning() as tx:
        touches = {Touch("school", PERSON, person): CAUSE for person in persons}
        slices = await tx.plans.load(touches, {"school": TODAY})
    return {person: list(slices["school"].places.get(person, ())) for person in persons}


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


ANSWERS: Mapping[str, object] = {CreateChat.word: "-100", AddMembers.word: {}, GrantAdmin.word: None}


async def settled(store: Database, clock: TestClock, *persons: str, wanted: str = MEMBER) -> RoomWork:
    """A room that is as wanted, its lease let go."""
    await due(store, clock, *persons, wanted=wanted)
    work = await claimed(store)
    while (act := next_act(work, PARTNER)) is not None and act.word in ANSWERS:
        assert await completed(store, work, act, ANSWERS[act.word])
        again = await reloaded(store, work)
        assert again is not None
        work = again
    await released(store, work)
    return work


async def observed(store: Database) -> dict[Any, Any]:
    return dict(await rows(store, places.c.account, places.c.observed))

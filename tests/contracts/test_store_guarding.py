"""What guards ask of a store before many join a chat: who is desired there, since when, and what was approved."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from adapters.database.schema import changes, holds
from adapters.database.store import Database
from sync.guards.joining import Crowd
from sync.ids import ChatId, EventNo, HoldNo, OrganisationId, PersonId, RoomNo
from sync.places import MEMBER, KeptReason, Place, Room
from sync.plan import PlaceChange
from tests.contracts.stores import opened, place, planned, rows, settled
from tests.road import START, TestClock

SCHOOL = OrganisationId("school")
HOUR = timedelta(hours=1)
ANNA, BORIS, VERA = map(PersonId, ("anna", "boris", "vera"))


def of(room_no: RoomNo) -> Room:
    return Room(room_no, SCHOOL, ChatId("class:5a"), 1, "5 А")


def since(at: datetime, standing: Place) -> Place:
    return standing._replace(reasons=(KeptReason("studies_in", MEMBER, EventNo(7), at),))


async def crowd(store: Database, room_no: RoomNo, at: datetime) -> Crowd:
    async with store.planning() as tx:
        return (await tx.guarding.crowds({room_no: 0}, at))[room_no]


async def test_who_has_an_account_and_is_not_in_the_chat_is_not_seen_there(store: Database) -> None:
    (made,) = await opened(store, Room(RoomNo(0), SCHOOL, ChatId("class:5a"), 1, "5 А", platform="max"))
    await planned(store, PlaceChange(None, place(made, "anna")))
    async with store.planning() as tx:
        assert (await tx.guarding.seen([SCHOOL]))[SCHOOL].everybody == frozenset()


async def test_who_was_there_before_has_not_joined_though_their_reason_is_new(
    store: Database, clock: TestClock
) -> None:
    work = await settled(store, clock, "anna", "boris")
    at = clock.at
    later = at + HOUR
    made = of(work.room_no)
    here = {who: place(made, who) for who in ("anna", "boris")}
    await planned(
        store,
        *(PlaceChange(before, since(later, before)) for before in here.values()),
        PlaceChange(None, since(later, place(made, "vera"))),
        at=later,
    )
    await _changed(store, made, "boris", "added", later)
    await _changed(store, made, "anna", "role_changed", later)
    assert (await crowd(store, work.room_no, at)).since == {ANNA: at, BORIS: later, VERA: later}


@pytest.mark.parametrize("changed", [{"hold_no": HoldNo(1)}, {"reasons": ()}])
async def test_who_is_held_or_has_no_reason_is_not_desired(
    store: Database, clock: TestClock, changed: dict[str, object]
) -> None:
    work = await settled(store, clock, "anna")
    made = of(work.room_no)
    kept = place(made, "boris")._replace(**changed)  # type: ignore[arg-type]
    await planned(store, PlaceChange(None, kept), at=clock.at)
    assert (await crowd(store, work.room_no, START - HOUR)).since.keys() == {ANNA}


@pytest.mark.parametrize(
    ("school", "state", "action", "at", "counts"),
    [
        ("school", "approved", "add_member", START + HOUR, True),
        ("lyceum", "approved", "add_member", START + HOUR, False),
        ("school", "rejected", "add_member", START + HOUR, False),
        ("school", "approved", "remove_member", START + HOUR, False),
        ("school", "approved", "add_member", START - HOUR, False),
    ],
)
async def test_joins_of_the_chat_that_the_school_approved_since_count(
    store: Database, clock: TestClock, school: str, state: str, action: str, at: datetime, *, counts: bool
) -> None:
    work = await settled(store, clock, "anna")
    plan = [{"action": action, "chat_id": "class:5a"}]
    given = {"limit_hit": "50 would join", "persons": 50, "plan": plan, "made_at": at, "expires_at": at}
    async with store.writing() as connection:
        await connection.execute(
            insert(holds).values(given | {"organisation_id": school, "state": state, "decided_at": at})
        )
    assert len(await rows(store, holds.c.hold_no)) == 1
    assert (await crowd(store, work.room_no, START)).approved_at == (at if counts else None)


async def _changed(store: Database, room: Room, person: str, action: str, at: datetime) -> None:
    """What was told of somebody in a room."""
    given = {"organisation_id": SCHOOL, "room_no": room.room_no, "chat_id": room.chat_id, "person_id": person}
    more = {"account": person, "action": action, "reasons": [], "cause_no": 7, "at": at}
    async with store.writing() as connection:
        await connection.execute(insert(changes).values(given | more))

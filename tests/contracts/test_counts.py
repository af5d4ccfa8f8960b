"""What counts of a place is said in Python, and in SQL: both say the same of every place there can be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, insert, select

from adapters.database.read import conditions
from adapters.database.read.rooms import seat_of
from adapters.database.store import Database
from adapters.database.tables import places
from sync.acts.next_act import next_act
from sync.places import ADMIN, MEMBER, NOBODY, OUT, UNKNOWN
from sync.platform import Capabilities
from sync.room import RoomPlace, RoomWork
from sync.standings import Seat
from tests.contracts.stores import opened, room

WANTED = (OUT, MEMBER, ADMIN)
OBSERVED = (*WANTED, UNKNOWN)
EVERY_PLACE = list(product(WANTED, OBSERVED, (NOBODY, "1001"), (None, 7), (None, *WANTED)))
CAN = Capabilities(makes_chats=True, archives_chats=True, add_at_once=100, admins_at_once=50, read_at_once=100)

TWINS: dict[str, tuple[Callable[[Any], Any], Callable[[Seat], bool]]] = {
    "waits": (conditions.waits, lambda seat: not seat.linked),
    "differs": (conditions.differs, lambda seat: seat.differs),
    "withheld": (conditions.withheld, lambda seat: seat.withheld),
    "held": (conditions.held, lambda seat: seat.held),
    "refused": (conditions.refused, lambda seat: seat.refused),
    "lingers": (conditions.lingers, lambda seat: seat.lingers),
}


@pytest.fixture
async def every_place(store: Database) -> Database:
    """A place for each combination of its columns, each of another person."""
    (made,) = await opened(store, room())
    names = ("wanted", "observed", "account", "hold_no", "refused_for")
    key = {"organisation_id": "school", "room_no": made.room_no}
    rows = [
        {**key, "person_id": f"{number:03}", **dict(zip(names, place, strict=True))}
        for number, place in enumerate(EVERY_PLACE)
    ]
    async with store.writing() as connection:
        await connection.execute(insert(places), rows)
    return store


async def found(store: Database, statement: Select[Any]) -> list[Seat]:
    async with store.reading() as connection:
        rows = (await connection.execute(statement.order_by(places.c.person_id))).fetchall()
    return [seat_of(row) for row in rows]


@pytest.mark.parametrize("name", TWINS)
async def test_both_say_the_same_of_every_place(every_place: Database, name: str) -> None:
    condition, rule = TWINS[name]
    everything = await found(every_place, select(places))
    assert len(everything) == len(EVERY_PLACE)
    counted = await found(every_place, select(places).where(condition(places)))
    assert counted == [seat for seat in everything if rule(seat)]
    assert 0 < len(counted) < len(everything)


def seat(wanted: str, observed: str, account: str, hold: int | None, refused_for: str | None) -> Seat:
    return Seat("anna", account, wanted, observed, (), hold is not None, None, refused_for)


@pytest.mark.parametrize("place", EVERY_PLACE)
def test_every_place_is_in_one_count_at_most(place: tuple[str, str, str, int | None, str | None]) -> None:
    one = seat(*place)
    assert (one.differs, one.held, one.refused, not one.linked).count(True) <= 1


@pytest.mark.parametrize("place", [place for place in EVERY_PLACE if place[2] != NOBODY])
def test_a_place_differs_as_long_as_settling_has_a_step_for_it(
    place: tuple[str, str, str, int | None, str | None],
) -> None:
    one = seat(*place)
    stands = RoomPlace("anna", one.account, one.wanted, one.observed, held=one.withheld, refused_for=one.refused_for)
    room_of_one = RoomWork(
        room_no=1,
        organisation_id="school",
        chat_id="class:5a",
        life=1,
        nonce="nonce",
        wanted_title="5 А",
        observed_title="5 А",
        wanted_life="open",
        observed_life="open",
        external_chat_id="-100",
        platform_token="max",
        lease_no=1,
        grade=1,
        attempts=0,
        places=(stands,),
        read_backs={},
        invite_link="",
    )
    assert one.differs == (next_act(room_of_one, CAN) is not None)

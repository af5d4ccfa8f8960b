"""What counts of a place is said in Python, and in SQL: both say the same of every place there can be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, insert, select

from adapters.database.read import conditions
from adapters.database.read.rooms import view_of
from adapters.database.schema import places
from adapters.database.store import Database
from sync.acts.next_act import next_act
from sync.ids import AccountId, ChatId, HoldNo, OrganisationId, PersonId, RoomNo
from sync.membership_states import PlaceView
from sync.places import ADMIN, MEMBER, NOBODY, OUT, UNKNOWN
from sync.platform import Capabilities
from sync.room import RoomPlace, RoomWork
from tests.contracts.stores import opened, room

WANTED = (OUT, MEMBER, ADMIN)
OBSERVED = (*WANTED, UNKNOWN)
HOLDS = ((None, False), (7, False), (7, True))  # the hold's number, and whether it was rejected
EVERY_PLACE = list(product(WANTED, OBSERVED, (NOBODY, "1001"), HOLDS, (None, *WANTED)))
CAN = Capabilities(makes_chats=True, archives_chats=True, add_at_once=100, admins_at_once=50, read_at_once=100)

TWINS: dict[str, tuple[Callable[[Any], Any], Callable[[PlaceView], bool]]] = {
    "waits": (conditions.waits, lambda place: not place.linked),
    "differs": (conditions.differs, lambda place: place.differs),
    "held": (conditions.held, lambda place: place.held),
    "refused": (conditions.refused, lambda place: place.refused),
    "lingers": (conditions.lingers, lambda place: place.lingers),
}


@pytest.fixture
async def every_place(store: Database) -> Database:
    """A place for each combination of its columns, each of another person."""
    (made,) = await opened(store, room())
    names = ("wanted", "observed", "account", "hold_no", "rejected", "refused_for")
    key = {"organisation_id": "school", "room_no": made.room_no}
    rows = [
        {**key, "person_id": f"{number:03}", **dict(zip(names, (*place[:3], *place[3], place[4]), strict=True))}
        for number, place in enumerate(EVERY_PLACE)
    ]
    async with store.writing() as connection:
        await connection.execute(insert(places), rows)
    return store


async def found(store: Database, statement: Select[Any]) -> list[PlaceView]:
    async with store.reading() as connection:
        rows = (await connection.execute(statement.order_by(places.c.person_id))).fetchall()
    return [view_of(row) for row in rows]


@pytest.mark.parametrize("name", TWINS)
async def test_both_say_the_same_of_every_place(every_place: Database, name: str) -> None:
    condition, rule = TWINS[name]
    everything = await found(every_place, select(places))
    assert len(everything) == len(EVERY_PLACE)
    counted = await found(every_place, select(places).where(condition(places)))
    assert counted == [place for place in everything if rule(place)]
    assert 0 < len(counted) < len(everything)


def view(wanted: str, observed: str, account: str, hold: tuple[int | None, bool], refused_for: str | None) -> PlaceView:
    hold_no = None if hold[0] is None else HoldNo(hold[0])
    return PlaceView(PersonId("anna"), AccountId(account), wanted, observed, (), hold_no, hold[1], None, refused_for)


@pytest.mark.parametrize("place", EVERY_PLACE)
def test_every_place_is_in_one_count_at_most(place: tuple[str, str, str, tuple[int | None, bool], str | None]) -> None:
    one = view(*place)
    assert (one.differs, one.held, one.refused, not one.linked).count(True) <= 1


@pytest.mark.parametrize("place", [place for place in EVERY_PLACE if place[2] != NOBODY])
def test_a_place_differs_as_long_as_settling_has_a_step_for_it(
    place: tuple[str, str, str, tuple[int | None, bool], str | None],
) -> None:
    one = view(*place)
    stands = RoomPlace(
        PersonId("anna"), one.account, one.wanted, one.observed, held=one.on_hold, refused_for=one.refused_for
    )
    room_of_one = RoomWork(
        room_no=RoomNo(1),
        organisation_id=OrganisationId("school"),
        chat_id=ChatId("class:5a"),
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

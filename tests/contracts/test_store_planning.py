"""What every implementation of the store's port does, on both databases: rooms, places, holds, slices."""

from __future__ import annotations

from dataclasses import replace

from adapters.database.store import Database
from adapters.database.tables import holds, rooms
from sync.facts import AT_ONCE, PLACEMENT, Word
from sync.guards import Seen
from sync.places import ADMIN, OUT, Room
from sync.plan import Action, PlaceChange
from sync.ports.plans import Hold
from sync.touched import EVERYBODY, Touch
from tests.contracts.stores import (
    ANNA,
    CAUSE,
    DAY,
    KEY,
    SECOND,
    TODAY,
    class_open,
    hired,
    link,
    opened,
    place,
    planned,
    room,
    rows,
    settled,
    standing,
    version,
    written,
)
from tests.road import START, TestClock


async def test_rooms_are_opened_with_numbers_and_once(store: Database) -> None:
    first, second = await opened(store, room("staff:school"), room("class:5a"))
    assert first.room_no != second.room_no
    assert {replace(one, room_no=0) for one in (first, second)} == {room("class:5a"), room("staff:school")}
    (next_life,) = await opened(store, room("class:5a"), room("class:5a", 2))
    assert replace(next_life, room_no=0) == room("class:5a", 2)
    assert await opened(store) == []
    assert len({nonce for (nonce,) in await rows(store, rooms.c.nonce)}) == 3


async def test_places_are_read_as_they_were_planned(store: Database) -> None:
    (made,) = await opened(store, room())
    held = replace(place(made, "boris", OUT), hold_no=3, leaving=True)
    waiting = place(made, "vera", account="")
    both = [place(made, "anna", ADMIN), place(made, "anna", account="2")]
    await planned(store, *(PlaceChange(None, one) for one in (*both, held, waiting)))
    found = await standing(store, "anna", "boris", "vera", "nobody")
    assert sorted(found["anna"], key=lambda one: one.account) == sorted(both, key=lambda one: one.account)
    assert (found["boris"], found["vera"], found["nobody"]) == ([held], [waiting], [])


async def test_a_place_planned_anew_is_as_the_last_plan_wants_it(store: Database) -> None:
    (made,) = await opened(store, room())
    before, waiting = place(made, "anna"), place(made, "vera", account="")
    await planned(store, PlaceChange(None, before), PlaceChange(None, waiting))
    after = before.wanting(OUT, (), 9, START + SECOND)
    await planned(store, PlaceChange(before, after), PlaceChange(waiting, None))
    assert await standing(store, "anna", "vera") == {"anna": [after], "vera": []}


async def test_a_slice_has_the_room_the_facts_and_the_accounts_of_whom_it_is_asked_for(store: Database) -> None:
    enrolled = Word(PLACEMENT, ("school", "anna"), PLACEMENT.value("5a", None, "enrolled"), AT_ONCE, version(), 2)
    await written(store, hired("other"), class_open("school"), enrolled)
    (made,) = await opened(store, room())
    async with store.planning() as tx:
        await tx.people.lock([KEY], [])
        await tx.people.add_account_words([link("anna", "1"), link("anna", "9", "vk_id", no=2)])
        slices = await tx.plans.load({ANNA: CAUSE}, {"school": TODAY})
        everybody = await tx.plans.load({Touch("school", EVERYBODY, "school"): CAUSE}, {"school": TODAY})
        assert await tx.plans.load({}, {}) == {}
    (slice_,) = slices.values()
    assert (slice_.organisation_id, slice_.causes) == ("school", {"anna": CAUSE})
    assert slice_.present_room("class:5a") == made
    assert slice_.roster.day == TODAY
    assert slice_.roster.employed("anna") == hired("other")
    assert slice_.roster.enrolled("anna") == enrolled
    account = slice_.account("anna")
    assert account is not None
    assert account.external_user_id == "1"
    assert everybody["school"].causes == {"anna": CAUSE}


async def test_who_is_on_the_platform_is_seen_by_school_and_chat(store: Database, clock: TestClock) -> None:
    work = await settled(store, clock, "anna", "boris")
    await planned(
        store, PlaceChange(None, place(Room(work.room_no, "school", "class:5a", 1, "5 А"), "waiting", account=""))
    )
    both = frozenset({"anna", "boris"})
    async with store.planning() as tx:
        assert await tx.plans.seen(["school", "lyceum"]) == {
            "school": Seen(both, {"class:5a": both}, frozenset()),
            "lyceum": Seen(frozenset(), {}, frozenset()),
        }


async def test_counted_removals_are_kept_until_who_was_removed_comes_back(store: Database) -> None:
    (made,) = await opened(store, room())
    inside = {person: place(made, person) for person in ("anna", "boris")}
    await planned(store, *(PlaceChange(None, one) for one in inside.values()))
    leaving = {person: PlaceChange(one, one.wanting(OUT, (), 8, START)) for person, one in inside.items()}
    await planned(store, *leaving.values(), removals=leaving.values())
    since = {"school": START - SECOND, "lyceum": START - SECOND}
    async with store.planning() as tx:
        assert await tx.plans.removals_since(since) == {
            "school": frozenset({("class:5a", "anna"), ("class:5a", "boris")}),
            "lyceum": frozenset(),
        }
        assert await tx.plans.removals_since({"school": START}) == {"school": frozenset()}
    await planned(store, PlaceChange(leaving["anna"].after, inside["anna"]))
    async with store.planning() as tx:
        assert await tx.plans.removals_since({"school": START - SECOND}) == {
            "school": frozenset({("class:5a", "boris")})
        }


async def test_a_hold_is_kept_with_its_plan(store: Database) -> None:
    line = Action("remove_member", "class:5a", "anna", "1", None, ("studies_in",), 7)
    async with store.planning() as tx:
        numbers = [
            await tx.plans.hold(Hold("school", "organisation: 30 of 40", [line], 30, START + DAY), START) for _ in "12"
        ]
    assert len(set(numbers)) == 2
    kept = await rows(store, holds.c.hold_no, holds.c.limit_hit, holds.c.persons, holds.c.plan, holds.c.expires_at)
    assert kept[0] == (
        numbers[0],
        "organisation: 30 of 40",
        30,
        [line._asdict() | {"reasons": ["studies_in"]}],
        START + DAY,
    )

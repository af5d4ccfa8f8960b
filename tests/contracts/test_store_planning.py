"""What every implementation of the store's port does, on both databases: rooms, places, holds, scopes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.database.schema import holds, rooms
from adapters.database.store import Database
from sync.affected import EVERYBODY, Affected
from sync.facts import AT_ONCE, PLACEMENT, Assertion
from sync.guards.leaving import Removed
from sync.guards.out import Seen, Standing
from sync.ids import AccountId, ChatId, EventNo, HoldNo, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, OUT, KeptReason, Room
from sync.plan import PlaceChange
from sync.plan.actions import Action
from sync.ports.holds import Hold
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

SCHOOL, LYCEUM = OrganisationId("school"), OrganisationId("lyceum")


async def test_rooms_are_opened_with_numbers_and_once(store: Database) -> None:
    first, second = await opened(store, room("staff:school"), room("class:5a"))
    assert first.room_no != second.room_no
    assert {replace(one, room_no=RoomNo(0)) for one in (first, second)} == {room("class:5a"), room("staff:school")}
    (next_life,) = await opened(store, room("class:5a"), room("class:5a", 2))
    assert replace(next_life, room_no=RoomNo(0)) == room("class:5a", 2)
    assert await opened(store) == []
    assert len({nonce for (nonce,) in await rows(store, rooms.c.nonce)}) == 3


async def test_places_are_read_as_they_were_planned(store: Database) -> None:
    (made,) = await opened(store, room())
    held = place(made, "boris", OUT)._replace(hold_no=HoldNo(3), leaving=True)
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
    after = before.wanting(OUT, (), EventNo(9), START + SECOND)
    await planned(store, PlaceChange(before, after), PlaceChange(waiting, None))
    assert await standing(store, "anna", "vera") == {"anna": [after], "vera": []}


async def test_a_scope_has_the_facts_and_the_accounts_of_whom_it_is_asked_for_and_chats_have_rooms(
    store: Database,
) -> None:
    enrolled = Assertion(
        PLACEMENT, ("school", "anna"), PLACEMENT.value("5a", None, "enrolled"), AT_ONCE, version(), EventNo(2)
    )
    await written(store, hired("other"), class_open("school"), enrolled)
    (made,) = await opened(store, room())
    async with store.planning() as tx:
        await tx.people.lock([KEY], [])
        await tx.people.add_account_assertions([link("anna", "1"), link("anna", "9", "vk_id", no=2)])
        scopes = await tx.plans.load({ANNA: CAUSE}, {OrganisationId("school"): TODAY})
        everybody = await tx.plans.load(
            {Affected(OrganisationId("school"), EVERYBODY, "school"): CAUSE}, {OrganisationId("school"): TODAY}
        )
        assert await tx.plans.load({}, {}) == {}
        assert await tx.plans.rooms(
            {(OrganisationId("school"), ChatId("class:5a")), (OrganisationId("lyceum"), ChatId("class:5a"))}
        ) == [made]
    (scope,) = scopes.values()
    assert (scope.organisation_id, scope.causes) == ("school", {"anna": CAUSE})
    assert scope.rooms == {}
    assert scope.roster.day == TODAY
    assert scope.roster.employed(PersonId("anna")) == hired("other")
    assert scope.roster.enrolled(PersonId("anna")) == enrolled
    account = scope.account(PersonId("anna"), made)
    assert account is not None
    assert account.external_user_id == "1"
    assert everybody[OrganisationId("school")].causes == {"anna": CAUSE}


async def test_who_is_on_the_platform_is_seen_by_school_and_chat(store: Database, clock: TestClock) -> None:
    work = await settled(store, clock, "anna", "boris")
    await planned(
        store,
        PlaceChange(
            None,
            place(Room(work.room_no, OrganisationId("school"), ChatId("class:5a"), 1, "5 А"), "waiting", account=""),
        ),
    )
    both = frozenset({PersonId("anna"), PersonId("boris")})
    async with store.planning() as tx:
        seen = await tx.guarding.seen([SCHOOL, LYCEUM])
    assert (seen[SCHOOL].by_chat, seen[SCHOOL].everybody) == ({"class:5a": both}, both)
    assert seen[LYCEUM] == Seen({})


async def test_of_who_is_seen_it_is_known_of_which_kind_they_are_and_who_is_there_by_hand(
    store: Database, clock: TestClock
) -> None:
    work = await settled(store, clock, "anna", "boris", "vera")
    made = Room(work.room_no, SCHOOL, ChatId("class:5a"), 1, "5 А")
    reasons = {"anna": "homeroom", "boris": "added_by_hand", "vera": "studies_in"}
    before = {person: place(made, person) for person in reasons}
    after = {
        of: before[of]._replace(reasons=(KeptReason(reason, ADMIN, EventNo(1), START),))
        for of, reason in reasons.items()
    }
    await planned(store, *(PlaceChange(before[person], after[person]) for person in reasons))
    async with store.planning() as tx:
        seen = (await tx.guarding.seen([SCHOOL]))[SCHOOL]
    standing_of = {person: Standing(PersonId(person), work.room_no, before[person].account) for person in reasons}
    assert seen.kinds == {"staff": frozenset({standing_of["anna"]}), "students": frozenset({standing_of["vera"]})}
    assert seen.by_hand == frozenset({standing_of["boris"]})


@pytest.mark.parametrize(("more", "plenty"), [(1, True), (2, True), (3, False)])
async def test_where_many_of_a_kind_are_it_need_not_be_read_who(
    store: Database, clock: TestClock, more: int, plenty: bool
) -> None:
    work = await settled(store, clock, "anna", "boris", "vera", "gleb", "dina")
    made = Room(work.room_no, SCHOOL, ChatId("class:5a"), 1, "5 А")
    reasons = {"anna": ["studies_in"], "boris": ["added_by_hand", "studies_in_group"], "vera": ["teaches"], "gleb": []}
    before = {person: place(made, person) for person in reasons}
    kept = {who: tuple(KeptReason(of, ADMIN, EventNo(1), START) for of in reasons[who]) for who in reasons}
    after = {of: before[of]._replace(reasons=kept[of]) for of in reasons}
    waiting = place(made, "waiting", account="")._replace(reasons=kept["anna"])
    leaving = place(made, "dina")._replace(reasons=kept["anna"], wanted=OUT)
    pairs = [(before[of], after[of]) for of in reasons] + [(None, waiting), (place(made, "dina"), leaving)]
    await planned(store, *(PlaceChange(*pair) for pair in pairs))
    async with store.planning() as tx:
        asked = {(SCHOOL, kind): more for kind in ("students", "guardians")} | {(LYCEUM, "students"): more}
        assert await tx.guarding.plenty(asked) == ({(SCHOOL, "students")} if plenty else set())


@pytest.mark.parametrize(
    ("reasons", "changes", "seen", "plenty"),
    [
        (["studies_in"], {}, True, True),
        (["studies_in"], {}, False, False),
        (["studies_in"], {"account": AccountId("")}, False, False),
        (["studies_in"], {"wanted": OUT}, True, False),
        (["studies_in"], {"wanted": OUT, "hold_no": HoldNo(1)}, True, False),
        ([], {"wanted": OUT, "hold_no": HoldNo(1)}, True, False),
        ([], {"hold_no": HoldNo(1), "rejected": True}, True, False),
        (["added_by_hand"], {}, True, False),
        (["guardian_of:studies_in"], {}, True, False),
        (['guardian_of:["studies_in'], {}, True, False),
        (["guardian_of:x", "homeroom"], {}, True, False),
    ],
)
async def test_whoever_does_not_stand_in_a_chat_for_a_reason_of_the_kind_is_none_of_many(
    store: Database, clock: TestClock, reasons: list[str], changes: dict[str, Any], seen: bool, plenty: bool
) -> None:
    work = await settled(store, clock, "anna")
    made = Room(work.room_no, SCHOOL, ChatId("class:5a"), 1, "5 А")
    anna, other = place(made, "anna"), place(made, "anna" if seen else "new")
    kept = tuple(KeptReason(of, ADMIN, EventNo(1), START) for of in reasons)
    after = other._replace(reasons=kept)._replace(**changes)
    await planned(store, PlaceChange(anna, anna._replace(reasons=())), PlaceChange(other if seen else None, after))
    async with store.planning() as tx:
        assert await tx.guarding.plenty({(SCHOOL, "students"): 1}) == ({(SCHOOL, "students")} if plenty else set())


async def test_counted_removals_are_kept_until_who_was_removed_comes_back(store: Database) -> None:
    (made,) = await opened(store, room())
    inside = {person: place(made, person) for person in ("anna", "boris")}
    await planned(store, *(PlaceChange(None, one) for one in inside.values()))
    leaving = {person: PlaceChange(one, one.wanting(OUT, (), EventNo(8), START)) for person, one in inside.items()}
    removed = {person: Removed(ChatId("class:5a"), PersonId(person), ("students",)) for person in inside}
    await planned(store, *leaving.values(), removals={leaving[person]: removed[person] for person in inside})
    async with store.planning() as tx:
        found = await tx.guarding.removals_since([SCHOOL, LYCEUM], START - SECOND)
        assert (sorted(found[SCHOOL]), found[LYCEUM]) == ([removed["anna"], removed["boris"]], [])
        assert await tx.guarding.removals_since([SCHOOL], START) == {SCHOOL: []}
    await planned(store, PlaceChange(leaving["anna"].after, inside["anna"]))
    async with store.planning() as tx:
        assert await tx.guarding.removals_since([SCHOOL], START - SECOND) == {SCHOOL: [removed["boris"]]}


async def test_a_hold_is_kept_with_its_plan(store: Database) -> None:
    line = Action(
        "remove_member", ChatId("class:5a"), PersonId("anna"), AccountId("1"), None, ("studies_in",), EventNo(7)
    )
    async with store.planning() as tx:
        numbers = [
            await tx.holds.make(Hold(SCHOOL, "organisation: 30 of 40", [line], 30, START + DAY), START) for _ in "12"
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

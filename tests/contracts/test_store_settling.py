"""What every implementation of the store's port does, on both databases: leases, answers, read-backs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from adapters.database.schema import calls, changes, places, read_backs, rooms
from adapters.database.store import Database
from sync.acts.chats import CreateChat
from sync.acts.effects import Effects, Observation
from sync.acts.looks import ReadBack
from sync.acts.members import AddMembers
from sync.acts.next_act import next_act
from sync.acts.stored import orphaned
from sync.ids import AccountId, ChatId, HoldNo, OrganisationId, PersonId
from sync.places import ADMIN, MEMBER, OPEN, OUT, UNKNOWN
from sync.plan import PlaceChange
from sync.platform import Refusal
from sync.ports.affected import Unplanned
from sync.ports.settling import Done, Release
from sync.room import ITSELF, LEAVERS, Call, RoomWork
from tests.contracts.stores import (
    ANNA,
    LEASE_S,
    answer_written,
    claimed,
    completed,
    due,
    observed,
    opened,
    place,
    planned,
    released,
    reloaded,
    room,
    rows,
    settled,
    standing,
)
from tests.doubles.platform import PARTNER
from tests.road import TestClock

CREATE = CreateChat(title="5 А")


async def test_a_room_is_claimed_once_with_the_places_that_differ(store: Database, clock: TestClock) -> None:
    made = await due(store, clock, "anna", "boris")
    work = await claimed(store)
    assert (work.room_no, work.chat_id, work.life, work.external_chat_id) == (made.room_no, "class:5a", 1, None)
    assert (work.wanted_title, work.observed_title, work.observed_life) == ("5 А", None, "none")
    assert sorted((one.person_id, one.wanted, one.observed) for one in work.places) == [
        ("anna", MEMBER, OUT),
        ("boris", MEMBER, OUT),
    ]
    assert work.in_flight is None
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []


async def test_a_room_is_not_claimed_before_it_is_due(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna")
    clock.turn(seconds=-1)
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []


async def test_rooms_are_claimed_by_grade_and_then_by_turn_up_to_a_limit(store: Database, clock: TestClock) -> None:
    ids = [ChatId(f"class:{number}") for number in (1, 2, 3)]
    made = {one.chat_id: one for one in await opened(store, *map(room, ids))}
    for chat_id in ids:
        await planned(store, PlaceChange(None, place(made[chat_id], "anna")))
    clock.turn(seconds=1)
    async with store.settling() as tx:
        assert [work.chat_id for work in await tx.claim(2, LEASE_S)] == ["class:1", "class:2"]
        assert [work.chat_id for work in await tx.claim(2, LEASE_S)] == ["class:3"]


async def test_what_was_answered_is_observed_told_and_noted(store: Database, clock: TestClock) -> None:
    await settled(store, clock, "anna", "boris", wanted=ADMIN)
    assert await observed(store) == {"anna": ADMIN, "boris": ADMIN}
    assert await rows(store, rooms.c.external_chat_id, rooms.c.observed_life, rooms.c.observed_title) == [
        ("-100", OPEN, "5 А")
    ]
    assert {action for (action,) in await rows(store, calls.c.action)} == {"create", "add", "grant"}
    told = await rows(store, changes.c.person_id, changes.c.action, changes.c.role, changes.c.cause_no)
    assert told == [
        (person, action, role, 7)
        for person in ("anna", "boris")
        for action, role in (("added", MEMBER), ("role_changed", ADMIN))
    ]


async def test_a_refusal_is_kept_with_the_wish_it_answered(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna", "boris")
    work = await claimed(store)
    assert await completed(store, work, CREATE, "-100")
    refusals = {"boris": Refusal("privacy", for_good=True)}
    assert await completed(store, work, AddMembers((AccountId("anna"), AccountId("boris"))), refusals)
    kept = places.c.account, places.c.observed, places.c.refused_code, places.c.refused_for
    assert await rows(store, *kept) == [("anna", MEMBER, None, None), ("boris", OUT, "privacy", MEMBER)]


async def test_a_lease_ended_in_time_leaves_the_room_due_or_not(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna")
    work = await claimed(store)
    await released(store, work, 2, 5.0, attempts=1)
    clock.turn(seconds=4)
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []
    clock.turn(seconds=1)
    again = await claimed(store)
    assert (again.attempts, again.lease_no) == (1, work.lease_no + 1)
    await released(store, again, 1, 0.0)
    at_once = await claimed(store)
    assert (at_once.attempts, at_once.grade) == (0, 1)
    await released(store, at_once)
    clock.turn(days=1)
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []


async def test_a_lease_that_ran_out_is_anybodys_and_its_call_comes_along(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna")
    work, step = await claimed(store), AddMembers((AccountId("anna"),))
    async with store.settling() as tx:
        await tx.intend([(work, step)], LEASE_S)
    clock.turn(seconds=LEASE_S)
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []
    clock.turn(seconds=0.1)
    taken_over = await claimed(store)
    assert taken_over.in_flight == Call("add", {AccountId("anna"): PersonId("anna")})
    assert await reloaded(store, work) is None


async def test_rooms_of_a_paused_token_are_not_claimed_and_the_longer_pause_stays(
    store: Database, clock: TestClock
) -> None:
    await due(store, clock, "anna")
    async with store.settling() as tx:
        await tx.pause("max", 10.0)
        await tx.pause("max", 5.0)
        await tx.pause("vk", 100.0)
    clock.turn(seconds=9)
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []
    clock.turn(seconds=1)
    assert (await claimed(store)).places


async def test_a_movers_removal_waits_for_adds_of_his_school_that_can_be_made_and_for_no_others(
    store: Database, clock: TestClock
) -> None:
    made = {one.chat_id: one for one in await opened(store, room("class:1"), room("class:2"))}
    new, old = made[ChatId("class:1")], made[ChatId("class:2")]
    await planned(store, PlaceChange(None, place(new, "anna")))
    await planned(store, PlaceChange(place(old, "anna"), place(old, "anna", OUT)))
    clock.turn(seconds=1)
    async with store.settling() as tx:
        [adding] = await tx.claim(10, LEASE_S)
        assert adding.chat_id == "class:1"
        assert await tx.claim(10, LEASE_S) == []
        await tx.release([Release(adding, 2, 0.0)])
    async with store.writing() as connection:
        await connection.execute(rooms.update().where(rooms.c.chat_id == "class:1").values(platform_token="other"))
    async with store.settling() as tx:
        await tx.pause("other", 60.0)
        assert [work.chat_id for work in await tx.claim(10, LEASE_S)] == ["class:2"]


async def test_of_an_account_at_most_as_many_rooms_are_claimed_as_it_has_seats(
    store: Database, clock: TestClock
) -> None:
    ids = [ChatId(f"class:{number}") for number in (1, 2, 3, 4)]
    made = {one.chat_id: one for one in await opened(store, *map(room, ids))}
    for chat_id in ids:
        await planned(store, PlaceChange(None, place(made[chat_id], "anna")))
    async with store.writing() as connection:
        other = rooms.c.chat_id.in_(ids[2:])
        await connection.execute(rooms.update().where(other).values(platform_token="other"))
    clock.turn(seconds=1)
    async with store.settling() as tx:
        assert [work.chat_id for work in await tx.claim(10, LEASE_S, {"max": 1, "other": 0})] == ["class:1"]
        assert [work.chat_id for work in await tx.claim(10, LEASE_S, {"max": 0, "else": 1})] == ["class:3", "class:4"]


async def test_what_is_planned_while_a_call_is_on_its_way_is_known_after_its_answer(
    store: Database, clock: TestClock
) -> None:
    """By whatever clock it was planned: a machine's own may be ahead or behind."""
    made = await due(store, clock, "anna")
    work = await claimed(store)
    assert await completed(store, work, CREATE, "-100")
    for person, at in (("boris", clock.at + timedelta(days=1)), ("vera", clock.at - timedelta(days=1))):
        work = await going(store, work)
        await planned(store, PlaceChange(None, place(made, person)), at=at)
        async with store.settling() as tx:
            work = (await tx.complete([Done(work, CREATE, Effects())]))[work.room_no] or work
        assert person in {one.person_id for one in work.places}


async def test_who_is_held_while_a_call_is_on_its_way_is_not_added_after_its_answer(
    store: Database, clock: TestClock
) -> None:
    made = await due(store, clock, "anna", "boris")
    work = await claimed(store)
    assert await completed(store, work, CREATE, "-100")
    work = await going(store, work)
    held = place(made, "boris", OUT)._replace(hold_no=HoldNo(1))
    await planned(store, PlaceChange(place(made, "boris"), held), at=clock.at)
    async with store.settling() as tx:
        found = (await tx.complete([Done(work, CREATE, Effects())]))[work.room_no]
    assert found is not None
    assert [one.person_id for one in found.places] == ["anna"]


async def going(store: Database, work: RoomWork) -> RoomWork:
    """With a call on its way and all that is known of the room."""
    found = await reloaded(store, work)
    assert found is not None
    async with store.settling() as tx:
        await tx.intend([(found, CREATE)], LEASE_S)
    return found


async def test_every_answer_renews_the_lease(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna")
    work = await claimed(store)
    for _ in range(3):
        clock.turn(seconds=LEASE_S - 1)
        assert await completed(store, work, CREATE, "-100")
        async with store.settling() as tx:
            assert await tx.claim(10, LEASE_S) == []


async def test_a_completion_without_its_lease_says_only_that_nobody_knows(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna")
    late = await claimed(store)
    assert await completed(store, late, CREATE, "-100")
    clock.turn(seconds=LEASE_S + 1)
    await claimed(store)
    told = await rows(store, changes.c.change_no)
    effects = Effects(observed={AccountId("anna"): Observation(MEMBER)})
    assert not await answer_written(store, late, AddMembers((AccountId("anna"),)), effects)
    assert await observed(store) == {"anna": UNKNOWN}
    assert await rows(store, changes.c.change_no) == told
    made = Effects(room={"external_chat_id": "-200"})
    assert not await answer_written(store, late, CREATE, made)
    assert await rows(store, rooms.c.external_chat_id, rooms.c.observed_life) == [("-100", OPEN)]
    assert await rows(store, read_backs.c.account) == [(ITSELF,)]


async def test_a_completion_without_its_lease_brings_back_a_place_that_is_gone(
    store: Database, clock: TestClock
) -> None:
    await due(store, clock, "anna")
    late = await claimed(store)
    clock.turn(seconds=LEASE_S + 1)
    await claimed(store)
    async with store.writing() as connection:
        await connection.execute(places.delete())
    assert not await answer_written(store, late, AddMembers((AccountId("anna"),)), Effects())
    assert await observed(store) == {"anna": UNKNOWN}


async def test_without_its_lease_nothing_is_intended_or_released(store: Database, clock: TestClock) -> None:
    await due(store, clock, "anna")
    late = await claimed(store)
    clock.turn(seconds=LEASE_S + 1)
    holder = await claimed(store)
    async with store.settling() as tx:
        await tx.intend([(late, AddMembers((AccountId("anna"),)))], LEASE_S)
        await tx.release([Release(late, None, None)])
    assert await reloaded(store, holder) == holder
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []


async def test_the_calls_of_dead_leases_are_forgotten_and_read_back_now_and_once_more(
    store: Database, clock: TestClock
) -> None:
    await due(store, clock, "anna", "boris")
    work = await claimed(store)
    assert await completed(store, work, CREATE, "-100")
    async with store.settling() as tx:
        await tx.intend([(work, AddMembers((AccountId("anna"), AccountId("boris"))))], LEASE_S)
    clock.turn(seconds=LEASE_S + 1)
    orphan = await claimed(store)
    assert orphan.in_flight is not None
    async with store.settling() as tx:
        await tx.complete([Done(orphan, None, orphaned(orphan, orphan.in_flight, 25.0))])
    assert await observed(store) == {"anna": UNKNOWN, "boris": UNKNOWN}
    found = await reloaded(store, orphan)
    assert found is not None
    assert found.in_flight is None
    step = next_act(found, PARTNER)
    assert step == ReadBack((AccountId("anna"), AccountId("boris")), LEAVERS)
    assert await completed(store, found, step, {"anna": MEMBER, "boris": MEMBER})
    await released(store, found)
    async with store.settling() as tx:
        assert await tx.claim(10, LEASE_S) == []
    clock.turn(seconds=25)
    once_more = await claimed(store)
    assert set(once_more.read_backs) == {"anna", "boris"}


# read-backs


async def test_a_read_back_that_is_asked_for_comes_with_the_room_until_it_is_made(
    store: Database, clock: TestClock
) -> None:
    await settled(store, clock, "anna", "boris")
    async with store.settling() as tx:
        await tx.ask_read_backs(
            [
                ("max", "-100", AccountId("anna"), "left"),
                ("max", "-999", AccountId("anna"), "left"),
                ("vk", "-100", AccountId("1"), ""),
            ]
        )
        await tx.ask_read_backs([])
    work = await claimed(store)
    assert work.read_backs == {"anna": ("", "left")}
    assert [one.account for one in work.places] == ["anna"]
    assert await observed(store) == {"anna": MEMBER, "boris": MEMBER}  # who asks observes nothing
    step = ReadBack((AccountId("anna"),))
    assert await answer_written(store, work, step, step.confirmed(work, {}))
    again = await reloaded(store, work)
    assert again is not None
    assert again.read_backs == {}
    assert (await observed(store))["anna"] == OUT
    assert [(one.affected, one.cause.by_event) for one in await _touched(store)] == [(ANNA, False)]
    assert (await standing(store, "anna"))["anna"][0].left_at == clock.at


async def _touched(store: Database) -> list[Unplanned]:
    async with store.planning() as tx:
        return await tx.affected.listed([OrganisationId("school")])


async def test_who_is_read_back_and_is_there_has_not_left(store: Database, clock: TestClock) -> None:
    await settled(store, clock, "anna")
    async with store.settling() as tx:
        await tx.ask_read_backs([("max", "-100", AccountId("anna"), "left")])
    work = await claimed(store)
    assert await completed(store, work, ReadBack((AccountId("anna"),)), {"anna": ADMIN})
    assert await observed(store) == {"anna": ADMIN}
    assert await _touched(store) == []


async def test_a_read_back_asked_for_while_an_earlier_one_is_made_stays(store: Database, clock: TestClock) -> None:
    """The answer on its way is older than what is asked about."""
    await settled(store, clock, "anna")
    async with store.settling() as tx:
        await tx.ask_read_backs([("max", "-100", AccountId("anna"), "joined")])
    work, step = await claimed(store), ReadBack((AccountId("anna"),))
    clock.turn(seconds=1)
    async with store.settling() as tx:
        await tx.ask_read_backs([("max", "-100", AccountId("anna"), "left")])
    assert await answer_written(store, work, step, step.confirmed(work, {AccountId("anna"): MEMBER}))
    again = await reloaded(store, work)
    assert again is not None
    assert again.read_backs == {"anna": ("", "left")}


async def test_effects_for_which_no_call_was_made_are_written_without_one(store: Database, clock: TestClock) -> None:
    work = await settled(store, clock, "anna")
    before = await rows(store, calls.c.call_no)
    held = await reloaded(store, work)
    assert held is not None
    seen = Effects(observed={AccountId("anna"): Observation(ADMIN)})
    assert await answer_written(store, replace(held, places=work.places), None, seen)
    assert await rows(store, calls.c.call_no) == before

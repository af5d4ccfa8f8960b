"""H16: a page of a listing was read, somebody joins or leaves, the next page is read: the listing is of no moment.

What a listing says differs is read back by id, under the room's lease, before it counts. So it needs neither a clock
nor a version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from adapters.database.schema import changes
from sync.ids import AccountId
from tests.doubles.platform import Action
from tests.road import Road
from tests.test_dispatch import schools, told


async def in_their_chats(road: Road, *pupils: str) -> None:
    """One class of these pupils, with numbers for accounts, each in the chat; the room is still to be listed."""
    events = [
        told(0, "school.organisation.registered.v1", road, organisation_id="a", name="a"),
        told(1, "school.class.opened.v1", road, organisation_id="a", class_id="1", name="1", school_year="2026/2027"),
    ]
    for number, pupil in enumerate(pupils, 2):
        enrolled = {"organisation_id": "a", "student_id": pupil, "class_id": "1"}
        events.append(told(number, "school.student.enrolled.v1", road, **enrolled))
        events.append(told(100 + number, "account.linked.v1", road, person_id=pupil, **account(pupil)))
    road.knows(*pupils)
    await road.post(events)
    await road.plan()
    road.clock.turn(seconds=1)
    await road.settle()


def account(pupil: str) -> Mapping[str, str]:
    return {"provider": "max", "external_user_id": pupil}


async def told_changes(road: Road) -> list[str]:
    """The changes that others hear of."""
    async with road.database.reading() as connection:
        return [row.action for row in await connection.execute(select(changes).order_by(changes.c.change_no))]


async def test_who_leaves_and_joins_during_a_listing_is_neither_lost_nor_added_twice(road: Road) -> None:
    await in_their_chats(road, "1", "2")
    happened = False

    async def meanwhile(action: Action) -> None:
        nonlocal happened
        if action.name == "list_members" and not happened:
            happened = True
            road.knows("3")
            road.clock.turn(milliseconds=1)
            leaves = told(200, "school.student.expelled.v1", road, organisation_id="a", student_id="1")
            enrolled = {"organisation_id": "a", "student_id": "3", "class_id": "1"}
            joins = told(201, "school.student.enrolled.v1", road, **enrolled)
            await road.post([leaves, joins, told(202, "account.linked.v1", road, person_id="3", **account("3"))])

    road.platform.after = meanwhile
    await road.converge()
    assert happened
    assert (await road.members())["class:1"] == {"2": "member", "3": "member"}
    changed = [(call.action, call.user_ids) for call in road.platform.world.calls if call.user_ids]
    assert changed == [("add", (1, 2)), ("remove", (1,)), ("add", (3,))]


async def test_a_listing_that_is_wrong_changes_nobody(road: Road) -> None:
    """It showed nobody at all; each is read back by id, and is there."""
    await in_their_chats(road, "1", "2")
    read: list[tuple[str, ...]] = []

    async def note(action: Action) -> None:
        if action.name == "read_members":
            read.append(action.accounts)

    async def shows_nobody(chat: str) -> Mapping[AccountId, str]:
        return {}

    road.platform.before = note
    road.platform.list_members = shows_nobody  # type: ignore[method-assign]
    made = len(road.platform.world.calls)
    await road.converge()
    assert read == [("1", "2")]
    assert len(road.platform.world.calls) == made
    assert (await road.members())["class:1"] == {"1": "member", "2": "member"}
    assert await told_changes(road) == ["added", "added"]


async def test_a_listing_that_nothing_satisfies_leaves_no_more_than_it_shows(road: Road) -> None:
    """It shows nobody, and so does the reading of whom it doubts: they are added again, once for each look."""
    await in_their_chats(road, "1", "2")
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)
        assert len(asked) < 20, asked

    async def shows_nobody(chat: str, accounts: Sequence[AccountId] = ()) -> Mapping[AccountId, str]:
        await note(Action("read_members" if accounts else "list_members", chat))
        return {}

    road.platform.before = note
    road.platform.list_members = road.platform.read_members = shows_nobody  # type: ignore[method-assign]
    for times in (1, 2, 3):
        road.clock.turn(seconds=5)
        await road.look()
        for _ in range(3):
            await road.settle()
        assert asked == ["read_chat", "list_members", "read_members", "add_members"] * times


async def test_a_leaver_does_not_wait_for_a_listing_that_is_due(road: Road) -> None:
    await in_their_chats(road, "1", "2")
    road.clock.turn(seconds=60)
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)

    road.platform.before = note
    await road.post([told(200, "school.student.expelled.v1", road, organisation_id="a", student_id="1")])
    await road.settle()
    assert asked == ["remove_member"]
    await road.converge()
    assert asked == ["remove_member", "read_chat", "list_members"]


async def test_no_room_is_listed_while_its_token_has_anything_to_do(road: Road) -> None:
    await in_their_chats(road, "1", "2")
    road.clock.turn(seconds=60)
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)

    road.platform.before = note
    await road.post([event | {"id": f"b{event['id']}"} for event in schools(road, {"b": 2}, 5000)])
    road.clock.turn(seconds=1)
    await road.converge()
    assert asked.index("list_members") > max(place for place, name in enumerate(asked) if name == "add_members")

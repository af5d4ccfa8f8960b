"""What one flood, or a person's decision on it, makes of the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sync.affected import EVERYBODY, Affected
from sync.guards.limits import Guards, Limits
from sync.ids import NO_EVENT, OrganisationId
from sync.planning_scope import Cause
from tests.cases.happenings import (
    chat_created,
    chat_deleted,
    chat_edited,
    class_closed,
    dismissed,
    expelled,
    group_students_set,
    guardian_removed,
    hired,
    linked,
    registered,
    restored,
    transferred,
)
from tests.cases.test_600_guards import a_hold, all_expelled, approve, held, reject, strict
from tests.cases.test_640_floods import a_village_school
from tests.cases.test_680_decisions import a_flood_of_joins, set_limits
from tests.cases.world import SCHOOL, World, members
from tests.road import START


async def reconciled(world: World) -> None:
    """The school is planned anew by a person's order."""
    everybody = Affected(OrganisationId(SCHOOL), EVERYBODY, SCHOOL)
    async with world.road.database.planning() as tx:
        await tx.affected.add({everybody: Cause(NO_EVENT, by_event=True)}, world.road.clock.now())
    await world.road.converge()


# limits, on and off


@pytest.mark.parametrize(("hours", "flows"), [(2, False), (3, True), (26, True), (27, False)])
async def test_760_a_limit_for_a_day_holds_on_that_day_of_the_schools_own_clock(
    world: World, hours: int, flows: bool
) -> None:
    """In Kamchatka the third of November begins at noon of the second, by UTC; the world begins at nine."""
    strict(world)
    world.tell(registered(time_zone="Asia/Kamchatka"))
    names = world.pupils(6, "7 Б")
    third = date(2026, 11, 3)
    await set_limits(world, Limits(floor=4), days=(third, third))
    await world.begins()
    world.road.clock.at = START + timedelta(hours=hours)
    await world.happens(*all_expelled(names[:4]))
    assert await world.chat("7 Б") == members(names[4:] if flows else names)


async def test_761_guards_that_are_off_let_nobody_go_who_is_held(world: World) -> None:
    names = await a_hold(world)
    world.pupil("Новый").in_class("7 Б")
    guarded = world.road.rules
    world.road.rules = replace(guarded, guards=Guards(on=False))
    await world.happens(expelled(names[0], "other"), expelled("Новый"))
    assert (await world.chat("7 Б"), [persons for persons, _ in await held(world)]) == (members(names), [5])
    world.road.rules = guarded
    await approve(world)
    assert await world.chats() == {"7 Б": {}, "7 Б Родители": {}}


@pytest.mark.parametrize(
    ("limits", "flows"),
    [
        (Limits(share=1, floor=0, chat_share=1, chat_floor=0, kind_floor=100), True),
        (Limits(share=0, floor=0), False),
        (Limits(share=1, floor=0, chat_share=0, chat_floor=0), False),
        (Limits(share=0, floor=1), True),
        (Limits(kind_floor=0), False),
        (Limits(kind_floor=2), True),
    ],
)
async def test_762_a_share_of_all_holds_nobody_and_one_of_nobody_everybody(
    world: World, limits: Limits, flows: bool
) -> None:
    [name] = world.pupils(1, "7 Б")
    await set_limits(world, limits)
    await world.happens(expelled(name))
    assert await world.chat("7 Б") == ({} if flows else members([name]))


async def test_763_who_is_held_in_an_archived_chat_leaves_it_once_that_is_approved(world: World) -> None:
    strict(world)
    for number in range(4):
        world.worker(f"Учитель {number}").leads(f"{number} А")
        world.pupil(f"Ученик {number}").in_class(f"{number} А")
    await world.happens(
        *(expelled(f"Ученик {number}", "graduated") for number in range(4)), *map(class_closed, world.classes)
    )
    before = await world.archived()
    assert before["0 А"] == {"Учитель 0": "admin"}
    await world.happens(*(dismissed(f"Учитель {number}") for number in range(4)))
    assert (await world.archived(), [persons for persons, _ in await held(world)]) == (before, [4])
    await approve(world)
    assert set(map(len, (await world.archived()).values())) == {0}


# who joins, and who does not


async def test_764_who_may_not_come_in_yet_is_not_who_is_left_of_a_kind(world: World) -> None:
    """Forty-one are hired by a slip and wait at the door: with the nine dismissed nobody of the staff would be left."""
    _, _, staff = a_village_school(world)
    new = [f"Новый {number}" for number in range(41)]
    for name in new:
        world.worker(name)
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*map(dismissed, staff), *map(hired, new))
    assert await world.chat("Учительская") == members(staff)
    [(persons, limit)] = await held(world)
    assert (persons, limit.split("; ")) == (
        50,
        [
            "staff: 9 leave, and nobody of the staff would be left in a chat",
            f"chat staff:{SCHOOL}: 41 would join 9",
        ],
    )


async def test_765_who_never_left_a_chat_has_not_joined_it(world_on_either: World) -> None:
    """A whole class is expelled by a slip, held, and restored by the file that follows; somebody else comes after."""
    world = world_on_either
    names = world.pupils(45, "7 Б")
    world.pupil("Новый").in_class("8 А")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*all_expelled(names))
    await world.happens(*(restored(name, "7 Б") for name in names))
    await world.happens(transferred("Новый", "7 Б"))
    assert (await world.chats_of("Новый"), await held(world)) == ({"7 Б": "member"}, [])


async def test_766_who_left_and_came_back_has_joined(world: World) -> None:
    names, others = world.pupils(41, "7 Б"), world.pupils(30, "8 А")
    world.pupils(1, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names[:30]))
    await world.happens(*(transferred(name, "7 Б") for name in names[:30]))
    await world.happens(*(transferred(name, "7 В") for name in names[:30]))
    await world.happens(*(transferred(name, "7 В") for name in others[:11]))
    assert await held(world) == [(11, "chat class:7 В: 41 would join 1")]


async def test_767_what_a_reconcile_holds_again_no_old_denial_lets_go(world: World) -> None:
    """He was denied Аня long ago, and is removed from the other child by a slip with half of the school."""
    strict(world)
    names = world.pupils(5, "7 Б")
    world.pupil("Аня").in_class("7 Б")
    world.parent("Папа").of(names[0], "Аня")
    world.tell(guardian_removed("Папа", "Аня", denied=True))
    await world.happens(*all_expelled(names), guardian_removed("Папа", names[0]))
    await reject(world)
    await reconciled(world)
    assert [persons for persons, _ in await held(world)] == [6]
    await world.happens(linked("Папа", world.accounts["Папа"]))
    assert await world.chats_of("Папа") == {"7 Б Родители": "member"}


async def test_768_a_rejected_join_is_asked_again_by_events_that_say_otherwise_not_by_the_same(world: World) -> None:
    names = await a_flood_of_joins(world)
    await reject(world)
    world.road.clock.turn(days=2)
    await world.happens(transferred(names[0], "7 В"))
    assert await world.chats_of(names[0]) == {"7 Б": "member"}
    await world.happens(transferred(names[0], "7 Б"))
    await world.happens(transferred(names[0], "7 В"))
    assert await world.chats_of(names[0]) == {"7 В": "member"}
    assert await world.chat("7 Б") == members(names[1:])


@pytest.mark.parametrize(
    ("joining", "there", "flows"), [(40, 1, True), (41, 1, False), (45, 45, True), (46, 45, False)]
)
async def test_769_more_than_forty_and_more_than_there_were_are_held(
    world: World, joining: int, there: int, flows: bool
) -> None:
    names = world.pupils(joining, "7 Б")
    world.pupils(there, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names))
    assert len(await world.chat("7 В")) == there + (joining if flows else 0)
    assert await held(world) == ([] if flows else [(joining, f"chat class:7 В: {joining} would join {there}")])


@pytest.mark.parametrize(
    ("left", "ended"),
    [(("Учитель",), ["guardians"]), (("Мама",), ["staff"]), (("Учитель", "Мама"), []), ((), ["staff", "guardians"])],
)
async def test_770_who_is_of_two_kinds_leaves_as_both(world: World, left: tuple[str, ...], ended: list[str]) -> None:
    """Five cooks, each the guardian of a pupil, are taken out of the one chat they are in."""
    pupils = world.pupils(6, "5 А")
    both = [f"Повар {number}" for number in range(5)]
    for person, pupil in zip(both, pupils, strict=False):
        world.worker(person)
        world.parent(person).of(pupil)
    if "Учитель" in left:
        world.teacher("Учитель")
    if "Мама" in left:
        world.parent("Мама").of(pupils[5])
    world.tell(chat_created("Столовая", employees=both), chat_edited("parents:5 А", remove=both))
    await world.happens(chat_edited("Столовая", remove=both))
    assert len(await world.chat("Столовая")) == (5 if ended else 0)
    limits = [limit for _, limit in await held(world)]
    assert [limit.split(":")[0] for whole in limits for limit in whole.split("; ")] == ended


@pytest.mark.parametrize("linked_at_once", [True, False])
async def test_771_who_waits_for_an_account_and_is_let_in_is_not_counted_again(
    world: World, linked_at_once: bool
) -> None:
    """A hold shows them too, and the next to come is the first since it was approved."""
    names = [f"Ученик {number}" for number in range(5)]
    for name in names:
        world.pupil(name).unlinked().in_class("7 Б")
    world.pupil("Новый").in_class("7 Б")
    world.pupils(1, "7 В")
    await set_limits(world, Limits(gain=3))
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names))
    [hold] = await world.holds()
    assert (hold.persons, {line["person_id"] for line in hold.plan["changes"]}) == (5, set(names))
    if linked_at_once:
        accounts = [linked(name, world.account(900 + at, name)) for at, name in enumerate(names)]
        await world.road.post([world._event(happening) for happening in accounts])
    await approve(world)
    assert (len(await world.chat("7 В")), await held(world)) == (6 if linked_at_once else 1, [])
    await world.happens(transferred("Новый", "7 В"))
    assert (await world.chats_of("Новый"), await held(world)) == ({"7 В": "member"}, [])


async def test_772_a_chat_by_hand_that_is_deleted_lets_go_who_was_held_in_it(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.tell(chat_created("Турслёт", students=names))
    world.a_group("Алгебра", of_class="7 Б")
    await world.happens(*all_expelled(names))
    await world.happens(chat_deleted("Турслёт"), chat_deleted("Алгебра"))
    assert (await world.chats(), await world.archived()) == ({"7 Б": members(names)}, {"Турслёт": {}, "Алгебра": {}})


async def test_773_so_it_does_with_whom_the_chats_group_names_no_more(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.a_group("Алгебра", students=names)
    await world.happens(group_students_set("группа Алгебра", []))
    assert [persons for persons, _ in await held(world)] == [5]
    await world.happens(chat_deleted("Алгебра"))
    assert (await world.archived(), await held(world)) == ({"Алгебра": {}}, [])


async def test_774_who_leaves_beside_a_flood_of_joins_leaves(world: World) -> None:
    """So does a father who is denied one of his children, though he may not follow the other into its class yet."""
    names, others = world.pupils(41, "7 Б"), world.pupils(5, "8 А")
    world.pupils(1, "7 В")
    for number in range(41):
        world.parent(f"Мама {number}").of(names[number])
    world.parent("Папа").of(names[0], others[0])
    world.parent("Мама 7 В").of("7 В-001")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(
        *(transferred(name, "7 В") for name in names),
        expelled(others[1]),
        guardian_removed("Папа", others[0], denied=True),
    )
    assert await world.chat("8 А") == members([others[0], *others[2:]])
    assert await world.chats_of("Папа") == {"7 Б Родители": "member"}
    assert (await world.chat("7 Б"), len(await world.chat("7 В Родители"))) == (members(names), 1)


# who is left of a kind


async def test_775_who_is_in_a_chat_by_hand_and_leaves_it_too_is_not_who_is_left(world: World) -> None:
    _, _, staff = a_village_school(world)
    world.worker("Повар")
    world.tell(chat_created("Столовая", employees=["Повар"]))
    await world.happens(*map(dismissed, [*staff, "Повар"]))
    assert (await world.chat("Учительская"), await world.chat("Столовая")) == (members(staff), {"Повар": "member"})


async def test_776_who_comes_and_waits_for_an_account_is_not_who_is_left(world: World) -> None:
    _, _, staff = a_village_school(world)
    await world.happens(*map(dismissed, staff), hired("Новая"))
    assert await world.chat("Учительская") == members(staff)


async def test_777_the_last_of_a_kind_who_were_rejected_and_are_asked_for_again_are_the_last_still(
    world: World,
) -> None:
    _, _, staff = a_village_school(world)
    await world.happens(*map(dismissed, staff))
    await reject(world)
    await reconciled(world)
    assert await held(world) == [(9, "staff: 9 leave, and nobody of the staff would be left in a chat")]


@pytest.mark.parametrize("graduates_last", [True, False])
async def test_778_the_last_of_several_ties_that_ends_says_whether_it_counts(
    world: World, graduates_last: bool
) -> None:
    """Cooks whose children graduate: in a chat by hand until they are dismissed as well, or the other way round."""
    strict(world)
    pupils = world.pupils(5, "11 А")
    world.pupils(5, "10 А")
    cooks = [f"Повар {number}" for number in range(5)]
    for cook, pupil in zip(cooks, pupils, strict=True):
        world.worker(cook)
        world.parent(cook).of(pupil)
    world.tell(chat_created("Столовая", employees=cooks))
    ends = [[dismissed(cook) for cook in cooks], all_expelled(pupils, "graduated")]
    for end in ends if graduates_last else reversed(ends):
        await world.happens(*end)
    assert len(await world.chat("Столовая")) == (0 if graduates_last else 5)

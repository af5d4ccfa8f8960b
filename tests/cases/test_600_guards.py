"""Floods of removals: what is counted, what is held, what flows all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from sync.guards.limits import Guards, Limit
from sync.ids import HoldNo
from sync.ports.holds import Decision
from sync.use_cases.decide_holds import Verdict, approval, decide_hold, rejection
from tests.cases.happenings import (
    Happening,
    blocked,
    chat_created,
    chat_edited,
    class_opened,
    dismissed,
    enrolled,
    expelled,
    group_closed,
    guardian_assigned,
    guardian_removed,
    linked,
    registered,
    restored,
    transferred,
)
from tests.cases.world import STAFF, World, members


def strict(world: World, *, organisation: int = 3, chat: int = 100) -> None:
    """Guards with small floors, so that few people make a flood."""
    guards = Guards(organisation=Limit(0.20, organisation), chat=Limit(0.50, chat))
    world.road.rules = replace(world.road.rules, guards=guards)


def all_expelled(names: Sequence[str], reason: str = "left") -> list[Happening]:
    return [expelled(name, reason) for name in names]


async def held(world: World) -> list[tuple[int, str]]:
    """The holds that wait: how many persons, and the limit."""
    return [(hold.persons, hold.limit) for hold in await world.holds() if hold.state == "held"]


async def decide(world: World, decision: Decision) -> None:
    """A person decides on the one hold that waits."""
    [hold] = [hold for hold in await world.holds() if hold.state == "held"]
    decided = await decide_hold(
        world.road.database, world.road.rules, HoldNo(hold.id), decision, world.road.clock.now()
    )
    assert decided.verdict is Verdict.DONE
    await world.road.converge()


async def approve(world: World) -> None:
    await decide(world, approval("завуч", "так и есть"))


async def reject(world: World) -> None:
    await decide(world, rejection("завуч", "слетел столбец"))


# the limits


@pytest.mark.parametrize(
    ("leaving", "there", "flows"), [(10, 12, True), (11, 22, True), (12, 22, False), (12, 24, True), (13, 24, False)]
)
async def test_601_more_than_half_of_a_chat_and_more_than_ten_are_held(
    world: World, leaving: int, there: int, flows: bool
) -> None:
    names = world.pupils(there, "7 Б")
    await world.happens(*all_expelled(names[:leaving]))
    assert await world.chat("7 Б") == members(names[leaving:] if flows else names)
    limit = f"chat class:7 Б: {leaving} of {there} members leave"
    assert await held(world) == ([] if flows else [(leaving, limit)])


@pytest.mark.parametrize(("leaving", "there", "flows"), [(20, 40, True), (21, 105, True), (22, 105, False)])
async def test_602_more_than_a_fifth_of_the_school_and_more_than_twenty_are_held(
    world: World, leaving: int, there: int, flows: bool
) -> None:
    classes = [world.pupils(there // 5, f"{number} А") for number in range(1, 6)]
    scattered = [name for row in zip(*classes, strict=True) for name in row]
    await world.happens(*all_expelled(scattered[:leaving]))
    left = [name for of_class in (await world.chats()).values() for name in of_class]
    assert len(left) == (there - leaving if flows else there)
    assert await held(world) == ([] if flows else [(22, "organisation: 22 of 105 persons leave")])


async def test_603_guards_may_be_off(world: World) -> None:
    world.road.rules = replace(world.road.rules, guards=Guards(on=False))
    names = world.pupils(12, "7 Б")
    await world.happens(*all_expelled(names))
    assert await world.chat("7 Б") == {}


# what is held, and what goes on


async def test_604_what_is_held_is_one_hold_with_its_plan_its_causes_and_its_size(world_on_either: World) -> None:
    world = world_on_either
    strict(world)
    names = world.pupils(4, "7 Б")
    world.parent("Мама").of(names[0])
    await world.happens(*all_expelled(names))
    [hold] = await world.holds()
    assert (hold.persons, hold.limit, hold.state) == (5, "organisation: 5 of 5 persons leave", "held")
    assert hold.plan["counts"] == {"remove_member": 5}
    assert {(line["chat_id"], line["person_id"]) for line in hold.plan["changes"]} == {
        *(("class:7 Б", name) for name in names),
        ("parents:7 Б", "Мама"),
    }
    assert [cause.type for cause in hold.causes] == ["school.student.expelled.v1"] * 4
    assert await world.states("class:7 Б") == dict.fromkeys(names, "held")
    assert world.calls() == []


async def test_605_everything_else_of_the_plan_goes_on(world: World) -> None:
    strict(world)
    names = world.pupils(6, "7 Б")
    world.parent("Мама").of("Аня")
    world.parent("Папа").of("Аня")
    world.pupil("Аня").in_class("7 В")
    world.pupil("Новый")
    world.a_class("7 Г")
    await world.happens(
        *all_expelled(names[:4]),
        enrolled("Новый", "7 Б"),
        transferred("Аня", "7 Г"),
        blocked(names[4]),
        guardian_removed("Папа", "Аня", denied=True),
    )
    assert await world.chats() == {
        "7 Б": members([*names[:4], names[5], "Новый"]),
        "7 В": {},
        "7 В Родители": {},
        "7 Г": {"Аня": "member"},
        "7 Г Родители": {"Мама": "member"},
    }
    assert [persons for persons, _ in await held(world)] == [4]


async def test_606_where_the_limit_of_one_chat_is_broken_all_counted_removals_of_the_plan_are_held(
    world: World,
) -> None:
    strict(world, organisation=100, chat=3)
    names, others = world.pupils(5, "7 Б"), world.pupils(5, "7 В")
    await world.happens(*all_expelled([*names[:4], others[0]]))
    assert await world.chats() == {"7 Б": members(names), "7 В": members(others)}
    assert await held(world) == [(5, "chat class:7 Б: 4 of 5 members leave")]


async def test_607_a_flood_in_one_school_holds_nothing_in_another(world: World) -> None:
    strict(world)
    names = world.pupils(4, "7 Б")
    world.pupil("Боря")
    lyceum = [registered("Лицей"), class_opened("9 А"), enrolled("Боря", "9 А")]
    world.tell(*(happening.in_school("лицей") for happening in lyceum))
    await world.happens(*all_expelled(names), expelled("Боря").in_school("лицей"))
    assert await world.chats() == {"7 Б": members(names), "9 А": {}}


# what is counted


async def test_608_a_person_counts_once_whatever_the_number_of_chats(world: World) -> None:
    strict(world)
    names = world.pupils(3, "7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    world.tell(chat_created("Турслёт", students=names))
    await world.happens(*all_expelled(names))
    assert (await world.chats(), await held(world)) == ({"7 Б": {}, "Алгебра": {}, "Турслёт": {}}, [])


@pytest.mark.parametrize(
    "flood",
    [
        lambda names: [chat_edited(STAFF, remove=names)],
        lambda names: [dismissed(name) for name in names],
    ],
)
async def test_609_removals_count_whatever_their_cause(
    world: World, flood: Callable[[list[str]], list[Happening]]
) -> None:
    strict(world)
    names = [f"Учитель {number}" for number in range(4)]
    for name in names:
        world.teacher(name)
    await world.happens(*flood(names))
    assert await world.chat("Учительская") == members(names)
    assert [persons for persons, _ in await held(world)] == [4]


async def test_610_a_move_is_not_counted_as_a_removal(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    world.a_class("7 В")
    for name in names:
        world.parent(f"Мама {name}").of(name)
    await world.happens(*(transferred(name, "7 В") for name in names))
    assert await world.chats() == {
        "7 Б": {},
        "7 Б Родители": {},
        "7 В": members(names),
        "7 В Родители": members(f"Мама {name}" for name in names),
    }


async def test_611_another_account_of_the_same_person_is_a_move(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    await world.happens(*(linked(name, world.account(500 + at, f"{name}*")) for at, name in enumerate(names)))
    assert await world.chat("7 Б") == members(f"{name}*" for name in names)


async def test_612_who_is_blocked_or_denied_is_neither_counted_nor_held(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    for name in names:
        world.parent(f"Папа {name}").of(name)
    await world.happens(
        *(blocked(name) for name in names), *(guardian_removed(f"Папа {name}", name, denied=True) for name in names)
    )
    assert (await world.chats(), await held(world)) == ({"7 Б": {}, "7 Б Родители": {}}, [])


async def test_613_who_is_denied_leaves_the_chats_joined_by_hand_uncounted_too(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    fathers = [f"Папа {name}" for name in names]
    for father, name in zip(fathers, names, strict=True):
        world.parent(father).of(name)
    world.tell(chat_created("Турслёт", guardians=fathers))
    denials = [guardian_removed(father, name, denied=True) for father, name in zip(fathers, names, strict=True)]
    await world.happens(*denials)
    assert (await world.chat("Турслёт"), await held(world)) == ({}, [])


async def test_614_graduates_and_their_guardians_are_not_counted(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "11 А")
    mothers = [f"Мама {name}" for name in names]
    for mother, name in zip(mothers, names, strict=True):
        world.parent(mother).of(name)
    world.a_group("Физика", of_class="11 А")
    world.tell(chat_created("Выпускной", students=names, guardians=mothers))
    await world.happens(*all_expelled(names, "graduated"))
    assert (await held(world), set(map(len, (await world.chats()).values()))) == ([], {0})


async def test_617_who_leaves_with_a_closed_group_is_counted(world: World) -> None:
    strict(world)
    names = world.pupils(4, "7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    await world.happens(group_closed("группа Алгебра"))
    assert [persons for persons, _ in await held(world)] == [4]
    assert set(names) <= set((await world.chat("Алгебра")) or (await world.archived())["Алгебра"])


async def test_618_who_is_not_seen_on_the_platform_is_not_counted(world: World) -> None:
    strict(world)
    names = world.pupils(6, "7 Б")
    for name in names[1:]:
        world.pupil(name).private()
    await world.happens(*all_expelled(names))
    assert (await world.chat("7 Б"), await held(world)) == ({}, [])


async def test_619_guardians_of_expelled_children_are_counted(world: World) -> None:
    strict(world)
    world.pupils(10, "7 Б")
    world.pupil("Аня").in_class("7 Б")
    for name in ("Мама", "Папа", "Бабушка"):
        world.parent(name).of("Аня")
    await world.happens(expelled("Аня"))
    assert [persons for persons, _ in await held(world)] == [4]


# the sliding day


async def test_620_removals_of_one_day_are_counted_together_against_those_who_were_there(world: World) -> None:
    names = world.pupils(24, "7 Б")
    await world.happens(*all_expelled(names[:8]))
    world.road.clock.turn(hours=23)
    await world.happens(*all_expelled(names[8:12]))
    assert await world.chat("7 Б") == members(names[12:])
    await world.happens(expelled(names[12]))
    assert await held(world) == [(1, "chat class:7 Б: 13 of 24 members leave")]
    assert await world.chat("7 Б") == members(names[12:])


async def test_621_removals_of_more_than_a_day_ago_are_forgotten(world: World) -> None:
    strict(world)
    names = world.pupils(6, "7 Б")
    await world.happens(*all_expelled(names[:3]))
    world.road.clock.turn(hours=24)
    await world.happens(*all_expelled(names[3:]))
    assert (await world.chat("7 Б"), await held(world)) == ({}, [])


async def test_622_a_removal_that_was_undone_is_counted_no_more(world: World) -> None:
    strict(world)
    names = world.pupils(6, "7 Б")
    await world.happens(*all_expelled(names[:3]))
    await world.happens(*(restored(name, "7 Б") for name in names[:3]))
    await world.happens(*all_expelled(names[3:]))
    assert (await world.chat("7 Б"), await held(world)) == (members(names[:3]), [])


async def test_623_what_is_held_is_not_counted_with_what_comes_after(world: World) -> None:
    strict(world)
    names = world.pupils(8, "7 Б")
    await world.happens(*all_expelled(names[:4]))
    await world.happens(*all_expelled(names[4:7]))
    assert await world.chat("7 Б") == members([*names[:4], names[7]])
    assert [persons for persons, _ in await held(world)] == [4]


# held


async def a_hold(world: World) -> list[str]:
    """Four pupils of one class expelled and held; the first has a mother, held too."""
    strict(world)
    names = world.pupils(4, "7 Б")
    world.parent("Мама").of(names[0])
    await world.happens(*all_expelled(names))
    assert set((await world.states("class:7 Б")).values()) == {"held"}
    return names


async def test_624_a_held_place_stays_held_when_it_is_touched_again(world_on_either: World) -> None:
    world = world_on_either
    names = await a_hold(world)
    world.pupil("Боря")
    for harmless in (
        [expelled(names[0], "other")],
        [guardian_assigned("Папа", names[0]), guardian_assigned("Мама", names[0])],
        [registered("Школа имени Пушкина", chat_administrator_id=None)],
        [linked(names[1], world.accounts[names[1]])],
        [enrolled("Боря", "7 Б")],
        [blocked("Боря")],
    ):
        await world.happens(*harmless)
        states = await world.states("class:7 Б")
        assert {name: states.get(name) for name in names} == dict.fromkeys(names, "held")
        assert (await world.states("parents:7 Б"))["Мама"] == "held"
    assert len(await world.holds()) == 1


async def test_625_a_held_place_is_held_no_more_once_its_person_is_desired_again(world: World) -> None:
    names = await a_hold(world)
    await world.happens(restored(names[0], "7 Б"))
    assert world.calls() == []
    assert await world.states("class:7 Б") == {names[0]: "applied"} | dict.fromkeys(names[1:], "held")
    assert await world.states("parents:7 Б") == {"Мама": "applied"}
    await world.happens(expelled(names[0]))
    assert await world.chat("7 Б") == members(names[1:])


async def test_627_of_a_held_person_who_is_blocked_the_removal_flows(world: World) -> None:
    names = await a_hold(world)
    await world.happens(blocked(names[0]), guardian_removed("Мама", names[0], denied=True))
    assert await world.chats() == {"7 Б": members(names[1:]), "7 Б Родители": {}}


# rejected


async def test_628_who_was_rejected_stays_and_is_shown_so(world: World) -> None:
    names = await a_hold(world)
    await reject(world)
    assert await world.chat("7 Б") == members(names)
    assert await world.states("class:7 Б") == dict.fromkeys(names, "rejected")


async def test_629_a_later_event_that_changes_something_for_the_rejected_plans_the_removal_anew(
    world: World,
) -> None:
    names = await a_hold(world)
    await reject(world)
    await world.happens(expelled(names[0], "other"))
    assert await world.chat("7 Б") == members(names[1:])
    assert (await world.states("class:7 Б")) == dict.fromkeys(names[1:], "rejected")


async def test_779_the_same_told_once_more_leaves_who_was_rejected(world: World) -> None:
    names = await a_hold(world)
    await reject(world)
    for name in names:
        await world.happens(expelled(name, "left"))
    assert await world.states("class:7 Б") == dict.fromkeys(names, "rejected")


async def test_630_a_stale_event_a_midnight_or_the_link_of_an_account_does_not(world: World) -> None:
    names = await a_hold(world)
    await reject(world)
    await world.happens(linked(names[1], world.accounts[names[1]]))
    await world.happens(guardian_assigned("Мама", names[0]).recorded(hours=5))
    world.tell(blocked("Дед").on(date(2026, 11, 3)))
    await world.begins()
    world.road.clock.turn(days=2)
    await world.road.converge()
    assert await world.states("class:7 Б") == dict.fromkeys(names, "rejected")
    assert await world.states("parents:7 Б") == {"Мама": "rejected"}


async def test_631_who_was_rejected_and_is_restored_is_as_if_never_expelled(world: World) -> None:
    names = await a_hold(world)
    await reject(world)
    await world.happens(restored(names[0], "7 Б"))
    assert world.calls() == []
    assert await world.states("class:7 Б") == {names[0]: "applied"} | dict.fromkeys(names[1:], "rejected")

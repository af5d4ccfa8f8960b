"""What a person decides on a hold, what nobody decides on in time, and limits for a school and for some days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from sync.guards.limits import ALL_SCHOOLS, Guards, Limits, Span
from sync.ids import HoldNo, OrganisationId, PersonId
from sync.ports.holds import Decision
from sync.use_cases.decide_holds import Verdict, approval, decide_hold, rejection
from sync.use_cases.reconcile_school import reconcile_school
from sync.use_cases.reconcile_schools import reconcile_schools
from sync.use_cases.set_guards import drop_guards, set_guards
from sync.views.explanation import ExplainedChat
from sync.views.reconciles import ReconcileView
from sync.views.registry import Asked
from tests.cases.happenings import (
    blocked,
    chat_created,
    chat_edited,
    class_closed,
    class_opened,
    expelled,
    linked,
    restored,
    transferred,
    unlinked,
)
from tests.cases.test_600_guards import a_hold, all_expelled, approve, held, reject, strict
from tests.cases.world import SCHOOL, World, members

YES, NO = approval("завуч", "так и есть"), rejection("завуч", "слетел столбец")


async def states_of_holds(world: World) -> list[str]:
    return [hold.state for hold in await world.holds()]


async def decided(world: World, hold_no: HoldNo, decision: Decision) -> Verdict:
    return (await decide_hold(world.road.database, world.road.rules, hold_no, decision, world.road.clock.now())).verdict


async def a_flood_of_joins(world: World) -> list[str]:
    """Forty-one pupils transferred into a class of one that is no longer new: held, and still in their own class."""
    names = world.pupils(41, "7 Б")
    world.pupils(1, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names))
    assert (await world.chat("7 Б"), len(await world.chat("7 В"))) == (members(names), 1)
    return names


# approved


async def test_680_what_is_approved_is_done_and_kept_with_who_and_why(world_on_either: World) -> None:
    world = world_on_either
    await a_hold(world)
    [hold] = await world.holds()
    assert (hold.still_held, hold.decided_at, hold.decided_by, hold.why) == (5, None, None, None)
    await approve(world)
    assert await world.chats() == {"7 Б": {}, "7 Б Родители": {}}
    [hold] = await world.holds()
    assert (hold.state, hold.persons, hold.still_held) == ("approved", 5, 0)
    assert (hold.decided_by, hold.why) == ("завуч", "так и есть")


async def test_681_an_approval_applies_what_is_still_as_it_was_planned_and_nothing_else(world: World) -> None:
    """One has come back, one has moved on, one unlinked, and somebody else was held by a later hold."""
    strict(world)
    names = world.pupils(6, "7 Б")
    others = world.pupils(5, "8 А")
    world.a_class("7 В")
    await world.happens(*all_expelled(names))
    await world.happens(restored(names[0], "7 Б"), restored(names[1], "7 В"), unlinked(names[2]))
    await world.happens(*all_expelled(others))
    first, second = await world.holds()
    assert (first.persons, first.still_held, second.still_held) == (6, 3, 5)
    assert await decided(world, first.id, YES) is Verdict.DONE
    world.road.platform.world.calls.clear()
    await world.road.converge()
    assert await world.chats() == {"7 Б": members(names[:1]), "7 В": members(names[1:2]), "8 А": members(others)}
    assert frozenset().union(*(done.persons for done in world.calls())) == set(names[3:])
    assert await states_of_holds(world) == ["approved", "held"]


async def test_682_what_was_approved_is_not_counted_again(world: World) -> None:
    strict(world)
    names = world.pupils(12, "7 Б")
    await world.happens(*all_expelled(names[:4]))
    await approve(world)
    await world.happens(*all_expelled(names[4:7]))
    assert (await world.chat("7 Б"), await held(world)) == (members(names[7:]), [])


async def test_683_joins_that_are_approved_come_in_and_their_persons_leave_where_they_were(
    world_on_either: World,
) -> None:
    world = world_on_either
    names = await a_flood_of_joins(world)
    await approve(world)
    assert (await world.chat("7 Б"), len(await world.chat("7 В"))) == ({}, 42)
    assert await world.states("class:7 В") == dict.fromkeys([*names, "7 В-001"], "applied")


async def test_684_who_joins_after_an_approval_is_counted_from_then_on(world: World) -> None:
    await a_flood_of_joins(world)
    await approve(world)
    world.pupil("Новый").in_class("8 А")
    await world.happens(transferred("Новый", "7 В"))
    assert (await world.chats_of("Новый"), await held(world)) == ({"7 В": "member"}, [])


async def test_685_a_class_that_closed_with_them_in_it_is_archived_once_that_is_approved(world: World) -> None:
    strict(world, chat=3)
    world.pupils(5, "7 Б")
    await world.happens(class_closed("7 Б"))
    assert await world.archived() == {}
    await approve(world)
    assert (await world.chats(), await world.archived()) == ({}, {"7 Б": {}})


async def test_696_an_approval_takes_nobody_out_of_a_chat_in_which_another_hold_keeps_them(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.tell(chat_created("Турслёт", students=names))
    await world.happens(chat_edited("Турслёт", remove=names))
    await world.happens(*all_expelled(names))
    first, second = await world.holds()
    assert await decided(world, first.id, YES) is Verdict.DONE
    await world.road.converge()
    assert await world.chats() == {"7 Б": members(names), "Турслёт": {}}
    assert (await states_of_holds(world), second.still_held) == (["approved", "held"], 5)


async def test_697_who_is_held_and_may_not_join_another_chat_yet_has_not_moved_on(world: World) -> None:
    names = world.pupils(41, "7 Б")
    world.pupils(1, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*all_expelled(names))
    await world.happens(*(restored(name, "7 В") for name in names))
    assert (await world.chat("7 Б"), len(await world.chat("7 В"))) == (members(names), 1)
    assert await states_of_holds(world) == ["held", "held"]
    assert await decided(world, (await world.holds())[1].id, YES) is Verdict.DONE
    await world.road.converge()
    assert (await world.chat("7 Б"), len(await world.chat("7 В"))) == ({}, 42)
    assert await states_of_holds(world) == ["let_go", "approved"]


# rejected


async def test_686_who_may_not_join_stays_where_they_were_until_an_event_asks_again(world_on_either: World) -> None:
    world = world_on_either
    names = await a_flood_of_joins(world)
    await reject(world)
    assert (await world.chat("7 Б"), len(await world.chat("7 В"))) == (members(names), 1)
    assert (await world.states("class:7 Б"))[names[0]] == (await world.states("class:7 В"))[names[0]] == "rejected"
    world.road.clock.turn(days=2)
    await world.happens(linked(names[0], world.accounts[names[0]]), transferred(names[1], "7 Б"))
    assert await world.chat("7 Б") == members(names)
    assert (await world.states("class:7 Б"))[names[1]] == "applied"
    await world.happens(transferred(names[1], "7 В"))
    assert await world.chats_of(names[1]) == {"7 В": "member"}


async def test_699_the_night_leaves_the_rejected_as_they_are_and_a_reconcile_that_is_ordered_asks_again(
    world_on_either: World,
) -> None:
    world = world_on_either
    names = await a_hold(world)
    await reject(world)
    store = world.road.database
    for _ in range(2):
        await reconcile_schools(store, time(3, 30), world.road.clock.now())
        await world.road.converge()
        assert await world.states("class:7 Б") == dict.fromkeys(names, "rejected")
        world.road.clock.turn(days=1)
    now, school = world.road.clock.now(), OrganisationId(SCHOOL)
    await reconcile_school(world.road.looking, school, "завуч", now, lambda _: None, apply=True)
    await world.road.converge()
    assert (await states_of_holds(world), len(await world.chat("7 Б"))) == (["rejected", "held"], len(names))


async def reconciled(world: World, *, apply: bool) -> ReconcileView:
    now, school = world.road.clock.now(), OrganisationId(SCHOOL)
    await reconcile_school(world.road.looking, school, "завуч", now, lambda _: None, apply=apply)
    view = await world.registry.operations.reconcile(school)
    assert view is not None
    world.road.clock.turn(seconds=1)
    return view


def planned(view: ReconcileView) -> list[tuple[str, str | None, str, str, str, str | None]]:
    return sorted(
        (line["chat_id"], line["person_id"], line["seen"], line["wanted"], line["policy"], line["action"])
        for line in view.planned
    )


@pytest.mark.parametrize("floods", [False, True])
async def test_698_a_dry_reconcile_names_the_rejected_whom_it_would_take_out(world: World, *, floods: bool) -> None:
    """Or that they would be held once more; to apply does that, and nothing else."""
    names = await a_hold(world)
    await reject(world)
    world.road.clock.turn(days=2)
    if not floods:
        world.road.rules = replace(world.road.rules, guards=Guards(on=False))
    before, calls = await world.chats(), len(world.road.platform.world.calls)
    dry = await reconciled(world, apply=False)
    why, action = ("held", None) if floods else ("rejected", "remove_member")
    out = [("class:7 Б", name, "member", "out", why, action) for name in names]
    assert planned(dry) == sorted([*out, ("parents:7 Б", "Мама", "member", "out", why, action)])
    assert dry.counts == ({} if floods else {"remove_member": len(out) + 1})
    assert (await world.chats(), len(world.road.platform.world.calls)) == (before, calls)
    assert planned(await reconciled(world, apply=True)) == planned(dry)
    await world.road.converge()
    assert sum(map(len, (await world.chats()).values())) == (len(out) + 1 if floods else 0)
    assert planned(await reconciled(world, apply=False)) == []


async def test_679_a_dry_reconcile_names_what_was_refused_and_is_asked_for_again(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").private()
    world.pupil("Боря").in_class("7 Б")
    assert (await world.states("class:7 Б"))["Аня"].startswith("refused")
    [line] = planned(await reconciled(world, apply=False))
    assert line == ("class:7 Б", "Аня", "out", "member", "refused", "add_member")


async def test_687_a_class_that_closed_with_them_in_it_stays_open_where_that_is_rejected(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    await world.happens(class_closed("7 Б"))
    await reject(world)
    assert (await world.chats(), await world.archived()) == ({"7 Б": members(names)}, {})
    await world.happens(*all_expelled(names[:4], "graduated"))
    assert await world.chats() == {"7 Б": members(names[4:])}
    await world.happens(expelled(names[4]))
    assert (await world.chats(), await world.archived()) == ({}, {"7 Б": {}})


# who decides, and when


async def test_688_what_nobody_decides_on_within_a_day_is_rejected(world_on_either: World) -> None:
    world = world_on_either
    names = await a_hold(world)
    world.road.clock.turn(hours=23)
    await world.road.converge()
    assert set((await world.states("class:7 Б")).values()) == {"held"}
    world.road.clock.turn(hours=1)
    await world.road.converge()
    assert await world.states("class:7 Б") == dict.fromkeys(names, "rejected")
    [hold] = await world.holds()
    assert (hold.state, hold.decided_by, hold.why) == ("rejected", "rollcall", "nobody decided in time")


@pytest.mark.parametrize("decision", [YES, NO])
async def test_689_a_hold_is_decided_once_and_in_time(world: World, decision: Decision) -> None:
    names = await a_hold(world)
    [hold] = await world.holds()
    assert await decided(world, HoldNo(hold.id + 1), decision) is Verdict.NO_HOLD
    world.road.clock.turn(hours=24)
    assert await decided(world, hold.id, decision) is Verdict.TOO_LATE
    world.road.clock.turn(hours=-1)
    assert await decided(world, hold.id, NO) is Verdict.DONE
    assert await decided(world, hold.id, decision) is Verdict.REJECTED
    await world.road.converge()
    assert await world.chat("7 Б") == members(names)


async def test_690_a_hold_that_holds_nobody_any_more_is_let_go(world_on_either: World) -> None:
    world = world_on_either
    names = await a_hold(world)
    await world.happens(*(restored(name, "7 Б") for name in names[:3]))
    assert await states_of_holds(world) == ["held"]
    await world.happens(blocked(names[3]))
    assert await states_of_holds(world) == ["let_go"]
    [hold] = await world.holds()
    assert await decided(world, hold.id, YES) is Verdict.LET_GO
    await world.road.converge()
    assert await world.chat("7 Б") == members(names[:3])


async def test_691_an_explanation_names_the_hold_its_limit_and_until_when(world: World) -> None:
    names = await a_hold(world)
    [hold] = await world.holds()
    [chat] = await explained(world, names[0])
    assert chat.hold is not None
    assert (chat.state, chat.hold.id, chat.hold.limit) == ("held", hold.id, "organisation: 5 of 5 persons leave")
    assert chat.hold.expires_at == hold.expires_at
    await reject(world)
    [chat] = await explained(world, names[0])
    assert (chat.state, chat.hold is not None and chat.hold.id) == ("rejected", hold.id)
    await world.happens(restored(names[0], "7 Б"))
    assert [chat.hold for chat in await explained(world, names[0])] == [None]


async def explained(world: World, person: str) -> list[ExplainedChat]:
    explanation = await world.registry.people.explain(PersonId(person), Asked(), None)
    return list(explanation.chats) if explanation is not None else []


# limits for a school, and for some days


async def set_limits(
    world: World, limits: Limits, *, school: str = SCHOOL, days: tuple[date, date] = (date.min, date.max)
) -> None:
    span = Span(OrganisationId(school), *days, limits, "завуч", world.road.clock.now())
    await set_guards(world.road.database, span)
    world.road.clock.turn(seconds=1)


NOVEMBER_2 = (date(2026, 11, 2), date(2026, 11, 2))


@pytest.mark.parametrize(
    ("school", "days", "flows"),
    [
        (SCHOOL, (date.min, date.max), True),
        (ALL_SCHOOLS, NOVEMBER_2, True),
        (SCHOOL, NOVEMBER_2, True),
        ("лицей", NOVEMBER_2, False),
        (SCHOOL, (date(2026, 11, 3), date.max), False),
        (SCHOOL, (date.min, date(2026, 11, 1)), False),
    ],
)
async def test_692_limits_may_be_other_for_a_school_and_on_some_days(
    world: World, school: str, days: tuple[date, date], flows: bool
) -> None:
    strict(world)
    names = world.pupils(6, "7 Б")
    await set_limits(world, Limits(floor=4), school=school, days=days)
    await world.happens(*all_expelled(names[:4]))
    assert await world.chat("7 Б") == members(names[4:] if flows else names)


async def test_693_of_two_limits_some_days_go_before_always_and_a_school_before_all(world_on_either: World) -> None:
    world = world_on_either
    strict(world)
    names = world.pupils(20, "7 Б")
    await set_limits(world, Limits(floor=0, chat_floor=7))
    await set_limits(world, Limits(floor=1), school=ALL_SCHOOLS, days=NOVEMBER_2)
    await set_limits(world, Limits(floor=5), days=NOVEMBER_2)
    await set_limits(world, Limits(floor=2, chat_floor=7))
    await world.happens(*all_expelled(names[:5]))
    assert await world.chat("7 Б") == members(names[5:])
    assert await drop_guards(world.road.database, OrganisationId(SCHOOL), *NOVEMBER_2)
    assert not await drop_guards(world.road.database, OrganisationId(SCHOOL), *NOVEMBER_2)
    await world.happens(expelled(names[5]))
    assert [limit for _, limit in await held(world)] == ["organisation: 6 of 20 persons leave"]


@pytest.mark.parametrize(
    ("limits", "flows"), [(Limits(gain=42), True), (Limits(gain_after_days=16), True), (Limits(), False)]
)
async def test_694_so_may_those_of_joins(world: World, limits: Limits, flows: bool) -> None:
    names = world.pupils(41, "7 Б")
    world.pupils(1, "7 В")
    if limits.given:
        await set_limits(world, limits)
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names))
    assert len(await world.chat("7 В")) == (42 if flows else 1)


async def test_695_and_those_of_kinds(world: World) -> None:
    names = world.pupils(4, "7 Б")
    await set_limits(world, Limits(kind_floor=4))
    await world.happens(class_opened("7 В"), *all_expelled(names))
    assert await held(world) == [(4, "students: 4 leave, and nobody of the students would be left in a chat")]

"""A school reconciled by order or by night: every difference by name, dry unless told, once, and resumable."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select

from adapters.database.schema import read_backs, reconciles
from sync.ids import AccountId, OrganisationId
from sync.ports.looking import Progress
from sync.use_cases.look_at_rooms import look_at_rooms
from sync.use_cases.reconcile_school import reconcile_school
from sync.use_cases.reconcile_schools import reconcile_schools
from sync.views.reconciles import ReconcileView
from tests.doubles.platform import Action
from tests.laws.roads import rows
from tests.looks.conftest import ANNA, AT_REST, BORIS, FOREIGN, OTHER_TEACHER, A, B, School

AT = time(3, 30)


async def reconciled(school: School, *, apply: bool = False, told: Any = lambda _: None) -> ReconcileView:
    now = school.road.clock.now()
    assert (
        await reconcile_school(school.road.looking, OrganisationId("school"), "test", now, told, apply=apply)
        is not None
    )
    view = await school.registry.operations.reconcile(OrganisationId("school"))
    assert view is not None
    return view


def disorder(school: School) -> None:
    """Somebody of every kind."""
    world = school.road.platform.world
    school.joins(A, OTHER_TEACHER)
    school.joins(A, FOREIGN)
    school.promotes(A, ANNA, is_admin=True)
    school.leaves(B, BORIS)
    world.rename(school.chats[B], "Наш класс", school.road.clock.at)


NAMED = [
    ("returned", A, "o", "4", "member", "out", "revert", "remove_member"),
    ("role", A, "anna", "1", "admin", "member", "revert", "revoke_admin"),
    ("stranger", A, None, "77", "member", "out", "ask", None),
    ("lost", B, "boris", "2", "out", "member", "revert", "add_member"),
    ("title", B, None, None, "Наш класс", "5 b", "revert", "rename_chat"),
]


async def test_it_names_every_difference_and_the_policy_it_met_and_changes_nothing(school: School) -> None:
    disorder(school)
    before, made = await school.shown(), len(school.road.platform.world.calls)
    view = await reconciled(school)
    found = sorted(tuple(line.values()) for line in view.differences)
    assert found == sorted(NAMED)
    assert view.counts == {"add_member": 1, "remove_member": 1, "rename_chat": 1, "revoke_admin": 1}
    assert (view.rooms, view.looked, view.asks) == (4, 4, True)
    await school.settles()
    assert await school.shown() == before
    assert len(school.road.platform.world.calls) == made
    assert await rows(school.road, select(read_backs)) == []


async def test_told_so_it_puts_right_what_differs(school: School) -> None:
    disorder(school)
    view = await reconciled(school, apply=True)
    assert len(view.differences) == len(NAMED)
    await school.settles()
    assert await school.shown() == {**AT_REST, A: {**AT_REST[A], str(FOREIGN): "member"}}
    assert school.road.platform.world.chats[school.chats[B]].title == "5 b"
    assert [line["kind"] for line in (await reconciled(school)).differences] == ["stranger"]


async def test_where_all_is_right_it_says_so_with_two_requests_a_chat(school: School) -> None:
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)

    school.road.platform.before = note
    view = await reconciled(school, apply=True)
    assert (view.differences, view.changes, view.asks) == ([], [], False)
    await school.settles()
    assert sorted(asked) == ["list_members"] * 4 + ["read_chat"] * 4


async def test_what_a_listing_says_between_its_pages_is_not_reported(school: School) -> None:
    async def shows_nobody(chat: str) -> Mapping[AccountId, str]:
        return {}

    school.road.platform.list_members = shows_nobody  # type: ignore[method-assign]
    assert (await reconciled(school)).differences == []


async def test_nor_is_who_is_in_the_listing_and_not_in_the_chat(school: School) -> None:
    platform = school.road.platform
    listed = platform.list_members

    async def shows_one_more(chat: str) -> Mapping[AccountId, str]:
        return {**await listed(chat), AccountId(str(FOREIGN)): "member"}

    platform.list_members = shows_one_more  # type: ignore[method-assign]
    assert (await reconciled(school)).differences == []


async def test_killed_it_goes_on_where_it_was(school: School) -> None:
    seen: list[Progress] = []
    listed: list[str | None] = []

    async def note(action: Action) -> None:
        if action.name == "list_members":
            listed.append(action.chat)
            if len(listed) == 3:
                raise asyncio.CancelledError

    school.road.platform.before = note
    task = asyncio.ensure_future(reconciled(school, told=seen.append))
    await asyncio.wait({task})
    assert task.cancelled()
    school.road.clock.turn(minutes=1)
    view = await reconciled(school, told=seen.append)
    assert view.run == 1
    assert seen[-1] == Progress(4, 4, [])
    assert len(await rows(school.road, select(reconciles))) == 1


async def test_by_night_each_school_is_looked_at_once_however_many_ask(school: School) -> None:
    async def night() -> None:
        await reconcile_schools(school.road.database, AT, school.road.clock.now())

    await night()
    school.road.clock.at = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)
    disorder(school)
    await asyncio.gather(*(night() for _ in range(4)))
    [run] = await rows(school.road, select(reconciles))
    assert (run.ordered_by, run.apply, run.ended_at) == ("night", True, None)
    while await look_at_rooms(school.road.looking, "max"):
        pass
    view = await school.registry.operations.reconcile(OrganisationId("school"))
    assert view is not None
    assert view.ended_at == school.road.clock.now()
    assert len(view.differences) == len(NAMED)
    await school.settles()
    assert (await school.shown())[B] == AT_REST[B]
    status = await school.registry.operations.status(None, school.road.clock.now())
    assert status.reconciled_at == view.ended_at


async def test_the_last_report_is_kept_and_no_other(school: School) -> None:
    for _ in range(3):
        view = await reconciled(school)
        school.road.clock.turn(minutes=1)
    [run] = await rows(school.road, select(reconciles))
    assert (run.run_no, view.run) == (3, 3)


async def test_a_chat_that_cannot_be_looked_at_is_named(school: School) -> None:
    del school.road.platform.world.chats[school.chats[A]]
    view = await reconciled(school)
    assert [each.chat_id for each in view.not_seen] == [A]
    assert view.asks


async def test_a_school_that_nobody_knows_has_none(school: School) -> None:
    now = school.road.clock.now()
    assert (
        await reconcile_school(school.road.looking, OrganisationId("nowhere"), "test", now, lambda _: None, apply=False)
        is None
    )
    assert await rows(school.road, select(reconciles)) == []

"""L6: what one school, chat or person gets wrong stops no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.schema import rooms
from sync.errors import Failure, PlatformError
from sync.plan.making import desired_of_persons
from sync.roster import Roster
from sync.use_cases import plan_scopes
from tests.interleavings.told import Told
from tests.laws.roads import fresh_road, rows
from tests.road import Road

YEAR = {"school_year": "2026/2027"}
HALF_S = 1800


def schools(told: Told) -> None:
    """Two schools, each with a class of two pupils and another of one."""
    for school, first in (("one", 1), ("two", 4)):
        told.school("organisation.registered", school, name="Школа")
        for class_id, pupils in ((f"{school}-a", (first, first + 1)), (f"{school}-b", (first + 2,))):
            told.school("class.opened", school, class_id=class_id, name=class_id, **YEAR)
            for number in pupils:
                told.school("student.enrolled", school, student_id=f"pupil-{number}", class_id=class_id)
                told.account("linked", f"pupil-{number}", str(number))


WHOLE = {
    "class:one-a": {"1": "member", "2": "member"},
    "class:one-b": {"3": "member"},
    "class:two-a": {"4": "member", "5": "member"},
    "class:two-b": {"6": "member"},
}


async def told_in(road: Road) -> Told:
    told = Told()
    schools(told)
    road.knows(*"123456")
    await road.post(told.events)
    await road.plan()
    return told


async def settled_for_a_while(road: Road) -> dict[str, dict[str, str]]:
    until = road.clock.at.timestamp() + HALF_S
    while road.clock.at.timestamp() < until:
        await road.plan()
        if not await road.settle():
            road.clock.turn(seconds=30)
    return {chat_id: members for chat_id, members in (await road.members()).items() if members}


@pytest.mark.parametrize("failure", list(Failure), ids=lambda failure: failure.value)
async def test_a_chat_in_which_every_call_fails_stops_no_other(prepared_sqlite: Path, failure: Failure) -> None:
    async with fresh_road(prepared_sqlite) as road:
        await told_in(road)
        road.platform.outcome = lambda action: PlatformError(failure, "told") if action.chat == "-1" else None
        shown = await settled_for_a_while(road)
        first = next(room for room in await rows(road, select(rooms)) if room.external_chat_id == "-1")
        assert shown == {chat_id: members for chat_id, members in WHOLE.items() if chat_id != first.chat_id}


@pytest.mark.parametrize("account", [*"123456"])
async def test_a_person_for_whom_every_call_fails_for_good_stops_no_other(prepared_sqlite: Path, account: str) -> None:
    async with fresh_road(prepared_sqlite) as road:
        await told_in(road)
        refused = PlatformError(Failure.REFUSED, "proto.payload")
        road.platform.outcome = lambda action: refused if account in action.accounts else None
        shown = await settled_for_a_while(road)
        without = {chat: {a: r for a, r in members.items() if a != account} for chat, members in WHOLE.items()}
        assert shown == {chat_id: members for chat_id, members in without.items() if members}


async def test_a_school_whose_rules_raise_stops_no_other_and_is_planned_once_they_do_not(
    prepared_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desired_of_persons

    def raises_for_one(scope: Any, persons: Any) -> Any:
        roster: Roster = scope.roster
        if roster.organisation_id == "one":
            raise ValueError("a bug")
        return made(scope, persons)

    async with fresh_road(prepared_sqlite) as road:
        monkeypatch.setattr(plan_scopes, "desired_of_persons", raises_for_one)
        await told_in(road)
        assert set(road.noticed[0].stalled) == {"one"}
        assert await settled_for_a_while(road) == {c: m for c, m in WHOLE.items() if c.startswith("class:two")}
        monkeypatch.setattr(plan_scopes, "desired_of_persons", made)
        road.clock.turn(hours=2)
        assert await settled_for_a_while(road) == WHOLE

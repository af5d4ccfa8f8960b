"""Holds: changes that wait for a person, or waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause, Select, func, select

from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.read.causes import Causes
from adapters.database.read.schools import of_schools
from adapters.database.read.windows import number_after, windowed
from adapters.database.schema import holds, places
from sync.ids import EventNo
from sync.plan.actions import Action, told
from sync.views.explanation import CauseView
from sync.views.operations import HoldView
from sync.views.registry import Listed, Schools, Window

SCHOOL = holds.c.organisation_id
STILL_HELD = [holds.c.hold_no, holds.c.persons]


class Holds:
    def __init__(self, bulk: Bulk, causes: Causes) -> None:
        self._bulk, self._causes = bulk, causes

    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        rows = await self._bulk.fetch(of_schools(_part(window), SCHOOL, schools))
        views = await self._views(rows)
        total = await self._total(schools) if window.counted else None
        return windowed(views, lambda hold: str(hold.id), window, total)

    async def hold(self, number: int, schools: Schools) -> HoldView | None:
        one = select(holds).where(holds.c.hold_no == number)
        views = await self._views(await self._bulk.fetch(of_schools(one, SCHOOL, schools)))
        return views[0] if views else None

    async def _views(self, rows: Sequence[Any]) -> list[HoldView]:
        held = await self._bulk.ask(_still_held, [holds.c.hold_no], [(row.hold_no,) for row in rows], STILL_HELD)
        still = {row.hold_no: row.persons for row in held}
        views: list[HoldView] = []
        async for (row,) in portions(rows, 1):
            causes = {line["cause"] for line in row.plan if line["cause"] is not None}
            views.append(_hold(row, still.get(row.hold_no, 0), await self._causes.causes(causes)))
        return views

    async def _total(self, schools: Schools) -> int:
        counted = select(func.count()).select_from(holds)
        return int((await self._bulk.fetch(of_schools(counted, SCHOOL, schools)))[0][0])


def _part(window: Window) -> Select[Any]:
    chosen = select(holds).order_by(holds.c.hold_no).limit(window.limit + 1)
    return chosen if window.after is None else chosen.where(holds.c.hold_no > number_after(window.after))


def _still_held(given: FromClause) -> Any:
    """How many persons each of these holds still holds."""
    persons = func.count(places.c.person_id.distinct()).label("persons")
    own = (places.c.hold_no == given.c.hold_no) & ~places.c.rejected
    return select(places.c.hold_no, persons).select_from(given.join(places, own)).group_by(places.c.hold_no)


def _hold(row: Any, still_held: int, causes: Mapping[EventNo, CauseView]) -> HoldView:
    lines = [Action(**line) for line in row.plan]
    plan = told(row.organisation_id, lines, causes)
    numbers = sorted({line.cause for line in lines if line.cause is not None} & causes.keys())
    return HoldView(
        row.hold_no,
        row.organisation_id,
        row.persons,
        plan,
        [causes[number] for number in numbers],
        row.limit_hit,
        row.state,
        row.expires_at,
        still_held,
        row.made_at,
        row.decided_at,
        row.decided_by,
        row.why,
    )

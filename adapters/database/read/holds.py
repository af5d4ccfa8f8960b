"""Holds: removals that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select

from adapters.database.read.causes import Causes
from adapters.database.read.portions import portions
from adapters.database.read.schools import of_schools
from adapters.database.read.windows import number_after, windowed
from adapters.database.session import Session
from adapters.database.tables import holds
from sync.plan import Action, told
from sync.views.explanation import CauseView
from sync.views.operations import HoldView
from sync.views.registry import Listed, Schools, Window

SCHOOL = holds.c.organisation_id


class Holds:
    def __init__(self, session: Session, causes: Causes) -> None:
        self._session, self._causes = session, causes

    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        rows = await self._session.fetch(of_schools(self._session, _part(window), SCHOOL, schools))
        views: list[HoldView] = []
        async for (row,) in portions(rows, 1):
            causes = {line["cause"] for line in row.plan if line["cause"] is not None}
            views.append(_hold(row, await self._causes.causes(causes)))
        total = await self._total(schools) if window.counted else None
        return windowed(views, lambda hold: str(hold.id), window, total)

    async def _total(self, schools: Schools) -> int:
        counted = select(func.count()).select_from(holds)
        return int((await self._session.fetch(of_schools(self._session, counted, SCHOOL, schools)))[0][0])


def _part(window: Window) -> Select[Any]:
    chosen = select(holds).order_by(holds.c.hold_no).limit(window.limit + 1)
    return chosen if window.after is None else chosen.where(holds.c.hold_no > number_after(window.after))


def _hold(row: Any, causes: Mapping[int, CauseView]) -> HoldView:
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
    )

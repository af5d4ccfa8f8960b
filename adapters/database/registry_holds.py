"""Reading holds: removals that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from adapters.database.registry_explain import Explainer
from adapters.database.tables import holds
from adapters.database.windows import number_after, windowed
from sync.plan import Action, told
from sync.views.explanation import CauseView
from sync.views.operations import HoldView
from sync.views.registry import Listed, Schools, Window


class HoldReader(Explainer):
    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        chosen, counted = select(holds), select(func.count()).select_from(holds)
        if schools is not None:
            given = self.rows([holds.c.organisation_id], [(key,) for key in sorted(schools)])
            of_schools = holds.c.organisation_id.in_(select(given.c.organisation_id))
            chosen, counted = chosen.where(of_schools), counted.where(of_schools)
        if window.after is not None:
            chosen = chosen.where(holds.c.hold_no > number_after(window.after))
        rows = await self.fetch(chosen.order_by(holds.c.hold_no).limit(window.limit + 1))
        causes = await self.causes({line["cause"] for row in rows for line in row.plan if line["cause"] is not None})
        total = (await self.fetch(counted))[0][0] if window.counted else None
        return windowed([_hold(row, causes) for row in rows], lambda hold: str(hold.id), window, total)


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

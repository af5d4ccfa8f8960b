"""The limits of guards that operators have set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.rows import span_of
from adapters.database.schema import guard_limits
from sync.views.operations import GuardLimitsView


class GuardLimits:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def listed(self) -> Sequence[GuardLimitsView]:
        return [_view(row) for row in await self._bulk.fetch(select(guard_limits).order_by(*guard_limits.primary_key))]


def _view(row: Any) -> GuardLimitsView:
    span = span_of(row)
    return GuardLimitsView(
        span.organisation_id or None,
        span.from_on if span.from_on != date.min else None,
        span.to_on if span.to_on != date.max else None,
        *span.limits,
        span.set_by,
        span.set_at,
    )

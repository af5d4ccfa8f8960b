"""The list of what has to be planned and could not be planned at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, func, select

from adapters.database.bulk import AFFECTED, Bulk
from adapters.database.tables import organisations, places, touched
from adapters.database.write.schools import STALLED
from sync.ports.affected import Touched
from sync.slices import Cause
from sync.touched import RETRY, Touch

COLUMNS = ("organisation_id", "kind", "id", "event_no", "by_event", "at")


class Affected:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def touch(self, touches: Mapping[Touch, Cause], now: datetime) -> None:
        data = [(*touch, cause.event_no, cause.by_event, now) for touch, cause in sorted(touches.items())]
        await self._bulk.insert(touched, COLUMNS, data, update=("event_no", "by_event", "at"))
        if data:
            await self._bulk.notify(AFFECTED)

    async def touched(self, organisation_ids: Collection[str]) -> list[Touched]:
        rows = await self._bulk.matching(touched, ("organisation_id",), [(key,) for key in organisation_ids])
        return [
            Touched(Touch(row.organisation_id, row.kind, row.id), Cause(row.event_no, row.by_event), row.at)
            for row in rows
        ]

    async def untouch(self, planned: Sequence[Touched]) -> None:
        # Whoever leaves one of them anew does so in the order of their keys, and may be about to.
        await self._bulk.lock(touched, [one.touch for one in planned])
        rows = [(*one.touch, one.cause.event_no, one.at) for one in planned]
        await self._bulk.delete(touched, ("organisation_id", "kind", "id", "event_no", "at"), rows)
        schools = sorted({one.touch.organisation_id for one in planned})
        data = [(school, None, None, 0) for school in schools]
        await self._bulk.update(organisations, ("organisation_id",), STALLED, data)

    async def refused(self, organisation_ids: Collection[str]) -> dict[Touch, Cause]:
        of = [places.c.organisation_id]
        returned = [places.c.organisation_id, places.c.person_id, places.c.cause_no]
        found = await self._bulk.ask(_refused, of, [(key,) for key in sorted(organisation_ids)], returned)
        return {Touch(row.organisation_id, RETRY, row.person_id): Cause(row.cause_no, by_event=False) for row in found}


def _refused(given: FromClause) -> Any:
    person = (places.c.organisation_id, places.c.person_id)
    latest = select(*person, func.max(places.c.cause_no).label("cause_no")).group_by(*person)
    own = given.c.organisation_id == places.c.organisation_id
    return latest.select_from(given.join(places, own)).where(places.c.refused_for.is_not(None))

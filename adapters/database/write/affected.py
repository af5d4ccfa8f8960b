"""The list of what has to be planned and could not be planned at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, func, select

from adapters.database.bulk import AFFECTED, Bulk
from adapters.database.schema import affected, organisations, places
from adapters.database.write.schools import STALLED
from sync.affected import RETRY, Affected
from sync.ids import OrganisationId
from sync.planning_scope import Cause
from sync.ports.affected import Unplanned

COLUMNS = ("organisation_id", "kind", "id", "event_no", "by_event", "at")


class AffectedRows:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def add(self, causes: Mapping[Affected, Cause], now: datetime) -> None:
        data = [(*about, cause.event_no, cause.by_event, now) for about, cause in sorted(causes.items())]
        await self._bulk.insert(affected, COLUMNS, data, update=("event_no", "by_event", "at"))
        if data:
            await self._bulk.notify(AFFECTED)

    async def listed(self, organisation_ids: Collection[OrganisationId]) -> list[Unplanned]:
        rows = await self._bulk.matching(affected, ("organisation_id",), [(key,) for key in organisation_ids])
        return [
            Unplanned(Affected(row.organisation_id, row.kind, row.id), Cause(row.event_no, row.by_event), row.at)
            for row in rows
        ]

    async def remove(self, planned: Sequence[Unplanned]) -> None:
        # Others may be adding the same keys at this moment, in key order: lock in that order, too.
        await self._bulk.lock(affected, [one.affected for one in planned])
        rows = [(*one.affected, one.cause.event_no, one.at) for one in planned]
        await self._bulk.delete(affected, ("organisation_id", "kind", "id", "event_no", "at"), rows)
        schools = sorted({one.affected.organisation_id for one in planned})
        data = [(school, None, None, 0, None) for school in schools]
        await self._bulk.update(organisations, ("organisation_id",), STALLED, data)

    async def refused(self, organisation_ids: Collection[OrganisationId]) -> dict[Affected, Cause]:
        of = [places.c.organisation_id]
        returned = [places.c.organisation_id, places.c.person_id, places.c.cause_no]
        found = await self._bulk.ask(_refused, of, [(key,) for key in sorted(organisation_ids)], returned)
        return {
            Affected(row.organisation_id, RETRY, row.person_id): Cause(row.cause_no, by_event=False) for row in found
        }


def _refused(given: FromClause) -> Any:
    person = (places.c.organisation_id, places.c.person_id)
    latest = select(*person, func.max(places.c.cause_no).label("cause_no")).group_by(*person)
    own = given.c.organisation_id == places.c.organisation_id
    return latest.select_from(given.join(places, own)).where(places.c.refused_for.is_not(None))

"""The last reconcile of a school, as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from adapters.database.bulk import Bulk
from adapters.database.read.schools import of_schools
from adapters.database.schema import reconcile_rooms, reconciles, rooms
from adapters.database.types import Instant
from sync.ids import OrganisationId
from sync.looks import Difference
from sync.plan.actions import Action, counts
from sync.views.reconciles import NotSeen, ReconcileView
from sync.views.registry import Schools


class Reconciles:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def last(self, organisation_id: OrganisationId) -> ReconcileView | None:
        rows = await self._bulk.fetch(_last(organisation_id))
        return await self._view(rows[0]) if rows else None

    async def last_ended_at(self, schools: Schools) -> datetime | None:
        ended = select(func.max(reconciles.c.ended_at, type_=Instant()))
        found = await self._bulk.fetch(of_schools(ended, reconciles.c.organisation_id, schools))
        at: datetime | None = found[0][0]
        return at

    async def _view(self, run: Any) -> ReconcileView:
        of_rooms = await self._bulk.fetch(_of_rooms(run.run_no))
        found = [Difference(**line) for row in of_rooms for line in row.differences]
        planned = [Difference(**line) for line in run.planned]
        lines = [_action(line) for line in _done(found, planned) if line.action is not None]
        return ReconcileView(
            run.run_no,
            run.organisation_id,
            run.apply,
            run.ordered_by,
            run.begun_at,
            run.ended_at,
            rooms=len(of_rooms),
            looked=sum(row.looked_at is not None for row in of_rooms),
            differences=[difference._asdict() for difference in found],
            planned=[line._asdict() for line in planned],
            not_seen=[NotSeen(row.chat_id, row.failure) for row in of_rooms if row.failure is not None],
            changes=[{**line._asdict(), "organisation_id": run.organisation_id} for line in lines],
            counts=counts(lines),
        )


def _done(found: Sequence[Difference], planned: Sequence[Difference]) -> Sequence[Difference]:
    """What is planned anew of an account decides what is done about it."""
    anew = {(line.chat_id, line.external_user_id) for line in planned}
    return [*planned, *(line for line in found if (line.chat_id, line.external_user_id) not in anew)]


def _action(of: Difference) -> Action:
    role = of.wanted if of.action in {"add_member", "grant_admin", "revoke_admin"} else None
    return Action(str(of.action), of.chat_id, of.person_id, of.external_user_id, role, (), None)


def _last(organisation_id: OrganisationId) -> Select[Any]:
    own = select(reconciles).where(reconciles.c.organisation_id == organisation_id)
    return own.order_by(reconciles.c.run_no.desc()).limit(1)


def _of_rooms(run_no: int) -> Select[Any]:
    columns = (rooms.c.chat_id, *(reconcile_rooms.c[name] for name in ("looked_at", "failure", "differences")))
    joined = select(*columns).join(rooms, rooms.c.room_no == reconcile_rooms.c.room_no)
    return joined.where(reconcile_rooms.c.run_no == run_no).order_by(rooms.c.chat_id, rooms.c.life)

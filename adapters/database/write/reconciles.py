"""Reconciles of whole schools: which rooms are to be looked at, and by whose order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import FromClause, or_, select

from adapters.database.bulk import Bulk
from adapters.database.schema import reconcile_rooms, reconciles, rooms
from sync.ids import OrganisationId
from sync.looks import LOOKED_AT, Difference

RESUMED_WITHIN = timedelta(days=1)  # an older one, that nobody ended, is begun anew

BEGUN = ("organisation_id", "apply", "ordered_by", "begun_at", "planned")
ROOM = [rooms.c.organisation_id, rooms.c.room_no, rooms.c.platform_token]


async def begin(
    bulk: Bulk,
    organisation_ids: Collection[OrganisationId],
    by: str,
    now: datetime,
    *,
    apply: bool,
    planned: Sequence[Difference] = (),
) -> dict[str, int]:
    """The numbers of the reconciles by school: of those that are under way, or new ones."""
    schools = [(key,) for key in sorted(organisation_ids)]
    under_way = {
        row.organisation_id: row.run_no
        for row in await bulk.matching(reconciles, ("organisation_id",), schools)
        if row.ended_at is None and row.apply == apply and row.begun_at > now - RESUMED_WITHIN
    }
    lines = [line._asdict() for line in planned]
    new = [(key, apply, by, now, lines) for (key,) in schools if key not in under_way]
    made = await bulk.insert(reconciles, BEGUN, new, conflict=("run_no",), returning=("organisation_id", "run_no"))
    numbers = {row.organisation_id: row.run_no for row in made}
    found = await bulk.ask(_rooms, ROOM[:1], [(key,) for key in sorted(numbers)], ROOM)
    data = [(numbers[row.organisation_id], row.room_no, row.platform_token) for row in found]
    await bulk.insert(reconcile_rooms, ("run_no", "room_no", "platform_token"), sorted(data))
    return under_way | numbers


def _rooms(given: FromClause) -> Any:
    there = or_(*(rooms.c.observed_life == life for life in LOOKED_AT))
    own = rooms.c.organisation_id == given.c.organisation_id
    return select(*ROOM).join_from(given, rooms, own).where(rooms.c.external_chat_id.is_not(None), there)

"""Schools' rows: their lock, their day, and what was left to be planned in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import FromClause, Row, exists, func, null, or_, select, update

from adapters.database.facts import FactTables
from adapters.database.tables import organisations, places, touched
from sync.days import DEFAULT_ZONE
from sync.facts import (
    ATTENDANCE,
    CHAT_STATE,
    CLASS_STATE,
    EMPLOYMENT,
    GROUP_STATE,
    PLACEMENT,
    POSITION,
    REGISTRATION,
    Kind,
)
from sync.ports.plans import Organisation, Touched
from sync.slices import Cause
from sync.touched import RETRY, Touch

TOUCHED = ("organisation_id", "kind", "id", "event_no", "by_event", "at")
STALLED = ("stalled_error", "next_try_at", "tries")

LONGEST_RETRY = timedelta(hours=1)

# The facts that announce each entity.
ANNOUNCED: Mapping[str, tuple[Kind, ...]] = {
    "organisation": (REGISTRATION,),
    "class": (CLASS_STATE,),
    "group": (GROUP_STATE,),
    "chat": (CHAT_STATE,),
    "employee": (EMPLOYMENT, POSITION),
    "student": (ATTENDANCE, PLACEMENT),
}


class Organisations(FactTables):
    platform: str  # where a school's chats live unless it is told otherwise

    async def lock_organisations(self, organisation_ids: Collection[str]) -> dict[str, Organisation]:
        ids = sorted(organisation_ids)
        if not ids:
            return {}
        new = [(key, self.platform, DEFAULT_ZONE) for key in ids]
        await self.insert(organisations, ("organisation_id", "platform", "time_zone"), new)
        rows = self.rows([organisations.c.organisation_id], [(key,) for key in ids])
        chosen = select(rows.c.organisation_id)
        locked = select(organisations).where(organisations.c.organisation_id.in_(chosen))
        return _organisations(
            await self.fetch(
                locked.order_by(organisations.c.organisation_id).with_for_update(key_share=True, of=organisations)
            )
        )

    async def lock_due(self, now: datetime, limit: int) -> dict[str, Organisation]:
        waiting = exists().where(touched.c.organisation_id == organisations.c.organisation_id)
        may = or_(organisations.c.next_try_at.is_(None), organisations.c.next_try_at <= now)
        due = (
            select(organisations)
            .where(may, or_(organisations.c.roll_at <= now, waiting))
            .order_by(organisations.c.organisation_id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True, of=organisations)
        )
        return _organisations(await self.fetch(due))

    async def lock_nights(self, now: datetime, limit: int) -> dict[str, Organisation]:
        due = (
            select(organisations)
            .where(or_(organisations.c.reconcile_at.is_(None), organisations.c.reconcile_at <= now))
            .order_by(organisations.c.organisation_id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True, of=organisations)
        )
        return _organisations(await self.fetch(due))

    async def write_nights(self, nights: Mapping[str, datetime]) -> None:
        await self.update(organisations, ("organisation_id",), ("reconcile_at",), sorted(nights.items()))

    async def refused(self, organisation_ids: Collection[str]) -> dict[Touch, Cause]:
        given = self.rows([places.c.organisation_id], [(key,) for key in sorted(organisation_ids)])
        person = (places.c.organisation_id, places.c.person_id)
        latest = select(*person, func.max(places.c.cause_no).label("cause_no")).group_by(*person)
        own = given.c.organisation_id == places.c.organisation_id
        found = await self.fetch(latest.join(given, own).where(places.c.refused_for.is_not(None)))
        return {Touch(row.organisation_id, RETRY, row.person_id): Cause(row.cause_no, by_event=False) for row in found}

    async def touched(self, organisation_ids: Collection[str]) -> list[Touched]:
        rows = await self.matching(touched, ("organisation_id",), [(key,) for key in organisation_ids])
        return [
            Touched(Touch(row.organisation_id, row.kind, row.id), Cause(row.event_no, row.by_event), row.at)
            for row in rows
        ]

    async def touch(self, touches: Mapping[Touch, Cause], now: datetime) -> None:
        data = [(*touch, cause.event_no, cause.by_event, now) for touch, cause in sorted(touches.items())]
        await self.insert(touched, TOUCHED, data, update=("event_no", "by_event", "at"))

    async def untouch(self, planned: Sequence[Touched]) -> None:
        # Whoever leaves one of them anew does so in the order of their keys, and may be about to.
        await self.lock(touched, [one.touch for one in planned])
        rows = [(*one.touch, one.cause.event_no, one.at) for one in planned]
        await self.delete(touched, ("organisation_id", "kind", "id", "event_no", "at"), rows)
        schools = sorted({one.touch.organisation_id for one in planned})
        data = [(school, None, None, 0) for school in schools]
        await self.update(organisations, ("organisation_id",), STALLED, data)

    async def write_schedule(self, schedule: Mapping[str, tuple[Any, ...]]) -> None:
        data = [(key, *schedule[key]) for key in sorted(schedule)]
        await self._leave_zones([(key, zone) for key, _, _, zone in data])
        await self.update(organisations, ("organisation_id",), ("day", "roll_at", "time_zone"), data)

    async def _leave_zones(self, zones: Sequence[tuple[str, str]]) -> None:
        """Where the time zone is a new one, the night comes at another time."""
        of = [organisations.c.organisation_id, organisations.c.time_zone]

        def build(given: FromClause) -> Any:
            own = organisations.c.organisation_id == given.c.organisation_id
            new = organisations.c.time_zone != given.c.time_zone
            return update(organisations).where(own, new).values(reconcile_at=null())

        await self.ask(("leave zones",), of, zones, build, [])

    async def write_stalled(self, stalled: Mapping[str, str], now: datetime) -> None:
        rows = await self.matching(organisations, ("organisation_id",), [(key,) for key in stalled])
        data = [
            (row.organisation_id, stalled[row.organisation_id], now + _wait(row.tries), row.tries + 1) for row in rows
        ]
        await self.update(organisations, ("organisation_id",), STALLED, data)

    async def announced(self, names: Collection[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        found: set[tuple[str, str, str]] = set()
        for entity, kinds in ANNOUNCED.items():
            for kind in kinds:
                asked = [(school, id_)[: len(kind.key)] for school, of, id_ in names if of == entity]
                found |= {(word.key[0], entity, word.key[-1]) for word in await self.words(kind, kind.key, asked)}
        return found


def _wait(tries: int) -> timedelta:
    return min(LONGEST_RETRY, timedelta(seconds=2.0 ** min(tries, 12)))


def _organisations(rows: Iterable[Row[Any]]) -> dict[str, Organisation]:
    return {
        row.organisation_id: Organisation(row.organisation_id, row.day, row.roll_at, row.time_zone, row.reconcile_at)
        for row in rows
    }

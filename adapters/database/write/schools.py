"""Schools' rows: their lock, their day, and the platform account their chats are made by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, case, exists, func, or_, select, update

from adapters.database.bulk import Bulk
from adapters.database.rows import room_of
from adapters.database.schema import FACTS, affected, organisations, rooms
from adapters.database.types import Instant
from adapters.database.write import reconciles
from sync.affected import EVERYBODY
from sync.days import DEFAULT_ZONE
from sync.facts import REGISTRATION
from sync.ids import ChatId, OrganisationId
from sync.looks import Difference
from sync.places import NONE
from sync.platform import platform_of, token_name
from sync.ports.plans import Scheduled
from sync.ports.schools import Chosen, Organisation

STALLED = ("stalled_error", "next_try_at", "tries", "stalled_since")

LONGEST_RETRY = timedelta(hours=1)


class SchoolRows:
    def __init__(self, bulk: Bulk, platform: str) -> None:
        self._bulk = bulk
        self._platform = platform  # where a school's chats live unless it is told otherwise

    async def lock(self, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, Organisation]:
        new = [(key, self._platform, DEFAULT_ZONE) for key in sorted(organisation_ids)]
        of = [organisations.c[name] for name in ("organisation_id", "platform", "time_zone")]
        keys = [row[:1] for row in new]
        locked = await self._bulk.ask(_locked, of[:1], keys, list(organisations.columns))
        if len(locked) < len(new):  # hardly ever
            await self._bulk.insert(organisations, ("organisation_id", "platform", "time_zone"), new)
            locked = await self._bulk.ask(_locked, of[:1], keys, list(organisations.columns))
        return _organisations(locked)

    async def lock_due(
        self, now: datetime, limit: int, *, midnights_until: datetime | None = None
    ) -> dict[OrganisationId, Organisation]:
        of, own = organisations.c, affected.c.organisation_id == organisations.c.organisation_id
        waiting, whole = exists().where(own), exists().where(own, affected.c.kind == EVERYBODY)
        since = select(func.min(affected.c["at"], type_=Instant())).where(own).scalar_subquery()
        due = select(organisations).where(_may(of, now), or_(of.roll_at <= (midnights_until or now), waiting))
        some = due.where(or_(~whole, of.organisation_id == _first_whole(now)))
        return await self._passing_over(
            some.order_by(func.coalesce(since, of.roll_at), of.organisation_id).limit(limit)
        )

    async def lock_nights(self, now: datetime, limit: int) -> dict[OrganisationId, Organisation]:
        due = select(organisations).where(
            or_(organisations.c.reconcile_at.is_(None), organisations.c.reconcile_at <= now)
        )
        return await self._passing_over(due.order_by(organisations.c.organisation_id).limit(limit))

    async def _passing_over(self, due: Any) -> dict[OrganisationId, Organisation]:
        locked = due.with_for_update(skip_locked=True, key_share=True, of=organisations)
        return _organisations(await self._bulk.fetch(locked))

    async def write_nights(self, nights: Mapping[OrganisationId, datetime]) -> None:
        await self._bulk.update(organisations, ("organisation_id",), ("reconcile_at",), sorted(nights.items()))

    async def write_schedule(
        self, schedule: Mapping[OrganisationId, Scheduled], changed: Collection[OrganisationId]
    ) -> None:
        """`changed`: the schools whose facts have changed."""
        data = [(key, *schedule[key], int(key in changed)) for key in sorted(schedule)]
        of = [organisations.c[name] for name in ("organisation_id", "day", "roll_at", "time_zone", "facts_no")]
        await self._bulk.ask(_scheduled, of, data)

    async def count_changes(self, changed: Collection[OrganisationId]) -> None:
        await self._bulk.ask(_changed, [organisations.c.organisation_id], [(key,) for key in sorted(changed)])

    async def write_stalled(self, stalled: Mapping[OrganisationId, str], now: datetime) -> None:
        rows = await self._bulk.matching(organisations, ("organisation_id",), [(key,) for key in stalled])
        data = [
            (
                row.organisation_id,
                stalled[row.organisation_id],
                now + _wait(row.tries),
                row.tries + 1,
                row.stalled_since or now,
            )
            for row in rows
        ]
        await self._bulk.update(organisations, ("organisation_id",), STALLED, sorted(data))

    async def begin_reconciles(
        self,
        organisation_ids: Collection[OrganisationId],
        by: str,
        now: datetime,
        *,
        apply: bool,
        planned: Sequence[Difference] = (),
    ) -> dict[str, int]:
        return await reconciles.begin(self._bulk, organisation_ids, by, now, apply=apply, planned=planned)

    # the platform account

    async def chosen_account(self, organisation_id: OrganisationId) -> Chosen | None:
        await self._bulk.lock(organisations, [(organisation_id,)])
        own = [(organisation_id,)]
        registered = await self._bulk.matching(FACTS[REGISTRATION], ("organisation_id",), own)
        row = await self._bulk.matching(organisations, ("organisation_id",), own)
        stand = (rooms.c.organisation_id == organisation_id) & rooms.c.external_chat_id.is_not(None)
        chats = (await self._bulk.fetch(select(func.count()).select_from(rooms).where(stand)))[0][0]
        return Chosen(row[0].platform, row[0].account, chats) if registered and row else None

    async def choose_account(self, organisation_id: OrganisationId, platform: str, account: str) -> None:
        own = organisations.c.organisation_id == organisation_id
        await self._bulk.execute(update(organisations).where(own).values(platform=platform, account=account))
        await self._go_back(organisation_id, platform)
        nowhere = (rooms.c.organisation_id == organisation_id) & (rooms.c.observed_life == NONE)
        idle = rooms.c.lease_until.is_(None)
        token = token_name(platform, account)
        await self._bulk.execute(update(rooms).where(nowhere, idle).values(platform_token=token))

    # where its people sign in

    async def choose_sign_in(self, organisation_id: OrganisationId, url: str | None) -> None:
        own = organisations.c.organisation_id == organisation_id
        await self._bulk.execute(update(organisations).where(own).values(sign_in_url=url))

    async def _go_back(self, organisation_id: OrganisationId, platform: str) -> None:
        """Where a school comes back to a platform before its chats there were archived, these serve it again: each is
        the last of its chat.
        """
        stand: dict[ChatId, list[Any]] = defaultdict(list)
        for row in await self._bulk.matching(rooms, ("organisation_id",), [(organisation_id,)]):
            stand[row.chat_id].append(row)
        mine = [row for of_chat in stand.values() for row in of_chat if platform_of(row.platform_token) == platform]
        left = [(row.room_no,) for row in mine if _is_elsewhere(row, stand[row.chat_id])]
        serve = (row for row in await self._bulk.locked(rooms, left) if row.external_chat_id)
        again = (row for row in serve if not room_of(row).for_good)
        latest = {row.chat_id: row for row in sorted(again, key=lambda row: row.life)}
        data = [(row.room_no, 1 + max(each.life for each in stand[chat])) for chat, row in sorted(latest.items())]
        await self._bulk.update(rooms, ("room_no",), ("life",), data)


def _is_elsewhere(row: Any, of_chat: Iterable[Any]) -> bool:
    """Whether a room's chat has had a room on another platform since."""
    later = (other for other in of_chat if other.life > row.life)
    return any(platform_of(other.platform_token) != platform_of(row.platform_token) for other in later)


def _may(of: Any, now: datetime) -> ColumnElement[bool]:
    return or_(of.next_try_at.is_(None), of.next_try_at <= now)


def _first_whole(now: datetime) -> Any:
    """Of the schools that must be planned as a whole, the one that has waited longest."""
    school = organisations.alias("school")
    own = school.c.organisation_id == affected.c.organisation_id
    chosen = select(affected.c.organisation_id).join(school, own).where(affected.c.kind == EVERYBODY)
    first = chosen.where(_may(school.c, now)).order_by(affected.c["at"], affected.c.organisation_id).limit(1)
    return first.correlate(None).scalar_subquery()


def _locked(given: FromClause) -> Any:
    chosen = select(organisations).where(organisations.c.organisation_id.in_(select(given.c.organisation_id)))
    return chosen.order_by(organisations.c.organisation_id).with_for_update(key_share=True, of=organisations)


def _scheduled(given: FromClause) -> Any:
    """Reset the next reconcile of schools whose time zone changed."""
    own = organisations.c
    values = {name: given.c[name] for name in ("day", "roll_at", "time_zone")}
    night = case((own.time_zone == given.c.time_zone, own.reconcile_at), else_=None)
    return (
        update(organisations)
        .where(own.organisation_id == given.c.organisation_id)
        .values(**values, reconcile_at=night, facts_no=own.facts_no + given.c.facts_no)
    )


def _changed(given: FromClause) -> Any:
    own = organisations.c
    return update(organisations).where(own.organisation_id == given.c.organisation_id).values(facts_no=own.facts_no + 1)


def _wait(tries: int) -> timedelta:
    return min(LONGEST_RETRY, timedelta(seconds=2.0 ** min(tries, 12)))


def _organisations(rows: Iterable[Row[Any] | Any]) -> dict[OrganisationId, Organisation]:
    return {
        row.organisation_id: Organisation(
            row.organisation_id, row.day, row.roll_at, row.time_zone, row.reconcile_at, row.facts_no
        )
        for row in rows
    }

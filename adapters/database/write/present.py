"""Decisions on accounts seen in rooms without a place, as planning writes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, select, update

from adapters.database.bulk import ROOMS_DUE, Bulk
from adapters.database.load.holders import holders
from adapters.database.schema import organisations, places, rooms, strangers
from adapters.database.settle.read_backs import Asked, ask, fall_due
from adapters.database.settle.strangers import to_be_decided
from sync.ids import OrganisationId, PersonId
from sync.looks import ASK, REVERT, Decision
from sync.places import OUT
from sync.platform import platform_of
from sync.ports.present import AccountIn, Returned, Unplaced
from sync.room import REVERTED, STRANGER

KEY = ("room_no", "account")
PLACE = (
    "organisation_id", "person_id", "room_no", "account", "observed", "wanted", "leaving", "wanted_at", "returned_at",
)  # fmt: skip
DECIDED = ("decision", "decided_by", "decided_at", "refused_code")
FOUND = [
    rooms.c.organisation_id, strangers.c.room_no, rooms.c.platform_token,
    *(strangers.c[name] for name in ("account", "observed", "seen_at")),
    organisations.c.strangers, organisations.c.strangers_by,
]  # fmt: skip


class PresentRows:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def undecided(self, organisation_ids: Collection[OrganisationId]) -> list[Unplaced]:
        schools = [(key,) for key in sorted(organisation_ids)]
        rows = await self._bulk.ask(_undecided, [rooms.c.organisation_id], schools, FOUND)
        return [
            Unplaced(
                r.organisation_id,
                r.room_no,
                platform_of(r.platform_token),
                r.account,
                r.observed,
                r.seen_at,
                _policy(r),
            )
            for r in rows
        ]

    async def choose(
        self, organisation_id: OrganisationId, policy: str | None, titles: str | None, by: str, now: datetime
    ) -> None:
        chosen = {"strangers": policy, "titles": titles, "strangers_by": by if policy else None}
        own = organisations.c.organisation_id == organisation_id
        values = {name: value for name, value in chosen.items() if value is not None}
        if values:
            await self._bulk.execute(update(organisations).where(own).values(values))
        if policy is not None:
            asked = await self._bulk.fetch(_asked(organisation_id))
            await self._bulk.update(strangers, KEY, ("decision",), [(*row, None) for row in asked])
            await to_be_decided(self._bulk, {(organisation_id, row.room_no) for row in asked}, now)

    async def holders(self, accounts: Collection[AccountIn]) -> Mapping[AccountIn, PersonId]:
        return await holders(self._bulk, accounts)

    async def write(
        self, returned: Sequence[Returned], decided: Sequence[tuple[Unplaced, Decision]], now: datetime
    ) -> None:
        reverted = [seen for seen, decision in decided if decision.decision == REVERT]
        due = {seen.room_no for seen in (*(each.seen for each in returned), *reverted)}
        await self._bulk.lock(rooms, [(number,) for number in due])  # before their places, as settling does
        await self._bulk.insert(places, PLACE, sorted(_place(each, now) for each in returned), update=("observed",))
        known = [(each.seen.room_no, each.seen.account) for each in returned]
        await self._bulk.delete(strangers, KEY, known)
        data = [(seen.room_no, seen.account, each.decision, each.by, now, None) for seen, each in decided]
        await self._bulk.update(strangers, KEY, DECIDED, data)
        await ask(self._bulk, [Asked(seen.room_no, seen.account, STRANGER, REVERTED, now) for seen in reverted])
        if due:
            await fall_due(self._bulk, due, now)
            await self._bulk.notify(ROOMS_DUE)


def _policy(row: Any) -> Decision:
    return Decision(row.strangers, row.strangers_by)


def _place(returned: Returned, now: datetime) -> tuple[Any, ...]:
    seen = returned.seen
    return seen.organisation_id, returned.person_id, seen.room_no, seen.account, seen.observed, OUT, True, now, now


def _asked(organisation_id: OrganisationId) -> Any:
    """Strangers on whom a person has to decide, and who can be removed: the platform has not refused it."""
    joined = select(*(strangers.c[name] for name in KEY)).join(rooms, rooms.c.room_no == strangers.c.room_no)
    asked = (strangers.c.decision == ASK) & strangers.c.refused_code.is_(None)
    return joined.where(rooms.c.organisation_id == organisation_id, asked).order_by(*(strangers.c[n] for n in KEY))


def _undecided(given: FromClause) -> Any:
    joined = (
        given.join(rooms, rooms.c.organisation_id == given.c.organisation_id)
        .join(strangers, strangers.c.room_no == rooms.c.room_no)
        .join(organisations, organisations.c.organisation_id == rooms.c.organisation_id)
    )
    return select(*FOUND).select_from(joined).where(strangers.c.decision.is_(None))

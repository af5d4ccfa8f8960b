"""Which schools there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, FromClause, Select, func, select

from adapters.database.bulk import Bulk
from adapters.database.read.loaded import Loaded
from adapters.database.read.rosters import ORGANISATION, day_of
from adapters.database.read.schools import of_schools
from adapters.database.read.windows import windowed
from adapters.database.schema import FACTS, organisations, rooms
from adapters.database.types import Number
from sync.facts import CHAT_ADMINISTRATOR, REGISTRATION
from sync.ids import OrganisationId
from sync.roster import Roster
from sync.roster.facts import Facts
from sync.views.organisations import OrganisationView
from sync.views.registry import Listed, Schools, Window

SHOWN = (REGISTRATION, CHAT_ADMINISTRATOR)
REGISTERED = FACTS[REGISTRATION].c.organisation_id


class Organisations:
    """Registration has no starting day: a school that has an assertion of it is registered."""

    def __init__(self, bulk: Bulk, loaded: Loaded, sign_in_url: str | None) -> None:
        self._bulk, self._loaded, self._sign_in_url = bulk, loaded, sign_in_url

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        chosen = of_schools(_registered(window), REGISTERED, schools)
        ids = [key for (key,) in await self._bulk.fetch(chosen)]
        total = await self._total(schools) if window.counted else None
        return windowed(await self._views(ids), lambda view: view.organisation_id, window, total)

    async def organisation(self, organisation_id: OrganisationId) -> OrganisationView | None:
        views = await self._views([organisation_id])
        return views[0] if views else None

    async def _total(self, schools: Schools) -> int:
        counted = select(func.count(REGISTERED.distinct()))
        return int((await self._bulk.fetch(of_schools(counted, REGISTERED, schools)))[0][0])

    async def _views(self, ids: Iterable[str]) -> list[OrganisationView]:
        keys = [(key,) for key in ids]
        rows = sorted(await self._bulk.matching(organisations, (ORGANISATION,), keys))
        facts = await self._loaded.facts(SHOWN, (ORGANISATION,), keys)
        moving = {row.organisation_id: row.moving for row in await self._bulk.ask(_moving, MOVING[:1], keys, MOVING)}
        views = (_view(row, facts, self._sign_in_url, moving.get(row.organisation_id, 0)) for row in rows)
        return [view for view in views if view is not None]


def _registered(window: Window) -> Select[Any]:
    chosen = select(REGISTERED).distinct().order_by(REGISTERED).limit(window.limit + 1)
    return chosen if window.after is None else chosen.where(window.after < REGISTERED)


MOVING = [rooms.c.organisation_id, Column("moving", Number)]


def _moving(given: FromClause) -> Any:
    """How many rooms of the given schools take over from others."""
    counted = func.count().label("moving")
    joined = given.join(rooms, rooms.c.organisation_id == given.c.organisation_id)
    chosen = select(rooms.c.organisation_id, counted).select_from(joined).where(rooms.c.takes_over)
    return chosen.group_by(rooms.c.organisation_id)


def _view(row: Any, facts: Facts, sign_in_url: str | None, moving: int) -> OrganisationView | None:
    own = (row.organisation_id,)
    of_school = [assertion for kind in SHOWN for assertion in facts.of(kind).get(own, ())]
    roster = Roster(row.organisation_id, day_of(row), Facts(of_school))
    if roster.registration is None:
        return None
    administrator = roster.holding(CHAT_ADMINISTRATOR).get(())
    said = roster.registration.value
    return OrganisationView(
        row.organisation_id,
        said.name,
        said.time_zone,
        said.sis,
        row.platform,
        row.account or None,
        administrator.value.employee_id if administrator is not None else None,
        row.day,
        row.strangers,
        row.titles,
        row.sign_in_url or sign_in_url,
        moving,
    )

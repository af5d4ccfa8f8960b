"""Reading schools: which there are, and what their chats are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from adapters.database.reading import Reading
from adapters.database.tables import FACTS, organisations
from adapters.database.windows import windowed
from sync import chats
from sync.facts import (
    CHAT_ADMINISTRATOR,
    CHAT_NAME,
    CHAT_STATE,
    CLASS_NAME,
    CLASS_STATE,
    GROUP_STATE,
    REGISTRATION,
)
from sync.roster import Facts, Roster
from sync.views.organisations import OrganisationView
from sync.views.registry import Listed, Schools, Window

ORGANISATION = "organisation_id"

SHOWN = (REGISTRATION, CHAT_ADMINISTRATOR)
OF_CHATS = (REGISTRATION, CLASS_STATE, CLASS_NAME, GROUP_STATE, CHAT_STATE, CHAT_NAME)


class SchoolReader(Reading):
    """Registration has no starting day: a school that has a word of it is registered."""

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        column = FACTS[REGISTRATION].c.organisation_id
        chosen = select(column).distinct().order_by(column).limit(window.limit + 1)
        if window.after is not None:
            chosen = chosen.where(column > window.after)
        ids = [key for (key,) in await self.fetch(self._of(chosen, column, schools))]
        counted = self._of(select(func.count(column.distinct())), column, schools)
        total = (await self.fetch(counted))[0][0] if window.counted else None
        return windowed(await self._views(ids), lambda view: view.organisation_id, window, total)

    def _of(self, statement: Select[Any], column: Any, schools: Schools) -> Select[Any]:
        if schools is None:
            return statement
        given = self.rows([organisations.c.organisation_id], [(key,) for key in sorted(schools)])
        return statement.where(column.in_(select(given.c.organisation_id)))

    async def organisation(self, organisation_id: str) -> OrganisationView | None:
        views = await self._views([organisation_id])
        return views[0] if views else None

    async def _views(self, ids: Iterable[str]) -> list[OrganisationView]:
        keys = [(key,) for key in ids]
        rows = sorted(await self.matching(organisations, (ORGANISATION,), keys))
        facts = Facts()
        for kind in SHOWN:
            facts.add(await self.words(kind, (ORGANISATION,), keys))
        views = (_view(row, Roster(row.organisation_id, _day(row), facts)) for row in rows)
        return [view for view in views if view is not None]

    async def days(self, ids: Iterable[str]) -> dict[str, date]:
        """The stored days of schools; those without a row are not in it."""
        rows = await self.matching(organisations, (ORGANISATION,), [(key,) for key in ids])
        return {row.organisation_id: _day(row) for row in rows}

    async def chat_roster(self, organisation_id: str) -> Roster | None:
        """The school as far as the list of its chats goes; None of one that is not registered."""
        days = await self.days([organisation_id])
        facts = Facts()
        for kind in OF_CHATS:
            facts.add(await self.words(kind, (ORGANISATION,), [(organisation_id,)]))
        if not days or not facts.of(REGISTRATION):
            return None
        return Roster(organisation_id, days[organisation_id], facts)


def _day(row: Any) -> date:
    day: date = row.day or date.min  # never planned yet: only what holds at once does
    return day


def _view(row: Any, roster: Roster) -> OrganisationView | None:
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
    )


def listed_chats(roster: Roster) -> Iterator[str]:
    """The chats that a school's list has: the staff's, of classes ever open, ever made by hand."""
    if roster.registration is None:
        return
    yield chats.staff_chat(roster.organisation_id)
    for (class_id,) in roster.holding(CLASS_STATE):
        yield chats.class_chat(class_id)
        yield chats.parents_chat(class_id)
    for (chat_id,) in roster.holding(CHAT_STATE):
        yield chat_id

"""Who a person is: names, schools, accounts, and what the person is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from adapters.database.bulk import Bulk
from adapters.database.read.accounts import Accounts
from adapters.database.read.loaded import Loaded
from adapters.database.schema import organisations, persons, school_years
from sync.days import local_day
from sync.facts import PERSON_NAMES
from sync.ids import OrganisationId, PersonId
from sync.school_years import Reached
from sync.timelines import holding
from sync.views.persons import AccountView, NoticeView, PersonView
from sync.views.registry import Schools

NEW_SCHOOL_YEAR = "new_school_year"


class Persons:
    def __init__(self, bulk: Bulk, loaded: Loaded, accounts: Accounts) -> None:
        self._bulk, self._loaded, self._accounts = bulk, loaded, accounts

    async def seen_schools(self, person_id: PersonId, schools: Schools) -> list[OrganisationId] | None:
        """The schools a person is tied to, less those not to be seen; None of a person not to be seen at all."""
        tied = await self._loaded.schools_of(person_id)
        if not tied:
            known = await self._bulk.matching(persons, ("person_id",), [(person_id,)])
            return [] if known and schools is None else None
        seen = tied if schools is None else tied & schools
        return sorted(seen) or None

    async def person(self, person_id: PersonId, schools: Schools, now: datetime) -> PersonView | None:
        seen = await self.seen_schools(person_id, schools)
        if seen is None:
            return None
        assertions = await self._loaded.assertions(
            PERSON_NAMES, PERSON_NAMES.key, [(school, person_id) for school in seen]
        )
        assertion = holding(assertions, date.max)
        last, first, middle = assertion.value if assertion is not None else (None, None, None)
        accounts = await self._accounts.of_person(person_id, seen)
        return PersonView(person_id, last, first, middle, seen, accounts, await self._notices(person_id, seen, now))

    async def accounts(self, person_id: PersonId, schools: Schools) -> Sequence[AccountView] | None:
        seen = await self.seen_schools(person_id, schools)
        return None if seen is None else await self._accounts.of_person(person_id, seen)

    async def _notices(self, person_id: PersonId, seen: Sequence[str], now: datetime) -> list[NoticeView]:
        own = await self._bulk.matching(organisations, ("organisation_id",), [(school,) for school in seen])
        zones = {row.organisation_id: row.time_zone for row in own}
        keys = [(school, person_id) for school in zones]
        return [
            NoticeView(NEW_SCHOOL_YEAR, row.organisation_id, row.school_year, row.noticed_on)
            for row in sorted(await self._bulk.matching(school_years, ("organisation_id", "student_id"), keys))
            if Reached(*row[1:]).stands(local_day(now, zones[row.organisation_id]))
        ]

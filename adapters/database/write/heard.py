"""When the sources of schools were heard last: written once a day of each, by whoever hears it first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from adapters.database.bulk import Bulk
from adapters.database.schema import heard_sources
from sync.ids import OrganisationId
from sync.silence import Heard, heard_again

KEY = ("organisation_id", "source")
WRITTEN = ("heard_at", "days", "expected_by")

Source = tuple[OrganisationId, str]
Noted = dict[Source, date]
"""The day for which each source is written down, as far as this process knows."""


class HeardSources:
    def __init__(self, bulk: Bulk, silent_after: timedelta, noted: Noted) -> None:
        self._bulk, self._silent_after = bulk, silent_after
        self._noted, self._now_noted = noted, Noted()

    async def hear(self, sources: Collection[Source], now: datetime) -> None:
        day = now.date()
        news = sorted(source for source in sources if self._noted.get(source) != day)
        known = {
            (row.organisation_id, row.source): Heard(row.heard_at, row.days, row.expected_by)
            for row in await self._bulk.matching(heard_sources, KEY, news)
        }
        data = [(*source, *heard_again(known.get(source), now, self._silent_after)) for source in news]
        await self._bulk.insert(heard_sources, (*KEY, *WRITTEN), data, update=WRITTEN)
        self._now_noted |= dict.fromkeys(news, day)

    def committed(self) -> None:
        self._noted |= self._now_noted

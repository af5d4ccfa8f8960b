"""The port for planning left for later: midnights, account links, plans that failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sync.affected import Affected
from sync.ids import OrganisationId
from sync.planning_scope import Cause


class Unplanned(NamedTuple):
    """An entry of the list of what has to be planned: the cause, and since when."""

    affected: Affected
    cause: Cause
    at: datetime


class AffectedList(Protocol):
    """The one list of what has to be planned and cannot be planned in this transaction."""

    async def add(self, causes: Mapping[Affected, Cause], now: datetime) -> None: ...

    async def listed(self, organisation_ids: Collection[OrganisationId]) -> list[Unplanned]:
        """The entries of locked schools."""

    async def remove(self, planned: Sequence[Unplanned]) -> None:
        """Remove these entries, unless they were renewed since. Their schools are no longer stalled."""

    async def refused(self, organisation_ids: Collection[OrganisationId]) -> dict[Affected, Cause]:
        """Retries of everything the platform refused, each with its latest cause."""

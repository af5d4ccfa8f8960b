"""What is left to be planned: midnights, account links, plans that failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sync.affected import Affected
from sync.ids import OrganisationId
from sync.planning_scope import Cause


class Unplanned(NamedTuple):
    """What is affected as it stands in the list of what has to be planned: by what, and since when."""

    affected: Affected
    cause: Cause
    at: datetime


class AffectedList(Protocol):
    """The one list of what has to be planned and cannot be planned in this transaction."""

    async def add(self, causes: Mapping[Affected, Cause], now: datetime) -> None: ...

    async def listed(self, organisation_ids: Collection[OrganisationId]) -> list[Unplanned]:
        """What was left to be planned in locked schools."""

    async def remove(self, planned: Sequence[Unplanned]) -> None:
        """Takes off the list what was listed, less what came anew since. Their schools are stalled no longer."""

    async def refused(self, organisation_ids: Collection[OrganisationId]) -> dict[Affected, Cause]:
        """Retries of all that the platform refused, each with the latest cause of what is asked for again."""

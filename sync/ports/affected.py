"""What is left to be planned: midnights, account links, plans that failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sync.slices import Cause
from sync.touched import Touch


class Touched(NamedTuple):
    """A touch as it stands in the list of what has to be planned: by what, and since when."""

    touch: Touch
    cause: Cause
    at: datetime


class Affected(Protocol):
    """The one list of what has to be planned and cannot be planned in this transaction."""

    async def touch(self, touches: Mapping[Touch, Cause], now: datetime) -> None: ...

    async def touched(self, organisation_ids: Collection[str]) -> list[Touched]:
        """What was left to be planned in locked schools."""

    async def untouch(self, planned: Sequence[Touched]) -> None:
        """Takes touches away, but those left anew since they were read. Their schools are stalled no longer."""

    async def refused(self, organisation_ids: Collection[str]) -> dict[Touch, Cause]:
        """Retries of all that the platform refused, each with the latest cause of what is asked for again."""

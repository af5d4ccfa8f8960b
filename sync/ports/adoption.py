"""The port for adopting chats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from sync.adoption import Claim, Verdict
from sync.ids import AccountId, ChatId, OrganisationId


class AdoptionTransaction(Protocol):
    """One transaction of adopting chats. Uses the database's clock."""

    async def offer(
        self, organisation_id: OrganisationId, chat_id: ChatId, code: str, lasts: timedelta
    ) -> datetime | None:
        """Store a code's digest for the chat's room. Return when it expires, or None if no chat can be adopted."""

    async def claims(self, limit: int, lease_s: float) -> list[Claim]:
        """Claims that are due, leased for `lease_s`."""

    async def adopt(self, claim: Claim, members: Mapping[AccountId, str]) -> Verdict:
        """Make the claimed chat the room's. `members` are those of its listing: their places will be read back, and
        unexpected members are recorded as strangers. Any verdict but LATER ends the claim.
        """

    async def refuse(self, claim: Claim, verdict: Verdict) -> None: ...

    async def put_off(self, claim: Claim, again_in_s: float) -> None:
        """Retry a claim later, unless its code has expired by then."""

"""The port for hearing platforms and adopting chats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sync.adoption import Claim, Verdict
from sync.ids import AccountId, ChatId, OrganisationId
from sync.updates import PlatformUpdate


class AdoptionTransaction(Protocol):
    """One transaction of hearing a platform's updates, and of adopting chats. Uses the database's clock."""

    async def offer(
        self, organisation_id: OrganisationId, chat_id: ChatId, code: str, lasts: timedelta
    ) -> datetime | None:
        """Store a code's digest for the chat's room. Return when it expires, or None if no chat can be adopted."""

    async def awaits_codes(self, token: str) -> bool:
        """Whether somebody may still post a code in a chat of this token."""

    async def hear(self, token: str, updates: Sequence[PlatformUpdate]) -> int:
        """Record the read-backs and claims that follow. Return how many updates were new. Writes no observations."""

    async def marker(self, token: str) -> str | None:
        """How far the updates of a token were heard; None before the first."""

    async def keep_marker(self, token: str, marker: str) -> None: ...

    async def hold_hearing(self, token: str, hearer: str, lasts_s: float) -> bool:
        """Acquire or keep the lease for hearing a token, for `lasts_s` from now. Return False if another process has
        it.
        """

    async def end_hearing(self, token: str, hearer: str) -> None:
        """Release the lease, so that another process can hear the token at once."""

    async def claims(self, limit: int, lease_s: float) -> list[Claim]:
        """Claims that are due, leased for `lease_s`."""

    async def adopt(self, claim: Claim, members: Mapping[AccountId, str]) -> Verdict:
        """Make the claimed chat the room's. `members` are those of its listing: their places will be read back, and
        unexpected members are recorded as strangers. Any verdict but LATER ends the claim.
        """

    async def refuse(self, claim: Claim, verdict: Verdict) -> None: ...

    async def put_off(self, claim: Claim, again_in_s: float) -> None:
        """Retry a claim later, unless its code has expired by then."""

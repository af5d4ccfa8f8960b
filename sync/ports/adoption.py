"""What hearing a platform and adopting chats ask of a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sync.adoption import Claim, Verdict
from sync.ids import AccountId, ChatId, OrganisationId
from sync.updates import PlatformUpdate


class AdoptionTransaction(Protocol):
    """One transaction of hearing what a platform tells, and of adopting chats. Goes by the database's clock."""

    async def offer(
        self, organisation_id: OrganisationId, chat_id: ChatId, code: str, lasts: timedelta
    ) -> datetime | None:
        """Keeps a code's digest for the chat's room; gives when it expires, or None where no chat can be adopted."""

    async def awaits_codes(self, token: str) -> bool:
        """Whether somebody may still post a code in a chat of this token."""

    async def hear(self, token: str, updates: Sequence[PlatformUpdate]) -> int:
        """Leaves read-backs and claims to be made; gives how many updates were new. Writes nothing observed."""

    async def marker(self, token: str) -> str | None:
        """How far the updates of a token were heard; None before the first."""

    async def keep_marker(self, token: str, marker: str) -> None: ...

    async def hold_hearing(self, token: str, hearer: str, lasts_s: float) -> bool:
        """Whether this process is the one that hears a token, from now for so long."""

    async def end_hearing(self, token: str, hearer: str) -> None:
        """Lets another process hear the token at once."""

    async def claims(self, limit: int, lease_s: float) -> list[Claim]:
        """Claims that are due, not to be given to anybody else within `lease_s`."""

    async def adopt(self, claim: Claim, members: Mapping[AccountId, str]) -> Verdict:
        """Makes the claimed chat the room's, whose members a listing found: their places are to be read back, and who
        is not expected is noted as a stranger. Any other verdict than LATER ends the claim.
        """

    async def refuse(self, claim: Claim, verdict: Verdict) -> None: ...

    async def put_off(self, claim: Claim, again_in_s: float) -> None:
        """Tries a claim again, unless its code has expired."""

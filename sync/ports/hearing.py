"""The port for hearing platforms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sync.ids import AccountId
from sync.updates import PlatformUpdate


class HearingTransaction(Protocol):
    """One transaction of hearing a platform's updates. Uses the database's clock."""

    async def note_own_account(self, token: str, account: AccountId) -> None:
        """Write which account on its platform is the service's own: no person can be linked to it."""

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

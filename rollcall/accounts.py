"""What whoever settles tells of the platform accounts: what they can do, and which have no token at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from adapters.database.schema import organisations
from rollcall.app import App
from sync.account_health import REFUSES, Health
from sync.platform import token_name

LOOK_EVERY_S = 5.0
NOT_SET = Health(REFUSES, "token.not.set")


@dataclass(slots=True)
class Accounts:
    """Capabilities are noted once: who reads, in whatever process, knows by this which chats people have to make. That
    an account has no token is heard of before a room of it is due.
    """

    app: App
    noted: bool = False
    looked_at_s: float = float("-inf")

    async def tell(self) -> None:
        """Raises StoreUnavailable (retriable)."""
        if not self.noted:
            platforms = self.app.dispatch.platforms
            async with self.app.dispatch.store.settling() as tx:
                can = {token: platform.capabilities for token, platform in platforms.items()}
                await tx.note_capabilities(can, self.app.settings.looks)
            self.noted = True
        now_s = self.app.clock.monotonic()
        if now_s - self.looked_at_s > LOOK_EVERY_S:
            self.looked_at_s = now_s
            await self._hear_of_unset()

    async def _hear_of_unset(self) -> None:
        async with self.app.database.reading() as connection:
            chosen = select(organisations.c.platform, organisations.c.account).distinct()
            used = {token_name(*row) for row in await connection.execute(chosen)}
        for token in used - self.app.dispatch.platforms.keys():
            self.app.dispatch.healths.hear(token, NOT_SET)

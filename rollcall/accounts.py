"""What a settling process records about the platform accounts: their capabilities, and which have no token."""

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
    """Record capabilities, once: they tell readers in all processes which chats people have to make. A missing token is
    reported before a room of the account is due.
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

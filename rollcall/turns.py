"""Turns: which of several processes does what one of them is enough for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

from rollcall.parts import Parts
from sync.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of one process among several to hear an account. Two at once would do no harm: what is told twice is
    known; it costs requests.
    """

    parts: Parts
    token: str
    hearer: str
    lasts_s: float

    async def held(self) -> bool:
        """Takes or keeps the turn, for `lasts_s` from now; False while another process has it."""
        async with self.parts.database.adopting() as tx:
            return await tx.hold_hearing(self.token, self.hearer, self.lasts_s)

    async def end(self) -> None:
        async with self.parts.database.adopting() as tx:
            await tx.end_hearing(self.token, self.hearer)


@asynccontextmanager
async def turn_to_hear(parts: Parts, token: str, lasts_s: float) -> AsyncIterator[Turn]:
    """A turn that another process can take as soon as the block ends, or `lasts_s` after it was last held."""
    turn = Turn(parts, token, uuid4().hex, lasts_s)
    yield turn
    with suppress(StoreUnavailable):  # it ends by itself
        await turn.end()

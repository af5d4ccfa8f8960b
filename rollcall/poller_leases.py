"""Poller leases: which one of several processes polls an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

from rollcall.app import App
from sync.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class PollerLease:
    """The right of one process among several to ask an account for its updates. Two at once would do no harm, for
    repeated updates are recognised, but cost requests.
    """

    app: App
    token: str
    hearer: str
    lasts_s: float

    async def held(self) -> bool:
        """Takes or keeps the lease, for `lasts_s` from now; False while another process has it."""
        async with self.app.database.hearing() as tx:
            return await tx.hold_hearing(self.token, self.hearer, self.lasts_s)

    async def end(self) -> None:
        async with self.app.database.hearing() as tx:
            await tx.end_hearing(self.token, self.hearer)


@asynccontextmanager
async def poller_lease(app: App, token: str, lasts_s: float) -> AsyncIterator[PollerLease]:
    """A lease that another process can take as soon as the block ends, or `lasts_s` after it was last held."""
    lease = PollerLease(app, token, uuid4().hex, lasts_s)
    yield lease
    with suppress(StoreUnavailable):  # it ends by itself
        await lease.end()

"""The rate limit of a platform token, one for all workers on all machines: slots as rows.

A slot is taken for a request and is free again one second after its answer, or after the longest a request may take
if its owner died: by the database's clock. However the answers jitter, no second at the platform sees more requests
than there are slots.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from adapters.database.session import Session
from adapters.database.store import Database
from adapters.database.tables import platform_tokens, rate_slots
from adapters.database.types import Instant
from sync.errors import StoreUnavailable

SECOND = timedelta(seconds=1, milliseconds=2)  # the platform's second may end a little after ours
LOOK_AGAIN_S = 0.05


class SlotRows(Session):
    """The slots of one token, within a transaction."""

    async def make(self, token: str, per_second: int) -> None:
        """Makes the token's slots where they are missing, and takes those away that are too many."""
        await self.insert(rate_slots, ("token", "slot"), [(token, slot) for slot in range(per_second)])
        many = (rate_slots.c.token == token) & (rate_slots.c.slot >= per_second)
        await self.execute(rate_slots.delete().where(many))

    async def take(self, token: str, wanted: int, now: datetime, until: datetime) -> list[int]:
        paused = select(platform_tokens.c.token).where(
            platform_tokens.c.token == token, platform_tokens.c.paused_until > now
        )
        free = (
            select(rate_slots.c.slot)
            .where(rate_slots.c.token == token, or_(rate_slots.c.free_at.is_(None), rate_slots.c.free_at <= now))
            .where(~paused.exists())
            .order_by(rate_slots.c.slot)
            .limit(wanted)
            .with_for_update(skip_locked=True)
        )
        taken = [row.slot for row in await self.fetch(free)]
        await self.set_free(token, taken, until)
        return taken

    async def set_free(self, token: str, slots: list[int], at: datetime) -> None:
        await self.update(rate_slots, ("token", "slot"), ("free_at",), [(token, slot, at) for slot in sorted(slots)])

    async def next_free(self, token: str) -> datetime | None:
        own = select(func.min(rate_slots.c.free_at, type_=Instant())).where(rate_slots.c.token == token)
        first: datetime | None = (await self.fetch(own))[0][0]
        return first


@dataclass(slots=True)
class _Queue:
    """Who waits for a slot of one token, and which slots have had their answer."""

    waiting: deque[asyncio.Future[int]] = field(default_factory=deque)
    answered: list[int] = field(default_factory=list)
    pump: asyncio.Task[None] | None = None
    made: bool = False


class DatabaseSlots:
    """A Pacer over the database. Takes and gives back as many at a time as there are; 0 a second is no limit.

    `longest_s`: the longest that a request may take, in seconds.
    """

    def __init__(self, database: Database, per_second: Callable[[str], int], longest_s: float) -> None:
        self._database = database
        self._per_second = per_second
        self._longest = timedelta(seconds=longest_s)
        self._queues: dict[str, _Queue] = defaultdict(_Queue)

    def slot(self, token: str) -> AbstractAsyncContextManager[None]:
        return self._slot(token)

    @asynccontextmanager
    async def _slot(self, token: str) -> AsyncIterator[None]:
        if not self._per_second(token):
            yield
            return
        queue = self._queues[token]
        ticket: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        queue.waiting.append(ticket)
        self._wake(token, queue)
        slot = await ticket
        try:
            yield
        finally:
            queue.answered.append(slot)
            self._wake(token, queue)

    def _wake(self, token: str, queue: _Queue) -> None:
        if queue.pump is None or queue.pump.done():
            queue.pump = asyncio.get_running_loop().create_task(self._pump(token, queue))

    async def _pump(self, token: str, queue: _Queue) -> None:
        """One round after another: what was answered is given back, who waits gets what is free."""
        while queue.answered or any(not ticket.done() for ticket in queue.waiting):
            try:
                pause_s = await self._round(token, queue)
            except StoreUnavailable:
                pause_s = 1.0  # slots taken and not given back come free by themselves
            if pause_s:
                await asyncio.sleep(pause_s)

    async def _round(self, token: str, queue: _Queue) -> float:
        answered, queue.answered = queue.answered, []
        waiting = [ticket for ticket in queue.waiting if not ticket.done()]
        async with self._database.writing() as connection:
            rows, now = SlotRows(connection), await self._database.time(connection)
            if not queue.made:
                await rows.make(token, self._per_second(token))
                queue.made = True
            await rows.set_free(token, answered, now + SECOND)
            taken = await rows.take(token, len(waiting), now, now + self._longest + SECOND) if waiting else []
            first = await rows.next_free(token) if len(taken) < len(waiting) else None
        self._hand_out(queue, waiting, taken)
        if queue.answered or len(taken) == len(waiting):
            return 0.0
        return LOOK_AGAIN_S if first is None else min(LOOK_AGAIN_S, max(0.001, (first - now).total_seconds()))

    @staticmethod
    def _hand_out(queue: _Queue, waiting: list[asyncio.Future[int]], taken: list[int]) -> None:
        for ticket, slot in zip(waiting, taken, strict=False):
            if ticket.done():  # gave up meanwhile: the slot goes back
                queue.answered.append(slot)
            else:
                ticket.set_result(slot)
        queue.waiting = deque(ticket for ticket in queue.waiting if not ticket.done())

"""The rate limit of a platform token, one for all workers on all machines: slots as rows.

A slot is taken for a request and is free again one second after its answer, or after the longest a request may take if
its owner died: by the database's clock. However the answers jitter, no second at the platform sees more requests than
there are slots. Slots are taken a little before they are free, and kept until they are: so neither database latency nor
a busy machine lowers the rate.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, func, or_, select

from adapters.database.bulk import Bulk
from adapters.database.schema import platform_tokens, rate_slots
from adapters.database.store import Database
from adapters.database.types import Instant, Number
from adapters.slots import LOOKS_SHARE, Waiting
from sync.errors import StoreUnavailable

SECOND = timedelta(seconds=1, milliseconds=2)  # the platform's second may end a little after ours
AHEAD = timedelta(milliseconds=200)
LOOK_AGAIN_S = 0.05  # others give slots back earlier than they said they would
CLOSE_WITHIN_S = 1.0  # slots that are not given back come free by themselves
GIVE_BACK_S = 0.2  # answers wait for each other where nobody waits for a slot: well before theirs are free

BY, MOST = Column("by", Instant), Column("most", Number)


class SlotRows(Bulk):
    """The slots of one token, within a transaction."""

    async def make(self, token: str, per_second: int) -> None:
        """Add the token's missing slots, and remove surplus ones."""
        await self.insert(rate_slots, ("token", "slot"), [(token, slot) for slot in range(per_second)])
        many = (rate_slots.c.token == token) & (rate_slots.c.slot >= per_second)
        await self.execute(rate_slots.delete().where(many))

    async def take(self, token: str, wanted: int, now: datetime, until: datetime) -> list[tuple[int, datetime]]:
        """Up to `wanted` slots, the earliest free first, each with the time at which it is free; none while the token
        is paused.
        """
        of, data = [rate_slots.c.token, Column("now", Instant), BY, MOST], [(token, now, now + AHEAD, wanted)]
        found = await self.ask(_free, of, data, [rate_slots.c.slot, rate_slots.c.free_at])
        taken = [(row.slot, row.free_at or now) for row in found]
        await self.set_free(token, [(slot, until) for slot, _ in taken])
        return taken

    async def set_free(self, token: str, slots: Sequence[tuple[int, datetime]]) -> None:
        data = [(token, slot, at) for slot, at in sorted(slots)]
        await self.update(rate_slots, ("token", "slot"), ("free_at",), data)

    async def next_free(self, token: str) -> datetime | None:
        rows = await self.ask(_next_free, [rate_slots.c.token], [(token,)], [rate_slots.c.free_at])
        first: datetime | None = rows[0].free_at
        return first


def _free(given: FromClause) -> Any:
    token, now, by, most = (select(given.c[name]).scalar_subquery() for name in ("token", "now", "by", "most"))
    own, pauses = rate_slots.c, platform_tokens.c
    paused = select(pauses.token).where(pauses.token == token, pauses.paused_until > now)
    return (
        select(own.slot, own.free_at)
        .where(own.token == token, or_(own.free_at.is_(None), own.free_at <= by), ~paused.exists())
        .order_by(own.free_at.nulls_first(), own.slot)
        .limit(most)
        .with_for_update(skip_locked=True, of=rate_slots)
    )


def _next_free(given: FromClause) -> Any:
    own = given.c.token == rate_slots.c.token
    return select(func.min(rate_slots.c.free_at).label("free_at")).join_from(rate_slots, given, own)


Slot = tuple[int, datetime]  # its number, and when it is free


@dataclass(slots=True)
class _Queue:
    """The queue for slots of one token, the urgent first; the slots whose request was answered, with the time by the
    loop's clock; and the slots that were not used, with the time at which they were free.
    """

    waiting: Waiting[Slot]
    coming: int = 0  # slots that are taken and soon free: whoever is first then gets them
    answered: list[tuple[int, float]] = field(default_factory=list)
    unused: list[Slot] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    pump: asyncio.Task[None] | None = None
    made: bool = False

    def unserved(self) -> int:
        """How many waiters no slot is being fetched for yet."""
        return max(0, len(self.waiting) - self.coming)


class DatabaseSlots:
    """A Pacer over the database. Takes and gives back as many at a time as there are; 0 a second is no limit.

    `longest_s`: the longest that a request may take, in seconds.
    """

    def __init__(
        self,
        database: Database,
        per_second: Callable[[str], int],
        longest_s: float,
        *,
        looks_share: float = LOOKS_SHARE,
    ) -> None:
        self._database = database
        self._per_second = per_second
        self._longest = timedelta(seconds=longest_s)
        self._queues: dict[str, _Queue] = defaultdict(lambda: _Queue(Waiting(looks_share)))

    async def close(self) -> None:
        """Give back the slots whose requests were answered. Await it before closing the database, when nobody waits for
        a slot any more.
        """
        pumps = [queue.pump for queue in self._queues.values() if queue.pump is not None]
        if pumps:
            _, late = await asyncio.wait(pumps, timeout=CLOSE_WITHIN_S)
            for pump in late:
                pump.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AbstractAsyncContextManager[None]:
        return self._slot(token, urgent=urgent, look=look)

    @asynccontextmanager
    async def _slot(self, token: str, *, urgent: bool, look: bool) -> AsyncIterator[None]:
        if not self._per_second(token):
            yield
            return
        queue = self._queues[token]
        ticket = queue.waiting.add(urgent=urgent, look=look)
        queue.asked.set()
        self._wake(token, queue)
        try:
            slot, _ = await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                queue.unused.append(ticket.result())
                self._wake(token, queue)
            raise
        try:
            yield
        finally:
            queue.answered.append((slot, asyncio.get_running_loop().time()))
            self._wake(token, queue)

    def _wake(self, token: str, queue: _Queue) -> None:
        if queue.pump is None or queue.pump.done():
            queue.pump = asyncio.get_running_loop().create_task(self._pump(token, queue))

    async def _pump(self, token: str, queue: _Queue) -> None:
        """In rounds: give back answered slots, then hand out slots that are free or soon will be."""
        while queue.answered or queue.unused or queue.unserved():
            if not queue.unserved():
                await _within(GIVE_BACK_S, queue.asked)
            queue.asked.clear()
            try:
                pause_s = await self._round(token, queue)
            except StoreUnavailable:
                pause_s = 1.0  # slots taken and not given back come free by themselves
            await asyncio.sleep(pause_s)

    async def _round(self, token: str, queue: _Queue) -> float:
        """Return for how many seconds nothing can be done."""
        loop = asyncio.get_running_loop()
        answered, queue.answered = queue.answered, []
        unused, queue.unused = queue.unused, []
        waiting = queue.unserved()
        async with self._database.writing() as connection:
            asked_at = loop.time()
            rows, now = SlotRows(connection), await self._database.time(connection)
            told_at = loop.time()  # the database's `now` was between these two
            if not queue.made:
                await rows.make(token, self._per_second(token))
                queue.made = True
            ages = [(slot, timedelta(seconds=asked_at - at)) for slot, at in answered]
            given_back = [(slot, now - age + SECOND) for slot, age in ages]
            await rows.set_free(token, [*given_back, *unused])
            taken = await rows.take(token, waiting, now, now + AHEAD + self._longest + SECOND) if waiting else []
            first = await rows.next_free(token) if len(taken) < waiting else None
        for slot, free_at in taken:
            if queue.unserved():
                queue.coming += 1
                loop.call_at(told_at + (free_at - now).total_seconds(), self._give, token, slot, free_at)
            else:  # the waiter gave up meanwhile: no request was made
                queue.unused.append((slot, free_at))
        if len(taken) == waiting:
            return 0.0
        return LOOK_AGAIN_S if first is None else min(LOOK_AGAIN_S, max(0.001, (first - now - AHEAD).total_seconds()))

    def _give(self, token: str, slot: int, free_at: datetime) -> None:
        queue = self._queues[token]
        queue.coming -= 1
        ticket = queue.waiting.next()
        if ticket is not None:
            ticket.set_result((slot, free_at))
        else:
            queue.unused.append((slot, free_at))
            self._wake(token, queue)


async def _within(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()

"""The one door: whatever came by topic, request or file, once decoded, goes through here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.own_accounts import of_people
from events.translate import translate
from schemas.accounts import AccountLinked
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection
from sync.ports.events import Incoming
from sync.ports.store import Store
from sync.use_cases.ingest_events import Ingested, ingest_events
from sync.use_cases.plan_scopes import PlanningRules

REJECTED = "rejected"
LONG = 50  # events: translating more of them takes longer than others should wait for the loop


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of one event, by its source and id where they could be read; a rejection says why."""

    source: str | None
    id: str | None
    outcome: str
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes batches in. `notice` is told of each batch once it is in the database, to log it and to wake the others."""

    store: Store
    rules: PlanningRules
    now: Callable[[], datetime]
    notice: Callable[[Ingested], None]

    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> list[EventOutcome]:
        """Takes one batch, in one transaction; each event has its outcome, in order, and a rejected one stops none.

        Raises StoreUnavailable with nothing taken (retriable; the same batch again is harmless).
        """
        events = await self._of_people(events)
        good = [event for event in events if not isinstance(event, Rejection)]
        outcomes = iter(await self._ingest(good) if good else ())
        return [
            EventOutcome(event.source, event.id, REJECTED, event)
            if isinstance(event, Rejection)
            else EventOutcome(event.source, event.id, next(outcomes))
            for event in events
        ]

    async def _of_people(self, events: Sequence[IncomingEvent | Rejection]) -> Sequence[IncomingEvent | Rejection]:
        if not any(isinstance(event, AccountLinked) for event in events):
            return events
        async with self.store.planning() as tx:
            own = await tx.people.own_accounts()
        return [of_people(event, own) for event in events]

    async def _ingest(self, events: Sequence[IncomingEvent]) -> list[str]:
        incoming = _translated(events) if len(events) < LONG else await asyncio.to_thread(_translated, events)
        ingested = await ingest_events(incoming, self.store, self.rules, self.now())
        self.notice(ingested)
        return [outcome.outcome for outcome in ingested.outcomes]


def _translated(events: Sequence[IncomingEvent]) -> list[Incoming]:
    return [translate(event) for event in events]

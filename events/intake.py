"""The single way in for decoded events, from topics, requests and files."""

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
LONG = 50  # events: translating more at a time would block the loop for too long


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """The outcome of one event, with its source and id if they could be read, and its rejection if it has one."""

    source: str | None
    id: str | None
    outcome: str
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Ingests batches. `notice` is called for each batch once it is in the database, to log it and to wake other
    workers.
    """

    store: Store
    rules: PlanningRules
    now: Callable[[], datetime]
    notice: Callable[[Ingested], None]

    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> list[EventOutcome]:
        """Ingest one batch, in one transaction. Return each event's outcome, in order; a rejected event does not affect
        the others.

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

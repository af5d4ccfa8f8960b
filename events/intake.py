"""The one door: whatever came by topic, request or file, once decoded, goes through here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.translate import translate
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection
from sync.ports.store import Store
from sync.use_cases.ingest_events import Ingested, ingest_events
from sync.use_cases.plan_slices import PlanningRules

REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Taken:
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

    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> list[Taken]:
        """Takes one batch, in one transaction; each event has its outcome, in order, and a rejected one stops none.

        Raises StoreUnavailable with nothing taken (retriable; the same batch again is harmless).
        """
        good = [event for event in events if not isinstance(event, Rejection)]
        outcomes = iter(await self._ingest(good) if good else ())
        return [
            Taken(event.source, event.id, REJECTED, event)
            if isinstance(event, Rejection)
            else Taken(event.source, event.id, next(outcomes))
            for event in events
        ]

    async def _ingest(self, events: Sequence[IncomingEvent]) -> list[str]:
        ingested = await ingest_events([translate(event) for event in events], self.store, self.rules, self.now())
        self.notice(ingested)
        return [outcome.outcome for outcome in ingested.outcomes]

"""The inbox: every event once, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.database.bulk import Bulk
from adapters.database.schema import inbox
from sync.ids import EventNo
from sync.ports.events import APPLIED, Incoming, Outcome, Recorded

COLUMNS = (
    "source", "id", "organisation_id", "type", "time", "received_at", "topic", "partition", "offset", "body", "outcome",
)  # fmt: skip


class Inbox:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def record(self, events: Sequence[Incoming], now: datetime) -> list[Recorded]:
        """Most events end as applied: that is inserted at once, and other outcomes are updated afterwards."""
        first: dict[tuple[str, str], Incoming] = {}
        for event in events:
            first.setdefault((event.source, event.event_id), event)
        data = [_row(first[key], now) for key in sorted(first)]  # in key order: two batches never wait for each other
        returning = ("no", "source", "id")
        rows = await self._bulk.insert(inbox, COLUMNS, data, conflict=("source", "id"), returning=returning)
        new = {(row.source, row.id): row.no for row in rows}
        known = await self._bulk.matching(inbox, ("source", "id"), first.keys() - new.keys())
        return _marks(events, new, {(row.source, row.id): (row.no, row.body) for row in known})

    async def write_outcomes(self, outcomes: Mapping[EventNo, Outcome]) -> None:
        others = {no: outcome for no, outcome in outcomes.items() if outcome.outcome != APPLIED}
        data = [(no, outcome.outcome, outcome.beaten_by) for no, outcome in sorted(others.items())]
        await self._bulk.update(inbox, ("no",), ("outcome", "beaten_by"), data)


def _row(event: Incoming, now: datetime) -> tuple[object, ...]:
    place = event.record or (None, None, None)
    stamp = (event.source, event.event_id, event.organisation_id, event.type, event.time, now)
    return (*stamp, *place, event.body.decode(), APPLIED)


def _marks(
    events: Sequence[Incoming],
    new: Mapping[tuple[str, str], EventNo],
    known: Mapping[tuple[str, str], tuple[EventNo, str]],
) -> list[Recorded]:
    marks, bodies = [], {key: body for key, (_, body) in known.items()}
    for event in events:
        key = event.source, event.event_id
        body = event.body.decode()
        duplicate = key in bodies
        number = new[key] if key in new else known[key][0]
        marks.append(Recorded(number, duplicate, duplicate and bodies[key] != body))
        bodies.setdefault(key, body)
    return marks

"""Preview a batch of events: ingest it, plan, and roll back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync.ids import EventNo, OrganisationId
from sync.plan.actions import Action, actions
from sync.ports.events import Incoming
from sync.ports.holds import Hold
from sync.ports.store import Store
from sync.use_cases.ingest_events import Ingested, ingest_within
from sync.use_cases.plan_scopes import PlanningRules


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan of each school; the part that guards would hold; the schools whose planning raises. `numbers`: the
    events by the numbers that the lines name as causes, valid only within this preview.
    """

    lines: Mapping[OrganisationId, Sequence[Action]]
    holds: Sequence[Hold] = ()
    stalled: Mapping[OrganisationId, str] = field(default_factory=dict)
    numbers: Mapping[EventNo, Incoming] = field(default_factory=dict)


async def preview_events(events: Sequence[Incoming], store: Store, rules: PlanningRules, now: datetime) -> Preview:
    """Return what `ingest_events` would plan, and write nothing. Holds the schools' locks meanwhile.

    Raises StoreUnavailable (retriable).
    """
    try:
        async with store.planning() as tx:
            raise _Undone(_seen(events, await ingest_within(tx, events, rules, now)))  # noqa: TRY301 - so nothing is committed
    except _Undone as undone:
        return undone.preview


class _Undone(Exception):  # noqa: N818 - how a transaction is left without a commit
    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


def _seen(events: Sequence[Incoming], ingested: Ingested) -> Preview:
    batch = ingested.planned
    lines = {made.organisation_id: actions(made, batch.rooms[made.organisation_id]) for made in batch.plans}
    return Preview(lines, batch.holds, ingested.stalled, dict(zip(ingested.numbers, events, strict=True)))

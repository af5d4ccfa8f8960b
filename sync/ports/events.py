"""The port for events: as they arrive, and their outcomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sync.accounts import AccountAssertion
from sync.facts import Assertion
from sync.ids import EventNo, OrganisationId


@dataclass(frozen=True, slots=True)
class Incoming:
    """An incoming event: decoded, translated, not yet recorded.

    `body` is the event as one structured JSON text; `record` its place in a topic, none by HTTP or from a file.
    `names`: what it refers to and needs announced, as (entity, id), entity one of organisation, class, group, chat,
    employee, student.
    """

    source: str
    event_id: str
    type: str
    organisation_id: OrganisationId | None
    time: datetime
    body: bytes
    assertions: tuple[Assertion, ...] = ()
    accounts: tuple[AccountAssertion, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    record: tuple[str, int, int] | None = None


APPLIED, KEPT, STALE, DUPLICATE = "applied", "kept", "stale", "duplicate"


class Recorded(NamedTuple):
    """An event's number in the inbox; a duplicate has the number of the first, whose content may differ."""

    event_no: EventNo
    duplicate: bool
    differs: bool


class Outcome(NamedTuple):
    """What became of an event: applied, kept, stale (with the number of the event that beat it) or duplicate."""

    outcome: str
    beaten_by: int | None = None


class Sources(Protocol):
    """Who sends the events of schools."""

    async def hear(self, sources: Collection[tuple[OrganisationId, str]], now: datetime) -> None:
        """Notes that sources of schools, as (organisation, source), were heard."""


class Inbox(Protocol):
    """The inbox: every event once, and what became of it."""

    async def record(self, events: Sequence[Incoming], now: datetime) -> list[Recorded]:
        """Puts events into the inbox; one (source, id) is recorded once, within the batch too."""

    async def write_outcomes(self, outcomes: Mapping[EventNo, Outcome]) -> None: ...

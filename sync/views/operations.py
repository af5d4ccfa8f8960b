"""What waits for a person to decide: holds, and records that could not be taken; and the limits that were set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sync.ids import HoldNo, OrganisationId
from sync.views.explanation import CauseView


@dataclass(frozen=True, slots=True)
class HoldView:
    """`plan` is `{"changes": […], "counts": {action: n}}`; `limit`: the limits broken, in words. `state`: held,
    approved, rejected, or let_go once nobody was held any more. `persons` it held when it was made, `still_held` it
    holds now.
    """

    id: HoldNo
    organisation_id: OrganisationId
    persons: int
    plan: Mapping[str, Any]
    causes: Sequence[CauseView]
    limit: str
    state: str
    expires_at: datetime
    still_held: int
    made_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class GuardLimitsView:
    """Limits that were set for a school, or for all (`organisation_id` null), for a span of days, both ends included;
    null: open-ended. A limit that is null is not overridden.
    """

    organisation_id: OrganisationId | None
    from_on: date | None
    to_on: date | None
    share: float | None
    floor: int | None
    chat_share: float | None
    chat_floor: int | None
    kind_floor: int | None
    gain: int | None
    gain_after_days: int | None
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class PointedError:
    """What is wrong with a field: `pointer` is RFC 6901, from the event's root."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """A record that could not be taken. `state`: waiting, retried, discarded."""

    id: int
    topic: str
    partition: int
    offset: int
    key: str | None
    reason: str
    errors: Sequence[PointedError]
    received_at: datetime
    state: str

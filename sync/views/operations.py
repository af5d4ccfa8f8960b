"""What waits for a person to decide: holds, and records that could not be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.views.explanation import CauseView


@dataclass(frozen=True, slots=True)
class HoldView:
    """`plan` is `{"changes": […], "counts": {action: n}}`; `limit` the guard that was hit, in words."""

    id: int
    organisation_id: str
    persons: int
    plan: Mapping[str, Any]
    causes: Sequence[CauseView]
    limit: str
    state: str
    expires_at: datetime


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

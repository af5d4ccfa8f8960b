"""What is shown of the reconcile of a school: what stands on the platform, beside what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sync.ids import ChatId, OrganisationId


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A chat that could not be looked at, with the code of why."""

    chat_id: ChatId
    failure: str


@dataclass(frozen=True, slots=True)
class ReconcileView:
    """`rooms` are to be looked at, `looked` were. `differences`: `{kind, chat_id, person_id, external_user_id, seen,
    wanted, policy, action}`, each with the policy it met and what is done about it (null: nothing, or by a person);
    `planned`: of the same shape, what is wanted itself and becomes another when everybody is planned anew (`policy`
    says why: rejected, refused, forgotten; or that it is held once more); not of the nightly ones. `changes` and
    `counts` are what is done, as a plan. Without `apply` none of it is.
    """

    run: int
    organisation_id: OrganisationId
    apply: bool
    ordered_by: str
    begun_at: datetime
    ended_at: datetime | None
    rooms: int
    looked: int
    differences: Sequence[Mapping[str, Any]] = ()
    planned: Sequence[Mapping[str, Any]] = ()
    not_seen: Sequence[NotSeen] = ()
    changes: Sequence[Mapping[str, Any]] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether a person has to decide, or to see why a chat could not be looked at."""
        return bool(self.not_seen) or any(line["policy"] == "ask" for line in self.differences)

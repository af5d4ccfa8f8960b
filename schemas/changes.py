"""What Rollcall publishes: each change of a membership that was applied on the platform."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.envelope import Data, Event
from schemas.text import ChatId, EventId, Id, Instant, Source, Text

Role = Literal["admin", "member"]


class Cause(Data):
    """The event that made the change. Without Kafka `topic` is `inbox`, `partition` 0, `offset` the row's number."""

    source: Source
    id: EventId
    topic: Text
    partition: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)]


class ChangeData(Data):
    """`role` is the one the person has after the change, None when out; `reasons` are sorted."""

    organisation_id: Id
    chat_id: ChatId
    person_id: Id
    role: Role | None
    reasons: Annotated[tuple[Text, ...], Field(strict=False)]
    cause: Cause
    applied_at: Instant


class MembershipAdded(Event):
    type: Literal["membership.added.v1"]
    data: ChangeData


class MembershipRemoved(Event):
    type: Literal["membership.removed.v1"]
    data: ChangeData


class MembershipRoleChanged(Event):
    type: Literal["membership.role_changed.v1"]
    data: ChangeData


class MembershipRefused(Event):
    type: Literal["membership.refused.v1"]
    data: ChangeData


MembershipChange = MembershipAdded | MembershipRemoved | MembershipRoleChanged | MembershipRefused

CHANGES: tuple[type[Event], ...] = (MembershipAdded, MembershipRemoved, MembershipRoleChanged, MembershipRefused)

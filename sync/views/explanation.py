"""What is shown of why somebody is in a chat, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CauseView:
    """An event. Without Kafka `topic` is `inbox`, `partition` 0, `offset` the row's number."""

    source: str
    id: str
    type: str
    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class ReasonView:
    reason: str
    cause: CauseView | None


@dataclass(frozen=True, slots=True)
class ExclusionView:
    exclusion: str
    cause: CauseView | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    at: datetime
    action: str
    answer: str


@dataclass(frozen=True, slots=True)
class ExplainedChat:
    """Why somebody is in a chat, or not. `state` is excluded of who is kept out, null of who has no part in it."""

    organisation_id: str
    chat_id: str
    role: str | None
    state: str | None
    reasons: Sequence[ReasonView] = ()
    exclusions: Sequence[ExclusionView] = ()
    waits_for: str | None = None
    attempts: Sequence[AttemptView] = ()
    invite_link: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    person_id: str
    chats: Sequence[ExplainedChat]

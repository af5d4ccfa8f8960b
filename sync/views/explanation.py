"""Explanations of why somebody is in a chat, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.ids import ChatId, HoldNo, OrganisationId, PersonId


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
class EndedView:
    """The event by which somebody's last reason ended; null of one that is no longer kept."""

    cause: CauseView | None


@dataclass(frozen=True, slots=True)
class HoldOfPlace:
    """The hold that keeps somebody where they are: the limit broken, in words, and until when a person may decide."""

    id: HoldNo
    limit: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ExplainedChat:
    """Why somebody is in a chat, or not. `state`: excluded if kept out, null without any relation to the chat. `hold`:
    if held or rejected. `ended`: if the person was there, or would be had nobody left the school. `next_try_at`: if the
    platform refused or did not answer. `account_passed_on_at`: since when, within a day, another person holds the
    account by which somebody stood there. `still_on`: the platform that the school has left, and on
    which the person stands in the chat still, until all who are to be are in the new one.
    """

    organisation_id: OrganisationId
    chat_id: ChatId
    role: str | None
    state: str | None
    reasons: Sequence[ReasonView] = ()
    exclusions: Sequence[ExclusionView] = ()
    waits_for: str | None = None
    attempts: Sequence[AttemptView] = ()
    invite_link: str | None = None
    refused_code: str | None = None
    ended: EndedView | None = None
    hold: HoldOfPlace | None = None
    next_try_at: datetime | None = None
    account_passed_on_at: datetime | None = None
    still_on: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    person_id: PersonId
    chats: Sequence[ExplainedChat]

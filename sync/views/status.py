"""The status of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync.ids import ChatId, OrganisationId


@dataclass(frozen=True, slots=True)
class Outbox:
    """Places (person and chat) by their state of delivery, each in one of the counts."""

    pending: int = 0
    in_flight: int = 0
    retrying: int = 0
    held: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that somebody should look at; it blocks nothing. Fields that do not apply to its kind are null."""

    kind: str
    organisation_id: OrganisationId | None = None
    chat_id: ChatId | None = None
    account: str | None = None
    since: datetime | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Stalled:
    """A school whose planning fails, since when, and when it is tried again."""

    organisation_id: OrganisationId
    error: str
    next_try_at: datetime | None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoomInNeed:
    """A room that waits for a person: needs_person, gone, to_adopt, archived (by somebody else). Or an adopted chat has
    somebody in it who does not belong there, while everything goes on: strangers.
    """

    organisation_id: OrganisationId
    chat_id: ChatId
    external_chat_id: str | None
    state: str


@dataclass(frozen=True, slots=True)
class PlatformAccount:
    """The health of a platform account: `ok`, `refuses` (its token), `unreachable`, or `paused` at the platform's
    request. `since`: null before its first request. `last_error`: the code of the last failure, if any.
    """

    account: str
    state: str
    since: datetime | None = None
    paused_until: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """`why` nothing can be done: the database does not answer, has no tables, or takes nothing; None: all can.
    `platforms`: the state of each platform account, by name. A refused token keeps nobody from taking events in.
    """

    why: str | None
    platforms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatusView:
    """Where everything stands. With lag, unprocessed, pending, in_flight and retrying at 0 all is as desired.

    `lag_records` is None where Kafka did not tell: `lag_error` says why. `looks`: on or off; `oldest_look_at`: when the
    room was looked at that was looked at longest ago. `stopped_partitions` by topic and number.
    """

    lag_records: int | None = 0
    lag_error: str | None = None
    inbox_unprocessed: int = 0
    outbox: Outbox = field(default_factory=Outbox)
    oldest_pending_at: datetime | None = None
    waiting: int = 0
    dead_letters: int = 0
    alarms: Sequence[Alarm] = ()
    stalled: Sequence[Stalled] = ()
    needs_person: Sequence[RoomInNeed] = ()
    stopped_partitions: Sequence[str] = ()
    platform_accounts: Sequence[PlatformAccount] = ()
    oldest_look_at: datetime | None = None
    looks: str = "on"
    reconciled_at: datetime | None = None

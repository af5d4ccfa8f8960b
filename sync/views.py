"""What the registry shows, and the port it is asked by. Plain values, in the words of the HTTP API."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from sync.accounts import AccountWord
from sync.streams import Partition

T = TypeVar("T")

Schools = frozenset[str] | None
"""The schools that somebody may see; None is all of them."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a list: up to `limit` items (from 1) behind the key `after`; `counted` asks for the total besides."""

    after: str | None = None
    limit: int = 100
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A part of a list, sorted by key. `next` is the key of its last item where more follow."""

    items: Sequence[T]
    next: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class OrganisationView:
    organisation_id: str
    name: str
    time_zone: str
    sis: str | None
    platform: str
    account: str | None
    chat_administrator_id: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class ChatView:
    """`participants` are the desired persons, those that wait included; `administrators` person ids, sorted."""

    chat_id: str
    title: str
    type: str
    class_id: str | None
    class_name: str | None
    group_id: str | None
    subject: str | None
    archived: bool
    state: str
    external_chat_id: str | None
    participants: int
    waiting: int
    administrators: Sequence[str]


@dataclass(frozen=True, slots=True)
class MemberView:
    """`exclusions` are of those kept out alone (`state` excluded). `invite_link`: by which somebody whom the platform
    refused to add may come in by themselves, where it has one.
    """

    person_id: str
    role: str | None
    state: str
    reasons: Sequence[str]
    external_user_id: str | None
    refused_code: str | None
    exclusions: Sequence[str] = ()
    invite_link: str | None = None


@dataclass(frozen=True, slots=True)
class AccountView:
    """`linked_at` is when the unbroken run of links to this account began."""

    person_id: str
    provider: str
    external_user_id: str
    linked_at: datetime
    held_by_another: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    """`kind` is `new_school_year`; it stands `since` that day, until it is closed or grows old."""

    kind: str
    organisation_id: str
    school_year: str
    since: date


@dataclass(frozen=True, slots=True)
class PersonView:
    """Names are null while nobody described the person; `organisations` are those the reader may see."""

    person_id: str
    last_name: str | None
    first_name: str | None
    middle_name: str | None
    organisations: Sequence[str]
    accounts: Sequence[AccountView]
    notices: Sequence[NoticeView]


@dataclass(frozen=True, slots=True)
class MembershipView:
    organisation_id: str
    chat_id: str
    title: str
    type: str
    role: str | None
    state: str
    reasons: Sequence[str]
    external_user_id: str | None
    refused_code: str | None
    waits_for: str | None


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


@dataclass(frozen=True, slots=True)
class Outbox:
    """Places (person and chat) by what stands before them, each in one of the counts."""

    pending: int = 0
    in_flight: int = 0
    retrying: int = 0
    held: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """`kind`: students_without_staff, chat_without_administrator, removal_late. It holds nothing."""

    kind: str
    organisation_id: str
    chat_id: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Stalled:
    """A school whose planning fails, and when it is tried again."""

    organisation_id: str
    error: str
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoomInNeed:
    """A room that waits for a person: needs_person, gone, to_adopt. Or a person has to look at an adopted chat with
    somebody in it who does not belong there, while all goes on: strangers.
    """

    organisation_id: str
    chat_id: str
    external_chat_id: str | None
    state: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """Where everything stands. With lag, unprocessed, pending, in_flight and retrying at 0 all is as desired.

    `lag_records` is None where Kafka did not tell: `lag_error` says why. `stopped_partitions` by topic and number.
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


class Ends(Protocol):
    async def __call__(self) -> Mapping[Partition, range]:
        """The offsets that each partition has now, up to its end. Raises TopicsUnavailable (retriable)."""


class Registry(Protocol):
    """Reads what is stored; changes nothing. Whatever the schools given do not include is as if it were not there.

    Every method raises StoreUnavailable (retriable).
    """

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        """The registered schools, by id."""

    async def organisation(self, organisation_id: str) -> OrganisationView | None: ...

    async def chats(self, organisation_id: str, window: Window) -> Listed[ChatView] | None:
        """The chats of a school, by id: the staff's, of classes ever open, ever made by hand."""

    async def members(
        self, chat_id: str, schools: Schools, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        """Everybody desired in a chat, still in it, or kept, by person; with `excluded` those kept out, too."""

    async def person(self, person_id: str, schools: Schools, now: datetime) -> PersonView | None: ...

    async def memberships(self, person_id: str, schools: Schools, window: Window) -> Listed[MembershipView] | None: ...

    async def accounts(self, person_id: str, schools: Schools) -> Sequence[AccountView] | None:
        """The accounts a person is linked to, by provider; None of a person who is not known."""

    async def account_after(self, word: AccountWord) -> AccountView:
        """The account of a person linked by a word, the latest said of it, as it will be once the word is taken in."""

    async def last_said_at(self, person_id: str, provider: str) -> datetime | None:
        """The latest time among all that was said of a person's account."""

    async def strangers(self, persons: Collection[str], schools: Schools) -> set[str]:
        """Those who are tied, now or ever, to some school but to none of these."""

    async def explain(self, person_id: str, chat_id: str | None, schools: Schools) -> Explanation | None: ...

    async def dead_letters(self, schools: Schools, window: Window) -> Listed[DeadLetterView]:
        """Records of topics that could not be taken, the latest last; none where only some schools are asked for."""

    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        """The holds, the latest last."""

    async def status(self, schools: Schools, now: datetime) -> StatusView: ...

    async def ready(self) -> bool:
        """Whether the database answers and has its tables."""

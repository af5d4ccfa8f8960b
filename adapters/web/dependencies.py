"""What the web depends on: the ports that it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from schemas.binding import Binding, Headers
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection
from sync.ids import ChatId, HoldNo, OrganisationId, PersonId
from sync.ports.holds import Decision
from sync.ports.linking import AccountEvents
from sync.use_cases.choose_account import Choice, Shown
from sync.use_cases.decide_holds import Decided
from sync.views.registry import Registry, Schools
from sync.views.reminders import RemindersView, SheetKind

EVENTS, ACCOUNTS, READ, OPERATE = "events:write", "accounts:write", "read", "operate"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the bearer of a token may do, in which schools, and as which sources one of some schools speaks. `token_id`
    is by whom: it is kept with what they do.
    """

    scopes: frozenset[str]
    schools: Schools
    sources: Sequence[str] = ()
    token_id: str = ""


class EventOutcome(Protocol):
    """What became of one event: queued, applied, kept, duplicate, stale or rejected."""

    @property
    def source(self) -> str | None: ...

    @property
    def id(self) -> str | None: ...

    @property
    def outcome(self) -> str: ...

    @property
    def rejection(self) -> Rejection | None: ...


class Intake(Protocol):
    async def take(self, events: Sequence[IncomingEvent | Rejection]) -> Sequence[EventOutcome]:
        """Takes one batch; an outcome an event, in order: `queued` where another process works out the rest.

        Raises StoreUnavailable with nothing taken; TopicsUnavailable, of which nobody knows (both retriable).
        """


class Decode(Protocol):
    def __call__(
        self, value: bytes, headers: Headers, received_at: datetime, binding: Binding
    ) -> IncomingEvent | Rejection:
        """Reads one event; never raises."""


class DecodeBatch(Protocol):
    def __call__(self, body: bytes, received_at: datetime) -> Sequence[IncomingEvent | Rejection]:
        """Reads a JSON array of events. Raises ValueError where the body is none."""


class CheckToken(Protocol):
    async def __call__(self, token: str) -> Grant | None:
        """What a token grants; None of one that is not known, or revoked. Raises StoreUnavailable."""


class Audit(Protocol):
    """Keeps every request of a token that may change something. Both raise StoreUnavailable."""

    async def begin(self, token_id: str, request: str, reason: str | None = None) -> int:
        """Writes a request down before it is done, as its method and path, and why; gives the entry's number."""

    async def end(self, entry_no: int, status: int, outcomes: Mapping[str, int] | None) -> None:
        """Adds how it was answered; `outcomes`: how many of its events came to what."""


class Offered(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def expires_at(self) -> datetime: ...


class Hear(Protocol):
    async def __call__(self, token: str, body: bytes) -> None:
        """Hears an update of a platform account. Raises ValueError where the body is no JSON, StoreUnavailable."""


class PrintSheets(Protocol):
    def __call__(self, kind: SheetKind, classes: Sequence[RemindersView], on: date) -> bytes:
        """A PDF of each class's reminders as they stood on a day. Takes a tenth of a second a class."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """How platforms are heard: the secret they show, and who listens."""

    secret: str = field(repr=False)
    hear: Hear


@dataclass(frozen=True, slots=True)
class Dependencies:
    """All that the web is given. `now` is aware UTC; without `webhooks` nobody is heard.
    `offer_adoption` takes an organisation and a chat of it,
    `close_notice` an organisation and a student, and gives whether there was one to close;
    `choose_account` and `show_choice` an organisation, a platform and an account of it; `decide_hold` a hold's number.
    """

    registry: Registry
    account_events: AccountEvents
    intake: Intake
    decode: Decode
    decode_batch: DecodeBatch
    check_token: CheckToken
    audit: Audit
    now: Callable[[], datetime]
    offer_adoption: Callable[[OrganisationId, ChatId], Awaitable[Offered | None]]
    close_notice: Callable[[OrganisationId, PersonId], Awaitable[bool]]
    choose_account: Callable[[OrganisationId, str | None, str | None], Awaitable[Choice]]
    show_choice: Callable[[OrganisationId, str | None, str | None], Awaitable[Shown]]
    decide_hold: Callable[[HoldNo, Decision], Awaitable[Decided]]
    reconcile: Callable[[OrganisationId, bool], Awaitable[None]]
    choose_policies: Callable[[OrganisationId, str | None, str | None, str], Awaitable[bool]]
    choose_sign_in: Callable[[OrganisationId, str | None], Awaitable[bool]]
    print_sheets: PrintSheets
    webhooks: Webhooks | None = None


def _dependencies(request: Request) -> Dependencies:
    deps: Dependencies = request.app.state.deps
    return deps


Deps = Annotated[Dependencies, Depends(_dependencies)]

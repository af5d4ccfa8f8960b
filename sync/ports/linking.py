"""What is asked of the store while somebody links an account, and how what came of it is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sync.accounts import OURS
from sync.ids import AccountId, PersonId
from sync.linking.limits import Instants
from sync.linking.request import Asking, Request
from sync.linking.sealed import SealedPhone
from sync.linking.sign_in import SignIn
from sync.ports.clocks import Clock
from sync.ports.identity import MessengerIdentity
from sync.views.persons import AccountView
from sync.views.registry import Schools


@dataclass(frozen=True, slots=True)
class LinkedPhone:
    """The phone of a person's account, as far as it is known."""

    person_id: PersonId
    provider: str
    account: AccountId
    phone: SealedPhone


class LinkingReader(Protocol):
    """What is read without being locked."""

    async def request(self, person_id: PersonId) -> Request | None: ...

    async def phone(self, person_id: PersonId, provider: str) -> LinkedPhone | None: ...

    async def with_phone(self, digests: Collection[str]) -> Sequence[LinkedPhone]: ...

    async def sign_in(self, session: str) -> SignIn | None: ...

    async def awaits_contacts(self, now: datetime) -> bool:
        """Whether somebody opened the bot, to share a contact with it."""


class Requests(Protocol):
    """The requests to link an account, one a person."""

    async def asking(self, person_id: PersonId) -> Asking:
        """What is kept of a person, known or not: of two who ask for it the second waits for the first."""

    async def by_number(self, request_no: int) -> Request | None: ...

    async def by_start(self, start: str) -> Request | None: ...

    async def of_account(self, account: AccountId) -> Sequence[Request]:
        """The requests that an account is to answer, the last asked first."""

    async def write(self, asking: Asking) -> None:
        """In the place of what was kept."""

    async def write_request(self, request: Request) -> None:
        """In the place of the one with its number, if that is still there."""


class Failures(Protocol):
    """When numbers did not match, of whomever an issuer signed in; kept no longer than they count."""

    async def of(self, issuer: str) -> Instants: ...

    async def write(self, issuer: str, failures: Instants) -> None: ...


class LinkedPhones(Protocol):
    async def keep(self, phone: LinkedPhone) -> None:
        """In the place of the one that was kept of the person and the provider."""

    async def erase(self, person_id: PersonId, provider: str) -> None: ...


class SignIns(Protocol):
    """What was begun at VK ID, one a session."""

    async def of(self, session: str) -> SignIn | None: ...

    async def write(self, sign_in: SignIn) -> None:
        """In the place of the session's."""

    async def erase(self, session: str) -> None: ...


class LinkingTransaction(Protocol):
    """What is read is locked until the transaction ends. Order: a person, then an issuer."""

    @property
    def requests(self) -> Requests: ...

    @property
    def failures(self) -> Failures: ...

    @property
    def phones(self) -> LinkedPhones: ...

    @property
    def sign_ins(self) -> SignIns: ...


class LinkingStore(Protocol):
    def linking(self) -> AbstractAsyncContextManager[LinkingTransaction]:
        """Commits when its block ends, and not if it raises. Raises StoreUnavailable."""

    def reading_links(self) -> AbstractAsyncContextManager[LinkingReader]:
        """Raises StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """As whom something is said of accounts, and in which schools it counts."""

    source: str = OURS
    schools: Schools = None


FOR_ITSELF = Speaker()
"""Rollcall, for what people do by it."""


class NobodysAccount(Exception):  # noqa: N818 - what it is
    """The account is the service's own, or nobody can have such a person's id. Permanent."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Said:
    """`queued`: it is known once others have taken it in. `view`: the account as it will be, after linking."""

    queued: bool
    view: AccountView | None = None


class AccountEvents(Protocol):
    """Says of accounts what has come to pass: an event like any other, later than all that was said.

    `event_id`: the same thing said again is said once. Raises StoreUnavailable or TopicsUnavailable (retriable).
    """

    async def linked(
        self,
        person_id: PersonId,
        provider: str,
        account: AccountId,
        by: Speaker = FOR_ITSELF,
        event_id: str | None = None,
    ) -> Said:
        """Raises NobodysAccount with nothing said."""

    async def unlinked(self, person_id: PersonId, provider: str, by: Speaker = FOR_ITSELF) -> Said: ...

    async def declined(self, person_id: PersonId, provider: str, event_id: str) -> Said: ...

    async def is_free(self, person_id: PersonId, provider: str, account: AccountId) -> bool:
        """Whether it is any use to ask: the account is not our own, nor somebody's who is in a chat. Who is in none may
        have left every school; then whoever proves that the account is theirs gets it.
        """


class PatientClock(Clock, Protocol):
    async def sleep(self, seconds: float) -> None: ...


class Chance(Protocol):
    """What nobody can guess."""

    def secret(self) -> str:
        """At least 128 bits, of `A-Z a-z 0-9 _ -`, 43 to 128 characters."""

    def number(self) -> int:
        """From 1 to 2^62."""

    def code(self, digits: int) -> str: ...


class Messengers(Protocol):
    def of(self, token: str) -> MessengerIdentity | None:
        """The bot of a platform account, by its token's name; None: it is not set up."""

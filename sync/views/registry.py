"""The ports of the registry, and the arguments of its queries: which schools, and which part of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sync.accounts import AccountAssertion
from sync.ids import ChatId, ClassId, OrganisationId, PersonId
from sync.streams import DeadLetter, Partition
from sync.views.chats import ChatView, MemberView
from sync.views.explanation import Explanation
from sync.views.operations import DeadLetterView, GuardLimitsView, HoldView
from sync.views.organisations import OrganisationView
from sync.views.persons import AccountView, MembershipView, PersonView
from sync.views.reconciles import ReconcileView
from sync.views.reminders import RemindersView
from sync.views.status import Readiness, StatusView

T = TypeVar("T")

Schools = frozenset[OrganisationId] | None
"""The schools that somebody may see; None is all of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which memberships of a person are asked for: those of one school, of one chat, or all."""

    organisation_id: OrganisationId | None = None
    chat_id: ChatId | None = None


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


class Ends(Protocol):
    async def __call__(self) -> Mapping[Partition, range]:
        """The offsets that each partition has now, up to its end. Raises TopicsUnavailable (retriable)."""


class SchoolsRegistry(Protocol):
    """Schools, their chats, and who is in them. Raises StoreUnavailable (retriable), as all three do."""

    async def organisations(self, schools: Schools, window: Window) -> Listed[OrganisationView]:
        """The registered schools, by id."""

    async def organisation(self, organisation_id: OrganisationId) -> OrganisationView | None: ...

    async def chats(self, organisation_id: OrganisationId, window: Window) -> Listed[ChatView] | None:
        """The chats of a school, by id: the staff's, of classes ever open, ever made by hand."""

    async def members(
        self, organisation_id: OrganisationId, chat_id: ChatId, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        """Everybody desired in a chat, still in it, or kept, by person; with `excluded` those kept out, too."""

    async def reminders(self, organisation_id: OrganisationId, class_id: ClassId) -> RemindersView | None:
        """Who of a class has not linked an account; None of one that the school never opened."""

    async def all_reminders(self, organisation_id: OrganisationId) -> Sequence[RemindersView] | None:
        """The same of each open class of a school, by id."""


class PeopleRegistry(Protocol):
    """Persons, their accounts, and their memberships. Everything outside the given schools is treated as absent; the
    result is None for a person who is not known in them.
    """

    async def person(self, person_id: PersonId, schools: Schools, now: datetime) -> PersonView | None: ...

    async def memberships(
        self, person_id: PersonId, schools: Schools, window: Window
    ) -> Listed[MembershipView] | None: ...

    async def accounts(self, person_id: PersonId, schools: Schools) -> Sequence[AccountView] | None:
        """The accounts a person is linked to, by provider."""

    async def account_after(self, assertion: AccountAssertion) -> AccountView:
        """The account of a person linked by an assertion, the latest one, as it will be after ingestion."""

    async def last_said_at(self, person_id: PersonId, provider: str, schools: Schools) -> datetime | None:
        """The latest time of all assertions about a person's account that count in one of the schools."""

    async def is_own(self, provider: str, account: str) -> bool:
        """Whether an account is the service's own, to which no person can be linked."""

    async def holder(self, provider: str, account: str) -> PersonId | None:
        """Whose an account is, by what counts in every school."""

    async def explain(self, person_id: PersonId, asked: Asked, schools: Schools) -> Explanation | None: ...


class OperationsRegistry(Protocol):
    """Status, and what waits for a person; only of the given schools."""

    async def dead_letters(self, schools: Schools, window: Window) -> Listed[DeadLetterView]:
        """Records of topics that could not be taken, the latest last; none where only some schools are asked for."""

    async def dead_letter(self, number: int) -> tuple[DeadLetter, DeadLetterView] | None:
        """A dead letter as it came, and as it stands in the list."""

    async def holds(self, schools: Schools, window: Window) -> Listed[HoldView]:
        """The holds, the latest last."""

    async def hold(self, number: int, schools: Schools) -> HoldView | None: ...

    async def guard_limits(self) -> Sequence[GuardLimitsView]:
        """The limits that were set, by school and day."""

    async def status(self, schools: Schools, now: datetime) -> StatusView: ...

    async def reconcile(self, organisation_id: OrganisationId) -> ReconcileView | None:
        """The last reconcile of a school, under way or ended."""

    async def readiness(self, now: datetime) -> Readiness: ...


@dataclass(frozen=True, slots=True)
class Registry:
    """Reads what is stored; changes nothing."""

    schools: SchoolsRegistry
    people: PeopleRegistry
    operations: OperationsRegistry

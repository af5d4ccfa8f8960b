"""What is shown of a person: names, accounts, notices, and which chats they are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sync.ids import AccountId, ChatId, OrganisationId, PersonId


@dataclass(frozen=True, slots=True)
class AccountView:
    """`linked_at` is when the unbroken run of links to this account began."""

    person_id: PersonId
    provider: str
    external_user_id: AccountId
    linked_at: datetime
    held_by_another: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    """`kind` is `new_school_year`; it stands `since` that day, until it is closed or grows old."""

    kind: str
    organisation_id: OrganisationId
    school_year: str
    since: date


@dataclass(frozen=True, slots=True)
class PersonView:
    """Names are null until the person is described; `organisations` are those the reader may see."""

    person_id: PersonId
    last_name: str | None
    first_name: str | None
    middle_name: str | None
    organisations: Sequence[OrganisationId]
    accounts: Sequence[AccountView]
    notices: Sequence[NoticeView]


@dataclass(frozen=True, slots=True)
class MembershipView:
    """`invite_link`: by which a person whom the platform refused comes in by themselves."""

    organisation_id: OrganisationId
    chat_id: ChatId
    title: str
    type: str
    role: str | None
    state: str
    reasons: Sequence[str]
    external_user_id: AccountId | None
    refused_code: str | None
    waits_for: str | None
    invite_link: str | None = None

"""What a homeroom teacher is shown of a class: who has not linked an account, and how they are invited to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sync.ids import ChatId, ClassId, OrganisationId, PersonId

SheetKind = Literal["list", "slips"]
"""What is printed of reminders: the teacher's list, with all names on it; or a slip for each, with no other's name."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person by the names that the school told; null while it told none."""

    person_id: PersonId
    last_name: str | None
    first_name: str | None
    middle_name: str | None


@dataclass(frozen=True, slots=True)
class UnlinkedView:
    """Somebody who is to be in a chat and waits for an account. `waits_for`: account, or
    account_held_by_another_person; `guardian_of` are the pupils of the class whose guardian it is.
    """

    person: NamedPerson
    role: str
    reasons: Sequence[str]
    waits_for: str
    guardian_of: Sequence[NamedPerson]


@dataclass(frozen=True, slots=True)
class ChatReminders:
    """Those who wait for one chat, by their names; `participants`: how many are to be in it, they included."""

    chat_id: ChatId
    title: str
    type: str
    participants: int
    unlinked: Sequence[UnlinkedView]


@dataclass(frozen=True, slots=True)
class RemindersView:
    """A class's chat and its parents' chat. `provider`: of the accounts that the school's chats need (max, vk_id);
    `sign_in_url`: where its people sign in, null while nobody has said so; `invitation`: a message to send them.
    """

    organisation_id: OrganisationId
    organisation_name: str
    time_zone: str
    class_id: ClassId
    class_name: str
    provider: str
    sign_in_url: str | None
    invitation: str
    chats: Sequence[ChatReminders]

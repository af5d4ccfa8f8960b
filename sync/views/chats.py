"""What is shown of a chat, and of who is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync.ids import AccountId, ChatId, ClassId, GroupId, PersonId


@dataclass(frozen=True, slots=True)
class ChatView:
    """`participants` are the desired persons, those that wait included; `administrators` person ids, sorted."""

    chat_id: ChatId
    title: str
    type: str
    class_id: ClassId | None
    class_name: str | None
    group_id: GroupId | None
    subject: str | None
    archived: bool
    state: str
    external_chat_id: str | None
    participants: int
    waiting: int
    administrators: Sequence[PersonId]


@dataclass(frozen=True, slots=True)
class MemberView:
    """`exclusions`: only if kept out (`state` excluded); `waits_for`: only while waiting. `invite_link`: by which a
    person whom the platform refused to add may join, if the chat has one.
    """

    person_id: PersonId
    role: str | None
    state: str
    reasons: Sequence[str]
    external_user_id: AccountId | None
    refused_code: str | None
    exclusions: Sequence[str] = ()
    invite_link: str | None = None
    waits_for: str | None = None

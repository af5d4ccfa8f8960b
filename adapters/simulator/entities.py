"""What the simulated world is made of. Ids are the dialect's own: users above 0, MAX chats below, VK chats above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

SERVICE_ID = 999_999_999_999  # the service's own account: owner of the chats it made
SERVICE_NAME = "Rollcall"
DIALOGS = 1_000_000_000_000  # a dialog's id is its user's, and this: neither a user's nor a group chat's


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account. With `privacy` on nobody else can add them to a chat.

    What follows is VK ID's, where one phone may have several accounts. `study_profile`: this one can be linked to
    a school's system.
    """

    user_id: int
    phone: str | None = None
    first_name: str = ""
    last_name: str = ""
    privacy: bool = False
    password: str | None = field(default=None, repr=False)
    study_profile: bool = False
    patronymic: str = ""
    birthday: str = ""
    sex: str = ""


@dataclass(slots=True)
class Member:
    """A user in a chat. `permissions` are an administrator's; an owner has all and lists none."""

    joined_at: datetime
    is_admin: bool = False
    is_owner: bool = False
    permissions: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        return self.is_owner or (self.is_admin and permission in self.permissions)


@dataclass(slots=True)
class Chat:
    """A group chat. With `rights_lost` the service is still in it and may do nothing there. `most`: how many members
    it takes.
    """

    chat_id: int
    title: str
    made_at: datetime
    archived: bool = False
    rights_lost: bool = False
    most: int | None = None
    members: dict[int, Member] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """By which somebody comes in by themselves."""
        return f"https://max.ru/join/{abs(self.chat_id)}"

    @property
    def admins(self) -> int:
        """How many administrate it, the owner included."""
        return sum(member.is_admin for member in self.members.values())


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote: in a chat, or (without `chat_id`) the service to a user. `attachments` as they were sent."""

    mid: str
    at: datetime
    sender_id: int
    chat_id: int | None
    user_id: int | None
    text: str
    attachments: tuple[Mapping[str, Any], ...] = ()

    @property
    def payloads(self) -> frozenset[str]:
        """What its buttons send when they are pressed."""
        rows = (
            row
            for attachment in self.attachments
            if attachment.get("type") == "inline_keyboard"
            for row in attachment.get("payload", {}).get("buttons", ())
        )
        return frozenset(str(button.get("payload", "")) for row in rows for button in row if _calls_back(button))


def _calls_back(button: Mapping[str, Any]) -> bool:
    return button.get("type") == "callback"


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed; who answers it names its id."""

    callback_id: str
    payload: str


@dataclass(frozen=True, slots=True)
class Update:
    """Something that happened in a chat, as platforms tell it; without `chat_id` in a user's dialog with the service.
    `by` is who did it; None: the user, alone.
    """

    kind: str
    at: datetime
    chat_id: int | None
    user_id: int | None
    by: int | None
    title: str | None = None
    message: Message | None = None
    permissions: frozenset[str] | None = None
    press: Press | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One write asked of the service's account, refused ones included.

    `user_ids` are those it really changed. `status` is None where the connection broke before anything was done;
    `answered` tells whether the answer left.
    """

    seq: int
    at: datetime
    dialect: str
    action: str
    chat_id: int | None
    user_ids: tuple[int, ...]
    method: str
    path: str
    status: int | None
    answered: bool


class Why(Enum):
    """Why the world does not do what it is asked."""

    UNKNOWN_CHAT = "there is no such chat"
    NO_RIGHT = "the service may not do this in this chat"
    ARCHIVED = "the chat is archived"
    NOT_AN_ADMIN = "only an administrator of the chat may do this"
    NOT_A_MEMBER = "the user is not a member of the chat"
    OWNER = "the owner can be neither removed nor demoted"
    TOO_MANY_ADMINS = "the chat has no room for more administrators"
    FULL = "the chat takes no more members"
    PRIVACY = "the user lets nobody add them"
    UNKNOWN_USER = "there is no such user"
    UNKNOWN_MESSAGE = "there is no such message where the user can see it"
    NO_BUTTON = "the message has no such button"
    UNKNOWN_PRESS = "no such button was pressed"
    NO_PHONE = "the user has no phone"


class Refused(Exception):  # noqa: N818 - an outcome that every operation of the world may have
    """The world did nothing at all."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Added:
    """Who is in now and was not before, and who was refused. Members already are in neither."""

    added: tuple[int, ...]
    refused: Mapping[int, Why]

"""What a world holds, who may do what in it, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from adapters.simulator.codes import Codes, digits_of
from adapters.simulator.entities import (
    SERVICE_ID,
    SERVICE_NAME,
    Call,
    Chat,
    Member,
    Message,
    Refused,
    Update,
    User,
    Why,
)

ALL_PERMISSIONS = frozenset({
    "read_all_messages", "add_remove_members", "add_admins", "change_chat_info", "pin_message", "edit_link", "write",
    "edit", "delete", "can_call", "view_stats",
})  # fmt: skip


FIRST_REGISTERED = 500_000_000


def _nobody_hears(_ground: Ground, _update: Update) -> None: ...


class Ground:
    """State, its log, and the checks that all deeds share."""

    def __init__(self, hear: Callable[[Ground, Update], None] = _nobody_hears) -> None:
        self._hear = hear
        self.messages: list[Message] = []
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.updates: list[Update] = []
        self.calls: list[Call] = []
        self.pressed: dict[str, Message] = {}
        self.codes = Codes()
        self._made = 0
        self._by_reference: dict[str, int] = {}

    def account(self, user_id: int) -> User:
        """Whoever an id belongs to: a user, the service, or somebody of whom no more is known."""
        return self.users.get(user_id) or User(user_id, first_name=SERVICE_NAME if user_id == SERVICE_ID else "")

    def with_phone(self, phone: str) -> list[User]:
        """Everybody with this phone, however it is written, by id."""
        wanted = digits_of(phone)
        found = (user for user in self.users.values() if wanted and user.phone and digits_of(user.phone) == wanted)
        return sorted(found, key=lambda user: user.user_id)

    def register(self, phone: str) -> User:
        """Somebody new, with an id of their own."""
        user_id = max((FIRST_REGISTERED, *self.users)) + 1
        self.users[user_id] = User(user_id, f"+{digits_of(phone)}")
        return self.users[user_id]

    def chat(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refused(Why.UNKNOWN_CHAT)
        return chat

    def managed(self, chat_id: int, permission: str | None = None) -> Chat:
        """The chat, if it exists, the service is in it, and may do what needs the permission."""
        chat = self.chat(chat_id)
        own = chat.members.get(SERVICE_ID)
        if chat.rights_lost or own is None or not (permission is None or own.may(permission)):
            raise Refused(Why.NO_RIGHT)
        return chat

    # The log

    def record(self, call: Call) -> Call:
        """Keeps a call, with the next number for its `seq`."""
        self.calls.append(replace(call, seq=len(self.calls) + 1))
        return self.calls[-1]

    def _tell(self, update: Update) -> None:
        """Of a chat the service is not in it hears nothing, and of what is written only what it may read."""
        if update.chat_id is not None:
            own = self.chats[update.chat_id].members.get(SERVICE_ID)
            if own is None or (update.kind == "message_created" and not own.may("read_all_messages")):
                return
        self.updates.append(update)
        self._hear(self, update)

    def _write(self, message: Message) -> Message:
        """Keeps a message, with an id of its own."""
        self.messages.append(replace(message, mid=f"mid.{len(self.messages) + 1:016x}"))
        return self.messages[-1]

    def _retitle(self, chat: Chat, title: str, at: datetime, by: int) -> Chat:
        if chat.title != title:
            chat.title = title
            self._tell(Update("chat_title_changed", at, chat.chat_id, None, by, title))
        return chat

    def _administrated(self, chat_id: int, by: int) -> Chat:
        chat = self.chat(chat_id)
        if by not in chat.members or not chat.members[by].is_admin:
            raise Refused(Why.NOT_AN_ADMIN)
        return chat

    def _open(self, chat_id: int, permission: str) -> Chat:
        chat = self.managed(chat_id, permission)
        if chat.archived:
            raise Refused(Why.ARCHIVED)
        return chat

    def _refusal(self, user_id: int) -> Why | None:
        user = self.users.get(user_id)
        if user is None:
            return Why.UNKNOWN_USER
        return Why.PRIVACY if user.privacy else None

    @staticmethod
    def _governable(chat: Chat, user_id: int) -> Member:
        member = chat.members.get(user_id)
        if member is None:
            raise Refused(Why.NOT_A_MEMBER)
        if member.is_owner:
            raise Refused(Why.OWNER)
        return member

    def _enter(self, chat: Chat, user_id: int, at: datetime, by: int | None) -> None:
        chat.members[user_id] = Member(at)
        self._tell(Update("user_added", at, chat.chat_id, user_id, by))

    def _exit(self, chat: Chat, user_id: int, at: datetime, by: int | None) -> None:
        del chat.members[user_id]
        self._tell(Update("user_removed", at, chat.chat_id, user_id, by))

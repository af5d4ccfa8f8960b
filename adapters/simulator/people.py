"""What people do by themselves, which the service can only find out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from adapters.simulator.dialogs import Dialogs
from adapters.simulator.entities import SERVICE_ID, Chat, Member, Message, Refused, Update, User, Why
from adapters.simulator.ground import ALL_PERMISSIONS


class People(Dialogs):
    """Deeds of users, each by their id."""

    def put_users(self, users: Iterable[User]) -> None:
        """Adds users, or changes those with the same id."""
        self.users.update((user.user_id, user) for user in users)

    def study(self, user_id: int) -> None:
        """Somebody has a study profile from now on."""
        self.users[user_id] = replace(self.users[user_id], study_profile=True)

    def leave(self, chat_id: int, user_id: int, at: datetime) -> None:
        chat = self.chat(chat_id)
        self._governable(chat, user_id)
        self._exit(chat, user_id, at, by=None)

    def join(self, chat_id: int, user_id: int, at: datetime) -> None:
        """Somebody comes in by a link, whatever their privacy."""
        chat = self.chat(chat_id)
        if user_id not in self.users:
            raise Refused(Why.UNKNOWN_USER)
        if user_id not in chat.members:
            self._enter(chat, user_id, at, by=None)

    def make_chat(self, user_id: int, title: str, at: datetime, others: Iterable[int] = (), *, sign: int = -1) -> Chat:
        """Somebody makes a chat of their own, which the service knows nothing of, with others in it. `sign` is that of
        the dialect's chat ids: MAX -1, VK 1.
        """
        members = [user_id, *others]
        if not all(member in self.users for member in members):
            raise Refused(Why.UNKNOWN_USER)
        self._made += 1
        chat = Chat(sign * self._made, title, at, members={member: Member(at) for member in members})
        chat.members[user_id] = Member(at, is_admin=True, is_owner=True)
        self.chats[chat.chat_id] = chat
        return chat

    def put_service(self, chat_id: int, by: int, permissions: Iterable[str], at: datetime) -> None:
        """An administrator adds the service with these permissions, or gives it these; none make it a plain member."""
        chat = self._administrated(chat_id, by)
        own, given = chat.members.get(SERVICE_ID), frozenset(permissions)
        joined_at = own.joined_at if own else at
        chat.members[SERVICE_ID] = Member(joined_at, is_admin=bool(given), permissions=given)
        if own is None:
            self._tell(Update("bot_added", at, chat_id, by, by))
        else:
            self._tell(Update("bot_admin_permissions_changed", at, chat_id, by, by, permissions=given))

    def remove_service(self, chat_id: int, by: int, at: datetime) -> None:
        chat = self._administrated(chat_id, by)
        if SERVICE_ID not in chat.members:
            raise Refused(Why.NOT_A_MEMBER)
        self._tell(Update("bot_removed", at, chat_id, by, by))
        del chat.members[SERVICE_ID]

    def set_rights(self, chat_id: int, *, lost: bool, at: datetime) -> None:
        """The service loses all rights in a chat, or has them back."""
        chat = self.chat(chat_id)
        chat.rights_lost = lost
        permissions = frozenset[str]() if lost else ALL_PERMISSIONS
        self._tell(Update("bot_admin_permissions_changed", at, chat_id, None, None, permissions=permissions))

    def set_most(self, chat_id: int, most: int | None) -> None:
        """How many members a chat takes; None: as many as want to."""
        self.chat(chat_id).most = most

    def invite(self, chat_id: int, by: int, user_id: int, at: datetime) -> None:
        """A member adds somebody."""
        chat = self.chat(chat_id)
        if by not in chat.members:
            raise Refused(Why.NOT_A_MEMBER)
        if why := self._refusal(user_id):
            raise Refused(why)
        if user_id not in chat.members:
            self._enter(chat, user_id, at, by=by)

    def expel(self, chat_id: int, by: int, user_id: int, at: datetime) -> None:
        """An administrator removes somebody."""
        chat = self._administrated(chat_id, by)
        self._governable(chat, user_id)
        self._exit(chat, user_id, at, by=by)

    def promote(self, chat_id: int, by: int, user_id: int, *, is_admin: bool) -> None:
        chat = self._administrated(chat_id, by)
        member = self._governable(chat, user_id)
        permissions = ALL_PERMISSIONS if is_admin else frozenset[str]()
        chat.members[user_id] = replace(member, is_admin=is_admin, permissions=permissions)

    def retitle(self, chat_id: int, by: int, title: str, at: datetime) -> None:
        self._retitle(self._administrated(chat_id, by), title, at, by=by)

    def post(self, chat_id: int, user_id: int, text: str, at: datetime) -> Message:
        """A member writes in a chat."""
        if user_id not in self.chat(chat_id).members:
            raise Refused(Why.NOT_A_MEMBER)
        message = self._write(Message("", at, user_id, chat_id, None, text))
        self._tell(Update("message_created", at, chat_id, user_id, user_id, message=message))
        return message

    def delete_chat(self, chat_id: int) -> None:
        """The chat is gone for everybody."""
        del self.chats[self.chat(chat_id).chat_id]

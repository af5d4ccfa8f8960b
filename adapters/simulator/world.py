"""One world of users, chats and members: what every dialect of the simulator stands on, and a twin for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.simulator.entities import SERVICE_ID, Added, Call, Chat, Member, Refused, Update, User, Why

MAX_ADMINS = 50  # a chat; MAX Bot API, ChatAdmin.user_id, read on 2026-11-22


class World:
    """Holds everything in memory and is synchronous: an operation happens wholly or raises Refused.

    Time is an argument. `updates` is what a platform would tell its subscribers, oldest first; `calls` the log of
    writes, which the callers keep (`record`), as only they know what they answered.
    """

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.updates: list[Update] = []
        self.calls: list[Call] = []
        self._made = 0
        self._by_reference: dict[str, int] = {}

    # What the service's account does

    def create_chat(self, title: str, at: datetime, *, sign: int = -1, client_ref: str | None = None) -> Chat:
        """Makes a chat that the service owns; the same `client_ref` again gives the same chat, as it is by then.

        `sign` is that of the dialect's chat ids: MAX -1, VK 1.
        """
        known = self.chats.get(self._by_reference.get(client_ref, 0)) if client_ref else None
        if known:
            return known
        self._made += 1
        chat = Chat(sign * self._made, title, at)
        chat.members[SERVICE_ID] = Member(at, is_admin=True, is_owner=True)
        self.chats[chat.chat_id] = chat
        if client_ref:
            self._by_reference[client_ref] = chat.chat_id
        return chat

    def rename(self, chat_id: int, title: str, at: datetime) -> Chat:
        chat = self._open(chat_id)
        if chat.title != title:
            chat.title = title
            self.updates.append(Update("chat_title_changed", at, chat_id, None, SERVICE_ID, title))
        return chat

    def archive(self, chat_id: int) -> Chat:
        """Closes a chat: its members stay in it, and may be removed or demoted, and nothing else."""
        chat = self.managed(chat_id)
        chat.archived = True
        return chat

    def add(self, chat_id: int, user_ids: Iterable[int], at: datetime) -> Added:
        chat = self._open(chat_id)
        asked = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in chat.members]
        refused = {user_id: why for user_id in asked if (why := self._refusal(user_id))}
        added = tuple(user_id for user_id in asked if user_id not in refused)
        for user_id in added:
            self._enter(chat, user_id, at, by=SERVICE_ID)
        return Added(added, refused)

    def remove(self, chat_id: int, user_id: int, at: datetime) -> None:
        chat = self.managed(chat_id)
        self._governable(chat, user_id)
        self._exit(chat, user_id, at, by=SERVICE_ID)

    def set_admins(self, chat_id: int, permissions: Mapping[int, Iterable[str]]) -> tuple[int, ...]:
        """Makes members administrators with exactly these permissions; gives those that this changed. All or none."""
        chat = self._open(chat_id)
        members = {user_id: self._governable(chat, user_id) for user_id in permissions}
        if chat.admins + sum(not member.is_admin for member in members.values()) > MAX_ADMINS:
            raise Refused(Why.TOO_MANY_ADMINS)
        wanted = {
            user_id: replace(member, is_admin=True, permissions=frozenset(permissions[user_id]))
            for user_id, member in members.items()
        }
        changed = tuple(user_id for user_id, member in wanted.items() if member != members[user_id])
        chat.members.update(wanted)
        return changed

    def unset_admin(self, chat_id: int, user_id: int) -> bool:
        """Whether the member was an administrator until now."""
        chat = self.managed(chat_id)
        member = self._governable(chat, user_id)
        chat.members[user_id] = Member(member.joined_at)
        return member.is_admin

    def page(self, chat_id: int, after: int, count: int) -> tuple[Sequence[tuple[int, Member]], bool]:
        """Up to `count` members with ids above `after`, by id, and whether there are more."""
        chat = self.managed(chat_id)
        beyond = sorted(item for item in chat.members if item > after)
        return [(user_id, chat.members[user_id]) for user_id in beyond[:count]], len(beyond) > count

    def managed(self, chat_id: int) -> Chat:
        """The chat, if it exists and the service may act in it."""
        chat = self.chat(chat_id)
        if chat.rights_lost:
            raise Refused(Why.NO_RIGHT)
        return chat

    # What people do

    def put_users(self, users: Iterable[User]) -> None:
        """Adds users, or changes those with the same id."""
        self.users.update((user.user_id, user) for user in users)

    def chat(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refused(Why.UNKNOWN_CHAT)
        return chat

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

    def delete_chat(self, chat_id: int) -> None:
        """The chat is gone for everybody."""
        del self.chats[self.chat(chat_id).chat_id]

    # The log

    def record(self, call: Call) -> Call:
        """Keeps a call, with the next number for its `seq`."""
        self.calls.append(replace(call, seq=len(self.calls) + 1))
        return self.calls[-1]

    def _open(self, chat_id: int) -> Chat:
        chat = self.managed(chat_id)
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
        self.updates.append(Update("user_added", at, chat.chat_id, user_id, by))

    def _exit(self, chat: Chat, user_id: int, at: datetime, by: int | None) -> None:
        del chat.members[user_id]
        self.updates.append(Update("user_removed", at, chat.chat_id, user_id, by))

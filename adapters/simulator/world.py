"""One world of users, chats and members: what every dialect of the simulator stands on, and a twin for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.simulator.entities import DIALOGS, SERVICE_ID, Added, Chat, Member, Message, Refused, User, Why
from adapters.simulator.people import People

MAX_ADMINS = 50  # a chat; MAX Bot API, ChatAdmin.user_id, read on 2026-11-22


class World(People):
    """Holds everything in memory and is synchronous: an operation happens wholly or raises Refused.

    Time is an argument. `updates` is what a platform would tell the service, oldest first, and `hear` is told of each
    as it happens; `calls` is the log of writes, which the callers keep (`record`): only they know what they answered.
    """

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
        return self._retitle(self._open(chat_id, "change_chat_info"), title, at, by=SERVICE_ID)

    def archive(self, chat_id: int) -> Chat:
        """Closes a chat: its members stay in it, and may be removed or demoted, and nothing else."""
        chat = self.managed(chat_id)
        chat.archived = True
        return chat

    def add(self, chat_id: int, user_ids: Iterable[int], at: datetime) -> Added:
        chat = self._open(chat_id, "add_remove_members")
        asked = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in chat.members]
        refused = {user_id: why for user_id in asked if (why := self._refusal(user_id))}
        added = tuple(user_id for user_id in asked if user_id not in refused)
        if added and chat.most is not None and len(chat.members) + len(added) > chat.most:
            raise Refused(Why.FULL)
        for user_id in added:
            self._enter(chat, user_id, at, by=SERVICE_ID)
        return Added(added, refused)

    def remove(self, chat_id: int, user_id: int, at: datetime) -> None:
        chat = self.managed(chat_id, "add_remove_members")
        self._governable(chat, user_id)
        self._exit(chat, user_id, at, by=SERVICE_ID)

    def set_admins(self, chat_id: int, permissions: Mapping[int, Iterable[str]]) -> tuple[int, ...]:
        """Makes members administrators with exactly these permissions; gives those that this changed. All or none."""
        chat = self._open(chat_id, "add_admins")
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
        chat = self.managed(chat_id, "add_admins")
        member = self._governable(chat, user_id)
        chat.members[user_id] = Member(member.joined_at)
        return member.is_admin

    def page(self, chat_id: int, after: int, count: int) -> tuple[Sequence[tuple[int, Member]], bool]:
        """Up to `count` members with ids above `after`, by id, and whether there are more."""
        chat = self.managed(chat_id)
        beyond = sorted(item for item in chat.members if item > after)
        return [(user_id, chat.members[user_id]) for user_id in beyond[:count]], len(beyond) > count

    def send(
        self,
        at: datetime,
        text: str,
        attachments: Sequence[Mapping[str, Any]],
        *,
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> Message:
        """The service writes in a chat, or to one user, whom a dialog's id names as well."""
        partner = self.partner(chat_id)
        if partner is not None:
            chat_id, user_id = None, partner.user_id
        if chat_id is not None:
            self._open(chat_id, "write")
        elif user_id not in self.users:
            raise Refused(Why.UNKNOWN_USER)
        return self._write(Message("", at, SERVICE_ID, chat_id, user_id, text, tuple(attachments)))

    def answer(self, callback_id: str, text: str | None, attachments: Sequence[Mapping[str, Any]] | None) -> None:
        """Answers a button that was pressed: its message has another text, or other attachments, from now on."""
        message = self.pressed.get(callback_id)
        if message is None:
            raise Refused(Why.UNKNOWN_PRESS)
        at = next(number for number, each in enumerate(self.messages) if each.mid == message.mid)
        now = self.messages[at]
        self.messages[at] = replace(
            now,
            text=now.text if text is None else text,
            attachments=now.attachments if attachments is None else tuple(attachments),
        )

    def partner(self, chat_id: int | None) -> User | None:
        """Whose dialog with the service has this id; None where it is no dialog's."""
        return self.users.get(chat_id - DIALOGS) if chat_id is not None and chat_id not in self.chats else None

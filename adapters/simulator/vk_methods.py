"""The methods of the VK dialect, each on the world (API 5.199, its schema read on 2026-11-22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.simulator.entities import SERVICE_ID, Refused, Why
from adapters.simulator.vk_bodies import (
    INVALID,
    PAGE,
    PEERS,
    Params,
    Wrong,
    chat_id_in,
    conversation_body,
    link_of,
    member_body,
    number,
    peer_in,
    read_number,
    title_in,
)
from adapters.simulator.world import World

ADMINISTRATOR = "admin"
LONGEST_TEXT = 4096  # messages.send; no limit is in the schema, longer texts are answered with error 914


@dataclass(frozen=True, slots=True)
class Done:
    """What a method answers; `changed` are the users whom it really changed."""

    response: Any
    chat_id: int | None = None
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """`action`: as the log of calls names it; None of one that only reads."""

    action: str | None
    does: Callable[[World, Params, datetime], Done]

    def __call__(self, world: World, params: Params, at: datetime) -> Done:
        try:
            return self.does(world, params, at)
        except Refused as refused:
            if refused.why is Why.NO_RIGHT and self.action is None:
                raise Wrong(917, "You don't have access to this chat") from refused
            raise Wrong(*REFUSALS[refused.why]) from refused


REFUSALS = {
    Why.UNKNOWN_CHAT: (927, "Chat does not exist"),
    Why.NO_RIGHT: (925, "You are not admin of this chat"),
    Why.ARCHIVED: (945, "Chat was disabled"),
    Why.OWNER: (15, "Access denied: the owner can not be changed"),
    Why.TOO_MANY_ADMINS: (103, "Out of limits: too many admins"),
    Why.NOT_A_MEMBER: (935, "User not found in chat"),
    Why.PRIVACY: (939, "Message request already sent"),
    Why.UNKNOWN_USER: (936, "Contact not found"),
    Why.FULL: (103, "Out of limits: chat is full"),
}


def create_chat(world: World, params: Params, at: datetime) -> Done:
    """Whoever cannot be added is left out; `peer_ids` are those who are in."""
    chat = world.create_chat(title_in(params), at, sign=1)
    asked = [read_number(user_id, "user_ids") for user_id in str(params.get("user_ids", "")).split(",") if user_id]
    added = world.add(chat.chat_id, asked, at).added
    return Done({"chat_id": chat.chat_id, "peer_ids": list(added)}, chat.chat_id, added)


def add_chat_user(world: World, params: Params, at: datetime) -> Done:
    chat_id, user_id = chat_id_in(params), number(params, "user_id")
    if user_id in world.managed(chat_id, "add_remove_members").members:
        raise Wrong(15, "Access denied: user already in chat")
    for why in world.add(chat_id, [user_id], at).refused.values():
        raise Wrong(*REFUSALS[why])
    return Done(1, chat_id, (user_id,))


def remove_chat_user(world: World, params: Params, at: datetime) -> Done:
    chat_id, user_id = chat_id_in(params), number(params, "member_id" if "member_id" in params else "user_id")
    world.remove(chat_id, user_id, at)
    return Done(1, chat_id, (user_id,))


def edit_chat(world: World, params: Params, at: datetime) -> Done:
    chat_id = chat_id_in(params)
    world.rename(chat_id, title_in(params), at)
    return Done(1, chat_id)


def set_member_role(world: World, params: Params, _at: datetime) -> Done:
    chat_id, user_id, role = peer_in(params), number(params, "member_id"), params.get("role")
    if role not in {ADMINISTRATOR, "member"}:
        raise Wrong(100, f"{INVALID}: role is invalid")
    if role == ADMINISTRATOR:
        was = world.managed(chat_id).members.get(user_id)
        world.set_admins(chat_id, {user_id: ()})
        changed = was is not None and not was.is_admin
    else:
        changed = world.unset_admin(chat_id, user_id)
    return Done(1, chat_id, (user_id,) if changed else ())


def send_message(world: World, params: Params, at: datetime) -> Done:
    """To a chat; `random_id` is needed, and not looked at."""
    chat_id, text = peer_in(params), str(params.get("message", ""))
    number(params, "random_id")
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise Wrong(914, "Message is too long") if text else Wrong(100, f"{INVALID}: message")
    world.send(at, text, (), chat_id=chat_id)
    return Done(len(world.messages), chat_id)


def get_members(world: World, params: Params, _at: datetime) -> Done:
    """A page of `count` after the first `offset`, by id."""
    members = sorted(world.managed(peer_in(params)).members.items())
    offset, count = number(params, "offset", 0), number(params, "count", 20)
    if offset < 0 or not 1 <= count <= PAGE:
        raise Wrong(100, f"{INVALID}: count, offset")
    items = [member_body(user_id, member) for user_id, member in members[offset : offset + count]]
    return Done({"count": len(members), "items": items})


def get_conversations(world: World, params: Params, _at: datetime) -> Done:
    asked = [read_number(peer, "peer_ids") - PEERS for peer in str(params.get("peer_ids", "")).split(",")]
    items = [conversation_body(world.managed(chat_id)) for chat_id in asked]
    return Done({"count": len(items), "items": items})


def get_link(world: World, params: Params, _at: datetime) -> Done:
    chat = world.managed(peer_in(params))
    if not chat.members[SERVICE_ID].is_admin:
        raise Wrong(919, "You can't see invite link for this chat")
    return Done({"link": link_of(chat)})


def get_users(world: World, params: Params, _at: datetime) -> Done:
    """Without `user_ids` the service's own account."""
    asked = [read_number(each, "user_ids") for each in str(params.get("user_ids", SERVICE_ID)).split(",")]
    people = [world.account(user_id) for user_id in asked if user_id in {SERVICE_ID, *world.users}]
    return Done([{"id": user.user_id, "first_name": user.first_name, "last_name": user.last_name} for user in people])


METHODS = {
    "messages.createChat": Method("create_chat", create_chat),
    "messages.addChatUser": Method("add", add_chat_user),
    "messages.removeChatUser": Method("remove", remove_chat_user),
    "messages.editChat": Method("rename", edit_chat),
    "messages.send": Method("message", send_message),
    "messages.setMemberRole": Method("set_admin", set_member_role),
    "messages.getConversationMembers": Method(None, get_members),
    "messages.getConversationsById": Method(None, get_conversations),
    "messages.getInviteLink": Method(None, get_link),
    "users.get": Method(None, get_users),
}


def asked(method: str, params: Params) -> tuple[str, int | None] | None:
    """What a call of a method asks for, and of which chat; None where that is nothing that changes anything."""
    action = METHODS[method].action if method in METHODS else None
    if action == "set_admin" and params.get("role") != ADMINISTRATOR:
        action = "unset_admin"
    named = str(params.get("chat_id") or params.get("peer_id") or "")
    chat_id = int(named) if named.isdecimal() else None
    return None if action is None else (action, chat_id - PEERS if chat_id and chat_id > PEERS else chat_id)

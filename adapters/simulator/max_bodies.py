"""The bodies of the MAX dialect: what a request may hold, and how chats and members are told."""

from __future__ import annotations

import json
from typing import Any

from adapters.simulator.entities import DIALOGS, SERVICE_ID, Chat, Member, User
from adapters.simulator.ground import ALL_PERMISSIONS
from adapters.simulator.max_updates import user_body
from adapters.simulator.world import World

AT_ONCE = 100  # users of one request and members of one page
PERMISSIONS = ALL_PERMISSIONS
# As the platform's clients still name them (@maxhub/max-bot-api 0.3.1, maxapi 1.2.3, read on 2026-11-26).
FORMER_PERMISSIONS = {
    "post_edit_delete_message": frozenset({"edit", "delete"}),
    "edit_message": frozenset({"edit"}),
    "delete_message": frozenset({"delete"}),
}
NEED_READING = frozenset({"write", "pin_message"})  # without read_all_messages these are refused


class Payload(ValueError):  # noqa: N818 - the code the platform answers with
    """The request is not what the method takes."""


def json_object(sent: bytes) -> dict[str, Any]:
    try:
        body = json.loads(sent)
    except ValueError as wrong:
        raise Payload("Can't deserialize body") from wrong
    if not isinstance(body, dict):
        raise Payload("Can't deserialize body")
    return body


def text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Payload(f"{name}: must be a string")
    return value


def title(body: dict[str, Any]) -> str:
    title = text(body, "title") or ""
    if not 1 <= len(title) <= 200:
        raise Payload("title: size must be between 1 and 200")
    return title


def array(body: dict[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list):
        raise Payload(f"{name}: must be an array")
    return value


def number(value: object) -> int:
    try:
        number = int(str(value))
    except ValueError as wrong:
        raise Payload("must be an int64") from wrong
    if not -(2**63) <= number < 2**63:
        raise Payload("must be an int64")
    return number


def numbers(values: list[Any]) -> list[int]:
    if not 1 <= len(values) <= AT_ONCE:
        raise Payload("must hold from 1 to 100 ids")
    return [number(value) for value in values]


def permissions_of(admin: dict[str, Any]) -> frozenset[str]:
    named = frozenset(map(str, array(admin, "permissions")))
    permissions = frozenset(each for name in named for each in FORMER_PERMISSIONS.get(name, {name}))
    if permissions - PERMISSIONS:
        raise Payload("permissions: unknown")
    if permissions & NEED_READING and "read_all_messages" not in permissions:
        raise Payload("permissions: read_all_messages is needed")
    return permissions


def chat_body(chat: Chat) -> dict[str, Any]:
    made_ms = int(chat.made_at.timestamp() * 1000)
    owners = (user_id for user_id, member in chat.members.items() if member.is_owner)
    return {
        "chat_id": chat.chat_id, "type": "chat", "status": "closed" if chat.archived else "active",
        "title": chat.title, "icon": None, "description": None, "last_event_time": made_ms, "is_public": False,
        "participants_count": len(chat.members), "owner_id": next(owners, None), "link": chat.link,
    }  # fmt: skip


def dialog_body(world: World, partner: User) -> dict[str, Any]:
    """The dialog of a user with the service, as a chat."""
    return {
        "chat_id": DIALOGS + partner.user_id, "type": "dialog", "status": "active", "title": None,
        "last_event_time": 0, "participants_count": 2, "is_public": False,
        "dialog_with_user": user_body(world, partner.user_id),
    }  # fmt: skip


def member_bodies(world: World, members: Any) -> list[dict[str, Any]]:
    return [member_body(world, user_id, member) for user_id, member in members]


def member_body(world: World, user_id: int, member: Member) -> dict[str, Any]:
    user = world.account(user_id)
    joined_ms = int(member.joined_at.timestamp() * 1000)
    permissions = sorted(PERMISSIONS if member.is_owner else member.permissions)
    return {
        "user_id": user_id, "first_name": user.first_name, "last_name": user.last_name, "username": None,
        "name": f"{user.first_name} {user.last_name}".strip(), "is_bot": user_id == SERVICE_ID,
        "last_activity_time": joined_ms, "last_access_time": joined_ms, "join_time": joined_ms,
        "is_owner": member.is_owner, "is_admin": member.is_admin,
        "permissions": permissions if member.is_admin else None,
    }  # fmt: skip

"""The bodies of the VK dialect: what a call may hold, and how chats and members are told (API 5.199)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.simulator.entities import SERVICE_ID, Chat, Member

PEERS = 2_000_000_000  # a chat's peer_id is its chat_id, and this
PAGE = 1000
LONGEST_TITLE = 200
INVALID = "One of the parameters specified was missing or invalid"

Params = Mapping[str, Any]


class Wrong(Exception):  # noqa: N818 - an outcome that every method may have
    """An error as the dialect tells it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def link_of(chat: Chat) -> str:
    return f"https://vk.me/join/{chat.chat_id}"


def number(params: Params, name: str, otherwise: int | None = None) -> int:
    value = params.get(name, otherwise)
    if value is None:
        raise Wrong(100, f"{INVALID}: {name} is undefined")
    return read_number(value, name)


def read_number(value: object, name: str) -> int:
    try:
        read = int(str(value))
    except ValueError as wrong:
        raise Wrong(100, f"{INVALID}: {name} not integer") from wrong
    if not -(2**63) <= read < 2**63:
        raise Wrong(100, f"{INVALID}: {name} out of range")
    return read


def chat_id_in(params: Params) -> int:
    """Chats of MAX, whose ids are below 0, are none here."""
    chat_id = number(params, "chat_id")
    if chat_id <= 0:
        raise Wrong(100, f"{INVALID}: chat_id")
    return chat_id


def peer_in(params: Params) -> int:
    return chat_id_in({"chat_id": number(params, "peer_id") - PEERS})


def title_in(params: Params) -> str:
    title = str(params.get("title", ""))
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Wrong(100, f"{INVALID}: title")
    return title


def member_body(user_id: int, member: Member) -> dict[str, Any]:
    body: dict[str, Any] = {"member_id": user_id, "join_date": int(member.joined_at.timestamp())}
    body |= {"is_admin": True} if member.is_admin else {}
    return body | ({"is_owner": True} if member.is_owner else {})


def conversation_body(chat: Chat) -> dict[str, Any]:
    own = chat.members[SERVICE_ID]
    owners = [user_id for user_id, member in chat.members.items() if member.is_owner]
    admins = [user_id for user_id, member in chat.members.items() if member.is_admin and not member.is_owner]
    acl = {"can_invite": "add_remove_members", "can_change_info": "change_chat_info", "can_promote_users": "add_admins"}
    return {
        "peer": {"id": PEERS + chat.chat_id, "type": "chat", "local_id": chat.chat_id},
        "chat_settings": {
            "title": chat.title, "state": "in", "members_count": len(chat.members), "owner_id": next(iter(owners), 0),
            "admin_ids": admins, "acl": {right: own.may(permission) for right, permission in acl.items()},
        },
    }  # fmt: skip

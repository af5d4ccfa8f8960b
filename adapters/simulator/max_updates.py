"""Updates and messages in the MAX dialect (schema 0.0.33, read on 2026-11-22)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.simulator.entities import DIALOGS, SERVICE_ID, Message, Press, Update
from adapters.simulator.ground import Ground


def update_body(ground: Ground, update: Update) -> dict[str, Any]:
    """An update as it is told, with the names that people have by then."""
    body = {"update_type": update.kind, "timestamp": milliseconds(update.at)}
    if update.press is not None:
        return body | _press_body(ground, update, update.press)
    if update.message is not None:
        return body | {"message": message_body(ground, update.message)}
    if update.kind == "bot_started":
        started = {"chat_id": DIALOGS + (update.user_id or 0), "user": user_body(ground, update.user_id)}
        return body | started | {"payload": update.payload, "user_locale": "ru"}
    body |= {"chat_id": update.chat_id}
    if update.kind == "bot_admin_permissions_changed":
        permissions = sorted(update.permissions or ())
        of_bot = {"bot_id": SERVICE_ID, "is_admin": bool(permissions), "permissions": permissions}
        return body | {"user_id": update.by, "is_channel": False} | of_bot
    if update.kind == "chat_title_changed":
        return body | {"user": user_body(ground, update.by), "title": update.title}
    body |= {"user": user_body(ground, update.user_id), "is_channel": False}
    by = {"user_added": "inviter_id", "user_removed": "admin_id"}.get(update.kind)
    return body | ({by: update.by} if by is not None else {})


def message_body(ground: Ground, message: Message) -> dict[str, Any]:
    group = {"chat_id": message.chat_id, "chat_type": "chat"}
    recipient = _dialog(message.user_id) if message.chat_id is None else group
    body: dict[str, Any] = {
        "mid": message.mid, "seq": int(message.mid.rpartition(".")[2], 16), "text": message.text,
    }  # fmt: skip
    if message.attachments:
        body["attachments"] = list(message.attachments)
    sender = user_body(ground, message.sender_id)
    return {"sender": sender, "recipient": recipient, "timestamp": milliseconds(message.at), "body": body}


def _dialog(user_id: int | None) -> dict[str, Any]:
    return {"chat_id": DIALOGS + (user_id or 0), "chat_type": "dialog", "user_id": user_id}


def _press_body(ground: Ground, update: Update, press: Press) -> dict[str, Any]:
    callback = {
        "timestamp": milliseconds(update.at), "callback_id": press.callback_id, "payload": press.payload,
        "user": user_body(ground, update.user_id),
    }  # fmt: skip
    message = message_body(ground, update.message) if update.message is not None else None
    return {"callback": callback, "message": message, "user_locale": "ru"}


def user_body(ground: Ground, user_id: int | None) -> dict[str, Any]:
    user = ground.account(user_id or 0)
    return {
        "user_id": user.user_id, "first_name": user.first_name, "last_name": user.last_name, "username": None,
        "is_bot": user_id == SERVICE_ID, "last_activity_time": 0,
        "name": f"{user.first_name} {user.last_name}".strip(),
    }  # fmt: skip


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)

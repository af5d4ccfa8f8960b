"""What the MAX Bot API tells by itself, read. Shapes of schema 0.0.33, read on 2026-11-22."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sync.updates import CAME, CHAT, LEFT, POSTED, REMOVED, RENAMED, Heard


def heard(update: object) -> Heard | None:
    """An update as what is to be done about it; None where that is nothing, or it makes no sense."""
    if not isinstance(update, dict):
        return None
    read = _KINDS.get(str(update.get("update_type")))
    try:
        return read(_key(update), update) if read is not None else None
    except (KeyError, TypeError, ValueError):
        return None


def _key(update: Mapping[str, Any]) -> str:
    """An update has no id of its own: it is told by what, where, of whom and when."""
    who = (update.get("user") or {}).get("user_id", update.get("user_id"))
    return f"{update['update_type']} {update.get('chat_id')} {who} {int(update['timestamp'])}"


def _removed(key: str, update: Mapping[str, Any]) -> Heard:
    """Without an administrator the user left alone."""
    kind = LEFT if update.get("admin_id") is None else REMOVED
    return Heard(key, kind, _id(update["chat_id"]), _id(update["user"]["user_id"]))


def _added(key: str, update: Mapping[str, Any]) -> Heard:
    return Heard(key, CAME, _id(update["chat_id"]), _id(update["user"]["user_id"]))


def _chat(key: str, update: Mapping[str, Any]) -> Heard:
    return Heard(key, CHAT, _id(update["chat_id"]))


def _renamed(key: str, update: Mapping[str, Any]) -> Heard:
    return Heard(key, RENAMED, _id(update["chat_id"]), text=str(update["title"]))


def _message(_: str, update: Mapping[str, Any]) -> Heard | None:
    """What is posted in a chat; a dialog with the bot is none, and who posts for a channel is nobody."""
    message = update["message"]
    body, recipient, sender = message["body"], message["recipient"], message.get("sender")
    if recipient.get("chat_type") != "chat" or not sender:
        return None
    text = body.get("text") or ""
    return Heard(f"message {body['mid']}", POSTED, _id(recipient["chat_id"]), _id(sender["user_id"]), text)


def _id(value: object) -> str:
    """An int64, as text."""
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError("not an id")
    return str(value)


_KINDS: Mapping[str, Callable[[str, Mapping[str, Any]], Heard | None]] = {
    "user_added": _added,
    "user_removed": _removed,
    "chat_title_changed": _renamed,
    "bot_added": _chat,
    "bot_removed": _chat,
    "bot_admin_permissions_changed": _chat,
    "message_created": _message,
}

UPDATE_TYPES = tuple(sorted(_KINDS))

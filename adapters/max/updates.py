"""What the MAX Bot API tells by itself, read. Shapes of schema 0.0.33, read on 2026-11-22."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from adapters.wire.narrowed import storable
from sync.ids import AccountId
from sync.updates import CAME, CHAT, LEFT, POSTED, REMOVED, RENAMED, PlatformUpdate

LONGEST_KEY = 256


class Senseless(ValueError):  # noqa: N818 - says what it is
    """An update that is not as the platform's are: nothing can be done about it."""


class Told(NamedTuple):
    """What a platform told: updates, where the next begin (None: it does not say), and how many made no sense."""

    updates: list[PlatformUpdate]
    marker: str | None
    senseless: int


def heard(update: object) -> PlatformUpdate | None:
    """An update as what is to be done about it; None where that is nothing.

    Raises:
        Senseless: it is no update, or lacks what it is to say.
    """
    if not isinstance(update, Mapping):
        raise Senseless("an update is an object")
    try:
        read = _KINDS.get(str(update["update_type"]))
        return read(_key(update), update) if read is not None else None
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise Senseless("an update makes no sense") from error


def all_heard(updates: Iterable[object], marker: str | None = None) -> Told:
    """Several updates; the one that makes no sense keeps no other from being heard."""
    told = Told([], marker, 0)
    for update in updates:
        try:
            understood = heard(update)
        except Senseless:
            told = told._replace(senseless=told.senseless + 1)
        else:
            told.updates.extend([] if understood is None else [understood])
    return told


def _key(update: Mapping[str, Any]) -> str:
    """An update has no id of its own: it is told by what, where, of whom and when."""
    who = (update.get("user") or {}).get("user_id", update.get("user_id"))
    return _text(f"{update['update_type']} {update.get('chat_id')} {who} {int(update['timestamp'])}")[:LONGEST_KEY]


def _removed(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    """Without an administrator the user left alone."""
    kind = LEFT if update.get("admin_id") is None else REMOVED
    return PlatformUpdate(key, kind, _id(update["chat_id"]), AccountId(_id(update["user"]["user_id"])))


def _added(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    return PlatformUpdate(key, CAME, _id(update["chat_id"]), AccountId(_id(update["user"]["user_id"])))


def _chat(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    return PlatformUpdate(key, CHAT, _id(update["chat_id"]))


def _renamed(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    return PlatformUpdate(key, RENAMED, _id(update["chat_id"]), text=_text(update["title"]))


def _message(_: str, update: Mapping[str, Any]) -> PlatformUpdate | None:
    """What is posted in a chat; a dialog with the bot is none, and who posts for a channel is nobody."""
    message = update["message"]
    body, recipient, sender = message["body"], message["recipient"], message.get("sender")
    if recipient.get("chat_type") != "chat" or not sender:
        return None
    mid, text = _text(body["mid"]), _text(body.get("text") or "")
    if not 0 < len(mid) <= LONGEST_KEY:
        raise ValueError("not the id of a message")
    return PlatformUpdate(f"message {mid}", POSTED, _id(recipient["chat_id"]), AccountId(_id(sender["user_id"])), text)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return storable(value)


def _id(value: object) -> str:
    """An int64, as text."""
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError("not an id")
    return str(value)


_KINDS: Mapping[str, Callable[[str, Mapping[str, Any]], PlatformUpdate | None]] = {
    "user_added": _added,
    "user_removed": _removed,
    "chat_title_changed": _renamed,
    "bot_added": _chat,
    "bot_removed": _chat,
    "bot_admin_permissions_changed": _chat,
    "message_created": _message,
}

MESSAGES = "message_created"
"""Worth hearing while somebody may post a code, and not for ever: it is all that people write."""

UPDATE_TYPES = tuple(sorted(_KINDS.keys() - {MESSAGES}))


def update_types(*, messages: bool) -> list[str]:
    return [*UPDATE_TYPES, MESSAGES] if messages else [*UPDATE_TYPES]

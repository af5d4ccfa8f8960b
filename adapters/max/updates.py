"""What the MAX Bot API tells by itself, read. Shapes of schema 0.0.33, read on 2026-11-22."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from adapters.max.contacts import BotKey
from adapters.max.deeds import DEEDS, deed
from adapters.max.fields import LONGEST_KEY, id_in, key_of, text_in
from sync.ids import AccountId
from sync.ports.identity import BotDeed
from sync.updates import CAME, CHAT, LEFT, POSTED, REMOVED, RENAMED, PlatformUpdate


class Senseless(ValueError):  # noqa: N818 - says what it is
    """An update that is not as the platform's are: nothing can be done about it."""


class Told(NamedTuple):
    """What a platform told: updates of chats, where the next begin (None: it does not say), how many made no sense, and
    what people did in the bot.
    """

    updates: list[PlatformUpdate]
    marker: str | None
    senseless: int
    deeds: tuple[BotDeed, ...] = ()


def heard(update: object) -> PlatformUpdate | None:
    """An update as what is to be done about it; None where that is nothing.

    Raises:
        Senseless: it is no update, or lacks what it is to say.
    """
    if not isinstance(update, Mapping):
        raise Senseless("an update is an object")
    try:
        read = _KINDS.get(str(update["update_type"]))
        return read(key_of(update), update) if read is not None else None
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise Senseless("an update makes no sense") from error


def done_in_bot(update: object, key: BotKey) -> BotDeed | None:
    """An update as what somebody did in the bot whose key it is; None where it is nothing of the kind.

    Raises:
        Senseless: it is no update, or lacks what it is to say.
    """
    if not isinstance(update, Mapping):
        raise Senseless("an update is an object")
    try:
        return deed(update, key)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise Senseless("an update makes no sense") from error


def all_heard(updates: Iterable[object], marker: str | None = None, *, key: BotKey | None = None) -> Told:
    """Several updates; the one that makes no sense keeps no other from being heard. Without the bot's key nothing
    that was done in it is heard: nobody could tell what MAX vouches for.
    """
    told, deeds = Told([], marker, 0), list[BotDeed]()
    for update in updates:
        try:
            understood, done = heard(update), None if key is None else done_in_bot(update, key)
        except Senseless:
            told = told._replace(senseless=told.senseless + 1)
        else:
            told.updates.extend([] if understood is None else [understood])
            deeds.extend([] if done is None else [done])
    return told._replace(deeds=tuple(deeds))


def _removed(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    """Without an administrator the user left alone."""
    kind = LEFT if update.get("admin_id") is None else REMOVED
    return PlatformUpdate(key, kind, id_in(update["chat_id"]), AccountId(id_in(update["user"]["user_id"])))


def _added(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    return PlatformUpdate(key, CAME, id_in(update["chat_id"]), AccountId(id_in(update["user"]["user_id"])))


def _chat(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    return PlatformUpdate(key, CHAT, id_in(update["chat_id"]))


def _renamed(key: str, update: Mapping[str, Any]) -> PlatformUpdate:
    return PlatformUpdate(key, RENAMED, id_in(update["chat_id"]), text=text_in(update["title"]))


def _message(_: str, update: Mapping[str, Any]) -> PlatformUpdate | None:
    """What is posted in a chat; a dialog with the bot is none, and who posts for a channel is nobody."""
    message = update["message"]
    body, recipient, sender = message["body"], message["recipient"], message.get("sender")
    if recipient.get("chat_type") != "chat" or not sender:
        return None
    mid, text = text_in(body["mid"]), text_in(body.get("text") or "")
    if not 0 < len(mid) <= LONGEST_KEY:
        raise ValueError("not the id of a message")
    by = AccountId(id_in(sender["user_id"]))
    return PlatformUpdate(f"message {mid}", POSTED, id_in(recipient["chat_id"]), by, text)


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
"""Worth hearing while somebody may post a code or share a contact, and not for ever: it is all that people write."""

UPDATE_TYPES = tuple(sorted((_KINDS.keys() | DEEDS.keys()) - {MESSAGES}))


def update_types(*, messages: bool) -> list[str]:
    return [*UPDATE_TYPES, MESSAGES] if messages else [*UPDATE_TYPES]

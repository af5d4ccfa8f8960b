"""What people do in the bot, read out of updates. Shapes of schema 0.0.33, read on 2026-11-22."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.max.contacts import BotKey, own_phone
from adapters.max.fields import id_in, key_of, text_in
from sync.ids import AccountId
from sync.ports.identity import LONGEST_START, BotDeed, BotStarted, Contact, ContactRefused, Pressed

LONGEST_PAYLOAD = 1024  # characters of a callback button's
LONGEST_ID = 256


def deed(update: Mapping[str, Any], key: BotKey) -> BotDeed | None:
    """An update as what somebody did in the bot whose key it is; None where it is nothing of the kind.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: it lacks what it is to say.
    """
    read = DEEDS.get(str(update["update_type"]))
    return read(update, key) if read is not None else None


def _started(update: Mapping[str, Any], _key: BotKey) -> BotStarted:
    payload = text_in(update.get("payload") or "")[:LONGEST_START]
    return BotStarted(key_of(update), _account(update["user"]), payload)


def _pressed(update: Mapping[str, Any], _key: BotKey) -> Pressed:
    callback = update["callback"]
    callback_id, payload = callback["callback_id"], text_in(callback.get("payload") or "")
    if text_in(callback_id) != callback_id or not 0 < len(callback_id) <= LONGEST_ID:
        raise ValueError("not the id of a press")
    return Pressed(_account(callback["user"]), callback_id, payload[:LONGEST_PAYLOAD])


def _contact(update: Mapping[str, Any], key: BotKey) -> Contact | ContactRefused | None:
    """Only what is written to the bot itself, by a person: a contact that goes round in a chat is nobody's answer."""
    message = update["message"]
    sender, recipient = message.get("sender"), message["recipient"]
    if recipient.get("chat_type") != "dialog" or not sender or sender.get("is_bot"):
        return None
    contact = _shared(message["body"].get("attachments") or [])
    if contact is None:
        return None
    told, account = f"contact {text_in(message['body']['mid'])}"[:LONGEST_ID], _account(sender)
    phone = own_phone(contact, sender["user_id"], key)
    return ContactRefused(told, account) if phone is None else Contact(told, account, phone)


def _shared(attachments: list[Any]) -> Mapping[str, Any] | None:
    """The one contact of a message. Of several none is anybody's own for sure."""
    contacts = [each["payload"] for each in attachments if each.get("type") == "contact"]
    return contacts[0] if len(contacts) == 1 else {} if contacts else None


def _account(user: Mapping[str, Any]) -> AccountId:
    return AccountId(id_in(user["user_id"]))


DEEDS: Mapping[str, Callable[[Mapping[str, Any], BotKey], BotDeed | None]] = {
    "bot_started": _started,
    "message_callback": _pressed,
    "message_created": _contact,
}

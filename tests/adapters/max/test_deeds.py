"""What people do in the bot, read out of updates of whatever shape."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

import pytest

from adapters.max.contacts import BotKey
from adapters.max.updates import all_heard
from sync.ids import AccountId
from sync.ports.identity import BotDeed, BotStarted, Contact, ContactRefused, Pressed

KEY = BotKey("the-secret-token")
ANNA = {"user_id": 7, "is_bot": False}


def vouched(vcard: str, key: str = KEY.token) -> str:
    return hmac.new(key.encode(), vcard.encode(), sha256).hexdigest()


def card(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD"])


def contact(vcard: Any, of: Any = 7, told: Any = None) -> dict[str, Any]:
    told = vouched(vcard) if told is None and isinstance(vcard, str) else told
    return {"type": "contact", "payload": {"vcf_info": vcard, "hash": told, "max_info": {"user_id": of}}}


def sent(*attachments: Any, chat_type: str = "dialog", sender: Any = ANNA) -> dict[str, Any]:
    return {
        "update_type": "message_created",
        "timestamp": 1,
        "message": {
            "sender": sender,
            "recipient": {"chat_id": 70, "chat_type": chat_type},
            "body": {"mid": "m", "text": None, "attachments": list(attachments)},
        },
    }


def done(update: Any) -> list[BotDeed]:
    told = all_heard([update], key=KEY)
    assert not told.senseless
    return list(told.deeds)


OWN = Contact("contact m", AccountId("7"), "+79001234567")
REFUSED = ContactRefused("contact m", AccountId("7"))


@pytest.mark.parametrize(
    "line",
    [
        "TEL:79001234567",
        "TEL;TYPE=cell:+7 (900) 123-45-67",
        "TEL;VALUE=uri;PREF=1:tel:+79001234567",
        "tel;type=CELL:89001234567 ",
        "item1.TEL:79001234567",
        "TEL;TYPE=c\r\n ell:7900123\r\n 4567",
        "TEL:79001234567\r\nTEL;TYPE=home:+79001234567",
    ],
)
def test_a_phone_is_read_however_it_is_written(line: str) -> None:
    assert done(sent(contact(card("FN:Анна", line)))) == [OWN]


@pytest.mark.parametrize(
    "line",
    ["FN:TEL:79001234567", "TEL:", "TEL:123", "TEL:79001234567\r\nTEL:79007654321", "NOTE:x", "TEL:7900123456\ud800"],
)
def test_what_names_no_phone_or_several_is_refused(line: str) -> None:
    vcard = card(line)
    told = vouched(vcard.encode(errors="replace").decode())
    assert done(sent(contact(vcard, told=told))) == [REFUSED]


@pytest.mark.parametrize(
    "shared",
    [
        contact(card("TEL:79001234567"), of=8),
        contact(card("TEL:79001234567"), of="7"),
        contact(card("TEL:79001234567"), of=None),
        contact(card("TEL:79001234567"), told=vouched(card("TEL:79001234567"), "another-token")),
        contact(card("TEL:79001234567"), told=vouched(card("TEL:79001234567"), "")),
        contact(card("TEL:79001234567"), told=vouched(card("TEL:79007654321"))),
        contact(card("TEL:79001234567"), told=""),
        contact(card("TEL:79001234567"), told=7),
        contact(None),
        contact({"TEL": "79001234567"}),
        {"type": "contact", "payload": {}},
        {"type": "contact", "payload": {"max_info": {"user_id": 7}, "vcf_info": card("TEL:79001234567")}},
    ],
)
def test_what_max_does_not_vouch_for_as_the_senders_own_is_refused(shared: dict[str, Any]) -> None:
    assert done(sent(shared)) == [REFUSED]


def test_the_hash_may_be_in_capitals() -> None:
    vcard = card("TEL:79001234567")
    assert done(sent(contact(vcard, told=vouched(vcard).upper()))) == [OWN]


def test_of_two_contacts_none_is_the_own_for_sure() -> None:
    assert done(sent(contact(card("TEL:79001234567")), contact(card("TEL:79007654321"), of=8))) == [REFUSED]


@pytest.mark.parametrize(
    "update",
    [
        sent(contact(card("TEL:79001234567")), chat_type="chat"),
        sent(contact(card("TEL:79001234567")), sender=ANNA | {"is_bot": True}),
        sent(contact(card("TEL:79001234567")), sender=None, chat_type="channel"),
        sent({"type": "image", "payload": {}}),
        sent(),
    ],
)
def test_what_is_not_said_to_the_bot_by_a_person_is_nobodys_answer(update: dict[str, Any]) -> None:
    assert done(update) == []


def test_presses_and_starts_are_read() -> None:
    callback = {"callback_id": "c", "payload": "link 7 yes", "user": ANNA, "timestamp": 1}
    assert done({"update_type": "message_callback", "timestamp": 1, "callback": callback, "message": None}) == [
        Pressed(AccountId("7"), "c", "link 7 yes")
    ]
    started = {"update_type": "bot_started", "timestamp": 5, "chat_id": 70, "user": ANNA}
    assert done(started | {"payload": "x" * 500}) == [BotStarted("bot_started 70 7 5", AccountId("7"), "x" * 128)]
    assert done(started | {"payload": None}) == [BotStarted("bot_started 70 7 5", AccountId("7"), "")]


@pytest.mark.parametrize(
    "update",
    [
        {"update_type": "message_callback", "timestamp": 1, "callback": {"callback_id": "", "user": ANNA}},
        {"update_type": "message_callback", "timestamp": 1, "callback": {"callback_id": "c\0", "user": ANNA}},
        {"update_type": "message_callback", "timestamp": 1, "callback": {"callback_id": "c" * 300, "user": ANNA}},
        {"update_type": "message_callback", "timestamp": 1, "callback": {"callback_id": 7, "user": ANNA}},
        {"update_type": "message_callback", "timestamp": 1, "callback": {"callback_id": "c", "user": {"user_id": "7"}}},
        {"update_type": "message_callback", "timestamp": 1},
        {"update_type": "bot_started", "timestamp": 1, "chat_id": 1, "user": None},
        {"update_type": "bot_started", "timestamp": 1, "chat_id": 1, "user": ANNA, "payload": 7},
        sent("contact"),
        sent({"type": "contact"}),
        sent({"type": "contact", "payload": "x"}),
    ],
)
def test_what_makes_no_sense_is_set_aside(update: dict[str, Any]) -> None:
    told = all_heard([update], key=KEY)
    assert (told.deeds, told.senseless) == ((), 1)


def test_without_the_bots_key_nothing_done_in_it_is_heard() -> None:
    assert all_heard([sent(contact(card("TEL:79001234567")))]).deeds == ()


def test_a_key_is_not_shown() -> None:
    assert KEY.token not in repr(KEY)

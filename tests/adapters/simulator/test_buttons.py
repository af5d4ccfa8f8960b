"""Dialogs, buttons and their answers; and the dialect at the root of a port of its own."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.simulator.entities import DIALOGS, SERVICE_ID

from .conftest import Caller

KEYBOARD = {
    "type": "inline_keyboard",
    "payload": {"buttons": [[{"type": "callback", "text": "Да", "payload": "yes"}, {"type": "link", "url": "x"}]]},
}


async def asked_for_an_account(ask: Caller) -> dict[str, Any]:
    await ask.people(1, 2)
    _, sent = await ask.max("POST", "/messages?user_id=1", {"text": "Подключить?", "attachments": [KEYBOARD]})
    return dict(sent["message"])


async def test_a_dialog_is_a_chat_that_can_be_read_and_written_to(ask: Caller) -> None:
    message = await asked_for_an_account(ask)
    assert message["recipient"] == {"chat_id": DIALOGS + 1, "chat_type": "dialog", "user_id": 1}
    _, dialog = await ask.max("GET", f"/chats/{DIALOGS + 1}")
    assert (dialog["type"], dialog["dialog_with_user"]["user_id"]) == ("dialog", 1)
    _, reply = await ask.max("POST", f"/messages?chat_id={DIALOGS + 1}", {"text": "Ждём"})
    assert reply["message"]["recipient"] == message["recipient"]
    assert "attachments" not in reply["message"]["body"]


async def test_a_pressed_button_is_told_and_answered(ask: Caller) -> None:
    mid = (await asked_for_an_account(ask))["body"]["mid"]
    pressed = await ask.control("POST", f"/messages/{mid}/press", {"user_id": 1, "payload": "yes"})
    _, told = await ask.max("GET", "/updates?timeout=0")
    [update] = told["updates"]
    callback = update["callback"]
    assert (update["update_type"], callback["callback_id"]) == ("message_callback", pressed["callback_id"])
    assert (callback["user"]["user_id"], callback["payload"], update["message"]["body"]["mid"]) == (1, "yes", mid)
    answered = {"message": {"text": "Подключено", "attachments": []}}
    assert await ask.max("POST", f"/answers?callback_id={callback['callback_id']}", answered) == (
        200,
        {"success": True},
    )
    [message] = await ask.control("GET", "/messages")
    assert message["body"] == {"mid": mid, "seq": 1, "text": "Подключено"}


@pytest.mark.parametrize(
    ("press", "why"),
    [
        ({"user_id": 2, "payload": "yes"}, "where the user can see it"),
        ({"user_id": 1, "payload": "no"}, "no such button"),
        ({"user_id": 1, "payload": ""}, "no such button"),
    ],
)
async def test_nobody_presses_what_is_not_there(ask: Caller, press: dict[str, Any], why: str) -> None:
    mid = (await asked_for_an_account(ask))["body"]["mid"]
    status, told = await ask.refused_control(f"/messages/{mid}/press", press)
    assert (status, why in told["error"]) == (409, True)


async def test_an_answer_has_to_say_something_to_somebody(ask: Caller) -> None:
    assert (await ask.max("POST", "/answers?callback_id=1", {"notification": "?"}))[1]["code"] == "not.found"
    assert (await ask.max("POST", "/answers?callback_id=1", {}))[1]["code"] == "proto.payload"


async def test_the_bot_tells_who_it_is(ask: Caller) -> None:
    status, me = await ask.max("GET", "/me")
    assert (status, me["user_id"], me["is_bot"], me["first_name"]) == (200, SERVICE_ID, True, "Rollcall")


@pytest.mark.parametrize("path", ["/nothing", "/chats/x", "/chats/-1/pin"])
async def test_an_unknown_path_is_told_as_json(ask: Caller, path: str) -> None:
    for asked in (ask.max, ask.root):
        assert await asked("GET", path) == (404, {"code": "not.found", "message": "Unknown path"})


async def test_a_wrong_method_is_told_as_json(ask: Caller) -> None:
    status, answer = await ask.root("GET", "/chats")
    assert (status, answer["code"]) == (405, "method.not.allowed")


@pytest.mark.parametrize("ask", [4], indirect=True)
async def test_every_request_of_a_token_counts_wherever_it_is_made(ask: Caller) -> None:
    asked = [ask.max("GET", "/subscriptions"), ask.root("GET", "/me"), ask.root("GET", "/updates?timeout=0")]
    refused = [ask.max("DELETE", "/subscriptions?url=x"), ask.root("GET", "/me"), ask.max("GET", "/updates?timeout=0")]
    assert [(await each)[0] for each in [*asked, *refused]] == [200, 200, 200, 200, 429, 429]


async def test_permissions_are_known_by_their_former_names(ask: Caller) -> None:
    chat = await ask.chat(1)
    grant = {"user_id": 1, "permissions": ["post_edit_delete_message", "edit_message", "can_call"]}
    assert (await ask.max("POST", f"/chats/{chat}/members/admins", {"admins": [grant]}))[0] == 200
    _, admins = await ask.max("GET", f"/chats/{chat}/members/admins")
    assert [each["permissions"] for each in admins["members"] if each["user_id"] == 1] == [
        ["can_call", "delete", "edit"]
    ]

"""The control calls: what a test or a demonstration arranges and sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import aiohttp
import pytest

from .conftest import Caller


async def test_the_log_tells_every_write_and_whom_it_really_changed(ask: Caller) -> None:
    chat = await ask.chat(1, 2)
    await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [2, 3]})
    await ask.max("GET", f"/chats/{chat}/members")
    await ask.max("DELETE", f"/chats/{chat}/members?user_id=1")
    await ask.max("DELETE", f"/chats/{chat}/members?user_id=1")
    await ask.max("PATCH", f"/chats/{chat}", {"title": "8 Б"}, token="wrong")
    calls = await ask.control("GET", "/calls")
    assert [datetime.fromisoformat(call.pop("at")).utcoffset() is not None for call in calls] == [True] * 6
    told = {"dialect": "max", "chat_id": chat, "answered": True}
    members = {"action": "add", "method": "POST", "path": f"/max/chats/{chat}/members", "status": 200}
    removal = {"action": "remove", "method": "DELETE", "path": f"/max/chats/{chat}/members"}
    renaming = {"action": "rename", "method": "PATCH", "path": f"/max/chats/{chat}", "status": 401}
    making = {"action": "create_chat", "method": "POST", "path": "/max/chats", "status": 200}
    assert calls == [
        {"seq": 1, "user_ids": [], **told, **making},
        {"seq": 2, "user_ids": [1, 2], **told, **members},
        {"seq": 3, "user_ids": [], **told, **members},
        {"seq": 4, "user_ids": [1], "status": 200, **told, **removal},
        {"seq": 5, "user_ids": [], "status": 404, **told, **removal},
        {"seq": 6, "user_ids": [], **told, **renaming},
    ]
    assert [call["seq"] for call in await ask.control("GET", "/calls?after=4")] == [5, 6]


@pytest.mark.parametrize(
    ("fault", "status", "changed", "answered"),
    [
        ("reset_before", None, [], False),
        ("reset_after", 200, [1], False),
        ("too_many", 429, [], True),
        ("lying_ok", 200, [], True),
        ("wrong_json", 200, [1], True),
        ("latency", 200, [1], True),
    ],
)
async def test_a_fault_is_in_the_log_for_what_it_did(
    ask: Caller, fault: str, status: int | None, changed: list[int], answered: bool
) -> None:
    chat = await ask.chat()
    await ask.people(1)
    await ask.control("POST", "/faults", {"seed": 1, "rates": {fault: 1}, "latency_ms": 1})
    try:
        await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [1]})
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        assert not answered
    except (ValueError, aiohttp.ContentTypeError):
        assert fault == "wrong_json"
    call = (await ask.control("GET", "/calls"))[-1]
    assert (call["status"], call["user_ids"], call["answered"]) == (status, changed, answered)


async def test_a_server_error_changes_nothing(ask: Caller) -> None:
    chat = await ask.chat()
    await ask.people(*range(1, 9))
    await ask.control("POST", "/faults", {"seed": 1, "rates": {"server_error": 1}})
    answers = [await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [n]}) for n in range(1, 9)]
    assert {status for status, _ in answers} == {500, 502}  # the second as plain text
    assert all(not call["user_ids"] for call in await ask.control("GET", "/calls"))


async def test_some_fail_for_the_time_being_whatever_success_says(ask: Caller) -> None:
    chat = await ask.chat()
    await ask.people(1, 2, 3, 4)
    await ask.control("POST", "/faults", {"seed": 1, "rates": {"partial": 1}, "until_calls": 1})
    _, answer = await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [1, 2, 3, 4]})
    assert answer["success"] is True
    assert 1 <= len(answer["failed_user_ids"]) <= 2
    assert answer["failed_user_details"] == []
    again = await ask.max("POST", f"/chats/{chat}/members", {"user_ids": answer["failed_user_ids"]})
    assert again == (200, {"success": True})


async def test_faults_end_after_so_many_requests_or_when_cleared(ask: Caller) -> None:
    chat = await ask.chat()
    await ask.control("POST", "/faults", {"rates": {"too_many": 1}, "until_calls": 2})
    assert [(await ask.max("GET", f"/chats/{chat}"))[0] for _ in range(3)] == [429, 429, 200]
    await ask.control("POST", "/faults", {"rates": {"too_many": 1}})
    await ask.control("POST", "/faults", {})
    assert (await ask.max("GET", f"/chats/{chat}"))[0] == 200


async def test_people_leave_and_come_by_themselves(ask: Caller) -> None:
    chat = await ask.chat(1)
    await ask.people(2)
    await ask.control("POST", f"/chats/{chat}/leave", {"user_id": 1})
    await ask.control("POST", f"/chats/{chat}/join", {"user_id": 2})
    [told] = await ask.control("GET", "/chats")
    assert [member["user_id"] for member in told["members"] if not member["is_owner"]] == [2]
    updates = [(update.kind, update.user_id, update.by) for update in ask.running.world.updates]
    assert updates[-2:] == [("user_removed", 1, None), ("user_added", 2, None)]


async def test_a_deleted_chat_is_gone(ask: Caller) -> None:
    chat = await ask.chat(1)
    await ask.control("POST", f"/chats/{chat}/delete")
    assert (await ask.max("GET", f"/chats/{chat}"))[0] == 404
    assert await ask.control("GET", "/chats") == []


async def test_a_reset_empties_the_world_and_ends_the_faults(ask: Caller) -> None:
    await ask.chat(1)
    await ask.control("POST", "/faults", {"rates": {"too_many": 1}})
    await ask.control("POST", "/reset")
    assert await ask.control("GET", "/chats") == await ask.control("GET", "/calls") == []
    assert (await ask.max("POST", "/chats", {"title": "7 Б"}))[0] == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/users", {"user": 1}, 400),
        ("/users", {"user_id": "x"}, 400),
        ("/faults", {"rates": {"gremlins": 1}}, 400),
        ("/faults", {"rates": {"latency": 2}}, 400),
        ("/chats/-99/leave", {"user_id": 1}, 404),
        ("/chats/{chat}/leave", {"user_id": 2}, 409),
        ("/chats/{chat}/join", {"user_id": 2}, 409),
    ],
)
async def test_wrong_control_calls_are_told(ask: Caller, path: str, body: Any, status: int) -> None:
    chat = await ask.chat(1)
    assert (await ask.refused_control(path.format(chat=chat), body))[0] == status

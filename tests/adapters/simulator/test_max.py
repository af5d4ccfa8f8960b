"""The MAX dialect, as a program that was written for the real one meets it."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.simulator.entities import SERVICE_ID

from .conftest import Caller

OK = (200, {"success": True})
MODERATION = ["read_all_messages", "write"]


@pytest.mark.parametrize("token", [None, "wrong", "Bearer a-token"])
async def test_only_the_bare_token_opens(ask: Caller, token: str | None) -> None:
    status, body = await ask.max("POST", "/chats", {"title": "7 Б"}, token)
    assert (status, body["code"]) == (401, "verify.token")
    assert (await ask.control("GET", "/chats")) == []


async def test_a_chat_is_made_renamed_and_closed(ask: Caller) -> None:
    _, made = await ask.max("POST", "/chats", {"title": "7 Б", "client_ref": "ref"})
    chat = f"/chats/{made['chat_id']}"
    assert made["chat_id"] < 0
    assert (await ask.max("POST", "/chats", {"title": "8 Б", "client_ref": "ref"}))[1] == made
    assert (await ask.max("PATCH", chat, {"title": "8 Б"}))[1]["title"] == "8 Б"
    assert await ask.max("DELETE", chat) == OK
    assert (await ask.max("GET", chat))[1]["status"] == "closed"
    assert await ask.control("GET", "/chats") == [
        {
            "chat_id": made["chat_id"],
            "title": "8 Б",
            "archived": True,
            "members": [{"user_id": SERVICE_ID, "is_admin": True, "is_owner": True}],
        }
    ]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/chats", {"title": ""}),
        ("POST", "/chats", {"title": "я" * 201}),
        ("POST", "/chats", {"title": 7}),
        ("POST", "/chats", []),
        ("PATCH", "/chats/{chat}", {}),
        ("POST", "/chats/{chat}/members", {"user_ids": list(range(1, 102))}),
        ("POST", "/chats/{chat}/members", {"user_ids": []}),
        ("POST", "/chats/{chat}/members", {"user_ids": ["x"]}),
        ("POST", "/chats/{chat}/members", {"user_ids": [2**63]}),
        ("DELETE", "/chats/{chat}/members", None),
        ("GET", "/chats/{chat}/members?count=0", None),
        ("GET", "/chats/{chat}/members?count=101", None),
        ("GET", "/chats/{chat}/members?user_ids=", None),
        ("POST", "/chats/{chat}/members/admins", {"admins": [1]}),
        ("POST", "/chats/{chat}/members/admins", {"admins": [{"user_id": 1, "permissions": ["fly"]}]}),
        ("POST", "/chats/{chat}/members/admins", {"admins": [{"user_id": 1, "permissions": ["write"]}]}),
    ],
)
async def test_what_the_method_does_not_take_is_refused(ask: Caller, method: str, path: str, body: Any) -> None:
    chat = await ask.chat(1)
    status, answer = await ask.max(method, path.format(chat=chat), body)
    assert (status, answer["code"]) == (400, "proto.payload")


async def test_adding_tells_in_the_lists_who_failed(ask: Caller) -> None:
    chat = await ask.chat()
    await ask.control("POST", "/users", [{"user_id": 1}, {"user_id": 2, "privacy": True}])
    assert await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [1, 2, 3]}) == (
        200,
        {
            "success": True,
            "failed_user_ids": [2, 3],
            "failed_user_details": [
                {"error_code": "add.participant.privacy", "user_ids": [2]},
                {"error_code": "add.participant.not.found", "user_ids": [3]},
            ],
        },
    )
    assert (await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [2]}))[1]["success"] is False


async def test_members_come_in_pages_of_twenty_unless_told(ask: Caller) -> None:
    chat = await ask.chat(*range(1, 151))
    _, first = await ask.max("GET", f"/chats/{chat}/members")
    assert [member["user_id"] for member in first["members"]] == list(range(1, 21))
    _, second = await ask.max("GET", f"/chats/{chat}/members?count=100&marker={first['marker']}")
    assert [member["user_id"] for member in second["members"]] == list(range(21, 121))
    _, last = await ask.max("GET", f"/chats/{chat}/members?count=100&marker={second['marker']}")
    assert [member["user_id"] for member in last["members"]] == [*range(121, 151), SERVICE_ID]
    assert "marker" not in last


async def test_members_are_asked_for_by_id(ask: Caller) -> None:
    chat = await ask.chat(1, 2, 3)
    _, found = await ask.max("GET", f"/chats/{chat}/members?user_ids=3,9,1&count=1")
    assert [member["user_id"] for member in found["members"]] == [3, 1]


async def test_only_a_member_becomes_an_administrator(ask: Caller) -> None:
    chat = await ask.chat(1)
    admins = {"admins": [{"user_id": user_id, "permissions": MODERATION} for user_id in (1, 2)]}
    status, answer = await ask.max("POST", f"/chats/{chat}/members/admins", admins)
    assert (status, answer["success"]) == (200, False)
    admins["admins"].pop()
    assert await ask.max("POST", f"/chats/{chat}/members/admins", admins) == OK
    _, listed = await ask.max("GET", f"/chats/{chat}/members/admins")
    assert {member["user_id"]: member["permissions"] for member in listed["members"]}[1] == MODERATION
    assert await ask.max("DELETE", f"/chats/{chat}/members/admins/1") == OK
    assert len((await ask.max("GET", f"/chats/{chat}/members/admins"))[1]["members"]) == 1


async def test_a_grant_replaces_all_permissions(ask: Caller) -> None:
    chat = await ask.chat(1)
    for permissions in (MODERATION, ["can_call"]):
        grant = {"admins": [{"user_id": 1, "permissions": permissions}]}
        await ask.max("POST", f"/chats/{chat}/members/admins", grant)
    _, found = await ask.max("GET", f"/chats/{chat}/members?user_ids=1")
    assert found["members"][0]["permissions"] == ["can_call"]


async def test_errors_have_the_codes_of_the_real_one(ask: Caller) -> None:
    chat = await ask.chat(1)
    assert await codes(ask, "/chats/-99") == {(404, "chat.not.found")}
    await ask.control("POST", f"/chats/{chat}/rights", {"lost": True})
    assert await codes(ask, f"/chats/{chat}") == {(403, "chat.denied")}
    await ask.control("POST", f"/chats/{chat}/rights", {"lost": False})
    status, absent = await ask.max("DELETE", f"/chats/{chat}/members?user_id=5")
    assert (status, absent["code"]) == (404, "not.found")
    status, owner = await ask.max("DELETE", f"/chats/{chat}/members?user_id={SERVICE_ID}")
    assert (status, owner["code"]) == (403, "access.denied")


@pytest.mark.parametrize("ask", [3], indirect=True)
async def test_the_limit_counts_reads_and_writes_in_a_sliding_second(ask: Caller, clock: Any) -> None:
    chat = await ask.chat()
    clock.seconds += 0.9
    statuses = [(await ask.max("GET", f"/chats/{chat}"))[0] for _ in range(3)]
    clock.seconds += 0.1
    statuses += [(await ask.max("PATCH", f"/chats/{chat}", {"title": "8 Б"}))[0] for _ in range(2)]
    assert statuses == [200, 200, 429, 200, 429]
    assert (await ask.max("GET", f"/chats/{chat}"))[1]["code"] == "too.many.requests"


async def codes(ask: Caller, chat: str) -> set[tuple[int, str]]:
    grant = {"admins": [{"user_id": 1, "permissions": []}]}
    answers = [
        await ask.max("GET", chat),
        await ask.max("PATCH", chat, {"title": "8 Б"}),
        await ask.max("DELETE", chat),
        await ask.max("GET", f"{chat}/members"),
        await ask.max("POST", f"{chat}/members", {"user_ids": [1]}),
        await ask.max("DELETE", f"{chat}/members?user_id=1"),
        await ask.max("GET", f"{chat}/members/me"),
        await ask.max("GET", f"{chat}/members/admins"),
        await ask.max("POST", f"{chat}/members/admins", grant),
        await ask.max("DELETE", f"{chat}/members/admins/1"),
    ]
    return {(status, body["code"]) for status, body in answers}

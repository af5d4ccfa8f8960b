"""The VK dialect, as a program that was written for the real one meets it."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from adapters.simulator.entities import SERVICE_ID

from .conftest import Caller, Clock

PEERS = 2_000_000_000
OK = {"response": 1}


def script(*calls: tuple[str, dict[str, Any]]) -> str:
    return f"return [{', '.join(f'API.{method}({json.dumps(params)})' for method, params in calls)}];"


async def shown(ask: Caller, chat: int) -> dict[int, bool]:
    """Who is in a chat but the service, and whether they are administrators."""
    chats = {each["chat_id"]: each for each in await ask.control("GET", "/chats")}
    return {each["user_id"]: each["is_admin"] for each in chats[chat]["members"] if not each["is_owner"]}


@pytest.mark.parametrize("token", [None, "wrong"])
async def test_only_the_token_in_the_form_opens(ask: Caller, token: str | None) -> None:
    assert await ask.vk_error("messages.createChat", token=token, title="7 Б") == 5
    headers = {"Authorization": "a-token"}
    url = f"{ask.running.vk_url}/method/messages.createChat?access_token=a-token&v=5.199"
    async with ask.session.post(url, data={"title": "7 Б"}, headers=headers) as response:
        assert (await response.json())["error"]["error_code"] == 5
    assert await ask.control("GET", "/chats") == []


async def test_a_version_is_asked_for_and_a_method_known(ask: Caller) -> None:
    assert await ask.vk_error("users.get", v=None) == 8
    assert await ask.vk_error("messages.unknown") == 3


async def test_a_chat_is_made_and_renamed(ask: Caller) -> None:
    chat = await ask.vk_chat(1, 2)
    assert chat > 0
    assert await ask.vk("messages.editChat", chat_id=chat, title="8 Б") == OK
    [made] = await ask.control("GET", "/chats")
    assert (made["chat_id"], made["title"], made["archived"]) == (chat, "8 Б", False)
    assert await shown(ask, chat) == {1: False, 2: False}
    assert await ask.vk_error("messages.editChat", chat_id=chat, title="") == 100
    assert await ask.vk_error("messages.editChat", chat_id=chat, title="я" * 201) == 100


async def test_people_come_and_go(ask: Caller) -> None:
    chat = await ask.vk_chat()
    await ask.people(1)
    assert await ask.vk("messages.addChatUser", chat_id=chat, user_id=1) == OK
    assert await ask.vk_error("messages.addChatUser", chat_id=chat, user_id=1) == 15
    assert await ask.vk("messages.setMemberRole", peer_id=PEERS + chat, member_id=1, role="admin") == OK
    assert await shown(ask, chat) == {1: True}
    assert await ask.vk("messages.setMemberRole", peer_id=PEERS + chat, member_id=1, role="member") == OK
    assert await shown(ask, chat) == {1: False}
    assert await ask.vk("messages.removeChatUser", chat_id=chat, member_id=1) == OK
    assert await ask.vk_error("messages.removeChatUser", chat_id=chat, user_id=1) == 935
    assert await ask.vk_error("messages.removeChatUser", chat_id=chat) == 100
    assert await ask.vk_error("messages.setMemberRole", peer_id=PEERS + chat, member_id=1, role="admin") == 935
    assert await ask.vk_error("messages.setMemberRole", peer_id=PEERS + chat, member_id=1, role="king") == 100


async def test_who_cannot_be_added_has_an_error_of_their_own(ask: Caller) -> None:
    chat = await ask.vk_chat(1)
    await ask.control("POST", "/users", [{"user_id": 2}, {"user_id": 13, "privacy": True}])
    await ask.control("POST", f"/chats/{chat}/limit", {"members": 2})
    codes = [await ask.vk_error("messages.addChatUser", chat_id=chat, user_id=user) for user in (13, 999, 2)]
    assert codes == [939, 936, 103]
    await ask.control("POST", f"/chats/{chat}/limit", {"members": None})
    assert await ask.vk("messages.addChatUser", chat_id=chat, user_id=2) == OK


async def test_a_full_chat_of_max_says_no_without_a_reason(ask: Caller) -> None:
    chat = await ask.chat(1)
    await ask.people(2)
    await ask.control("POST", f"/chats/{chat}/limit", {"members": 2})
    _, body = await ask.max("POST", f"/chats/{chat}/members", {"user_ids": [2]})
    assert body == {"success": False, "message": "The chat is full"}


@pytest.mark.parametrize(
    ("method", "denied"),
    [
        ("messages.addChatUser", 925),
        ("messages.removeChatUser", 925),
        ("messages.editChat", 925),
        ("messages.setMemberRole", 925),
        ("messages.getConversationMembers", 917),
        ("messages.getConversationsById", 917),
    ],
)
async def test_without_rights_or_a_chat_nothing_is_done(ask: Caller, method: str, denied: int) -> None:
    chat = await ask.vk_chat(1)
    peer = PEERS + chat
    params: dict[str, Any] = {"chat_id": chat, "peer_id": peer, "peer_ids": peer, "title": "8 Б", "role": "admin"}
    params |= {"user_id": 1, "member_id": 1}
    await ask.control("POST", f"/chats/{chat}/rights", {"lost": True})
    assert await ask.vk_error(method, **params) == denied
    await ask.control("POST", f"/chats/{chat}/delete")
    assert await ask.vk_error(method, **params) == 927


async def test_chats_of_max_are_none_here(ask: Caller) -> None:
    chat = await ask.chat(1)
    assert await ask.vk_error("messages.getConversationMembers", peer_id=PEERS + chat) == 100
    assert await ask.vk_error("messages.editChat", chat_id=chat, title="8 Б") == 100


async def test_members_come_in_pages_of_a_thousand(ask: Caller) -> None:
    chat = await ask.vk_chat(*range(1, 1101))
    pages = []
    for offset in (0, 1000):
        told = await ask.vk("messages.getConversationMembers", peer_id=PEERS + chat, offset=offset, count=1000)
        assert told["response"]["count"] == 1101
        pages.append([each["member_id"] for each in told["response"]["items"]])
    assert [len(page) for page in pages] == [1000, 101]
    assert sorted(pages[0] + pages[1]) == [*range(1, 1101), SERVICE_ID]
    assert await ask.vk_error("messages.getConversationMembers", peer_id=PEERS + chat, count=1001) == 100


async def test_the_chat_itself_is_told_with_our_rights_and_its_link(ask: Caller) -> None:
    chat = await ask.vk_chat(1)
    told = await ask.vk("messages.getConversationsById", peer_ids=PEERS + chat)
    [item] = told["response"]["items"]
    assert item["peer"] == {"id": PEERS + chat, "type": "chat", "local_id": chat}
    settings = item["chat_settings"]
    assert (settings["title"], settings["state"], settings["owner_id"]) == ("7 Б", "in", SERVICE_ID)
    assert settings["acl"] == {"can_invite": True, "can_change_info": True, "can_promote_users": True}
    link = await ask.vk("messages.getInviteLink", peer_id=PEERS + chat)
    assert link == {"response": {"link": f"https://vk.me/join/{chat}"}}
    assert (await ask.vk("users.get"))["response"][0]["id"] == SERVICE_ID


async def test_a_script_is_many_calls_in_one_request_each_with_its_own_outcome(ask: Caller) -> None:
    chat = await ask.vk_chat(1)
    await ask.control("POST", "/users", [{"user_id": 2}, {"user_id": 13, "privacy": True}])
    users = [2, 13, 999]
    code = script(*(("messages.addChatUser", {"chat_id": chat, "user_id": user}) for user in users), ("users.get", {}))
    told = await ask.vk("execute", code=code)
    assert told["response"][:3] == [1, False, False]
    assert told["response"][3][0]["id"] == SERVICE_ID
    assert [(each["method"], each["error_code"]) for each in told["execute_errors"]] == [
        ("messages.addChatUser", 939),
        ("messages.addChatUser", 936),
    ]
    call = (await ask.control("GET", "/calls"))[-1]
    assert (call["dialect"], call["action"], call["chat_id"], call["user_ids"]) == ("vk", "add", chat, [2])
    assert (call["path"], call["status"]) == ("/vk/method/execute", 200)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("", 12),
        ("return 1;", 12),
        ("return [API.users.get({}) API.users.get({})];", 12),
        ("return [API.users.get({)];", 12),
        ("return [API.users.get([])];", 12),
        ("return [API.users.get({}), 1];", 12),
        (script(*[("users.get", {})] * 26), 13),
    ],
)
async def test_what_no_part_of_a_script_is_that_is_taken_here_is_told(ask: Caller, code: str, error: int) -> None:
    assert await ask.vk_error("execute", code=code) == error


async def test_a_script_takes_up_to_25_calls_and_may_end_with_a_comma(ask: Caller) -> None:
    assert len((await ask.vk("execute", code=script(*[("users.get", {})] * 25)))["response"]) == 25
    assert len((await ask.vk("execute", code="return [API.users.get({}),]"))["response"]) == 1
    assert (await ask.vk("execute", code="return [];"))["response"] == []


@pytest.mark.parametrize("ask", [30], indirect=True)
async def test_three_requests_a_second_of_a_script_as_of_anything(ask: Caller, clock: Clock) -> None:
    chat = await ask.vk_chat()
    code = script(*[("messages.editChat", {"chat_id": chat, "title": "8 Б"})] * 25)
    assert "response" in await ask.vk("execute", code=code)
    assert "response" in await ask.vk("users.get")
    assert await ask.vk_error("users.get") == 6
    assert await ask.vk_error("execute", code=code) == 6
    assert (await ask.max("GET", "/me"))[0] == 200  # another limit
    clock.seconds += 1
    assert "response" in await ask.vk("users.get")


@pytest.mark.parametrize(
    ("fault", "codes"), [("too_many", {6}), ("server_error", {1, 10, 502}), ("lying_ok", {0}), ("partial", {9})]
)
async def test_faults_are_told_the_dialects_way(ask: Caller, fault: str, codes: set[int]) -> None:
    chat = await ask.vk_chat()
    await ask.people(*range(1, 21))
    await ask.control("POST", "/faults", {"seed": 1, "rates": {fault: 1}})
    told = set()
    for user in range(1, 21):
        form = {"access_token": "a-token", "v": "5.199", "chat_id": str(chat), "user_id": str(user)}
        async with ask.session.post(f"{ask.running.vk_url}/method/messages.addChatUser", data=form) as response:
            body = await response.json(content_type=None) if response.status == 200 else {}
            told.add(body.get("error", {}).get("error_code", 0) if response.status == 200 else response.status)
    assert told == codes
    assert await shown(ask, chat) == {}
    calls = (await ask.control("GET", "/calls"))[-20:]
    assert {(call["action"], call["chat_id"], tuple(call["user_ids"])) for call in calls} == {("add", chat, ())}


async def test_of_a_script_some_fail_for_the_time_being_and_a_lie_has_as_many_answers(ask: Caller) -> None:
    chat = await ask.vk_chat()
    await ask.people(*range(1, 11))
    code = script(*(("messages.addChatUser", {"chat_id": chat, "user_id": user}) for user in range(1, 11)))
    await ask.control("POST", "/faults", {"seed": 1, "rates": {"lying_ok": 1}})
    assert await ask.vk("execute", code=code) == {"response": [1] * 10}
    assert await shown(ask, chat) == {}
    await ask.control("POST", "/faults", {"seed": 1, "rates": {"partial": 1}})
    told = await ask.vk("execute", code=code)
    failed = told["response"].count(False)
    assert 1 <= failed <= 5
    assert [each["error_code"] for each in told["execute_errors"]] == [9] * failed
    assert len(await shown(ask, chat)) == 10 - failed


@pytest.mark.parametrize(("fault", "done"), [("reset_before", False), ("reset_after", True)])
async def test_a_connection_that_breaks_is_in_the_log_for_what_it_did(ask: Caller, fault: str, done: bool) -> None:
    chat = await ask.vk_chat()
    await ask.people(1)
    await ask.control("POST", "/faults", {"seed": 1, "rates": {fault: 1}})
    code = script(("messages.addChatUser", {"chat_id": chat, "user_id": 1}))
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await ask.vk("execute", code=code)
    call = (await ask.control("GET", "/calls"))[-1]
    assert (call["action"], call["chat_id"], call["answered"]) == ("add", chat, False)
    assert (call["status"], call["user_ids"]) == ((200, [1]) if done else (None, []))


async def test_max_is_not_told_of_what_happens_in_chats_of_vk(ask: Caller) -> None:
    await ask.vk_chat(1, 2)
    chat = await ask.chat(3)
    _, told = await ask.max("GET", "/updates?timeout=0")
    assert {update["chat_id"] for update in told["updates"]} == {chat}

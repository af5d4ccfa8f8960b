"""What the simulator tells by itself: posted to who subscribed, or asked for; and the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.simulator.server import simulator

from .conftest import TOKEN, Caller

WITHOUT_WAITING = "timeout=0"


@dataclass
class Listener:
    """An address that answers what it is told to; the last answer for ever."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    heard: list[tuple[str | None, Any]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((request.headers.get("X-Max-Bot-Api-Secret"), await request.json()))
        return web.Response(status=self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.add_routes([web.post("/hook", listener.hear)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as made:
        yield made


async def subscribed(ask: Caller, listener: Listener, **more: Any) -> None:
    body = {"url": listener.url, "secret": "a-secret", **more}
    assert await ask.max("POST", "/subscriptions", body) == (200, {"success": True})


async def told(ask: Caller) -> None:
    await asyncio.gather(*ask.running.simulation.feed._posting)


async def updates(ask: Caller, query: str = "") -> tuple[list[Any], int]:
    status, answer = await ask.max("GET", f"/updates?{WITHOUT_WAITING}&{query}")
    assert status == 200, answer
    return answer["updates"], answer["marker"]


async def own_chat(ask: Caller, owner: int, *others: int) -> int:
    await ask.people(owner, *others)
    made = await ask.control("POST", "/chats", {"user_id": owner, "title": "наш", "user_ids": others})
    return int(made["chat_id"])


async def test_a_subscriber_hears_what_happens_with_the_secret(ask: Caller, listener: Listener) -> None:
    await subscribed(ask, listener, update_types=["user_removed"])
    chat = await ask.chat(1, 2)
    await ask.control("POST", f"/chats/{chat}/leave", {"user_id": 1})
    await ask.max("DELETE", f"/chats/{chat}/members?user_id=2")
    await told(ask)
    assert {secret for secret, _ in listener.heard} == {"a-secret"}
    by = {update["user"]["user_id"]: update["admin_id"] for _, update in listener.heard}
    assert by == {1: None, 2: 999_999_999_999}
    assert {update["update_type"] for _, update in listener.heard} == {"user_removed"}


async def test_an_update_is_posted_again_up_to_ten_times_ever_later(listener: Listener) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with simulator(token=TOKEN, sleep=sleep) as running, aiohttp.ClientSession() as session:
        ask = Caller(running, session)
        await subscribed(ask, listener)
        listener.answers = [500, 302, 200]
        await ask.chat(1)
        await told(ask)
        assert (len(listener.heard), slept) == (3, [1.0, 2.0])
        listener.answers = [500]
        await ask.chat(2)
        await told(ask)
        assert len(listener.heard) == 3 + 11
        assert slept[2:] == sorted(slept[2:])


async def test_subscriptions_are_listed_and_withdrawn(ask: Caller, listener: Listener) -> None:
    await subscribed(ask, listener, update_types=["bot_added"])
    _, known = await ask.max("GET", "/subscriptions")
    assert [(each["url"], each["update_types"]) for each in known["subscriptions"]] == [(listener.url, ["bot_added"])]
    assert "secret" not in str(known)
    assert (await ask.max("DELETE", f"/subscriptions?url={listener.url}"))[1] == {"success": True}
    assert (await ask.max("DELETE", f"/subscriptions?url={listener.url}"))[1] == {"success": False}
    await ask.chat(1)
    await told(ask)
    assert listener.heard == []


@pytest.mark.parametrize("body", [{"url": "nowhere"}, {"url": "http://a", "secret": "four"}, {"url": 1}])
async def test_wrong_subscriptions_are_refused(ask: Caller, body: Any) -> None:
    assert (await ask.max("POST", "/subscriptions", body))[0] == 400
    assert (await ask.max("POST", "/subscriptions", {"url": "http://a"}, token="wrong"))[0] == 401


async def test_updates_are_kept_until_they_are_asked_for_and_then_forgotten(ask: Caller) -> None:
    chat = await ask.chat(1, 2)
    first, marker = await updates(ask, "limit=1")
    assert [(each["update_type"], each["chat_id"], each["user"]["user_id"]) for each in first] == [
        ("user_added", chat, 1)
    ]
    assert await updates(ask, "limit=1") == (first, marker)
    second, marker = await updates(ask, f"marker={marker}")
    assert [each["user"]["user_id"] for each in second] == [2]
    assert await updates(ask, f"marker={marker}") == ([], marker)


async def test_who_asks_is_kept_waiting_until_something_happens(ask: Caller) -> None:
    asking = asyncio.create_task(ask.max("GET", "/updates?timeout=30&types=user_removed"))
    chat = await ask.chat(1)
    await ask.control("POST", f"/chats/{chat}/leave", {"user_id": 1})
    _, answer = await asking
    assert [each["update_type"] for each in answer["updates"]] == ["user_removed"]


@pytest.mark.parametrize("ask", [30], indirect=True)
async def test_updates_are_asked_for_twice_a_second_at_most(ask: Caller) -> None:
    asked = [(await ask.max("GET", "/updates?timeout=0"))[0] for _ in range(3)]
    assert asked == [200, 200, 429]


async def test_a_reset_leaves_who_listens_listening(ask: Caller) -> None:
    await ask.chat(1)
    _, marker = await updates(ask)
    await ask.control("POST", "/reset")
    await ask.chat(3)
    later, _ = await updates(ask, f"marker={marker}")
    assert [each["user"]["user_id"] for each in later] == [3]


async def test_the_bot_hears_only_of_chats_it_is_in_and_reads_what_it_may(ask: Caller) -> None:
    chat = await own_chat(ask, 1, 2)
    await ask.control("POST", f"/chats/{chat}/messages", {"user_id": 2, "text": "до бота"})
    await ask.control("POST", f"/chats/{chat}/bot", {"user_id": 1, "permissions": ["write"]})
    await ask.control("POST", f"/chats/{chat}/messages", {"user_id": 2, "text": "не для бота"})
    await ask.control("POST", f"/chats/{chat}/bot", {"user_id": 1, "permissions": ["write", "read_all_messages"]})
    await ask.control("POST", f"/chats/{chat}/messages", {"user_id": 2, "text": "для всех"})
    await ask.control("POST", f"/chats/{chat}/title", {"by": 1, "title": "7 Б"})
    await ask.control("POST", f"/chats/{chat}/bot/remove", {"user_id": 1})
    await ask.control("POST", f"/chats/{chat}/leave", {"user_id": 2})
    heard, _ = await updates(ask)
    assert [each["update_type"] for each in heard] == [
        "bot_added", "bot_admin_permissions_changed", "message_created", "chat_title_changed", "bot_removed",
    ]  # fmt: skip
    message = heard[2]["message"]
    assert (message["sender"]["user_id"], message["recipient"]["chat_id"], message["body"]["text"]) == (
        2,
        chat,
        "для всех",
    )
    assert heard[1]["permissions"] == ["read_all_messages", "write"]


async def test_the_bot_does_only_what_its_permissions_let_it(ask: Caller) -> None:
    chat = await own_chat(ask, 1, 2)
    await ask.people(3)
    adds = ("POST", f"/chats/{chat}/members", {"user_ids": [3]})
    renames = ("PATCH", f"/chats/{chat}", {"title": "7 Б"})
    grants = ("POST", f"/chats/{chat}/members/admins", {"admins": [{"user_id": 2, "permissions": []}]})
    removes = ("DELETE", f"/chats/{chat}/members?user_id=3", None)
    writes = ("POST", f"/messages?chat_id={chat}", {"text": "здравствуйте"})
    assert {(await ask.max(*each))[0] for each in (adds, renames, grants, writes)} == {403}
    need: dict[str, list[tuple[str, str, Any]]] = {
        "add_remove_members": [adds, removes],
        "change_chat_info": [renames],
        "add_admins": [grants],
    }
    for permission, calls in (need | {"write": [writes]}).items():
        await ask.control("POST", f"/chats/{chat}/bot", {"user_id": 1, "permissions": [permission]})
        assert [(await ask.max(*each))[0] for each in calls] == [200] * len(calls)
        others = [each for other, several in need.items() if other != permission for each in several]
        assert {(await ask.max(*each))[0] for each in others} == {403}


async def test_only_who_administrates_a_chat_brings_the_bot_in(ask: Caller) -> None:
    chat = await own_chat(ask, 1, 2)
    assert (await ask.refused_control(f"/chats/{chat}/bot", {"user_id": 2}))[0] == 409
    assert (await ask.refused_control(f"/chats/{chat}/messages", {"user_id": 3, "text": "?"}))[0] == 409
    assert (await ask.refused_control(f"/chats/{chat}/bot", {"user_id": 1, "permissions": ["fly"]}))[0] == 400
    await ask.control("POST", f"/chats/{chat}/promote", {"by": 1, "user_id": 2, "is_admin": True})
    await ask.control("POST", f"/chats/{chat}/bot", {"user_id": 2})


async def page(ask: Caller, path: str) -> str:
    async with ask.session.get(ask.running.url + path) as response:
        assert response.status == 200
        return await response.text()


async def test_the_page_shows_a_persons_chats_members_and_messages(ask: Caller) -> None:
    await ask.control("POST", "/users", {"user_id": 1, "first_name": "Анна", "last_name": "<Иванова>"})
    chat = await ask.chat(2)
    await ask.control("POST", f"/chats/{chat}/join", {"user_id": 1})
    await ask.max("POST", f"/messages?chat_id={chat}", {"text": "Добро пожаловать"})
    await ask.control("POST", f"/chats/{chat}/messages", {"user_id": 1, "text": "Спасибо!"})
    people = await page(ask, "/")
    assert "Анна &lt;Иванова&gt;" in people
    assert "7 Б" in await page(ask, "/?user=1")
    shown = await page(ask, f"/?user=1&chat={chat}")
    assert all(word in shown for word in ("7 Б", "Добро пожаловать", "Спасибо!", "Пользователь 2", "владелец"))
    assert 'hx-trigger="every 3s"' in shown
    assert "http://" not in shown + await page(ask, "/static/page.css")
    assert "Добро пожаловать" not in await page(ask, f"/?user=3&chat={chat}")


async def test_a_message_to_one_user_shows_on_that_phone_with_its_buttons(ask: Caller) -> None:
    await ask.people(1, 2)
    keyboard = {"type": "inline_keyboard", "payload": {"buttons": [[{"type": "callback", "text": "Подключить"}]]}}
    status, sent = await ask.max(
        "POST", "/messages?user_id=1", {"text": "Подключить аккаунт?", "attachments": [keyboard]}
    )
    assert (status, sent["message"]["recipient"]["chat_type"]) == (200, "dialog")
    assert "Подключить</button>" in await page(ask, "/?user=1&tab=sferum&chat=bot")
    assert "Подключить" not in await page(ask, "/?user=2&tab=sferum&chat=bot")
    assert (await ask.max("POST", "/messages?user_id=99", {"text": "?"}))[0] == 404
    assert (await ask.max("POST", "/messages?user_id=1", {"text": "я" * 4001}))[0] == 400


async def test_the_page_shows_names_as_text_and_takes_whatever_is_asked_of_it(ask: Caller) -> None:
    evil = "<img src=x onerror=alert(1)>\"'"
    await ask.control("POST", "/users", {"user_id": 1, "first_name": evil, "last_name": "", "phone": None})
    _, made = await ask.max("POST", "/chats", {"title": evil})
    await ask.max("POST", f"/chats/{made['chat_id']}/members", {"user_ids": [1]})
    for query in ("", "?user=1", f"?user=1&chat={made['chat_id']}"):
        shown = await page(ask, f"/{query}")
        assert ("<img" in shown, "&lt;img" in shown) == (False, True)
    for number in ("--5", "9" * 4500, "-", "1e3", "%00", "%D9%A1"):
        assert "Чьи чаты показать" in await page(ask, f"/?user={number}")

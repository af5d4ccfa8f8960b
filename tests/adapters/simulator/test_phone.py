"""A person's phone, and VK Messenger: pages that people press buttons on, without a script."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from adapters.simulator.codes import SMS

from .conftest import Caller

KEYBOARD = {
    "type": "inline_keyboard",
    "payload": {
        "buttons": [
            [{"type": "callback", "text": "Подключить", "payload": "yes"}],
            [{"type": "request_contact", "text": "Поделиться контактом"}],
            [{"type": "link", "text": "Сюда", "url": "https://school.example/"}],
            [{"type": "link", "text": "Никуда", "url": "javascript:alert(1)"}],
        ]
    },
}
BOT = "/?user=1&tab=sferum&chat=bot"
ANNA = {"user_id": 1, "phone": "+79521111111", "first_name": "Анна", "last_name": "Иванова"}


async def page(ask: Caller, path: str) -> str:
    async with ask.session.get(ask.running.url + path) as response:
        assert response.status == 200
        return unescape(await response.text())


async def sent(ask: Caller, path: str, **form: Any) -> str:
    """Where a form leads to."""
    async with ask.session.post(ask.running.url + path, data=form, allow_redirects=False) as response:
        assert response.status == 303
        return response.headers["Location"]


async def asked(ask: Caller) -> str:
    """The id of a message with buttons that Anna was sent."""
    await ask.control("POST", "/users", [ANNA, {"user_id": 2, "first_name": "Борис"}])
    _, told = await ask.max("POST", "/messages?user_id=1", {"text": "Подключить?", "attachments": [KEYBOARD]})
    return str(told["message"]["body"]["mid"])


async def updates(ask: Caller) -> list[Any]:
    return list((await ask.max("GET", "/updates?timeout=0"))[1]["updates"])


async def test_a_person_is_found_by_phone(ask: Caller) -> None:
    await asked(ask)
    assert await sent(ask, "/phone/find", phone="8 (952) 111-11-11") == "/?user=1"
    assert await sent(ask, "/phone/find", phone="8 (952) 111-11-12") == "/?missing"
    assert "Такого номера здесь нет" in await page(ask, "/?missing")


async def test_the_tab_of_sferum_has_its_community_and_the_schools_chats_alone(ask: Caller) -> None:
    await asked(ask)
    await ask.control("POST", "/chats", {"user_id": 1, "title": "Дача"})
    _, made = await ask.max("POST", "/chats", {"title": "7 Б"})
    await ask.max("POST", f"/chats/{made['chat_id']}/members", {"user_ids": [1]})
    chats, sferum = await page(ask, "/?user=1"), await page(ask, "/?user=1&tab=sferum")
    assert ("Дача" in chats, "7 Б" in chats) == (True, True)
    assert ("Дача" in sferum, "7 Б" in sferum, "chat=bot" in sferum) == (False, True, True)


async def test_a_button_is_pressed_once_and_its_answer_is_shown(ask: Caller) -> None:
    mid = await asked(ask)
    assert 'value="yes"' in await page(ask, BOT)
    assert await sent(ask, "/phone/press", user=1, mid=mid, payload="yes", back=BOT) == BOT
    [update] = await updates(ask)
    callback = update["callback"]
    assert (callback["payload"], callback["user"]["user_id"]) == ("yes", 1)
    await ask.max(
        "POST", f"/answers?callback_id={callback['callback_id']}", {"message": {"text": "Готово", "attachments": []}}
    )
    shown = await page(ask, BOT)
    assert ("Готово" in shown, "<button" in shown) == (True, False)


@pytest.mark.parametrize("form", [{"user": 2}, {"user": 99}, {"payload": "no"}, {"mid": "mid.9"}, {"user": "x"}])
async def test_nobody_presses_what_is_not_on_their_phone(ask: Caller, form: dict[str, Any]) -> None:
    mid = await asked(ask)
    assert await sent(ask, "/phone/press", **{"user": 1, "mid": mid, "payload": "yes", "back": BOT} | form) == BOT
    assert await updates(ask) == []


async def test_a_page_leads_back_to_no_other_site(ask: Caller) -> None:
    mid = await asked(ask)
    for back in ("https://evil.example/", "//evil.example/", ""):
        assert await sent(ask, "/phone/press", user=1, mid=mid, payload="yes", back=back) == "/"


async def test_the_own_contact_is_shared_by_a_button(ask: Caller) -> None:
    await asked(ask)
    await sent(ask, "/phone/contact", user=1, back=BOT)
    [update] = await updates(ask)
    [contact] = update["message"]["body"]["attachments"]
    assert (contact["type"], contact["payload"]["max_info"]["user_id"]) == ("contact", 1)
    assert "TEL;TYPE=cell:79521111111\r\n" in contact["payload"]["vcf_info"]
    await sent(ask, "/phone/contact", user=2, back=BOT)  # without a phone there is none
    assert len(await updates(ask)) == 1


async def test_a_link_leads_to_the_web_or_nowhere(ask: Caller) -> None:
    await asked(ask)
    shown = await page(ask, BOT)
    assert 'href="https://school.example/" target="_blank" rel="noopener"' in shown
    assert "javascript:" not in shown


async def test_a_deep_link_asks_who_opens_the_bot(ask: Caller) -> None:
    await asked(ask)
    assert "Кто открывает бота" in await page(ask, "/start/sferum_bot?start=abc")
    assert await sent(ask, "/phone/start", payload="abc", phone="+79521111111") == BOT
    assert await sent(ask, "/phone/start", payload="a b", user=1) == BOT
    assert [(update["update_type"], update["payload"]) for update in await updates(ask)] == [
        ("bot_started", "abc"),
        ("bot_started", None),
    ]


async def test_codes_are_shown_as_phones_show_them(ask: Caller) -> None:
    now = ask.running.simulation.now()
    first = ask.running.world.codes.send("89521111111", now, of="max", by=SMS)
    shown = await page(ask, "/sms")
    assert (f"Код: <b>{first.code}</b>" in shown, "больше не действует" in shown) == (True, False)
    ask.running.world.codes.send("+79521111111", now, of="max")
    assert "больше не действует" in await page(ask, "/sms")


async def test_no_page_has_a_script_of_its_own_or_an_address_of_another(ask: Caller) -> None:
    await ask.control("POST", "/users", ANNA)
    for path in ("/", "/?user=1", BOT, "/start/bot?start=a", "/sms", "/home/vk", "/messenger/new"):
        shown = await page(ask, path)
        assert not re.search(r"<script(?! src=\"/static)|style=|https?://", shown)


async def test_vk_messenger_shows_the_chats_of_whoever_signed_in_and_makes_new_ones(ask: Caller) -> None:
    await ask.control("POST", "/users", ANNA | {"password": "the-password"})
    home = await page(ask, "/home/vk")
    assert all(f">{words}</a>" in home for words in ("Войти", "Войти в Сферум"))
    async with ask.session.get(f"{ask.running.url}/vkid/messenger") as response:
        key = response.url.path
        browser = response.history[0].cookies["vkid"].value
    ask.session.cookie_jar.clear()
    ask.session.headers["Cookie"] = f"vkid={browser}"
    for typed in ({"phone": "+79521111111"}, {"password": "the-password"}, None, {"user_id": 1}):
        told = typed or {"code": ask.running.world.codes.sent[-1].code}
        screen = {"phone": "phone", "password": "password", "code": "code", "user_id": "profile"}[next(iter(told))]
        leads = await sent(ask, key, screen=screen, **told)
    assert leads == "/messenger"
    assert "Создайте новый" in await page(ask, "/messenger")
    assert await sent(ask, "/messenger/new", title="Кружок") == "/messenger"
    assert "Кружок" in await page(ask, "/messenger")
    assert [chat.chat_id > 0 for chat in ask.running.world.chats.values()] == [True]
    await sent(ask, "/messenger/leave")
    assert "Войти в Сферум" in await page(ask, "/messenger")


async def test_an_application_of_vk_id_has_a_name_and_a_manual(ask: Caller) -> None:
    await ask.control("POST", "/vkid/applications", {"client_id": "7", "service": "Наш дневник", "manual": "002"})
    assert ask.running.simulation.vk_id.application("7").service == "Наш дневник"
    status, _ = await ask.refused_control("/vkid/applications", {"client_id": "7", "service": "x", "manual": "000"})
    assert status == 400

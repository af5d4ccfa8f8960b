"""Unlinking as each manual has it, and where it is left to support."""

from __future__ import annotations

import pytest

from sync.ids import AccountId
from sync.linking.outcomes import Linked, NotLinked
from tests.portal.conftest import Doorway

LINKED = Linked(AccountId("7"), "+79001234567")


@pytest.fixture
async def linked(door: Doorway) -> Doorway:
    door.linking.stand("max", LINKED)
    return door


async def test_000_in_two_steps_and_by_yes(linked: Doorway) -> None:
    shown = await linked.enter()
    assert "Отвязать учетную запись" in shown.text
    assert "/my/unlink/max" in shown.links()
    window = await linked.get("/my/unlink/max")
    assert "Вы действительно хотите отвязать учетную запись от Сферума?" in window.text
    assert "Нет Да" in window.text
    assert linked.linking.asked == []
    assert (await linked.post("/my/unlink/max")).location == "/my/chats"
    assert linked.linking.asked == [("unlink", "s1-p", "max")]


async def test_001_a_button_in_a_window_and_then_the_question(linked: Doorway) -> None:
    await linked.enter(sub="s1-t", role="employee")
    first = await linked.get("/my/unlink/max")
    assert "Отвязать аккаунт от Сферума" in first.text
    assert "/my/unlink/max?step=2" in first.links()
    assert 'method="post"' not in first.body
    second = await linked.get("/my/unlink/max?step=2")
    assert "Вы действительно хотите отвязать учетную запись от Сферума? " in second.text
    assert (await linked.get("/my/unlink/max?step=3")).location == "/my/chats"


async def test_003_in_the_passport_under_security(linked: Doorway) -> None:
    await linked.issuer(product="mesh")
    shown = await linked.enter(page="security")
    assert "Мой паспорт Безопасность" in shown.text
    assert "Внешние аккаунты Сферум id 7" in shown.text
    assert 'aria-label="Отвязать аккаунт «Сферум»"' in shown.body
    window = await linked.get("/my/unlink/max")
    assert 'Удаление профиля "Сферум"' in window.text
    assert "Вы действительно хотите отвязать аккаунт «Сферум» от вашей учетной записи? Отменить Отвязать" in window.text
    assert (await linked.post("/my/unlink/max")).location == "/my/security"
    assert linked.linking.asked == [("unlink", "s1-p", "max")]


async def test_002_a_teacher_has_it_in_the_moscow_region_alone(linked: Doorway) -> None:
    await linked.issuer(product="mesh")
    assert (await linked.get(f"/enter?token={linked.token(sub='s1-t', role='employee', page='security')}")).location
    assert (await linked.get("/my/security")).location == "/my/chats"
    assert (await linked.get("/my/unlink/max")).location == "/my/chats"
    await linked.post("/my/unlink/max")
    assert linked.linking.asked == []
    await linked.issuer(product="mesh", region="RU-MOS")
    await linked.enter(sub="s1-t", role="employee")
    assert (await linked.get("/my/security")).status == 200
    await linked.post("/my/unlink/max")
    assert linked.linking.asked == [("unlink", "s1-t", "max")]


async def test_002_where_it_is_left_to_support_the_page_says_whom_to_ask(door: Doorway) -> None:
    await door.issuer(product="mesh")
    async with door.road.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE organisations SET platform = 'vk'")
    door.linking.stand("vk_id", LINKED)
    shown = await door.enter(sub="s1-t", role="employee")
    assert "возможно только через службу технической поддержки." in shown.text
    assert "mailto:info@sferum.ru" in shown.links()


async def test_004_at_once(door: Doorway) -> None:
    await door.issuer(product="paragraf")
    async with door.road.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE organisations SET platform = 'vk'")
    door.linking.stand("vk_id", LINKED)
    shown = await door.enter()
    assert "Перейти в чаты Отвязать аккаунт от VK ID" in shown.text
    assert (await door.post("/my/unlink/vk_id")).location == "/my/chats"
    door.linking.stand("vk_id", NotLinked())
    assert "Привязать к VK ID" in (await door.get("/my/chats")).text


async def test_nobody_is_asked_about_what_is_not_linked(door: Doorway) -> None:
    await door.enter()
    assert (await door.get("/my/unlink/max")).location == "/my/chats"
    assert (await door.get("/my/unlink/somebody")).status in {404, 422}

"""The ways of the manuals, whole: from the school system's cabinet to the chats on the platform, and out of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.demo.walk import Walk, walking


@pytest.fixture
async def walk() -> AsyncIterator[Walk]:
    async with walking() as begun:
        yield begun


async def test_the_schools_and_their_people_may_be_chosen(walk: Walk) -> None:
    await walk.go("/cabinet/")
    assert walk.text.count("чаты в MAX") == 2
    assert walk.text.count("чаты в VK") == 3
    for school in ("bars-max", "bars-vk", "mesh-vk", "mesh-max", "paragraf-vk"):
        await walk.go(f"/cabinet/{school}")
        assert {role for role in ("ученик", "родитель", "учитель") if role in walk.text} == {
            "ученик", "родитель", "учитель",
        }  # fmt: skip


@pytest.mark.parametrize("role", ["ученик", "родитель"])
async def test_000_a_request_confirmed_in_max_and_unlinked_by_yes(walk: Walk, role: str) -> None:
    person, phone = await walk.somebody("bars-max", role)
    await walk.press("Авторизация в Сферум")
    assert walk.path == "/my/link"
    await walk.press("Привязать учебный аккаунт Сферум", phone=phone)
    assert "Запрос на привязку отправлен." in walk.text
    await walk.answer_in_max("Подключить")
    await walk.until("/my/chats", "Вы в чате")
    chats = await walk.chats_on_platform(phone)
    assert chats
    assert phone[-2:] in walk.body  # the own number, whole
    await walk.go(f"/cabinet/bars-max/{person}")
    assert "Авторизация в Сферум" not in walk.text
    await walk.press("Сферум")
    await walk.press("Отвязать учетную запись")
    await walk.press("Да")
    await walk.until("/my/chats", "Ждёт привязки аккаунта")
    assert await walk.stage.settled()
    assert await walk.chats_on_platform(phone) == []


async def test_000_declined_in_max_the_form_is_there_again(walk: Walk) -> None:
    _, phone = await walk.somebody("bars-max", "ученик")
    await walk.press("Авторизация в Сферум")
    await walk.press("Привязать учебный аккаунт Сферум", phone=phone)
    await walk.answer_in_max("Не подключать")
    await walk.until("/my/link", "Привязка не подтверждена: выбрано «Не подключать».")
    await walk.press("Привязать учебный аккаунт Сферум", phone="8 900 000-00-00")
    assert "Номер телефона не соответствует формату +7 (9XX) XXX-XX-XX" in walk.text


async def test_003_a_code_and_unlinked_under_security(walk: Walk) -> None:
    person, phone = await walk.somebody("mesh-max", "ученик")
    await walk.press("Чаты Сферум")
    await walk.press("Перейти к подключению")
    await walk.press("Продолжить", phone=phone)
    code = (await walk.simulated("GET", "codes"))[-1]["code"]
    await walk.press("Перейти в MAX", code="000000" if code != "000000" else "000001")
    assert "Неверный код. Осталось попыток: 4" in walk.text
    await walk.press("Перейти в MAX", code=code)
    assert "Ваша учетная запись успешно привязана." in walk.text
    await walk.until("/my/chats", "Вы в чате")
    await walk.go(f"/cabinet/mesh-max/{person}")
    await walk.press("Безопасность")
    assert "Внешние аккаунты Сферум id" in walk.text
    await walk.go("/my/unlink/max")
    await walk.press("Отвязать")
    await walk.until("/my/chats", "Ждёт привязки аккаунта")
    assert await walk.stage.settled()
    assert await walk.chats_on_platform(phone) == []

"""The ways of the manuals, whole: from the school system's cabinet to the chats on the platform, and out of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from tests.demo.walk import Walk, walking


@pytest.fixture
async def walk() -> AsyncIterator[Walk]:
    """In no log and in no address is a phone, a name, or what signs somebody in."""
    with capture_logs() as logs:
        async with walking() as begun:
            yield begun
            people = [each for school in begun.cabinets.everybody() for each in school]
            told = f"{logs} {[address for address in begun.seen if '/enter?' not in address]}"
            assert not [each.phone for each in people if each.phone[2:] in told]
            assert not [each.name for each in people if each.name.last in told]
            assert "token=" not in told


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


@pytest.mark.parametrize("role", ["учитель", "родитель"])
async def test_001_vk_id_and_unlinked_in_the_registry(walk: Walk, role: str) -> None:
    person, phone = await walk.somebody("bars-vk", role)
    await walk.press("Привязать аккаунт к Сферум" if role == "учитель" else "Авторизация в Сферум")
    await walk.press("Привязать учебный аккаунт VK ID")
    assert "С сервисом" in walk.text
    await walk.through_vk_id(phone)
    assert (walk.path, "Аккаунт привязан." in walk.text) == ("/my/linked", True)
    await walk.until("/my/chats", "Вы в чате")
    assert await walk.chats_on_platform(phone)
    await walk.go(f"/cabinet/bars-vk/{person}")
    assert "Привязать аккаунт к Сферум" not in walk.text
    await walk.press("Сферум")
    await walk.press("Отвязать учетную запись")
    if role == "учитель":
        await walk.press("Отвязать аккаунт от Сферума")
    await walk.press("Да")
    await walk.until("/my/chats", "Ждёт привязки аккаунта")
    assert await walk.stage.settled()
    assert await walk.chats_on_platform(phone) == []


async def test_002_vk_id_a_window_that_names_the_account_and_security(walk: Walk) -> None:
    person, phone = await walk.somebody("mesh-vk", "учитель")
    await walk.press("Подключить")
    await walk.press("Перейти к подключению")
    await walk.through_vk_id(phone)
    assert walk.path == "/my/link/vk"
    assert "Добавление профиля «Сферум»" in walk.text
    await walk.press("Отмена")
    assert walk.path == "/my/link"
    await walk.go("/my/link/vk")
    assert walk.path == "/my/link"  # nothing of it is left
    await walk.press("Перейти к подключению")
    await walk.through_vk_id(phone)
    await walk.press("Привязать")
    assert "Ваш учебный профиль Сферум в VK Мессенджере успешно привязан" in walk.text
    await walk.until("/my/chats", "Вы в чате")
    await walk.go(f"/cabinet/mesh-vk/{person}")
    await walk.press("Безопасность")
    await walk.go("/my/unlink/vk_id")
    await walk.press("Отвязать")
    await walk.until("/my/chats", "Перейти к подключению")
    assert await walk.stage.settled()
    assert await walk.chats_on_platform(phone) == []


async def test_004_vk_id_and_unlinked_at_once(walk: Walk) -> None:
    _, phone = await walk.somebody("paragraf-vk", "ученик")
    await walk.press("Чаты")
    await walk.press("Привязать к VK ID")
    assert "Чаты" in walk.text
    await walk.press("Привязать к VK ID")
    await walk.through_vk_id(phone, deny=True)
    assert "Вход по VK ID отменён." in walk.text
    await walk.press("Привязать к VK ID")
    await walk.through_vk_id(phone)
    await walk.until("/my/chats", "Вы в чате")
    assert "Перейти в чаты" in walk.text
    await walk.press("Отвязать аккаунт от VK ID")
    await walk.until("/my/chats", "Привязать к VK ID")
    assert await walk.stage.settled()
    assert await walk.chats_on_platform(phone) == []

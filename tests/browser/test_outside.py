"""The pages that people see outside, in the simulator: a phone whose buttons are pressed, VK ID, VK Messenger."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from adapters.max.client import max_client
from adapters.simulator.entities import User
from adapters.simulator.server import Simulator, simulator
from adapters.vk_id.client import vk_id_client
from sync.ids import AccountId
from tests.browser.pages import assert_good

PHONE = "+79521111111"
ANNA = User(1, PHONE, "Анна", "Иванова", password="the-password", study_profile=True)
QUESTION = (
    "Анна И., Школа № 7: привязать учебный аккаунт к учетной записи в «Электронной школе»? Проверьте свои данные."
)


@pytest_asyncio.fixture(loop_scope="session")
async def outside() -> AsyncIterator[Simulator]:
    async with simulator(requests_per_second=0) as running:
        running.world.put_users([ANNA])
        yield running


def code(outside: Simulator) -> str:
    return outside.world.codes.sent[-1].code


async def went_on(page: Page, heading: str) -> None:
    await page.get_by_role("button", name="Продолжить").click()
    await arrived(page, heading)


async def arrived(page: Page, heading: str) -> None:
    await expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    await assert_good(page)


async def test_a_question_is_answered_on_the_phone(page: Page, outside: Simulator) -> None:
    async with max_client(outside.max_url, "simulator", call_timeout_s=60) as client:
        await client.identity().ask(AccountId("1"), QUESTION, 7)
        await client.identity().ask_contact(AccountId("1"), "Поделитесь контактом")
    await page.goto(outside.url)
    await page.get_by_label("Номер телефона").fill("8 (952) 111-11-11")
    await page.keyboard.press("Enter")
    await page.get_by_role("navigation").get_by_role("link", name="Сферум").click()
    await assert_good(page)
    await page.get_by_role("listitem").get_by_role("link").first.click()
    await arrived(page, "Сферум")
    await page.get_by_role("button", name="Поделиться контактом").click()
    await expect(page.get_by_text("Контакт", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Не подключать").click()
    await expect(page.get_by_role("heading", name="Сферум")).to_be_visible()
    assert [update.press.payload for update in outside.world.updates if update.press] == ["link 7 no"]
    await assert_good(page, "phone")


async def test_whoever_opens_a_link_says_who_it_is(page: Page, outside: Simulator) -> None:
    async with max_client(outside.max_url, "simulator", call_timeout_s=60) as client:
        link = client.identity("sferum_bot").deep_link("abc")
    assert link is not None
    await page.goto(link)
    await arrived(page, "Кто открывает бота")
    await page.get_by_role("button", name="Анна Иванова").click()
    await arrived(page, "Сферум")
    assert [update.payload for update in outside.world.updates] == ["abc"]


async def test_a_teacher_signs_in_by_vk_id(page: Page, outside: Simulator) -> None:
    """And comes back to an address of another site: nothing on the way there is refused."""
    back = outside.url.replace("127.0.0.1", "localhost") + "/home/vk"
    async with vk_id_client(outside.vk_id_url, "bars", call_timeout_s=60) as vk_id:
        await page.goto(vk_id.authorize_url("state", vk_id.challenge("v" * 43), back))
    await arrived(page, "Вход в VK ID")
    await page.get_by_label("Телефон или почта").fill(PHONE)
    await page.keyboard.press("Enter")
    await arrived(page, "Введите пароль")
    await page.get_by_label("Пароль").fill("another")
    await went_on(page, "Введите пароль")
    await expect(page.get_by_role("alert")).to_have_text("Неверный пароль")
    await page.get_by_label("Пароль").fill("the-password")
    await went_on(page, "Подтвердите вход")
    await page.get_by_role("button", name="Получить код звонком").click()
    await expect(page.get_by_text("Звонок поступит в течение")).to_be_visible()
    await assert_good(page)
    await page.get_by_label("Последние 4 цифры").fill(code(outside))
    await went_on(page, "Выберите профиль для связки")
    await went_on(page, "Информация о себе")
    await page.get_by_role("button", name="Продолжить").click()
    await page.wait_for_url(f"{back}?code=*")


async def test_vk_messenger_is_entered_by_vk_id(page: Page, outside: Simulator) -> None:
    await page.goto(outside.vk_home_url)
    await arrived(page, "VK Мессенджер")
    await page.get_by_role("link", name="Войти", exact=True).click()
    await page.get_by_label("Телефон или почта").fill(PHONE)
    await went_on(page, "Введите пароль")
    await page.get_by_label("Пароль").fill("the-password")
    await went_on(page, "Подтвердите вход")
    await page.get_by_label("Введите код из СМС").fill(code(outside))
    await went_on(page, "Выберите профиль для связки")
    await page.get_by_role("button", name="Продолжить").click()
    await page.get_by_role("link", name="Создайте новый").click()
    await page.get_by_label("Название чата").fill("Кружок")
    await page.get_by_role("button", name="Создать").click()
    await expect(page.get_by_text("Кружок")).to_be_visible()
    await assert_good(page, "vk-messenger")


async def test_codes_come_to_a_page_of_their_own(page: Page, outside: Simulator) -> None:
    await page.goto(f"{outside.url}/sms")
    await arrived(page, "СМС и звонки")
    outside.world.codes.send(PHONE, outside.simulation.now(), of="max")
    await expect(page.get_by_text(code(outside))).to_be_visible()
    await assert_good(page, "sms")

"""The ways of people, walked in a browser: from the school system's cabinet to the chats and out of them again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import WIDTHS
from tests.browser.pages import Complaints, assert_good
from tests.demo.walk import Walk, walking


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walk(no_settings: None) -> AsyncIterator[Walk]:
    async with walking() as begun:
        yield begun


async def at_desk(page: Page, walk: Walk, school: str, role: str) -> str:
    """Opens the cabinet as somebody of that role; gives their phone."""
    _, phone = await walk.somebody(school, role)
    await page.goto(str(walk.here))
    return phone


async def refreshed_until(page: Page, words: str) -> None:
    """Refreshes the page, as it says to, until it says so."""
    shown = page.get_by_text(words).first
    for _ in range(200):
        if await shown.is_visible():
            return
        await page.wait_for_timeout(300)
        await page.reload()
    await expect(shown).to_be_visible()


async def test_cabinets_of_the_five_schools(page: Page, walk: Walk) -> None:
    await page.goto(f"{walk.url}/cabinet/")
    await assert_good(page, "cabinets")
    await page.get_by_role("link", name="МЭШ").first.click()
    await expect(page.get_by_role("heading", name="Кто входит")).to_be_visible()
    await assert_good(page)
    await page.get_by_role("listitem").get_by_role("link").first.click()
    await expect(page.get_by_role("button", name="Чаты Сферум")).to_be_visible()
    await assert_good(page, "cabinet")


async def test_000_linked_by_a_request_and_unlinked(page: Page, walk: Walk) -> None:
    phone = await at_desk(page, walk, "bars-max", "родитель")
    await page.get_by_role("button", name="Авторизация в Сферум").click()
    await expect(page.get_by_role("heading", name="Авторизация в Сферум")).to_be_visible()
    await assert_good(page, "link-000")
    field = page.get_by_label("Номер телефона")
    await field.fill("8 900 000 00 00")
    await field.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("Номер телефона не соответствует формату +7 (9XX) XXX-XX-XX")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("8 900 000 00 00")
    await assert_good(page)
    await field.fill(phone)
    await page.get_by_role("button", name="Привязать учебный аккаунт Сферум").click()
    await expect(page.get_by_role("status")).to_contain_text("Запрос на привязку отправлен.")
    await assert_good(page, "requested-000")
    await walk.answer_in_max("Подключить")
    await page.goto(f"{walk.url}/my/chats")
    await refreshed_until(page, "Вы в чате")
    await expect(page.get_by_label("Телефон, привязанный к Сферум")).to_have_value(
        f"+7({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    )
    await assert_good(page, "chats")
    await page.get_by_role("link", name="Отвязать учетную запись").click()
    question = "Вы действительно хотите отвязать учетную запись от Сферума?"
    await expect(page.get_by_role("dialog", name=question)).to_be_visible()
    await assert_good(page, "unlink-000")
    await page.get_by_role("link", name="Нет", exact=True).click()
    await page.get_by_role("link", name="Отвязать учетную запись").click()
    await page.get_by_role("button", name="Да", exact=True).click()
    await expect(page.get_by_label("Телефон, привязанный к Сферум")).to_have_value("")
    await assert_good(page, "chats-unlinked")


async def test_003_linked_by_a_code_and_unlinked_under_security(page: Page, walk: Walk) -> None:
    phone = await at_desk(page, walk, "mesh-max", "ученик")
    await page.get_by_role("button", name="Чаты Сферум").click()
    await expect(page.get_by_role("heading", name="Мессенджер не подключен")).to_be_visible()
    await assert_good(page, "before-003")
    await page.get_by_role("link", name="Перейти к подключению").click()
    await expect(page.get_by_label("Номер мобильного телефона")).to_be_visible()
    await assert_good(page, "phone-003")
    await page.get_by_label("Номер мобильного телефона").fill(phone)
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_label("Код")).to_be_focused()
    await assert_good(page, "code-003")
    await page.get_by_label("Код").fill((await walk.simulated("GET", "codes"))[-1]["code"])
    await page.get_by_role("button", name="Перейти в MAX").click()
    await expect(page.get_by_role("heading", name="Ваша учетная запись успешно привязана.")).to_be_visible()
    await assert_good(page, "linked-003")
    await page.goto(f"{walk.url}/my/security")
    await assert_good(page, "security")
    await page.get_by_role("link", name="Отвязать аккаунт «Сферум»").click()
    await expect(page.get_by_role("dialog", name='Удаление профиля "Сферум"')).to_be_visible()
    await assert_good(page, "unlink-003")
    await page.get_by_role("button", name="Отвязать").click()
    await expect(page.get_by_role("link", name="Перейти к подключению")).to_be_visible()


async def test_002_linked_by_vk_id_in_a_window_that_names_the_account(page: Page, walk: Walk) -> None:
    phone = await at_desk(page, walk, "mesh-vk", "учитель")
    await page.get_by_role("button", name="Подключить").click()
    await expect(page.get_by_text("Привязка аккаунта не работает при подключении VPN.")).to_be_visible()
    await assert_good(page, "before-002")
    await page.get_by_role("button", name="Перейти к подключению").click()
    await signed_in_at_vk_id(page, walk, phone)
    window = page.get_by_role("dialog", name="Добавление профиля «Сферум»")
    await expect(window).to_be_visible()
    await assert_good(page, "consent-002")
    await window.get_by_role("button", name="Привязать").click()
    await expect(page.get_by_role("heading", name="успешно привязан")).to_be_visible()
    await assert_good(page)
    await page.goto(f"{walk.url}/my/security")
    await page.get_by_role("link", name="Отвязать аккаунт «Сферум»").click()
    await page.get_by_role("button", name="Отвязать").click()
    await expect(page.get_by_role("link", name="Перейти к подключению")).to_be_visible()


async def signed_in_at_vk_id(page: Page, walk: Walk, phone: str) -> None:
    """Goes through VK ID's screens, as far as it asks, until they lead back."""
    go_on = page.locator("button.first")
    while True:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        if "/vkid/" not in page.url:
            return
        match await page.locator("input[name=screen]").get_attribute("value"):
            case "phone":
                await page.get_by_label("Телефон или почта").fill(phone)
            case "code":
                await page.locator("input[name=code]").fill((await walk.simulated("GET", "codes"))[-1]["code"])
            case "about":
                await page.get_by_label("Имя").fill("Анна")
                await page.get_by_label("Фамилия").fill("Иванова")
        async with page.expect_navigation():
            await go_on.click()


async def test_everything_works_without_scripts_and_by_the_keyboard(browser: Browser, walk: Walk) -> None:
    context = await browser.new_context(viewport=WIDTHS[320], java_script_enabled=False)
    page = await context.new_page()
    phone = await at_desk(page, walk, "mesh-max", "родитель")
    await page.get_by_role("button", name="Чаты Сферум").press("Enter")
    await page.get_by_role("link", name="Перейти к подключению").press("Enter")
    await page.get_by_label("Номер мобильного телефона").fill(phone)
    await page.get_by_label("Номер мобильного телефона").press("Enter")
    await page.get_by_label("Код").fill((await walk.simulated("GET", "codes"))[-1]["code"])
    await page.get_by_label("Код").press("Enter")
    await expect(page.get_by_role("heading", name="Ваша учетная запись успешно привязана.")).to_be_visible()
    await context.close()


async def test_a_hand_over_that_is_used_leads_nowhere(page: Page, walk: Walk, complaints: Complaints) -> None:
    await page.goto(f"{walk.url}/my/outdated")
    said = "Ссылка устарела. Войдите ещё раз из вашей школьной системы."
    await expect(page.get_by_role("heading")).to_have_text(said)
    await assert_good(page, "outdated")
    assert [each for each in complaints if "403" not in each] == []  # of the page itself, which is nobody's
    complaints.clear()

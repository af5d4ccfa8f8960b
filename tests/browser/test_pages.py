"""The pages that are there, at both widths and in both schemes: they fit, everybody can use them, nothing complains."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import Shown
from tests.browser.pages import assert_good


async def test_home_leads_on(page: Page, shown: Shown) -> None:
    await page.goto(shown.product)
    await expect(page.get_by_role("heading", name="Rollcall")).to_be_visible()
    await assert_good(page, "home")
    for link in await page.get_by_role("link").all():
        await expect(await page.request.get(f"{shown.product}{await link.get_attribute('href')}")).to_be_ok()


async def test_the_demo_shows_the_members_of_the_chat_that_is_chosen(page: Page, shown: Shown) -> None:
    await page.goto(shown.demo)
    members = page.get_by_role("region", name="Участники")
    await page.get_by_role("button", name="Учительская").click()
    await expect(members.get_by_role("heading", name="Учительская")).to_be_visible()
    await expect(members.get_by_text("работает в школе").first).to_be_visible()
    await assert_good(page)


async def test_the_demo_tells_what_happens_and_what_comes_of_it(page: Page, shown: Shown) -> None:
    step = await shown.goes_on()
    await page.goto(shown.demo)
    await expect(page.get_by_role("heading", name=step.title)).to_be_visible()
    await expect(page.get_by_text("Платформа совпадает")).to_be_visible()
    await assert_good(page, "demo")


async def test_the_demo_waits_for_who_watches(page: Page, shown: Shown) -> None:
    await page.goto(shown.demo)
    await page.get_by_role("button", name="Пауза").click()
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("button", name="Пауза")).to_be_visible()


async def test_the_platform_shows_the_chats_of_a_person(page: Page, shown: Shown) -> None:
    await page.goto(shown.platform)
    await expect(page.get_by_role("heading", name="Чьи чаты показать")).to_be_visible()
    await assert_good(page)
    await page.get_by_role("listitem").get_by_role("link").first.click()
    await expect(page.get_by_role("link", name="Люди")).to_be_visible()
    await assert_good(page)
    await page.get_by_role("listitem").get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name="Участники")).to_be_visible()
    await assert_good(page, "platform")

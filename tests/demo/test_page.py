"""The page as a browser asks for it, and the pace of the play."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from rollcall.demo.play import Play
from rollcall.demo.show import OnShow
from rollcall.demo.showing import site
from rollcall.serving import address_of, listening_on, server_of


@pytest.fixture
def show(play: Play) -> OnShow:
    return OnShow(play)


@pytest.fixture
async def browser(play: Play, show: OnShow) -> AsyncIterator[aiohttp.ClientSession]:
    with listening_on("127.0.0.1", 0) as listening:
        server = server_of(site(play.stage, show))
        serving = asyncio.create_task(server.serve([listening]))
        async with aiohttp.ClientSession(base_url=address_of(listening)) as session:
            yield session
        server.should_exit = True
        await serving


async def text(browser: aiohttp.ClientSession, path: str) -> str:
    async with browser.get(path) as response:
        assert response.status == 200
        return await response.text()


async def test_the_page_and_all_it_needs_are_served_without_a_token(browser: aiohttp.ClientSession) -> None:
    page = await text(browser, "/")
    for name in ("demo.css", "demo.js", "htmx.min.js"):
        assert f"static/{name}" in page
        await text(browser, f"/demo/static/{name}")
    async with browser.get("/v1/status") as response:
        assert response.status == 401


async def test_a_step_shows_who_came_why_and_on_whose_phone(
    play: Play, show: OnShow, browser: aiohttp.ClientSession
) -> None:
    await play.begin()
    assert await play.stage.settled()
    before = show.present()
    step = await anext(play.steps())
    show.begin(step, before)
    show.settled = await play.stage.settled()
    scene = await text(browser, "/demo/scene")
    assert "Зачисление" in scene
    assert '<tr class="joined">' in scene
    assert "учится в классе" in scene
    assert "Вас добавили в чат" in scene
    pinned = await text(browser, f"/demo/scene?step=1&chat=staff:{play.roll.organisation_id}")
    assert "работает в школе" in pinned


async def test_what_has_not_changed_is_not_sent_again(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/demo/scene") as first:
        version = first.headers["x-version"]
    async with browser.get("/demo/scene", headers={"x-version": version}) as again:
        assert again.status == 204


async def test_whoever_watches_can_go_on_at_once_and_pause(show: OnShow, browser: aiohttp.ClientSession) -> None:
    waiting = asyncio.create_task(show.wait(3600))
    await asyncio.sleep(0)
    async with browser.post("/demo/next") as response:
        assert response.status == 204
    await waiting
    async with browser.post("/demo/pause?paused=true"):
        waiting = asyncio.create_task(show.wait(0))
    assert "Продолжить" in await text(browser, "/demo/scene")
    assert not waiting.done()
    async with browser.post("/demo/next"):
        await waiting
    assert "Продолжить" in await text(browser, "/demo/scene")
    async with browser.post("/demo/pause?paused=false"):
        assert "Пауза" in await text(browser, "/demo/scene")

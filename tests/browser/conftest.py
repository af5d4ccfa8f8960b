"""A browser, and what it looks at: one of each for a worker, all on the session's loop, as the tests here are.

A test asks for `page` and runs twice, at the width of a phone and of a desk. Whatever the browser complains of while
it runs fails it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect
from starlette.types import ASGIApp

from adapters.web.app import build_app
from rollcall.demo.play import Play, Size, made_up
from rollcall.demo.show import OnShow
from rollcall.demo.showing import site
from rollcall.demo.stage import open_stage
from rollcall.demo.story import Step
from rollcall.serving import address_of, dependencies_of, listening_on, server_of
from rollcall.settings import read_settings
from tests.browser.chromium import chromium
from tests.browser.pages import PATIENCE_MS, Complaints

HERE = Path(__file__).parent
WIDTHS = {320: ViewportSize(width=320, height=640), 1280: ViewportSize(width=1280, height=800)}
SMALL = Size(classes=4, pupils_a_class=3)

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser lives on the loop that it was started on: its tests share one."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def no_settings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in [each for each in os.environ if each.startswith("ROLLCALL_")]:
            monkeypatch.delenv(name)
        yield


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What the browser complained of; it fails the test, unless that takes it out."""
    heard = Complaints()
    yield heard
    assert not heard


@pytest_asyncio.fixture(params=sorted(WIDTHS), loop_scope="session")
async def page(browser: Browser, complaints: Complaints, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """An empty page of a browser that knows nobody, at each width."""
    context = await browser.new_context(viewport=WIDTHS[request.param], locale="ru-RU", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    opened = await context.new_page()
    complaints.listen_to(opened)
    yield opened
    await context.close()


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The address, without a slash at its end, where an app answers until the block is left."""
    with listening_on("127.0.0.1", 0) as listening:
        server = server_of(app)
        answering = asyncio.create_task(server.serve([listening]))
        yield address_of(listening)
        server.should_exit = True
        await answering


@dataclass(frozen=True, slots=True)
class Shown:
    """A small school on show, loaded and settled: its play, and where the pages of the product, the demo and the
    platform are.
    """

    play: Play
    show: OnShow
    steps: AsyncIterator[Step]
    product: str
    demo: str
    platform: str

    async def goes_on(self) -> Step:
        """Plays the next step of the term, as far as it goes."""
        before = self.show.present()
        step = await anext(self.steps)
        self.show.begin(step, before)
        self.show.settled = await self.play.stage.settled()
        return step


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shown(no_settings: None) -> AsyncIterator[Shown]:
    async with open_stage(read_settings()) as stage:
        play = Play(stage, made_up(SMALL))
        show = OnShow(play)
        await play.begin()
        show.settled = await stage.settled()
        async with serving(site(stage, show)) as demo, serving(build_app(dependencies_of(stage.app))) as product:
            yield Shown(play, show, play.steps(), product, f"{demo}/demo/", stage.simulator.url)

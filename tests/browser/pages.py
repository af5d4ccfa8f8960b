"""What every page keeps to, as a browser finds it, and pictures of pages for the documents."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Literal

from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import ConsoleMessage, Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PICTURES = os.environ.get("ROLLCALL_TEST_PICTURES")  # the folder that they are wanted in
COLOURS = 256
PATIENCE_MS = 60_000  # of a machine under load; nothing takes so long by itself

_WIDER = """() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"""


class Complaints(list[str]):
    """What the browser complains of while a page is open: errors of scripts, what is missing, what CSP refuses."""

    def listen_to(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.append(f"{message.location.get('url', '')}: {message.text}")


async def assert_fits(page: Page) -> None:
    """Nothing is pushed over the edge: the page does not scroll sideways."""
    there, shown = await page.evaluate(_WIDER)
    assert there <= shown, f"{page.url} is {there} px wide, of which {shown} px are shown"


async def assert_accessible(page: Page) -> None:
    """axe finds nothing wrong with the page as it stands, in the light scheme and in the dark one."""
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = await Axe().run(page)
        assert not found.violations_count, f"{page.url}, {scheme}: {found.generate_report()}"


async def assert_good(page: Page, picture: str = "") -> None:
    """The page, as it stands, fits and is accessible; `picture` is what a picture of it is called."""
    await assert_fits(page)
    await assert_accessible(page)
    if picture:
        await _take(page, picture)


async def _take(page: Page, name: str) -> None:
    """The picture as `NAME-WIDTH.png`, where pictures are wanted; in few colours, so that it is small."""
    if PICTURES and page.viewport_size:
        await page.emulate_media(color_scheme="light")
        with Image.open(BytesIO(await page.screenshot())) as taken:
            path = Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png"
            taken.convert("RGB").quantize(COLOURS).save(path, optimize=True)

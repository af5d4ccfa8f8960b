"""The system's own Chromium, driven by Playwright: no browser is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium is on PATH and CHROMIUM names none: apt-get install -y chromium"


def executable() -> str:
    """The path of the browser: CHROMIUM, else the first that is on PATH.

    Raises:
        RuntimeError: there is none; the message says how to install it.
    """
    found = shutil.which(os.environ.get("CHROMIUM", "")) or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError(MISSING)
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window, in its sandbox save under root, where Chromium has none."""
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        yield browser
        await browser.close()

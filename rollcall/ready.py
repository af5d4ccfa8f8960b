"""The application for a command that ends. Loading it takes seconds, which `--help` and completion do without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from rollcall.output import Failed
from rollcall.settings import Settings

if TYPE_CHECKING:
    from rollcall.app import App


@asynccontextmanager
async def ready_app(settings: Settings) -> AsyncIterator[App]:
    """The application, loaded now; unlike a server it does not wait for a database.

    Raises:
        Failed: the database does not answer, has no tables yet, or takes nothing.
    """
    from rollcall.app import open_app  # noqa: PLC0415 - two seconds of importing

    async with open_app(settings) as app:
        if (why := (await app.registry.operations.readiness(app.clock.now())).why) is not None:
            raise Failed(why)
        yield app

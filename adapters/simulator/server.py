"""The simulator as an HTTP server: the dialects and the control calls over one world."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from adapters.simulator.control import control_app
from adapters.simulator.exchange import Simulation
from adapters.simulator.feed import Feed, Sleep
from adapters.simulator.max import max_dialect
from adapters.simulator.page import add_page
from adapters.simulator.vk import vk_dialect
from adapters.simulator.vkid.pages import vk_id_app
from adapters.simulator.world import World

SHUTDOWN_S = 2.0  # requests under way have so long to end


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator. `url` is `http://host:port`, without a slash at its end; `max_root_url` is so too, of the
    port at whose root the MAX dialect is served, where there is one.
    """

    url: str
    simulation: Simulation
    max_root_url: str | None = None

    @property
    def max_url(self) -> str:
        return f"{self.url}/max"

    @property
    def vk_url(self) -> str:
        return f"{self.url}/vk"

    @property
    def vk_id_url(self) -> str:
        return f"{self.url}/vkid"

    @property
    def vk_home_url(self) -> str:
        return f"{self.url}/home/vk"

    @property
    def world(self) -> World:
        """The world as it is since the last reset."""
        return self.simulation.world


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def simulator(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    max_port: int | None = None,
    token: str = "simulator",  # noqa: S107 - the documented token of a stand-in
    requests_per_second: int = 30,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> AsyncIterator[Simulator]:
    """Serves until the block is left; port 0 is any free one, `requests_per_second` 0 is no limit. On `max_port` the
    MAX dialect is served once more, for clients that know no path. `sleep` is awaited before an update is posted again.

    Raises:
        OSError: the address is in use or not ours.
    """
    feed = Feed(int(now().timestamp() * 1000), sleep)  # so that it goes on where a simulator before this one ended
    simulation = Simulation(token, requests_per_second, clock, now, feed)
    dialect = max_dialect(simulation)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_serving(_simulator_app(simulation, dialect()), host, port))
        root = None
        if max_port is not None:
            root = await stack.enter_async_context(_serving(dialect(), host, max_port))
        stack.push_async_callback(feed.close)
        yield Simulator(url, simulation, root)


@asynccontextmanager
async def _serving(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
        [address] = runner.addresses[:1]
        yield f"http://{host}:{address[1]}"
    finally:
        await runner.cleanup()


def _simulator_app(simulation: Simulation, dialect: web.Application) -> web.Application:
    app = web.Application()
    add_page(app, simulation)
    app.add_subapp("/max", dialect)
    app.add_subapp("/vk", vk_dialect(simulation))
    app.add_subapp("/vkid", vk_id_app(simulation))
    app.add_subapp("/_sim", control_app(simulation))
    return app

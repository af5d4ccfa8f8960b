"""The demo for somebody who watches: the play at a walking pace, and its page, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import webbrowser
from collections.abc import Iterator, Sequence

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from adapters.cabinet.pages import AT, cabinet_app
from adapters.web.app import build_app
from adapters.web.demo import demo_app
from rollcall.demo.cabinets import DemoCabinets
from rollcall.demo.events import Event
from rollcall.demo.play import Play
from rollcall.demo.show import OnShow
from rollcall.demo.stage import Stage, open_stage
from rollcall.output import Failed, say
from rollcall.portal import pages_of
from rollcall.serving import address_of, dependencies_of, listening_on, server_of
from rollcall.settings import Settings
from rollcall.signals import stop_requested

STEP_S = 12.0
LINGER_MS = 50


async def show_until_stopped(settings: Settings, events: Sequence[Event], seed: int) -> None:
    """Plays the term with a page to watch it on, and goes on serving the page when it is over."""
    stopped = stop_requested()
    with _listening(settings) as listening:
        address = address_of(listening)
        at = settings.model_copy(update={"public_url": address})
        async with open_stage(at, linger_ms=LINGER_MS, hears=True) as stage, asyncio.TaskGroup() as tasks:
            show = OnShow(play := Play(stage, events, seed))
            cabinets = DemoCabinets(stage, address, seed)
            server = server_of(site(stage, show, cabinets))
            serving = tasks.create_task(server.serve([listening]))
            playing = tasks.create_task(_play(play, show, cabinets))
            _invite(f"{address}/demo/")
            await stopped.wait()
            playing.cancel()
            server.should_exit = True
            await serving


def site(stage: Stage, show: OnShow, cabinets: DemoCabinets | None = None) -> Starlette:
    """The product's own pages and API, with the demo's page beside them, and the cabinets of school systems."""

    async def to_the_page(_: object) -> RedirectResponse:
        return RedirectResponse("/demo/")

    return Starlette(
        routes=[
            Route("/", to_the_page),
            Mount("/demo", demo_app(show)),
            *([Mount(AT, cabinet_app(cabinets))] if cabinets is not None else []),
            Mount("/", build_app(dependencies_of(stage.app), pages=pages_of(stage.app))),
        ]
    )


async def _play(play: Play, show: OnShow, cabinets: DemoCabinets) -> None:
    await play.begin()
    await cabinets.open()
    show.cabinets_at = f"{AT}/"
    show.settled = await play.stage.settled()
    await show.wait(STEP_S)
    before = show.present()
    async for step in play.steps():
        show.begin(step, before)
        show.settled = await play.stage.settled()
        await show.wait(STEP_S)
        before = show.present()
    show.over = True


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The port that is set; where it is in use, any: somebody wants to see the demo now."""
    with contextlib.ExitStack() as stack:
        try:
            listening = stack.enter_context(listening_on(settings.web_host, settings.web_port))
        except Failed:
            listening = stack.enter_context(listening_on(settings.web_host, 0))
        yield listening


def _invite(url: str) -> None:
    say(f"rollcall demo: {url} (Ctrl+C ends it)")
    if sys.stderr.isatty():
        webbrowser.open(url)

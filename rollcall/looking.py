"""Looking at the rooms of each platform account in turn, for as long as a process runs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import structlog

from rollcall.app import App
from rollcall.platforms import looking_platforms, requests_per_second
from rollcall.workers import until_stopping
from sync.ids import OrganisationId
from sync.use_cases.look_at_rooms import Looking, look_at_rooms, next_turn_in
from sync.use_cases.reconcile_school import reconcile_school

log = structlog.get_logger()

REQUESTS_A_LOOK = 3  # two of the chat, and one for each hundred of its members
IDLE_SHARE = 0.25  # of the rate, where nobody else wants it: a change that comes finds most of the slots free
AT_ONCE = 8
BY_WEB = "web"

_UNDER_WAY: set[asyncio.Future[int | None]] = set()
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0  # until a room that is changed meanwhile is found


def looking_of(app: App) -> Looking:
    pacer = app.dispatch.pacer
    return Looking(app.database, looking_platforms(app.dispatch.platforms, pacer), pacer, app.rules)


def look_workers(app: App) -> Iterator[Coroutine[Any, Any, None]]:
    """The workers that look at rooms, one for each account; none if looks are off."""
    if app.settings.looks == "off":
        log.warning("looks.off", told="nobody sees what people do in chats by themselves (ROLLCALL_LOOKS)")
        return
    looking = looking_of(app)
    for token in app.dispatch.platforms:
        yield keep_looking(app, looking, token)


async def reconcile(app: App, organisation_id: OrganisationId, apply: bool, within_s: float = 25.0) -> None:  # noqa: FBT001
    """On request over HTTP; what is not finished in time continues in the background."""
    now = app.clock.now()
    going = asyncio.ensure_future(
        reconcile_school(looking_of(app), organisation_id, BY_WEB, now, lambda _: None, apply=apply)
    )
    _UNDER_WAY.add(going)
    going.add_done_callback(_UNDER_WAY.discard)
    await asyncio.wait({going}, timeout=within_s)
    app.to_plan.ring()
    app.to_settle.ring()
    if going.done():
        going.result()


async def keep_looking(app: App, looking: Looking, token: str) -> None:
    per_second = IDLE_SHARE * requests_per_second(app.settings, token)
    at_once = max(2, min(AT_ONCE, int(per_second))) if per_second else AT_ONCE

    async def look_once() -> bool:
        began = app.clock.monotonic()
        looked = await look_at_rooms(looking, token, at_once)
        if looked:
            app.to_settle.ring()
            took_s = app.clock.monotonic() - began
            await app.pause(looked * REQUESTS_A_LOOK / per_second - took_s if per_second else 0.0)
        return looked > 0

    async def rest() -> None:
        in_s = await next_turn_in(looking.store, token)
        await app.pause(min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, in_s)))

    await until_stopping(app, f"looking {token}", look_once, rest)

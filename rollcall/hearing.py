"""Hearing a platform account: asking it for updates, or having it post them; one process of all does so."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from adapters.max.client import MaxClient
from rollcall.parts import Parts
from rollcall.turns import turn_to_hear
from rollcall.workers import until_stopping
from sync.errors import PlatformError
from sync.updates import Heard
from sync.use_cases.hear_updates import hear_updates

log = structlog.get_logger()

POLL_S = 15  # how long the platform may keep a question open; a call of ours must end before its time limit
ARRIVES_S = 1.0  # by then a request that was sent has been counted against the limit
AFTER_UPDATES_S = 2.0  # many together cost fewer requests
HELD_S = 60.0  # a killed process is replaced after so long; a question lasts a quarter of it
SUBSCRIBE_EVERY_S = 3600.0  # MAX drops an address that did not answer for some hours
AGAIN_S = 10.0


async def keep_hearing(parts: Parts, token: str, client: MaxClient) -> None:
    """Asks for updates of an account, and again; for places that have no public address."""
    begun, marker = False, None

    async def hear_once() -> bool:
        nonlocal begun, marker
        if not await turn.held():
            begun = False
            await parts.pause(HELD_S / 4)
            return True
        if not begun:
            marker = await _begin(parts, token, client)
            begun = True
        updates, following = await _asked(parts, token, client, marker)
        if following is not None and (updates or following != marker):
            await hear(parts, token, updates, following)
            marker = following
        await parts.pause(AFTER_UPDATES_S if updates else 0.5)
        return True

    async with turn_to_hear(parts, token, HELD_S) as turn:
        await until_stopping(parts, "hearing", lambda: _patiently(parts, token, hear_once()), _nothing)


async def _begin(parts: Parts, token: str, client: MaxClient) -> str | None:
    """How far we had heard; an address that updates were posted to is withdrawn."""
    async with parts.dispatch.pacer.slot(token):
        await client.unsubscribe_all()
    async with parts.database.adopting() as tx:
        return await tx.marker(token)


async def keep_subscribed(parts: Parts, token: str, client: MaxClient) -> None:
    """Has updates of an account posted to our public address."""
    public_url, secret = parts.settings.public_url, parts.settings.max_webhook_secret
    if public_url is None or secret is None:
        log.error("updates.not_subscribed", token=token, missing="PUBLIC_URL and MAX_WEBHOOK_SECRET are both needed")
        return
    path = "/".join(["webhooks", *token.split(":", 1)])

    async def subscribe_once() -> bool:
        if not await turn.held():
            await parts.pause(SUBSCRIBE_EVERY_S / 4)
            return True
        async with parts.dispatch.pacer.slot(token):
            await client.subscribe(f"{public_url.rstrip('/')}/{path}", secret.get_secret_value())
        log.info("updates.subscribed", token=token)
        await parts.pause(SUBSCRIBE_EVERY_S)
        return True

    async with turn_to_hear(parts, token, 2 * SUBSCRIBE_EVERY_S) as turn:
        await until_stopping(parts, "subscribing", lambda: _patiently(parts, token, subscribe_once()), _nothing)


async def _asked(parts: Parts, token: str, client: MaxClient, marker: str | None) -> tuple[list[Heard], str | None]:
    """One question, given up when the process is to stop. It holds its slot only until it has surely arrived."""
    stopping = asyncio.ensure_future(parts.stopping.wait())
    timeout_s = min(POLL_S, max(1, int(parts.settings.call_timeout_s) - 5))
    try:
        async with parts.dispatch.pacer.slot(token):
            asking = asyncio.ensure_future(client.read_updates(marker, timeout_s=timeout_s))
            await asyncio.wait({asking, stopping}, timeout=ARRIVES_S, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            return asking.result()
        asking.cancel()
        return [], None
    finally:
        stopping.cancel()


async def hear(parts: Parts, token: str, updates: list[Heard], marker: str | None = None) -> None:
    """Hears updates, and wakes those who act on them."""
    new = await hear_updates(parts.database, token, updates, marker)
    if new:
        log.info("updates.heard", token=token, updates=new)
        parts.to_settle.ring()
        parts.to_adopt.ring()


async def _patiently(parts: Parts, token: str, once: Coroutine[Any, Any, bool]) -> bool:
    """A platform that does not answer is asked again, and is no failure of ours."""
    try:
        return await once
    except PlatformError as error:
        log.warning("updates.not_heard", token=token, failure=error.failure.value, code=error.code)
        await parts.pause(AGAIN_S if error.retry_after_s is None else error.retry_after_s)
        return True


async def _nothing() -> None:
    """There is always something to wait for at the platform."""

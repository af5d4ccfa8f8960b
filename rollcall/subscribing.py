"""Subscribing to a platform account's updates at our public address; one process of all does it."""

from __future__ import annotations

import structlog

from adapters.max.client import MaxClient
from rollcall.app import App
from rollcall.hearing import CODES_EVERY_S, awaits_codes, know_own, nothing_else, patiently
from rollcall.poller_leases import poller_lease
from rollcall.webhook import webhook_of
from rollcall.workers import until_stopping

log = structlog.get_logger()

SUBSCRIBE_EVERY_S = 3600.0  # MAX drops an address that did not answer for some hours


async def keep_subscribed(app: App, token: str, client: MaxClient) -> None:
    """Keeps an account's updates subscribed to our public address."""
    public_url, secret = webhook_of(app.settings)
    path = "/".join(["webhooks", *token.split(":", 1)])

    async def subscribe_once() -> bool:
        if not await lease.held():
            await app.pause(SUBSCRIBE_EVERY_S / 4)
            return True
        await know_own(app, token, client)
        messages = await awaits_codes(app, token)
        async with app.dispatch.pacer.slot(token):
            await client.subscribe(f"{public_url.rstrip('/')}/{path}", secret, messages=messages)
        log.info("updates.subscribed", token=token, messages=messages)
        await _while_codes(app, token, messages)
        return True

    async with poller_lease(app, token, 2 * SUBSCRIBE_EVERY_S) as lease:
        await until_stopping(app, "subscribing", lambda: patiently(app, token, subscribe_once()), nothing_else)


async def _while_codes(app: App, token: str, messages: bool) -> None:  # noqa: FBT001 - what it was
    """Until a subscription is to be made anew, or is for other updates than it was made for."""
    until_s = app.clock.monotonic() + SUBSCRIBE_EVERY_S
    while app.clock.monotonic() < until_s and not app.stopping.is_set():
        await app.pause(CODES_EVERY_S)
        if await awaits_codes(app, token) != messages:
            return

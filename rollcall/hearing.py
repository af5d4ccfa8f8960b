"""Polling a platform account for updates, by one process of all, and handling updates however they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from adapters.max.client import MaxClient
from adapters.max.updates import Told
from adapters.vk.client import VkClient
from adapters.wire.failures import UNTRUSTED
from rollcall.app import App
from rollcall.poller_leases import poller_lease
from rollcall.settings import Settings, is_stand_in
from rollcall.workers import until_stopping
from sync.account_health import WELL, health_of
from sync.errors import PlatformError, StoreUnavailable, TopicsUnavailable
from sync.ports.identity import BotDeed
from sync.use_cases.hear_updates import hear_updates
from sync.use_cases.leased import heeded
from sync.use_cases.linking.linking import Linking

log = structlog.get_logger()

POLL_S = 15  # how long the platform may keep a question open; a call of ours must end before its time limit
ARRIVES_S = 1.0  # by then a request that was sent has counted against the rate limit
AFTER_UPDATES_S = 2.0  # many together cost fewer requests
HELD_S = 60.0  # a killed process is replaced after so long; a poll lasts a quarter of it
CODES_EVERY_S = 2.0  # the soonest that somebody can post a code after getting it
AGAIN_S = 10.0

NOTHING = Told([], None, 0)

CA_ADVICE = "the platform's certificate is signed by an authority that MAX_CA_FILE has to name"


def tell_polling(settings: Settings, token: str) -> None:
    if not is_stand_in(settings):
        advice = "MAX wants webhooks in production: MAX_UPDATES=webhook, PUBLIC_URL and MAX_WEBHOOK_SECRET"
        log.warning("updates.polled", token=token, advice=advice)


async def keep_hearing(app: App, token: str, client: MaxClient) -> None:
    """Polls an account for updates, for installations without a public address."""
    begun, marker = False, None
    tell_polling(app.settings, token)

    async def hear_once() -> bool:
        nonlocal begun, marker
        if not await lease.held():
            begun = False
            await app.pause(HELD_S / 4)
            return True
        if not begun:
            marker = await _begin(app, token, client)
            begun = True
        told = await _asked(app, token, client, marker)
        if told.updates or told.deeds or told.senseless or told.marker not in {None, marker}:
            await hear(app, token, told)
            marker = told.marker or marker
        await app.pause(AFTER_UPDATES_S if told.updates and not told.deeds else 0.5)
        return True

    async with poller_lease(app, token, HELD_S) as lease:
        await until_stopping(app, "hearing", lambda: patiently(app, token, hear_once()), nothing_else)


async def _begin(app: App, token: str, client: MaxClient) -> str | None:
    """The position up to which we have heard. Withdraws an address that updates were posted to."""
    await know_own(app, token, client)
    async with app.dispatch.pacer.slot(token):
        await client.unsubscribe_all()
    async with app.database.hearing() as tx:
        return await tx.marker(token)


async def keep_known(app: App, token: str, client: VkClient) -> None:
    """For an account without updates, only ask which account it is, as soon as it answers."""

    async def know_once() -> bool:
        await know_own(app, token, client)
        await app.stopping.wait()
        return True

    await until_stopping(app, "knowing", lambda: patiently(app, token, know_once(), "account.not_known"), nothing_else)


async def know_own(app: App, token: str, client: MaxClient | VkClient) -> None:
    """Record which account is our own, before anybody is linked to it by mistake."""
    async with app.dispatch.pacer.slot(token):
        own = await client.own_account()
    async with app.database.hearing() as tx:
        await tx.note_own_account(token, own)


async def awaits_codes(app: App, token: str) -> bool:
    """Whether messages have to be heard, because somebody was given a code to post or is asked for a contact."""
    async with app.database.hearing() as tx:
        if await tx.awaits_codes(token):
            return True
    async with app.database.reading_links() as rows:
        return await rows.awaits_contacts(app.clock.now())


async def _asked(app: App, token: str, client: MaxClient, marker: str | None) -> Told:
    """Poll once. Cancelled when the process is to stop, or when it is not for messages and somebody was given a code to
    post; no update is lost by that. Holds its slot only until the request has surely arrived.
    """
    timeout_s = min(POLL_S, max(1, int(app.settings.call_timeout_s) - 5))
    messages = await awaits_codes(app, token)
    stopping, asking = asyncio.ensure_future(app.stopping.wait()), None
    try:
        async with app.dispatch.pacer.slot(token):
            asking = asyncio.ensure_future(client.read_updates(marker, timeout_s=timeout_s, messages=messages))
            await asyncio.wait({asking, stopping}, timeout=ARRIVES_S, return_when=asyncio.FIRST_COMPLETED)
        while not asking.done() and not app.stopping.is_set():
            if not messages and await awaits_codes(app, token):
                return NOTHING
            await asyncio.wait({asking, stopping}, timeout=CODES_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            return NOTHING
        told = asking.result()
        app.dispatch.healths.hear(token, WELL)
        # Messages posted meanwhile are behind the marker and were not requested: keep the marker.
        return told if messages or not await awaits_codes(app, token) else told._replace(marker=None)
    finally:
        stopping.cancel()
        if asking is not None:
            asking.cancel()


async def hear(app: App, token: str, told: Told) -> None:
    """Hears updates, and wakes those who act on them; one that makes no sense is set aside. What people did in the bot
    is done before it counts as heard.
    """
    if told.senseless:
        log.warning("updates.set_aside", token=token, updates=told.senseless)
    if told.deeds and app.linking is not None:
        for deed in told.deeds:
            await _hear_deed(app.linking, token, deed)
        log.info("deeds.heard", token=token, deeds=len(told.deeds))
    new = await hear_updates(app.database, token, told.updates, told.marker)
    if new:
        log.info("updates.heard", token=token, updates=new)
        app.to_settle.ring()
        app.to_adopt.ring()


async def _hear_deed(linking: Linking, token: str, deed: BotDeed) -> None:
    """One that fails of a fault of ours keeps no other update from being heard."""
    try:
        await linking.hear(token, deed)
    except (PlatformError, StoreUnavailable, TopicsUnavailable):
        raise
    except Exception as error:
        log.exception("deed.failed", token=token, deed=type(deed).__name__, error=type(error).__name__)


async def patiently(app: App, token: str, once: Coroutine[Any, Any, bool], failed: str = "updates.not_heard") -> bool:
    """Run it once. A failure of the platform, which is none of ours, is logged and followed by a pause."""
    try:
        return await once
    except PlatformError as error:
        app.dispatch.healths.hear(token, health_of(error))
        advice = {"advice": CA_ADVICE} if error.code.startswith(UNTRUSTED) else {}
        log.warning(failed, token=token, failure=error.failure.value, code=error.code, **advice)
        await app.pause(AGAIN_S if error.retry_after_s is None else heeded(error.retry_after_s))
        return True


async def nothing_else() -> None:
    """Polling always continues at once."""

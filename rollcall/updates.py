"""Updates of platforms, posted to us or polled, and the chats adopted through them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import structlog

from adapters.max.client import MaxClient
from adapters.max.updates import all_heard
from adapters.vk.client import VkClient
from adapters.web.dependencies import Webhooks
from adapters.wire.narrowed import read_json
from rollcall.app import App
from rollcall.hearing import hear, keep_hearing, keep_known
from rollcall.subscribing import keep_subscribed
from rollcall.workers import until_stopping
from sync.adoption import Verdict
from sync.use_cases.adopt_chats import adopt_chats

log = structlog.get_logger()

ADOPT_EVERY_S = 2.0


def webhooks_of(app: App) -> Webhooks | None:
    """What the web needs to receive updates; None without a secret to authenticate platforms."""
    secret = app.settings.max_webhook_secret
    if secret is None:
        return None

    async def hear_posted(token: str, body: bytes) -> None:
        update = await asyncio.to_thread(read_json, body.decode(errors="replace"))  # a large one takes its time
        client = app.dispatch.platforms.get(token)
        await hear(app, token, client.heard([update]) if isinstance(client, MaxClient) else all_heard([update]))

    return Webhooks(secret.get_secret_value(), hear_posted)


def update_workers(app: App) -> Iterator[Coroutine[Any, Any, None]]:
    """The workers that hear the platforms and adopt chats. In several processes each account is heard by one of them,
    and each claim decided by one.
    """
    yield keep_adopting(app)
    for token, platform in app.dispatch.platforms.items():
        if isinstance(platform, MaxClient):
            posted = app.settings.max_updates == "webhook"
            yield keep_subscribed(app, token, platform) if posted else keep_hearing(app, token, platform)
        elif isinstance(platform, VkClient):
            yield keep_known(app, token, platform)


async def keep_adopting(app: App) -> None:
    """Adopts the chats in which a code was posted."""
    dispatch = app.dispatch

    async def adopt_once() -> bool:
        decided = await adopt_chats(dispatch.store, dispatch.platforms)
        for one in decided:
            log.info("chat.claimed", token=one.token, chat=one.chat, verdict=one.verdict.value, code=one.code)
        if any(one.verdict is Verdict.ADOPTED for one in decided):
            app.to_settle.ring()
        return bool(decided)

    await until_stopping(app, "adopting", adopt_once, lambda: app.to_adopt.heard(ADOPT_EVERY_S))

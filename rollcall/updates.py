"""What platforms tell by themselves: posted to us or asked for, and chats adopted by it."""

from __future__ import annotations

import json
from collections.abc import Coroutine, Iterator
from typing import Any

import structlog

from adapters.max.client import MaxClient
from adapters.max.updates import heard
from adapters.web.doors import Webhooks
from rollcall.hearing import hear, keep_hearing, keep_subscribed
from rollcall.parts import Parts
from rollcall.workers import until_stopping
from sync.adoption import Verdict
from sync.use_cases.adopt_chats import adopt_chats

log = structlog.get_logger()

ADOPT_EVERY_S = 2.0


def webhooks_of(parts: Parts) -> Webhooks | None:
    """What the web needs to hear platforms; None without a secret to know them by."""
    secret = parts.settings.max_webhook_secret
    if secret is None:
        return None

    async def hear_posted(token: str, body: bytes) -> None:
        told = heard(json.loads(body))
        await hear(parts, token, [told] if told is not None else [])

    return Webhooks(secret.get_secret_value(), hear_posted)


def update_workers(parts: Parts) -> Iterator[Coroutine[Any, Any, None]]:
    """What hears the platforms in the background, and adopts chats. In several processes each account is heard by one
    of them, and each claim decided by one.
    """
    yield keep_adopting(parts)
    for token, platform in parts.dispatch.platforms.items():
        if isinstance(platform, MaxClient):
            posted = parts.settings.max_updates == "webhook"
            yield keep_subscribed(parts, token, platform) if posted else keep_hearing(parts, token, platform)


async def keep_adopting(parts: Parts) -> None:
    """Adopts the chats in which a code was posted."""
    dispatch = parts.dispatch

    async def adopt_once() -> bool:
        decided = await adopt_chats(dispatch.store, dispatch.platforms)
        for one in decided:
            log.info("chat.claimed", token=one.token, chat=one.chat, verdict=one.verdict.value, code=one.code)
        if any(one.verdict is Verdict.ADOPTED for one in decided):
            parts.to_settle.ring()
        return bool(decided)

    await until_stopping(parts, "adopting", adopt_once, lambda: parts.to_adopt.heard(ADOPT_EVERY_S))

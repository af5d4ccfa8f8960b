"""Hourly deletion of rows beyond their retention, some rows at a time, so that nobody waits for it."""

from __future__ import annotations

from datetime import timedelta

import structlog

from adapters.database.prune import Prune
from rollcall.app import App
from rollcall.workers import until_stopping

log = structlog.get_logger()

EVERY_S = 3600.0
BETWEEN_S = 0.05


async def keep_pruning(app: App) -> None:
    settings = app.settings
    days = settings.inbox_keep_days, settings.calls_keep_days, settings.audit_keep_days
    inbox_for, calls_for, audit_for = (timedelta(days=kept) for kept in days)
    prune = Prune(app.database, inbox_for, calls_for, audit_for, told=app.topics is not None)

    async def prune_some() -> bool:
        gone = await prune.some(app.clock.now())
        if gone:
            log.info("rows.pruned", rows=gone)
            await app.pause(BETWEEN_S)
        return gone > 0

    await until_stopping(app, "pruning", prune_some, lambda: app.pause(EVERY_S))

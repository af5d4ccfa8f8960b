"""What goes on in the background of a serving process: planning what was left to plan, settling rooms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import time

import structlog

from adapters.database.bulk import AFFECTED, ROOMS_DUE
from adapters.database.listening import listen
from rollcall.parts import Parts
from sync.errors import StoreUnavailable, TopicsUnavailable
from sync.use_cases.ingest_events import Ingested
from sync.use_cases.plan_touched import plan_touched
from sync.use_cases.reconcile_schools import reconcile_schools
from sync.use_cases.settle_rooms import Settler

log = structlog.get_logger()

PLAN_EVERY_S = 0.5
SETTLE_EVERY_S = 0.2
ROOMS_AT_ONCE = 64

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0


def noticed(parts: Parts) -> Callable[[Ingested], None]:
    """What is done about each batch that was taken in: a line in the log, and the others woken."""

    def notice(ingested: Ingested) -> None:
        counts: dict[str, int] = {}
        for outcome in ingested.outcomes:
            counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
        log.info("events.taken", **counts)
        if ingested.differing:
            log.warning("events.same_id_other_content", event_nos=ingested.differing)
        tell_stalled(ingested.stalled)
        if ingested.left_touched:
            parts.to_plan.ring()
        parts.to_settle.ring()

    return notice


def tell_stalled(stalled: object) -> None:
    if stalled:
        log.error("planning.stalled", organisations=stalled)


async def keep_planning(parts: Parts) -> None:
    """Plans midnights, account links and what failed before; first what the night brings, which is planned next."""

    async def plan_once() -> bool:
        await reconcile_nightly(parts)
        batch = await plan_touched(parts.database, parts.rules, parts.clock.now())
        if batch is None:
            return False
        tell_stalled(batch.stalled)
        log.info("planning.done", organisations=len(batch.plans), changes=sum(len(plan.places) for plan in batch.plans))
        parts.to_settle.ring()
        return True

    await until_stopping(parts, "planning", plan_once, lambda: parts.to_plan.heard(PLAN_EVERY_S))


async def reconcile_nightly(parts: Parts) -> None:
    """Sees to the schools whose time of the night has come, unless that is off."""
    at = parts.settings.reconcile_at
    if at == "off":
        return
    due = await reconcile_schools(parts.database, time.fromisoformat(at), parts.clock.now())
    if due:
        log.info("schools.reconciled", organisations=len(due))


async def keep_settling(parts: Parts) -> None:
    """Settles rooms as they fall due; told to stop, it ends each after its present call. Cancelled with a call on its
    way it loses nothing: whoever is next reads back.
    """
    settler = Settler(parts.dispatch, ROOMS_AT_ONCE, answered=parts.to_settle.ring)

    async def settle_once() -> bool:
        claimed = await settler.go_on()
        if claimed:
            log.info("rooms.claimed", rooms=claimed)
        return claimed > 0

    try:
        await until_stopping(parts, "settling", settle_once, lambda: parts.to_settle.heard(SETTLE_EVERY_S))
        settler.stop()
        await settler.rest()
    finally:
        settler.cancel()


async def keep_listening(parts: Parts) -> None:
    """Rings for what other processes leave; on SQLite there are none."""
    if parts.database.sqlite:
        return
    bells = {ROOMS_DUE: parts.to_settle, AFFECTED: parts.to_plan}

    def heard(what: str) -> None:
        if what in bells:
            bells[what].ring()

    async def listen_once() -> bool:
        await listen(parts.database, heard, parts.stopping)
        return False

    await until_stopping(parts, "listening", listen_once, lambda: parts.pause(FIRST_PAUSE_S))


async def until_stopping(
    parts: Parts, name: str, once: Callable[[], Awaitable[bool]], idle: Callable[[], Awaitable[None]]
) -> None:
    """Again at once while there is work. What fails is told when it begins and when it is over, and tried again."""
    failures = 0
    while not parts.stopping.is_set():
        try:
            worked = await once()
        except Exception as error:  # noqa: BLE001 - whatever it is, everything else goes on, and it is tried again
            _tell_failure(name, error, failures)
            await asyncio.sleep(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures, 10)))
            failures += 1
            continue
        if failures:
            log.info("worker.recovered", worker=name, failures=failures)
            failures = 0
        if not worked:
            await idle()


def _tell_failure(name: str, error: Exception, failures: int) -> None:
    if isinstance(error, StoreUnavailable | TopicsUnavailable):
        if not failures:
            away = "database" if isinstance(error, StoreUnavailable) else "kafka"
            log.error(f"worker.{away}_away", worker=name, error=str(error))
        return
    log.error("worker.failed", worker=name, error=type(error).__name__, exc_info=None if failures else error)

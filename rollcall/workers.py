"""Background workers of a serving process: planning what was left to plan, settling rooms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import time

import structlog

from adapters.database.bulk import AFFECTED, ROOMS_DUE
from adapters.database.listening import listen
from rollcall.accounts import Accounts
from rollcall.app import App
from sync.errors import StoreUnavailable, TopicsUnavailable
from sync.ports.plans import Batch
from sync.untied import Claim
from sync.use_cases.decide_holds import expire_holds
from sync.use_cases.ingest_events import Ingested
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.reconcile_schools import reconcile_schools
from sync.use_cases.settle_rooms import Settler

log = structlog.get_logger()

PLAN_EVERY_S = 0.5
SETTLE_EVERY_S = 0.2
ROOMS_AT_ONCE = 64
CHECK_CLOCK_EVERY_S = 15.0

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0


def noticed(app: App) -> Callable[[Ingested], None]:
    """After each ingested batch: log it, and wake the workers."""

    def notice(ingested: Ingested) -> None:
        counts: dict[str, int] = {}
        for outcome in ingested.outcomes:
            counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
        log.info("events.taken", **counts)
        if ingested.differing:
            log.warning("events.same_id_other_content", event_nos=ingested.differing)
        tell_planned(ingested.planned)
        if ingested.left_affected:
            app.to_plan.ring()
        app.to_settle.ring()

    return notice


def tell_planned(batch: Batch) -> None:
    """Log what operators must know of a plan: accounts that changed hands, and schools that stall."""
    if batch.passed_on:
        log.warning("account.changed_hands", organisations={key: len(each) for key, each in batch.passed_on.items()})
    if batch.stalled:
        log.error("planning.stalled", organisations=batch.stalled)


async def keep_planning(app: App) -> None:
    """Plans midnights, account links and what failed before; before that, reconciles schools at night, whose results
    are planned next, and expires holds.
    """

    async def plan_once() -> bool:
        await reconcile_nightly(app)
        await expire(app)
        batch = await plan_affected(app.database, app.rules, app.clock.now())
        if batch is None:
            return False
        tell_planned(batch)
        app.claims.update(Claim(school, person) for school, persons in batch.claims.items() for person in persons)
        app.to_unlink.ring()
        log.info("planning.done", organisations=len(batch.plans), changes=sum(len(plan.places) for plan in batch.plans))
        app.to_settle.ring()
        return True

    await until_stopping(app, "planning", plan_once, lambda: app.to_plan.heard(PLAN_EVERY_S))


async def reconcile_nightly(app: App) -> None:
    """Reconcile the schools whose time of the night has come, unless that is off."""
    at = app.settings.reconcile_at
    if at == "off":
        return
    looks = app.settings.looks == "on"
    due = await reconcile_schools(app.database, time.fromisoformat(at), app.clock.now(), looks=looks)
    if due:
        log.info("schools.reconciled", organisations=len(due))


async def expire(app: App) -> None:
    """Rejects the holds whose time is over."""
    expired = await expire_holds(app.database, app.rules, app.clock.now())
    if expired:
        log.warning("holds.expired", holds=expired)


async def keep_settling(app: App) -> None:
    """Settle rooms as they fall due; when stopping, end each after its present call. Safe to cancel with a call in
    flight: the next lease reads it back.
    """
    settler = Settler(app.dispatch, ROOMS_AT_ONCE, answered=app.to_settle.ring)
    accounts = Accounts(app)

    async def settle_once() -> bool:
        await accounts.tell()
        claimed = await settler.go_on()
        if claimed:
            log.info("rooms.claimed", rooms=claimed)
        return claimed > 0

    try:
        await until_stopping(app, "settling", settle_once, lambda: app.to_settle.heard(SETTLE_EVERY_S))
        settler.stop()
        await settler.rest()
    finally:
        settler.cancel()


async def keep_time(app: App) -> None:
    """Asks again whether the machine's clock is believed, and tells other processes while it is not."""

    async def tell_once() -> bool:
        await app.timekeeping.tell()
        return False

    await until_stopping(app, "timekeeping", tell_once, lambda: app.pause(CHECK_CLOCK_EVERY_S))
    with suppress(StoreUnavailable):
        await app.timekeeping.end()


async def keep_listening(app: App) -> None:
    """Ring the bells for work left by other processes; on SQLite there are none."""
    if app.database.sqlite:
        return
    bells = {ROOMS_DUE: app.to_settle, AFFECTED: app.to_plan}

    def heard(what: str) -> None:
        if what in bells:
            bells[what].ring()

    async def listen_once() -> bool:
        await listen(app.database, heard, app.stopping)
        return False

    await until_stopping(app, "listening", listen_once, lambda: app.pause(FIRST_PAUSE_S))


async def until_stopping(
    app: App, name: str, once: Callable[[], Awaitable[bool]], idle: Callable[[], Awaitable[None]]
) -> None:
    """Repeat at once while there is work. Failures are retried, and logged when they begin and when they are over."""
    failures = 0
    while not app.stopping.is_set():
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

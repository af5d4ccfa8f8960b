"""The composition root: from the settings to the parts that serve, plan and settle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.database.migrate import upgrade
from adapters.database.read.registry import no_ends, registry_of
from adapters.database.slots import DatabaseSlots
from adapters.database.store import Database
from adapters.slots import Slots
from events.intake import Intake
from rollcall.bell import Bell
from rollcall.clock import SystemClock
from rollcall.kafka import Topics, open_topics
from rollcall.platforms import open_platforms, requests_per_second
from rollcall.settings import MARGIN_S, Settings
from rollcall.timekeeping import Timekeeping
from sync.account_health import OK, AccountHealths, Health
from sync.guards.limits import Guards, Limit
from sync.ids import HoldNo, OrganisationId, PersonId
from sync.plan.making import Policy
from sync.platform import Platform
from sync.ports.clocks import Clock, Pacer
from sync.ports.holds import Decision
from sync.titles import Titles
from sync.untied import Claim
from sync.use_cases.choose_account import Choice, Shown, choose_account, show_choice
from sync.use_cases.choose_policies import choose_policies
from sync.use_cases.choose_sign_in import choose_sign_in
from sync.use_cases.decide_holds import Decided, decide_hold
from sync.use_cases.ingest_events import Ingested
from sync.use_cases.linking.linking import Linking
from sync.use_cases.plan_scopes import PlanningRules
from sync.use_cases.settle_rooms import Dispatch
from sync.views.registry import Registry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class App:
    """All parts of the product in one process. The bells wake the planner and the settlers; once `stopping` is set,
    they finish what they have begun. Without a Kafka there are no `topics`.
    `linking`: of who serves or hears people.
    """

    settings: Settings
    clock: SystemClock
    timekeeping: Timekeeping
    database: Database
    rules: PlanningRules
    registry: Registry
    dispatch: Dispatch
    to_plan: Bell
    to_settle: Bell
    stopping: asyncio.Event
    topics: Topics | None = None
    to_adopt: Bell = field(default_factory=Bell)
    linking: Linking | None = None
    to_unlink: Bell = field(default_factory=Bell)
    claims: set[Claim] = field(default_factory=set)  # of accounts that others hold: have these left?

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the process is to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return

    def intake(self, notice: Callable[[Ingested], None]) -> Intake:
        return Intake(self.database, self.rules, self.clock.now, notice)

    async def close_notice(self, organisation_id: OrganisationId, student_id: PersonId) -> bool:
        async with self.database.planning() as tx:
            return await tx.plans.close_notice(organisation_id, student_id, self.clock.now())

    async def choose_account(
        self, organisation_id: OrganisationId, platform: str | None, account: str | None
    ) -> Choice:
        tokens = self.dispatch.platforms.keys()
        now = self.clock.now()
        choice = await choose_account(self.database, tokens, organisation_id, platform, account, now=now)
        self.to_plan.ring()
        return choice

    async def show_choice(self, organisation_id: OrganisationId, platform: str | None, account: str | None) -> Shown:
        tokens, now = self.dispatch.platforms.keys(), self.clock.now()
        return await show_choice(self.database, tokens, organisation_id, platform, account, rules=self.rules, now=now)

    async def decide_hold(self, hold_no: HoldNo, decision: Decision) -> Decided:
        decided = await decide_hold(self.database, self.rules, hold_no, decision, self.clock.now())
        self.to_settle.ring()
        return decided

    async def choose_policies(
        self, organisation_id: OrganisationId, strangers: str | None, titles: str | None, by: str
    ) -> bool:
        now = self.clock.now()
        known = await choose_policies(self.database, organisation_id, strangers, titles, by, now=now)
        self.to_plan.ring()
        return known

    async def choose_sign_in(self, organisation_id: OrganisationId, url: str | None) -> bool:
        return await choose_sign_in(self.database, organisation_id, url)


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """Build the application, and close it when the block ends. Creates SQLite's tables."""
    if is_sqlite(settings):
        await upgrade(settings.database_url)
    clock, database = SystemClock(), database_of(settings)
    timekeeping = Timekeeping(clock, database)
    try:
        await timekeeping.begin()
        async with (
            open_slots(settings, database) as slots,
            open_platforms(settings, slots) as platforms,
            open_topics(settings) as topics,
        ):
            can = {token: platform.capabilities for token, platform in platforms.items()}
            ends = no_ends if topics is None else topics.ends
            titles, writable, looks = titles_of(settings), database.writable, settings.looks
            registry = registry_of(
                database.reading,
                titles,
                can,
                ends,
                monotonic=clock.monotonic,
                writable=writable,
                looks=looks,
                jumped_at=clock.jumped_at,
                sign_in_url=settings.sign_in_url,
            )
            dispatch = dispatch_of(settings, database, platforms, slots, clock)
            rules, stopping = rules_of(settings, clock.days_until), asyncio.Event()
            bells = Bell(), Bell()
            yield App(settings, clock, timekeeping, database, rules, registry, dispatch, *bells, stopping, topics)
    finally:
        await database.close()


@asynccontextmanager
async def open_slots(settings: Settings, database: Database) -> AsyncIterator[Pacer]:
    """One rate limit for all processes that share the database; with SQLite that is this process alone."""
    per_second = partial(requests_per_second, settings)
    if database.sqlite:
        yield Slots(per_second, looks_share=settings.looks_share)
        return
    slots = DatabaseSlots(database, per_second, settings.call_timeout_s, looks_share=settings.looks_share)
    try:
        yield slots
    finally:
        await slots.close()


def dispatch_of(
    settings: Settings, database: Database, platforms: Mapping[str, Platform], slots: Pacer, clock: Clock
) -> Dispatch:
    timeout_s, lease_s, per_second = settings.call_timeout_s, settings.lease_s, partial(requests_per_second, settings)
    healths = AccountHealths(_tell_health)
    return Dispatch(database, platforms, slots, clock, timeout_s, lease_s, MARGIN_S, per_second, healths)


def _tell_health(token: str, health: Health) -> None:
    tell = log.info if health.state == OK else log.warning
    tell("platform.account", account=token, state=health.state, error=health.error)


def is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def database_of(settings: Settings) -> Database:
    linger = timedelta(milliseconds=settings.dispatch_linger_ms)
    remembered = settings.remember_mb * 1_000_000
    silent_after = timedelta(days=settings.source_silent_days)
    return Database(
        settings.database_url,
        platform=settings.platform,
        linger=linger,
        remembered_bytes=remembered,
        silent_after=silent_after,
    )


def titles_of(settings: Settings) -> Titles:
    return Titles(settings.title_staff, settings.title_class, settings.title_parents)


def as_it_is(now: datetime) -> datetime:
    return now


def rules_of(settings: Settings, days_until: Callable[[datetime], datetime] = as_it_is) -> PlanningRules:
    return PlanningRules(
        policy=Policy(titles_of(settings), keep_on_unlink=settings.on_unlink == "keep"),
        guards=Guards(
            on=settings.guards == "on",
            organisation=Limit(settings.guard_organisation_share, settings.guard_organisation_floor),
            chat=Limit(settings.guard_chat_share, settings.guard_chat_floor),
            kind_floor=settings.guard_kind_floor,
            gain=settings.guard_gain,
            gain_after=timedelta(days=settings.guard_gain_after_days),
        ),
        hold_for=timedelta(hours=settings.hold_hours),
        days_until=days_until,
    )

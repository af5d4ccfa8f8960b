"""Keeps saying of who holds an account, has left every school and is waited for that it is theirs no longer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from adapters.database.store import Database
from events.onto_topics import OntoTopics
from events.translate import translate
from rollcall.app import App
from rollcall.bearers import Audit
from rollcall.workers import until_stopping
from schemas.accounts import AccountUnlinked
from sync.accounts import OURS
from sync.untied import Claim, Unlinking
from sync.use_cases.ingest_events import ingest_within
from sync.use_cases.plan_scopes import PlanningRules
from sync.use_cases.unlink_untied import TiesMoved, untied_holders

log = structlog.get_logger()

T = TypeVar("T")

EVERY_S = 5.0
AT_ONCE = 50  # claims: their schools are locked meanwhile
NO_CONTENT, ACCEPTED, CONFLICT = 204, 202, 409  # as a person's `DELETE` would be answered


async def keep_unlinking(app: App) -> None:
    onto = None if app.topics is None else app.topics.onto
    former = FormerHolders(app.database, app.rules, app.clock.now, onto)

    async def unlink_once() -> bool:
        claims = sorted(app.claims)[:AT_ONCE]
        if claims and await former.unlink(claims):
            app.to_plan.ring()
        app.claims.difference_update(claims)
        return bool(claims)

    await until_stopping(app, "unlinking", unlink_once, lambda: app.to_unlink.heard(EVERY_S))


@dataclass(frozen=True, slots=True)
class FormerHolders:
    """Those of accounts that somebody tied to a school waits for. `onto`: the topics, where there are some."""

    database: Database
    rules: PlanningRules
    now: Callable[[], datetime]
    onto: OntoTopics | None

    async def unlink(self, claims: Collection[Claim]) -> Collection[Unlinking]:
        """Unlinks them, as a person would; it is in the audit before it is done. Done twice it changes nothing.

        Raises StoreUnavailable, TopicsUnavailable (retriable).
        """
        found = await _once_ties_stand(lambda: self._found(claims))
        if not found:
            return ()
        audit = Audit(self.database, self.now)
        entries = {each: await audit.begin(OURS, _request(each)) for each in found}
        said = await self._said(found, claims)
        done = NO_CONTENT if self.onto is None else ACCEPTED
        for each, number in entries.items():
            outcome = said.get(each)
            await audit.end(number, CONFLICT if outcome is None else done, None if outcome is None else {outcome: 1})
        log.warning("accounts.unlinked", persons=sorted(each.person_id for each in said))
        return said.keys()

    async def _found(self, claims: Collection[Claim]) -> list[Unlinking]:
        async with self.database.planning() as tx:
            return await untied_holders(tx, claims, self.now())

    async def _said(self, found: Collection[Unlinking], claims: Collection[Claim]) -> Mapping[Unlinking, str]:
        """What became of each that was said."""
        if self.onto is None:
            return await _once_ties_stand(lambda: self._straight(claims))
        taken = await self.onto.take([event_of(each) for each in found])
        return {each: one.outcome for each, one in zip(found, taken, strict=True)}

    async def _straight(self, claims: Collection[Claim]) -> Mapping[Unlinking, str]:
        """In the transaction that finds it: who is tied again by now is not unlinked."""
        async with self.database.planning() as tx:
            found = await untied_holders(tx, claims, self.now())
            events = [translate(event_of(each)) for each in found]
            ingested = await ingest_within(tx, events, self.rules, self.now())
        return {each: outcome.outcome for each, outcome in zip(found, ingested.outcomes, strict=True)}


async def _once_ties_stand(work: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await work()
        except TiesMoved:
            continue


def event_of(unlinking: Unlinking) -> AccountUnlinked:
    data = {"person_id": unlinking.person_id, "provider": unlinking.provider}
    return AccountUnlinked.of(id=unlinking.event_id, source=unlinking.source, time=unlinking.time, data=data)


def _request(unlinking: Unlinking) -> str:
    return f"DELETE /v1/persons/{unlinking.person_id}/accounts/{unlinking.provider}"

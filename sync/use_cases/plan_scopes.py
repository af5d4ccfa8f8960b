"""Plan what is affected in some schools, inside a transaction that holds their locks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from sync.affected import Affected, affected_by_all
from sync.days import local_day, midnight
from sync.facts import Assertion
from sync.guards.limits import Guards
from sync.ids import HoldNo, OrganisationId, PersonId
from sync.passing_on import passed_on
from sync.plan import (
    DesiredOfScope,
    Plan,
    Policy,
    changes_of_persons,
    desired_of_persons,
    plan_of,
    room_changes,
    rooms_to_open,
)
from sync.planning_scope import Cause, PlanningScope, latest_cause
from sync.ports.plans import Batch, Scheduled
from sync.ports.roster import RosterTransaction
from sync.ports.schools import Organisation
from sync.school_years import Reached, reached_anew
from sync.untied import claims_of
from sync.use_cases.guard_plans import GuardOfPlans, let_go

T = TypeVar("T")

PERSONS_AT_ONCE = 50  # some 5 ms
NOTHING_DECIDED: Mapping[HoldNo, bool] = {}


@dataclass(frozen=True, slots=True)
class PlanningRules:
    """The settings of planning. `days_until`: the instant up to which schools' days are taken, in place of now."""

    policy: Policy = field(default_factory=Policy)
    guards: Guards = field(default_factory=Guards)
    hold_for: timedelta = timedelta(hours=24)
    days_until: Callable[[datetime], datetime] = lambda now: now


async def plan_scopes(
    tx: RosterTransaction,
    organisations: Mapping[OrganisationId, Organisation],
    affected: Mapping[Affected, Cause],
    rules: PlanningRules,
    now: datetime,
    *,
    decided: Mapping[HoldNo, bool] = NOTHING_DECIDED,
) -> Batch:
    """Raises the schools' days, works out who should be where, and writes the difference; gives what was written.

    Facts are written already. A school whose planning raises stays affected, is named in `stalled`, and stops no other.
    `decided`: holds that were approved (True) or rejected by now.
    """
    days = {key: day_of(row, rules.days_until(now)) for key, row in organisations.items()}
    affected = together(await _midnights(tx, organisations, days), affected)
    scopes = await tx.plans.load(affected, days)
    for scope in scopes.values():
        scope.decided = decided
    await asyncio.sleep(0)
    batch = await _Planning(tx, scopes, rules, now).run()
    starts = await tx.facts.next_starts(days)
    for key, row in organisations.items():
        roll_at = midnight(starts[key], row.time_zone) if key in starts else None
        batch.schedule[key] = Scheduled(days[key], roll_at, row.time_zone)
    await tx.affected.add(of_schools(affected, batch.stalled), now)
    await tx.plans.write(batch, now)
    if gone := let_go(batch.plans):
        await tx.holds.let_go(gone, now)
    return batch


def day_of(row: Organisation, now: datetime) -> date:
    """The school's day only rises, whatever this machine's clock says."""
    today = local_day(now, row.time_zone)
    return today if row.day is None else max(row.day, today)


def together(*causes: Mapping[Affected, Cause]) -> dict[Affected, Cause]:
    """What is affected, of several origins as one; of two causes the later, by an event of the roster if either is."""
    merged: dict[Affected, Cause] = {}
    for some in causes:
        for affected, cause in some.items():
            merged[affected] = latest_cause(merged.get(affected), cause)
    return merged


async def _midnights(
    tx: RosterTransaction, organisations: Mapping[OrganisationId, Organisation], days: Mapping[OrganisationId, date]
) -> dict[Affected, Cause]:
    """What falls due between each school's stored day and today: whoever raises the day marks it."""
    rolls = {key: (row.day, days[key]) for key, row in organisations.items() if row.day and row.day < days[key]}
    if not rolls:
        return {}
    marked = [
        {affected: _begun(timeline, days[affected.organisation_id])}
        for timeline in (await tx.facts.starting(rolls)).values()
        for affected in affected_by_all(timeline)
        if affected.organisation_id in rolls
    ]
    return together(*marked)


def _begun(timeline: Iterable[Assertion], day: date) -> Cause:
    """The assertion that began to count last, today or before, as a cause."""
    begun = [assertion for assertion in timeline if assertion.effective_on <= day]
    last = max(begun, key=lambda assertion: (assertion.effective_on, assertion.event_no))
    return Cause(last.event_no, by_event=False)


@dataclass(slots=True)
class _Planning:
    """Plans each school by itself; one that raises drops out, with its error, and the rest go on."""

    tx: RosterTransaction
    scopes: Mapping[OrganisationId, PlanningScope]
    rules: PlanningRules
    now: datetime
    batch: Batch = field(default_factory=Batch)

    async def run(self) -> Batch:
        policy = self.rules.policy
        desired = await self._of_persons(self.scopes, lambda key, some: desired_of_persons(self.scopes[key], some))
        await self._load_rooms(desired)
        missing = self._of_each(desired, lambda key: rooms_to_open(self.scopes[key], desired[key], policy.titles))
        for room in await self.tx.plans.open_rooms([room for rooms in missing.values() for room in rooms]):
            self.scopes[room.organisation_id].add_room(room)
        plans = await self._plans(missing, desired)
        reached = self._of_each(plans, lambda key: _reached(self.scopes[key]))
        passed = self._of_each(reached, lambda key: passed_on(self.scopes[key]))
        self.batch.claims = {key: claims for key in passed if (claims := claims_of(self.scopes[key]))}
        guard = GuardOfPlans(self.tx, self.scopes, self.rules.guards, self.rules.hold_for, self.now, self._of_each)
        guarded = await guard.guard({key: plans[key] for key in passed})
        made = {key: self._with_rooms(plans[key], guarded.plans[key]) for key in sorted(guarded.plans)}
        self.batch.plans, self.batch.counted, self.batch.holds = list(made.values()), guarded.counted, guarded.holds
        self.batch.reached = {key: reached[key] for key in made}
        self.batch.passed_on = {key: passed[key] for key in made if passed[key]}
        self.batch.rooms = {key: self.scopes[key].rooms for key in made}
        return self.batch

    def _with_rooms(self, planned: Plan, guarded: Plan) -> Plan:
        """Whether a room closes depends on who of it has a hold: asked again where guards changed anything."""
        if guarded is planned:
            return planned
        scope = self.scopes[guarded.organisation_id]
        return replace(guarded, rooms=room_changes(scope, guarded.places, self.rules.policy.titles))

    async def _plans(
        self, keys: Iterable[OrganisationId], desired: Mapping[OrganisationId, DesiredOfScope]
    ) -> dict[OrganisationId, Plan]:
        policy, now = self.rules.policy, self.now
        changes = await self._of_persons(
            keys, lambda key, some: changes_of_persons(self.scopes[key], some, desired[key], policy, now)
        )
        return self._of_each(changes, lambda key: plan_of(self.scopes[key], changes[key], policy.titles))

    async def _of_persons(
        self, keys: Iterable[OrganisationId], make: Callable[[OrganisationId, Sequence[PersonId]], dict[PersonId, T]]
    ) -> dict[OrganisationId, dict[PersonId, T]]:
        """Of each school what is made of its persons, some at a time: a large school does not hold up the loop."""
        made: dict[OrganisationId, dict[PersonId, T]] = {}
        for key in sorted(keys):
            persons, of_school = sorted(self.scopes[key].causes), dict[PersonId, T]()
            try:
                for start in range(0, len(persons), PERSONS_AT_ONCE):
                    of_school |= make(key, persons[start : start + PERSONS_AT_ONCE])
                    await asyncio.sleep(0)
                made[key] = of_school
            except Exception as error:  # noqa: BLE001 - as in `_of_each`
                self.batch.stalled[key] = f"{type(error).__name__} in planning"
        return made

    async def _load_rooms(self, desired: Mapping[OrganisationId, DesiredOfScope]) -> None:
        """Those of the chats in which anybody stands or is to be, and of those that are affected themselves."""
        for key, of_school in desired.items():
            self.scopes[key].chat_ids.update(*of_school.values())
        of_chats = {(key, chat_id) for key in desired for chat_id in self.scopes[key].chat_ids}
        for room in await self.tx.plans.rooms(of_chats):
            self.scopes[room.organisation_id].add_room(room)
        closing = {
            room.room_no: scope
            for scope in self.scopes.values()
            for room in scope.rooms.values()
            if scope.may_close(room)
        }
        if closing:
            for room_no, persons in (await self.tx.guarding.kept(closing)).items():
                closing[room_no].kept = {**closing[room_no].kept, room_no: persons}

    def _of_each(self, keys: Iterable[OrganisationId], make: Callable[[OrganisationId], T]) -> dict[OrganisationId, T]:
        made = {}
        for key in sorted(keys):
            try:
                made[key] = make(key)
            except Exception as error:  # noqa: BLE001 - whatever one school's facts do to the rules, the others go on
                self.batch.stalled[key] = f"{type(error).__name__} in planning"
        return made


def _reached(scope: PlanningScope) -> list[Reached]:
    return reached_anew(scope.students, scope.reached, scope.roster)


def of_schools(
    affected: Mapping[Affected, Cause], organisation_ids: Collection[OrganisationId]
) -> dict[Affected, Cause]:
    return {affected: cause for affected, cause in affected.items() if affected.organisation_id in organisation_ids}

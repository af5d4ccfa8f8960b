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
from sync.moving import all_planned_in, somebody_joins, taking_over
from sync.passing_on import passed_on
from sync.plan import Plan
from sync.plan.making import Policy, changes_of_persons, desired_of_persons, plan_of
from sync.plan.rooms import DesiredOfScope, room_changes, rooms_to_open
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
    as_if_filled: bool = False,
) -> Batch:
    """Advance the schools' days, compute who should be where, and write the difference. Return what was written.

    Facts are written already. A school whose planning raises stays affected, is named in `stalled`, and stops no other.
    `decided`: holds that were approved (True) or rejected by now. `as_if_filled`: to show it, rooms that people still
    stand in though their school has moved to another platform are left at once.
    """
    days = {key: day_of(row, rules.days_until(now)) for key, row in organisations.items()}
    affected = together(await _midnights(tx, organisations, days), affected)
    scopes = await tx.plans.load(affected, days)
    for scope in scopes.values():
        scope.decided = decided
    await asyncio.sleep(0)
    batch = await _Planning(tx, scopes, rules, now, as_if_filled).run()
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
    """The school's day, which only rises, whatever this machine's clock says."""
    today = local_day(now, row.time_zone)
    return today if row.day is None else max(row.day, today)


def together(*causes: Mapping[Affected, Cause]) -> dict[Affected, Cause]:
    """Everything affected, merged: of two causes the later, by an event of the roster if either is."""
    merged: dict[Affected, Cause] = {}
    for some in causes:
        for affected, cause in some.items():
            merged[affected] = latest_cause(merged.get(affected), cause)
    return merged


async def _midnights(
    tx: RosterTransaction, organisations: Mapping[OrganisationId, Organisation], days: Mapping[OrganisationId, date]
) -> dict[Affected, Cause]:
    """What becomes effective between each school's stored day and today; the transaction that advances the day plans
    it.
    """
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
    """The latest assertion that has become effective, as a cause."""
    begun = [assertion for assertion in timeline if assertion.effective_on <= day]
    last = max(begun, key=lambda assertion: (assertion.effective_on, assertion.event_no))
    return Cause(last.event_no, by_event=False)


@dataclass(slots=True)
class _Planning:
    """Plan each school by itself; one that raises drops out, with its error, and the others go on."""

    tx: RosterTransaction
    scopes: Mapping[OrganisationId, PlanningScope]
    rules: PlanningRules
    now: datetime
    as_if_filled: bool
    batch: Batch = field(default_factory=Batch)

    async def run(self) -> Batch:
        policy = self.rules.policy
        desired = await self._of_persons(self.scopes, lambda key, some: desired_of_persons(self.scopes[key], some))
        await self._load_rooms(desired)
        missing = self._of_each(desired, lambda key: rooms_to_open(self.scopes[key], desired[key], policy.titles))
        for room in await self.tx.plans.open_rooms([room for rooms in missing.values() for room in rooms]):
            self.scopes[room.organisation_id].add_room(room)
        await self._leave_rooms(missing, desired)
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

    async def _leave_rooms(
        self, keys: Iterable[OrganisationId], desired: Mapping[OrganisationId, DesiredOfScope]
    ) -> None:
        """Where a school has moved to another platform: which rooms are left, as those that take over are filled."""
        scopes = [self.scopes[key] for key in keys]
        over = {new: scope for scope in scopes for new in taking_over(scope)}
        waiting = {room.room_no for room, scope in over.items() if room.chat_id in scope.moved}
        filled = await self.tx.plans.filled(waiting) if waiting else set()
        for room, scope in over.items():
            is_filled = room.room_no in filled and all_planned_in(room, scope, desired[scope.organisation_id])
            if is_filled or (self.as_if_filled and somebody_joins(room, scope)):
                scope.leaving |= {old.room_no: room.room_no for old in scope.lives[room.chat_id] if scope.moving(old)}

    def _with_rooms(self, planned: Plan, guarded: Plan) -> Plan:
        """Recompute the rooms' changes where guards held anything: a room closes only if nobody in it has a hold."""
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
        """A result for each school, computed from its persons in portions, so that a large school does not block the
        loop.
        """
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
        """Load the rooms of all chats that persons of the scope are or should be in, and of the affected chats."""
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

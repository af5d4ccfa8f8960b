"""Plan what was touched in some schools, inside a transaction that holds their locks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from sync.days import local_day, midnight
from sync.facts import Word
from sync.guards import Counted, Guards, broken_limit, counted, over_floor, with_hold
from sync.plan import Plan, Policy, actions, desired_of_slice, plan, rooms_to_open
from sync.ports.plans import Batch, Hold, Scheduled
from sync.ports.roster import RosterTransaction
from sync.ports.schools import Organisation
from sync.school_years import Reached, reached_anew
from sync.slices import Cause, Slice, latest_cause
from sync.touched import Touch, touched_by_all

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlanningRules:
    """The settings of planning."""

    policy: Policy = field(default_factory=Policy)
    guards: Guards = field(default_factory=Guards)
    hold_for: timedelta = timedelta(hours=24)
    guard_window: timedelta = timedelta(hours=24)


async def plan_slices(
    tx: RosterTransaction,
    organisations: Mapping[str, Organisation],
    touches: Mapping[Touch, Cause],
    rules: PlanningRules,
    now: datetime,
) -> Batch:
    """Raises the schools' days, works out who should be where, and writes the difference; gives what was written.

    Facts are written already. A school whose planning raises stays touched, is named in `stalled`, and stops no other.
    """
    days = {key: _today(row, now) for key, row in organisations.items()}
    touches = together(await _midnights(tx, organisations, days), touches)
    slices = await tx.plans.load(touches, days)
    batch = await _Planning(tx, slices, rules, now).run()
    starts = await tx.facts.next_starts(days)
    for key, row in organisations.items():
        roll_at = midnight(starts[key], row.time_zone) if key in starts else None
        batch.schedule[key] = Scheduled(days[key], roll_at, row.time_zone)
    await tx.affected.touch(of_schools(touches, batch.stalled), now)
    await tx.plans.write(batch, now)
    return batch


def _today(row: Organisation, now: datetime) -> date:
    """The school's day only rises, whatever this machine's clock says."""
    today = local_day(now, row.time_zone)
    return today if row.day is None else max(row.day, today)


def together(*causes: Mapping[Touch, Cause]) -> dict[Touch, Cause]:
    """Touches of several origins as one: of two causes the later event, and by an event of the roster if either is."""
    merged: dict[Touch, Cause] = {}
    for some in causes:
        for touch, cause in some.items():
            merged[touch] = latest_cause(merged.get(touch), cause)
    return merged


async def _midnights(
    tx: RosterTransaction, organisations: Mapping[str, Organisation], days: Mapping[str, date]
) -> dict[Touch, Cause]:
    """What falls due between each school's stored day and today: whoever raises the day marks it."""
    rolls = {key: (row.day, days[key]) for key, row in organisations.items() if row.day and row.day < days[key]}
    if not rolls:
        return {}
    marked = [
        {touch: _begun(timeline, days[touch.organisation_id])}
        for timeline in (await tx.facts.starting(rolls)).values()
        for touch in touched_by_all(timeline)
        if touch.organisation_id in rolls
    ]
    return together(*marked)


def _begun(timeline: Iterable[Word], day: date) -> Cause:
    """The word that began to count last, today or before, as a cause."""
    begun = [word for word in timeline if word.effective_on <= day]
    last = max(begun, key=lambda word: (word.effective_on, word.event_no))
    return Cause(last.event_no, by_event=False)


@dataclass(slots=True)
class _Planning:
    """Plans each school by itself; one that raises drops out, with its error, and the rest go on."""

    tx: RosterTransaction
    slices: Mapping[str, Slice]
    rules: PlanningRules
    now: datetime
    batch: Batch = field(default_factory=Batch)

    async def run(self) -> Batch:
        policy = self.rules.policy
        desired = self._of_each(self.slices, lambda key: desired_of_slice(self.slices[key]))
        missing = self._of_each(desired, lambda key: rooms_to_open(self.slices[key], desired[key], policy.titles))
        for room in await self.tx.plans.open_rooms([room for rooms in missing.values() for room in rooms]):
            self.slices[room.organisation_id].open_room(room)
        plans = self._of_each(missing, lambda key: plan(self.slices[key], desired[key], policy, self.now))
        counts = self._of_each(plans, lambda key: counted(plans[key], self.slices[key]))
        self.batch.reached = self._of_each(counts, lambda key: _reached(self.slices[key]))
        held = await self._held(plans, counts) if self.rules.guards.on else {}
        self.batch.plans = [held.get(key, plans[key]) for key in sorted(counts)]
        self.batch.rooms = {key: self.slices[key].rooms for key in counts}
        self.batch.counted = [counts[key] for key in sorted(counts) if key not in held]
        return self.batch

    def _of_each(self, keys: Iterable[str], make: Callable[[str], T]) -> dict[str, T]:
        made = {}
        for key in sorted(keys):
            try:
                made[key] = make(key)
            except Exception as error:  # noqa: BLE001 - whatever one school's facts do to the rules, the others go on
                self.batch.stalled[key] = f"{type(error).__name__} in planning"
        return made

    async def _held(self, plans: Mapping[str, Plan], counts: Mapping[str, Counted]) -> dict[str, Plan]:
        guards = self.rules.guards
        leaving = {key: self.now - self.rules.guard_window for key, removals in counts.items() if removals}
        if not leaving:
            return {}
        removed = await self.tx.plans.removals_since(leaving)
        many = [key for key in leaving if over_floor(counts[key], removed.get(key, ()), guards)]
        seen = await self.tx.plans.seen(many) if many else {}
        held = {}
        for key in many:
            limit = broken_limit(counts[key], replace(seen[key], removed=removed.get(key, frozenset())), guards)
            if limit is not None:
                held[key] = with_hold(plans[key], counts[key], await self._hold(key, limit, plans, counts[key]))
        return held

    async def _hold(self, key: str, limit: str, plans: Mapping[str, Plan], removals: Counted) -> int:
        lines = actions(replace(plans[key], rooms=(), places=tuple(removals)), self.slices[key].rooms)
        persons = len({change.place.person_id for change in removals})
        hold = Hold(key, limit, lines, persons, self.now + self.rules.hold_for)
        self.batch.holds.append(hold)
        return await self.tx.plans.hold(hold, self.now)


def _reached(slice_: Slice) -> list[Reached]:
    return reached_anew(slice_.students, slice_.reached, slice_.roster)


def of_schools(touches: Mapping[Touch, Cause], organisation_ids: Collection[str]) -> dict[Touch, Cause]:
    return {touch: cause for touch, cause in touches.items() if touch.organisation_id in organisation_ids}

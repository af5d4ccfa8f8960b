"""Guard plans before they are written: what looks like a mistake waits for a person, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sync.affected import PERSON, Affected
from sync.guards.holding import moved_on, with_hold, without
from sync.guards.joining import Joining, joining, kept_where_they_were, old_enough, over_gain
from sync.guards.kinds import kinds_of
from sync.guards.leaving import Counted, Removed, counted
from sync.guards.limits import Guards, guards_on
from sync.guards.out import Seen, broken_shares, end_of_kind, ending_kinds, left_by_hand, many_of_kinds, over_floor
from sync.ids import NO_EVENT, HoldNo, OrganisationId
from sync.plan import PlaceChange, Plan
from sync.plan.actions import actions
from sync.planning_scope import Cause, PlanningScope
from sync.ports.holds import Hold
from sync.ports.roster import RosterTransaction
from sync.rules import ties

T = TypeVar("T")

BySchool = Mapping[OrganisationId, T]

WINDOW = timedelta(hours=24)  # in which removals and joins are counted together


class OfEach(Protocol):
    def __call__(self, keys: Iterable[OrganisationId], make: Callable[[OrganisationId], T]) -> dict[OrganisationId, T]:
        """Compute something for each school; schools for which it raises are not in the result."""


@dataclass(slots=True)
class Guarded:
    """Plans with what is held of them, the removals that flow and are counted from now on, and the new holds."""

    plans: dict[OrganisationId, Plan]
    counted: list[Counted] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """The changes of one school's plan that are held, and the limits broken."""

    changes: set[PlaceChange] = field(default_factory=set)
    limits: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GuardOfPlans:
    tx: RosterTransaction
    scopes: Mapping[OrganisationId, PlanningScope]
    guards: Guards
    hold_for: timedelta
    now: datetime
    of_each: OfEach

    async def guard(self, plans: BySchool[Plan]) -> Guarded:
        """At most one hold a plan. A held person who joins another chat by the plan has moved, and is released."""
        scopes, on = self.scopes, self.guards.on
        joins = self.of_each(plans, lambda key: joining(plans[key], scopes[key]) if on else {})
        counts = self.of_each(joins, lambda key: counted(plans[key], scopes[key]) if on else {})
        limits = await self._limits([key for key in counts if joins[key] or counts[key]])
        found = await self._joining(plans, joins, limits)
        made = self.of_each(counts, lambda key: moved_on(plans[key], scopes[key], found[key].changes, self.now))
        flowing = dict(counts)
        rest = {key: without(made[key], found[key].changes) for key in made}
        for key, broken in (await self._leaving(rest, counts, limits)).items():
            found[key].changes |= flowing.pop(key).keys()
            found[key].limits[:0] = broken
        guarded = Guarded(made, [flowing[key] for key in sorted(flowing)])
        for key in sorted(made.keys() & {key for key, of in found.items() if of.changes}):
            guarded.plans[key] = await self._hold(made[key], found[key], guarded.holds)
        return guarded

    async def _limits(self, schools: Collection[OrganisationId]) -> dict[OrganisationId, Guards]:
        """The guards of schools on their day."""
        spans = await self.tx.guarding.spans(schools) if schools else []
        return {key: guards_on(self.guards, spans, key, self.scopes[key].roster.day) for key in schools}

    async def _joining(
        self,
        plans: BySchool[Plan],
        joins: BySchool[Joining],
        limits: BySchool[Guards],
    ) -> dict[OrganisationId, _Found]:
        """Add the joins over the limits. Rooms belong to one school, so those of all schools are queried at once."""
        old = {key: old_enough(joins[key], self.scopes[key], limits[key], self.now) for key in limits}
        more = {room_no: limits[key].gain + 1 - len(of) for key, rooms in old.items() for room_no, of in rooms.items()}
        crowds = await self.tx.guarding.crowds(more, self.now - WINDOW) if more else {}
        found = {key: _Found() for key in plans}
        for key, rooms in old.items():
            own = {room_no: crowds[room_no] for room_no in rooms if room_no in crowds}
            broken = over_gain(rooms, own, limits[key], self.now - WINDOW)
            found[key].changes |= set(kept_where_they_were(plans[key], rooms, broken, self.scopes[key]))
            chats = {room_no: self.scopes[key].rooms[room_no].chat_id for room_no in broken}
            found[key].limits += [f"chat {chats[room_no]}: {words}" for room_no, words in broken.items()]
        return found

    async def _leaving(
        self,
        made: BySchool[Plan],
        counts: BySchool[Counted],
        limits: BySchool[Guards],
    ) -> dict[OrganisationId, list[str]]:
        """The limits that removals break, by school. Members are read only where enough persons leave."""
        leaving = [key for key in made if counts[key]]
        if not leaving:
            return {}
        before = await self.tx.guarding.removals_since(leaving, self.now - WINDOW)
        many = await self._to_look_at(made, {key: counts[key] for key in leaving}, before, limits)
        seen = await self.tx.guarding.seen(many) if many else {}
        broken = {}
        for key in many:
            now = list(counts[key].values())
            words = list(broken_shares(now, before[key], seen[key], limits[key]))
            ending = ending_kinds(now, before[key], made[key], seen[key], limits[key])
            gone = await self._gone(ending, made[key], seen[key])
            broken[key] = words + [end_of_kind(kind, now, before[key]) for kind in gone]
        return {key: words for key, words in broken.items() if words}

    async def _to_look_at(
        self, made: BySchool[Plan], counts: BySchool[Counted], before: BySchool[list[Removed]], limits: BySchool[Guards]
    ) -> list[OrganisationId]:
        """The schools whose members must be read: where many leave, or few of a kind are left."""
        kinds = {key: many_of_kinds(counts[key].values(), before[key], limits[key]) for key in counts}
        more = {(key, kind): len(made[key].places) + 1 for key, of in kinds.items() for kind in of}
        plenty = await self.tx.guarding.plenty(more) if more else set()
        few = {key for key, _ in more.keys() - plenty}
        return [k for k in counts if k in few or over_floor([*counts[k].values(), *before[k]], limits[k])]

    async def _gone(self, ending: Collection[str], made: Plan, seen: Seen) -> list[str]:
        """The kinds of which really nobody is left: persons who are in chats by hand are checked, too."""
        by_hand = left_by_hand(made, seen) if ending else set()
        if not by_hand:
            return list(ending)
        school = made.organisation_id
        asked = {Affected(school, PERSON, person): Cause(NO_EVENT, by_event=False) for person in by_hand}
        days = {school: self.scopes[school].roster.day}
        roster = (await self.tx.plans.load(asked, days))[school].roster
        kinds = {kind for person in by_hand for kind in kinds_of(ties(person, roster))}
        return [kind for kind in ending if kind not in kinds]

    async def _hold(self, made: Plan, found: _Found, holds: list[Hold]) -> Plan:
        held = tuple(change for change in made.places if change in found.changes)
        lines = actions(replace(made, rooms=(), places=held), self.scopes[made.organisation_id].rooms, waiting=True)
        persons = len({change.place.person_id for change in held})
        hold = Hold(made.organisation_id, "; ".join(found.limits), lines, persons, self.now + self.hold_for)
        holds.append(hold)
        return with_hold(made, found.changes, await self.tx.holds.make(hold, self.now))


def let_go(plans: Iterable[Plan]) -> set[HoldNo]:
    """The holds that lose persons when these plans are written."""
    changes = (change for made in plans for change in made.places if change.before is not None and change.before.held)
    return {
        change.before.hold_no
        for change in changes
        if change.before is not None
        and change.before.hold_no is not None
        and (change.after is None or change.after.hold_no != change.before.hold_no)
    }

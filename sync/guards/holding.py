"""Holding changes of a plan until a person decides, and releasing holds of persons who moved on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sync.guards.moving import moves_over
from sync.ids import AccountId, HoldNo, PersonId, RoomNo
from sync.places import OUT, Place
from sync.plan import PlaceChange, Plan
from sync.planning_scope import PlanningScope


def with_hold(made: Plan, held: Collection[PlaceChange], hold_no: HoldNo) -> Plan:
    """The plan with these changes held: the place of a removal stays wanted in, that of a join wanted out."""
    places = (_held(change, hold_no) if change in held else change for change in made.places)
    return replace(made, places=tuple(places))


def _held(change: PlaceChange, hold_no: HoldNo) -> PlaceChange:
    after = change.after
    assert after is not None  # noqa: S101 - a place that goes is none that guards count
    return replace(change, after=after._replace(hold_no=hold_no, wanted=OUT))


def without(made: Plan, held: Collection[PlaceChange]) -> Plan:
    """The plan without these changes: the places stay as they were."""
    return replace(made, places=tuple(change for change in made.places if change not in held)) if held else made


def moved_on(made: Plan, scope: PlanningScope, held: Collection[PlaceChange], now: datetime) -> Plan:
    """The plan in which persons who join a chat leave the chats where their removal was held: they have moved. Not
    persons whose join is itself held (`held`).
    """
    kept = {change.place.person_id for change in held}
    entering = (change for change in made.places if change.enters and not _is_there(change))
    joined = {change.place.person_id for change in entering if not moves_over(change, scope)}
    removals = [
        place for person in joined - kept for place in scope.places.get(person, ()) if place.held and not place.reasons
    ]
    return _let_go(made, removals, scope, now) if removals else made


def _let_go(made: Plan, removals: Iterable[Place], scope: PlanningScope, now: datetime) -> Plan:
    changes = {_key(change.place): change for change in made.places}
    for place in removals:
        change = changes.get(_key(place), PlaceChange(place, place))
        after = change.after
        if after is not None and after.held and not after.reasons:
            free = after._replace(hold_no=None, cause_no=scope.causes[place.person_id].event_no, wanted_at=now)
            changes[_key(place)] = replace(change, after=free)
    return replace(made, places=tuple(changes[key] for key in sorted(changes)))


def _key(place: Place) -> tuple[PersonId, RoomNo, AccountId]:
    return place.person_id, place.room_no, place.account


def _is_there(change: PlaceChange) -> bool:
    return change.before is not None and change.before.seen

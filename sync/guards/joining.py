"""The limit on joins: how many persons a default chat that is no longer new may gain in a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync import chats
from sync.guards.leaving import may_be_a_mistake
from sync.guards.limits import Guards
from sync.guards.moving import in_chat, is_known, made_at
from sync.ids import PersonId, RoomNo
from sync.places import IN, Place
from sync.plan import PlaceChange, Plan
from sync.planning_scope import PlanningScope

Joining = dict[RoomNo, list[PlaceChange]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """The persons desired in a room before a plan, with since when, or an earlier time for those who had joined before.
    `approved_at`: when a person last approved many joins.
    """

    since: Mapping[PersonId, datetime]
    approved_at: datetime | None = None


def joining(made: Plan, scope: PlanningScope) -> Joining:
    """The places, by room, by which somebody who is not there is newly desired in a default chat; what a person
    approved is not new.
    """
    found: Joining = defaultdict(list)
    for change in made.places:
        room = scope.rooms[change.place.room_no]
        default = made_at(room, scope) is not None and chats.derived_from(room.chat_id) is not None
        if default and _wanted_in(change.after) and not _decided(change, scope) and not is_known(change, scope):
            found[room.room_no].append(change)
    return found


def old_enough(joins: Joining, scope: PlanningScope, guards: Guards, now: datetime) -> Joining:
    """The joins into chats that are no longer new."""
    since = {room_no: made_at(scope.rooms[room_no], scope) or now for room_no in joins}
    return {room_no: of_room for room_no, of_room in joins.items() if since[room_no] + guards.gain_after < now}


def over_gain(joins: Joining, crowds: Mapping[RoomNo, Crowd], guards: Guards, since: datetime) -> dict[RoomNo, str]:
    """The rooms that gain too many, each with the limit in words. Rooms not in `crowds` gain too few to check."""
    broken = {}
    for room_no, crowd in sorted(crowds.items()):
        begin = max(since, crowd.approved_at or since)
        news = {change.place.person_id for change in joins[room_no]}
        gained = news | {person for person, at in crowd.since.items() if at > begin}
        had = crowd.since.keys() - gained
        if len(gained) > guards.gain and len(gained) > len(had):
            broken[room_no] = f"{len(gained)} would join {len(had)}"
    return broken


def kept_where_they_were(
    made: Plan, joins: Joining, broken: Mapping[RoomNo, str], scope: PlanningScope
) -> Iterator[PlaceChange]:
    """The joins into these rooms, and what else the same persons would leave by the plan."""
    persons = {change.place.person_id for room_no in broken for change in joins[room_no]}
    for room_no in broken:
        yield from joins[room_no]
    for change in made.places:
        if change.place.person_id in persons and may_be_a_mistake(change, scope):
            yield change


def _wanted_in(place: Place | None) -> bool:
    return place is not None and place.wanted in IN and bool(place.reasons)


def _decided(change: PlaceChange, scope: PlanningScope) -> bool:
    """Whether a person decided on it, whatever account it was of."""
    return any(place.hold_no in scope.decided for place in in_chat(change, scope))

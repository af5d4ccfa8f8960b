"""Who joins a room because the school moved to another platform: nobody comes anew by that, and nobody moves on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sync.desired import desired_of_person
from sync.places import Place, Room
from sync.plan import PlaceChange
from sync.planning_scope import PlanningScope


def in_chat(change: PlaceChange, scope: PlanningScope) -> Iterator[Place]:
    """The places of the change's person in its room, and in the rooms that this one takes over from."""
    rooms = {room.room_no for room in _with_former(scope.rooms[change.place.room_no], scope)}
    places = scope.places.get(change.place.person_id, ())
    return (place for place in places if place.room_no in rooms)


def is_known(change: PlaceChange, scope: PlanningScope) -> bool:
    """Whether the person is in the chat already by whatever account, or was desired there and not kept out of it."""
    return any(place.seen or (place.reasons and not place.kept_out) for place in in_chat(change, scope))


def moves_over(change: PlaceChange, scope: PlanningScope) -> bool:
    """Whether who enters a room was in the chat already, on the platform that the school has left."""
    return bool(scope.moved_from(scope.rooms[change.place.room_no])) and is_known(change, scope)


def made_at(room: Room, scope: PlanningScope) -> datetime | None:
    """Since when a chat is on a platform: a room is as old as those that it takes over from."""
    made = [each.made_at for each in _with_former(room, scope) if each.made_at is not None]
    return min(made, default=None)


def is_left_behind(change: PlaceChange, scope: PlanningScope) -> bool:
    """Whether somebody leaves a room because all do: it is left for another, in which they are desired as well."""
    room = scope.rooms[change.place.room_no]
    if room.room_no not in scope.leaving and room.left_for is None:
        return False
    return room.chat_id in desired_of_person(change.place.person_id, scope.roster)


def _with_former(room: Room, scope: PlanningScope) -> list[Room]:
    return [*scope.moved_from(room), room]

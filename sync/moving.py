"""A school that moves to another platform: which of its rooms take over from others. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from sync.ids import PersonId
from sync.places import Room
from sync.planning_scope import PlanningScope


def taking_over(scope: PlanningScope) -> Iterator[Room]:
    """The rooms of which others are waiting to be left."""
    present = (scope.present_room(chat_id) for chat_id, lives in scope.lives.items() if len(lives) > 1)
    for room in present:
        if room is not None and any(map(scope.moving, scope.lives[room.chat_id])):
            yield room


def all_planned_in(room: Room, scope: PlanningScope, desired: Mapping[PersonId, Container[str]]) -> bool:
    """Whether everybody who belongs in the room's chat and has an account here was planned into it before: a room may
    look filled when somebody links, or before the whole school is planned.
    """
    return all(
        any((place.room_no, place.account) == (room.room_no, account.external_user_id) for place in places)
        for person, places in scope.places.items()
        if room.chat_id in desired.get(person, ()) and (account := scope.account(person, room)) is not None
    )


def somebody_joins(room: Room, scope: PlanningScope) -> bool:
    """Whether somebody who stands in the room's chat, on the platform that the school has left, has an account here."""
    former = {old.room_no for old in scope.moved_from(room)}
    return any(
        scope.account(person, room) is not None
        for person, places in scope.places.items()
        if any(place.room_no in former and place.reasons for place in places)
    )

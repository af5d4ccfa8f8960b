"""What becomes of rooms: new ones for chats that somebody is desired in, titles, and rooms that close."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from sync.desired import Desired
from sync.ids import ChatId, PersonId, RoomNo
from sync.places import ARCHIVED, OPEN, Room
from sync.plan import PlaceChange, RoomChange
from sync.planning_scope import PlanningScope
from sync.titles import Titles, title

DesiredOfScope = Mapping[PersonId, Mapping[ChatId, Desired]]


def rooms_to_open(scope: PlanningScope, desired: DesiredOfScope, titles: Titles) -> list[Room]:
    """New rooms, not yet numbered, for chats that somebody is desired in and that have no room."""
    needed = {chat_id for memberships in desired.values() for chat_id in memberships}
    return [
        Room(
            RoomNo(0),
            scope.organisation_id,
            chat_id,
            _next_life(scope, chat_id),
            title(chat_id, scope.roster, titles),
            platform=scope.platform,
        )
        for chat_id in sorted(needed)
        if scope.present_room(chat_id) is None
    ]


def _next_life(scope: PlanningScope, chat_id: ChatId) -> int:
    return 1 + max((room.life for room in scope.lives.get(chat_id, ())), default=0)


def room_changes(scope: PlanningScope, places: Iterable[PlaceChange], titles: Titles) -> tuple[RoomChange, ...]:
    """Rooms by chat and life. One whose chat closes stays open while somebody in it has a hold."""
    closing = {room_no for room_no, room in scope.rooms.items() if scope.may_close(room)}
    kept = _with_holds(scope, places) if closing else set()
    return tuple(_room_changes(scope, kept, titles))


def _with_holds(scope: PlanningScope, places: Iterable[PlaceChange]) -> set[RoomNo]:
    """The rooms in which somebody has a hold once these places have changed, as far as the scope knows."""
    before = {change.before for change in places}
    stay = (place for of in scope.places.values() for place in of if place not in before)
    come = (change.after for change in places if change.after is not None)
    others = {room_no for room_no, persons in scope.kept.items() if set(persons) - scope.causes.keys()}
    return others | {place.room_no for place in (*stay, *come) if place.hold_no is not None}


def _room_changes(scope: PlanningScope, kept: Container[RoomNo], titles: Titles) -> Iterator[RoomChange]:
    for room in sorted(scope.rooms.values(), key=lambda room: (room.chat_id, room.life)):
        if room.chat_id not in scope.chat_ids:
            continue
        is_open = scope.roster.open_chat(room.chat_id) is not None
        if is_open and scope.present_room(room.chat_id) is room:
            takes_over = any(map(scope.moving, scope.lives[room.chat_id]))
            named = replace(room, wanted_life=OPEN, wanted_title=title(room.chat_id, scope.roster, titles))
            after = replace(named, takes_over=takes_over, left_for=None)
        elif scope.moving(room):
            after = replace(room, takes_over=False)
        else:
            closed = replace(room, wanted_life=OPEN if scope.may_close(room) and room.room_no in kept else ARCHIVED)
            after = replace(closed, takes_over=False, left_for=scope.leaving.get(room.room_no, room.left_for))
        if after != room:
            yield RoomChange(room, after)

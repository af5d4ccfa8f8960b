"""Which rooms a plan gives something to do, and how urgently."""

from __future__ import annotations

from collections.abc import Iterator

from sync.ids import RoomNo
from sync.places import ARCHIVED, IN, NOBODY, Place
from sync.plan import PlaceChange, Plan
from sync.room import CHANGES, LEAVERS, REMOVALS


def grades(made: Plan) -> dict[RoomNo, int]:
    """The grade in which each room of a plan falls due, by room number; a room with nothing to do is not in it."""
    due: dict[RoomNo, int] = {}
    for room_no, grade in (*_of_rooms(made), *_of_places(made)):
        due[room_no] = min(grade, due.get(room_no, REMOVALS))
    return due


def _of_rooms(made: Plan) -> Iterator[tuple[RoomNo, int]]:
    for change in made.rooms:
        if change.after.external_chat_id is not None:
            yield change.after.room_no, REMOVALS if change.after.wanted_life == ARCHIVED else CHANGES


def _of_places(made: Plan) -> Iterator[tuple[RoomNo, int]]:
    for change in made.places:
        place = change.after
        if place is not None and place.account != NOBODY and _may_differ(change, place):
            yield place.room_no, _grade(place)


def _may_differ(change: PlaceChange, place: Place) -> bool:
    """The observed half that planning read may be out of date: an answer may have arrived since, and the room been
    released. So every changed wish makes its room due, also one that is now held or released: the settler, which reads
    the latest state, makes no needless call.
    """
    before = change.before
    anew = before is not None and (before.wanted, before.hold_no) != (place.wanted, place.hold_no)
    return anew or (place.wanted != place.observed and place.hold_no is None)


def _grade(place: Place) -> int:
    if place.wanted in IN:
        return CHANGES
    return LEAVERS if place.leaving else REMOVALS

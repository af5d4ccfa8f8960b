"""Which rooms a plan gives something to do, and how urgently."""

from __future__ import annotations

from collections.abc import Iterator

from sync.places import ARCHIVED, IN, NOBODY, Place
from sync.plan import PlaceChange, Plan
from sync.room import CHANGES, LEAVERS, REMOVALS


def grades(made: Plan) -> dict[int, int]:
    """The grade in which each room of a plan falls due, by room number; a room with nothing to do is not in it."""
    due: dict[int, int] = {}
    for room_no, grade in (*_of_rooms(made), *_of_places(made)):
        due[room_no] = min(grade, due.get(room_no, REMOVALS))
    return due


def _of_rooms(made: Plan) -> Iterator[tuple[int, int]]:
    for change in made.rooms:
        if change.after.external_chat_id is not None:
            yield change.after.room_no, REMOVALS if change.after.wanted_life == ARCHIVED else CHANGES


def _of_places(made: Plan) -> Iterator[tuple[int, int]]:
    for change in made.places:
        place = change.after
        if place is not None and place.account != NOBODY and _may_differ(change, place):
            yield place.room_no, _grade(place)


def _may_differ(change: PlaceChange, place: Place) -> bool:
    """What planning read of the observed half may be old: an answer may have come since, and its room been let go. So
    whatever wish changes falls due, a removal that is held too: the settler, who knows, makes no call for nothing, and
    who is at work there learns of it.
    """
    anew = change.before is not None and change.before.wanted != place.wanted
    return anew or (place.wanted != place.observed and not place.held)


def _grade(place: Place) -> int:
    if place.wanted in IN:
        return CHANGES
    return LEAVERS if place.leaving else REMOVALS

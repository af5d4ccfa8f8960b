"""What becomes of one person's places: place by place, from what is wanted of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sync.desired import Desired, is_leaver
from sync.ids import NO_EVENT, AccountId, ChatId, PersonId, RoomNo
from sync.places import IN, NOBODY, OUT, Place
from sync.plan import PlaceChange
from sync.plan.held import after_decision
from sync.planning_scope import Cause, PlanningScope
from sync.wanted import Wanted


def changes_of_person(
    person: PersonId,
    wanted: Mapping[tuple[RoomNo, AccountId], Wanted],
    desired: Mapping[ChatId, Desired],
    scope: PlanningScope,
    now: datetime,
) -> Iterator[PlaceChange]:
    standing = {(place.room_no, place.account): place for place in scope.places.get(person, ())}
    cause = scope.causes[person]
    for key in sorted(standing.keys() | wanted.keys()):
        before = standing.get(key)
        place = before or _new(Place(scope.organisation_id, person, *key), scope)
        after = next_place(place, wanted.get(key), cause, now)
        if after is not None and before is not None and before.wanted in IN and after.wanted == OUT:
            still = scope.rooms[key[0]].chat_id in desired
            lost = PlaceChange(before, after).lost
            after = after._replace(leaving=not still and is_leaver(person, lost, scope.roster))
        if after is not None and after.held:
            after = after_decision(after, wanted.get(key), scope, now)
        if after is not None and after.refused and person in scope.retried:
            after = after._replace(refused=False)
        if after != before:
            yield PlaceChange(before, after)


def _new(place: Place, scope: PlanningScope) -> Place:
    """A new place. A person kept out of its room by one account is kept out by every other account, too, and out of the
    room that takes over from it.
    """
    rooms = {place.room_no, *(former.room_no for former in scope.moved_from(scope.rooms[place.room_no]))}
    standing = scope.places.get(place.person_id, ())
    kept = next((other for other in standing if other.room_no in rooms and other.kept_out), None)
    if kept is None:
        return place
    return place._replace(reasons=kept.reasons, hold_no=kept.hold_no, rejected=kept.rejected)


def next_place(place: Place, wanted: Wanted | None, cause: Cause, now: datetime) -> Place | None:
    """A place after planning. Truth table:

    wanted   place                   becomes
    none     waiting                 gone
    none     removal held            as it is while the person may be there
    none     removal rejected        the same, until an event of the roster asks: wanted out
    none     wanted in               wanted out
    none     other                   as it is, free of any hold; its reasons have ended
    in       join held               as it is, with the reasons of today
    in       join rejected           the same, until an event of the roster asks: as wanted
    any      as wanted, no hold      as it is, with the reasons of today
    any      other                   as wanted, free of any hold
    """
    if wanted is None:
        return _unwanted(place, cause, now)
    if place.kept_out and wanted.wanted in IN and (place.held or not cause.by_event):
        return place if place.reasons == wanted.reasons else place._replace(reasons=wanted.reasons)
    if place.wanted != wanted.wanted or place.hold_no is not None:
        return place.wanting(wanted.wanted, wanted.reasons, cause.event_no, now)
    if place.reasons == wanted.reasons and place.cause_no and place.wanted_at is not None:
        return place
    known = place.cause_no or cause.event_no
    return place._replace(reasons=wanted.reasons, cause_no=known, wanted_at=place.wanted_at or now)


def _unwanted(place: Place, cause: Cause, now: datetime) -> Place | None:
    if place.account == NOBODY:
        return None
    if place.hold_no is not None and not place.reasons and place.seen and (place.held or not cause.by_event):
        return place
    if place.wanted == OUT:
        plain = not place.reasons and place.hold_no is None
        return place if plain else place._replace(reasons=(), hold_no=None, rejected=False)
    known = place.cause_no if place.rejected else NO_EVENT  # a reconcile has no event of its own
    return place.wanting(OUT, (), cause.event_no or known, now)

"""Alarms of chats and of platform accounts: somebody should look at them, but nothing is blocked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from sync.account_health import PAUSED, REFUSES, UNREACHABLE
from sync.ids import PersonId
from sync.membership_states import PlaceView
from sync.places import ADMIN, IN
from sync.rules import BY_HAND, EMPLOYEE, STUDENT, tie_of
from sync.streams import HANDLING_FAILED

NO_STAFF, NO_ADMINISTRATOR, REMOVAL_LATE = "no_staff", "no_administrator", "removal_late"
PLATFORM_PAUSED, PLATFORM_REFUSES, PLATFORM_UNREACHABLE = "platform_paused", "platform_refuses", "platform_unreachable"
STRANGER, RETURNED, LOOK_LATE = "stranger", "returned", "look_late"
ACCOUNT_CHANGED_HANDS, RIGHTS_LACKING = "account_changed_hands", "rights_lacking"
PLANNING_STALLED, PARTITION_STOPPED, CLOCK_JUMPED = "planning_stalled", "partition_stopped", "clock_jumped"
SOURCE_SILENT = "source_silent"
ALARMS = (
    ACCOUNT_CHANGED_HANDS,
    CLOCK_JUMPED,
    HANDLING_FAILED,
    LOOK_LATE,
    NO_ADMINISTRATOR,
    NO_STAFF,
    PARTITION_STOPPED,
    PLANNING_STALLED,
    PLATFORM_PAUSED,
    PLATFORM_REFUSES,
    PLATFORM_UNREACHABLE,
    REMOVAL_LATE,
    RETURNED,
    RIGHTS_LACKING,
    SOURCE_SILENT,
    STRANGER,
)

LATE_AFTER = timedelta(minutes=5)  # a removal, from the event that it comes of
LONG_PAUSE = timedelta(minutes=5)
LOOK_LATE_AFTER = timedelta(hours=48)


def alarms_of_chat(places: Iterable[PlaceView], employed: Collection[PersonId]) -> Iterator[str]:
    """The kinds of alarms of a chat that is open, by the places in its room. `employed`: of those added by hand
    the persons who work at the school.
    """
    present = [place for place in places if place.observed in IN]
    if present and all(place.observed != ADMIN for place in present):
        yield NO_ADMINISTRATOR
    if any(_is(STUDENT, place) for place in present) and not any(_is_staff(place, employed) for place in present):
        yield NO_STAFF


def alarm_of_account(state: str, since: datetime | None, paused_until: datetime | None, now: datetime) -> str | None:
    """The kind of a platform account's alarm, if it has one; a pause is one if it has been long, or will be."""
    if state == PAUSED:
        begun, over = since or now, paused_until or now
        return PLATFORM_PAUSED if now - begun >= LONG_PAUSE or over - now >= LONG_PAUSE else None
    return {REFUSES: PLATFORM_REFUSES, UNREACHABLE: PLATFORM_UNREACHABLE}.get(state)


def added_by_hand(places: Iterable[PlaceView]) -> set[PersonId]:
    """Who is in a chat because somebody added them: they may be of the staff."""
    return {place.person_id for place in places if place.observed in IN and _is(BY_HAND, place)}


def _is_staff(place: PlaceView, employed: Collection[PersonId]) -> bool:
    return _is(EMPLOYEE, place) or (_is(BY_HAND, place) and place.person_id in employed)


def _is(tie: str, place: PlaceView) -> bool:
    return any(tie_of(kept.reason) == tie for kept in place.reasons)

"""Alarms of a chat: what somebody should look at, and what holds nothing. Decided by who is in it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from sync.places import ADMIN, IN
from sync.rules import BY_HAND, EMPLOYEE, STUDENT, tie_of
from sync.standings import Seat

NO_STAFF, NO_ADMINISTRATOR, REMOVAL_LATE = "no_staff", "no_administrator", "removal_late"
ALARMS = (NO_ADMINISTRATOR, NO_STAFF, REMOVAL_LATE)

LATE_AFTER = timedelta(minutes=5)  # a removal, from the event that it comes of


def alarms_of_chat(seats: Iterable[Seat], employed: Collection[str]) -> Iterator[str]:
    """The kinds of alarms of a chat that is open, by the seats in its room. `employed`: of those who were added by hand
    the persons who work at the school.
    """
    present = [seat for seat in seats if seat.observed in IN]
    if present and all(seat.observed != ADMIN for seat in present):
        yield NO_ADMINISTRATOR
    if any(_is(STUDENT, seat) for seat in present) and not any(_is_staff(seat, employed) for seat in present):
        yield NO_STAFF


def added_by_hand(seats: Iterable[Seat]) -> set[str]:
    """Who is in a chat because somebody added them: they may be of the staff."""
    return {seat.person_id for seat in seats if seat.observed in IN and _is(BY_HAND, seat)}


def _is_staff(seat: Seat, employed: Collection[str]) -> bool:
    return _is(EMPLOYEE, seat) or (_is(BY_HAND, seat) and seat.person_id in employed)


def _is(tie: str, seat: Seat) -> bool:
    return any(tie_of(kept.reason) == tie for kept in seat.reasons)

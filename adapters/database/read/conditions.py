"""SQL conditions on places and rooms: the counterparts of the rules in `sync.membership_states`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select

from adapters.database.read.platforms import Platforms
from adapters.database.schema import read_backs, rooms
from sync.places import ARCHIVED, GONE, NEEDS_PERSON, NOBODY, NONE, OPEN, OUT, TO_ADOPT, UNKNOWN

IN_NEED = (GONE, NEEDS_PERSON, TO_ADOPT)

Condition = ColumnElement[bool]

# Of a place: `of` is the table, or an alias of it.


def linked(of: Any) -> Condition:
    return and_(of.c.account != NOBODY)


def waits(of: Any) -> Condition:
    return and_(of.c.account == NOBODY)


def differs(of: Any) -> Condition:
    changes = and_(of.c.observed != of.c.wanted, of.c.hold_no.is_(None), of.c.refused_for.is_distinct_from(of.c.wanted))
    return and_(linked(of), or_(of.c.observed == UNKNOWN, changes))


def held(of: Any) -> Condition:
    waits_for_person = and_(of.c.hold_no.is_not(None), ~of.c.rejected, of.c.observed != UNKNOWN)
    desired = of.c.reasons != literal([], of.c.reasons.type)
    return and_(linked(of), waits_for_person, or_(of.c.observed != OUT, desired))


def refused(of: Any) -> Condition:
    answered = and_(of.c.refused_for == of.c.wanted, of.c.observed != of.c.wanted, of.c.observed != UNKNOWN)
    return and_(of.c.refused_for.is_not(None), linked(of), answered, of.c.hold_no.is_(None))


def lingers(of: Any) -> Condition:
    return and_(linked(of), of.c.wanted == OUT, of.c.observed != OUT, of.c.hold_no.is_(None))


# Of a room


def busy(platforms: Platforms) -> Condition:
    """Rooms that have something to do, or need a person. Every place that differs is in one of these, so no other rooms
    need be read: whatever makes a place differ makes its room due, and a room stays due until nothing more can be done.
    """
    return or_(
        rooms.c.due_at.is_not(None),
        rooms.c.in_flight.is_not(None),
        rooms.c.lease_until.is_not(None),
        rooms.c.room_no.in_(select(read_backs.c.room_no)),
        rooms.c.observed_life.in_([UNKNOWN, *IN_NEED]),
        and_(rooms.c.observed_life == OPEN, rooms.c.wanted_life == ARCHIVED),
        and_(rooms.c.observed_life == ARCHIVED, rooms.c.wanted_life == OPEN),
        and_(
            rooms.c.observed_life == OPEN,
            rooms.c.observed_title.is_distinct_from(rooms.c.wanted_title),
            rooms.c.kept_for.is_distinct_from(rooms.c.wanted_title),
        ),
        and_(
            rooms.c.observed_life == NONE,
            rooms.c.wanted_life == OPEN,
            rooms.c.platform_token.in_(platforms.without_making),
        ),
    )

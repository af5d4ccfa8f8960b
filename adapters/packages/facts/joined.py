"""Facts as a package states them. What events say by two facts, whether somebody is at the school and where there, a
package says in one row: so it is compared as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from adapters.packages.facts.known import Ahead, Was
from sync.facts import ORGANISATION, FactType, Key


class Enrolment(NamedTuple):
    """The class of a student, or none. `reason` is an expulsion's."""

    class_id: str | None
    school_year: str | None
    reason: str | None


class Employment(NamedTuple):
    """`position_type` is administration, teaching_staff or other; None is not employed."""

    position_type: str | None
    position: str | None


ENROLMENT = FactType("enrolments", (*ORGANISATION, "student_id"), Enrolment)
EMPLOYMENT = FactType("employments", (*ORGANISATION, "employee_id"), Employment)


def enrolment(attendance: Any, placement: Any) -> Enrolment | None:
    """What an attendance and a placement come to; None of neither."""
    if attendance is not None and not attendance.at_school:
        return Enrolment(None, None, attendance.reason)
    return None if placement is None else Enrolment(placement.class_id, placement.school_year, None)


def employment(admission: Any, position: Any) -> Employment | None:
    """What an admission and a position come to; None of neither."""
    if admission is not None and not admission.employed:
        return Employment(None, None)
    return None if position is None else Employment(position.position_type, position.position)


Join = Callable[[Any, Any], Any]


def joined(admissions: Mapping[Key, Was], places: Mapping[Key, Was], join: Join) -> Iterator[tuple[Key, Was]]:
    """Two kinds of known facts as one, by key, sorted. The source is that of the fact which decides."""
    for key in sorted({*admissions, *places}):
        yield key, _joined(admissions.get(key, _NOTHING), places.get(key, _NOTHING), join)


_NOTHING = Was(None, "")


def _joined(admission: Was, place: Was, join: Join) -> Was:
    days = sorted({ahead.effective_on for ahead in (*admission.ahead, *place.ahead)})
    told = [_on(day, admission, place, join) for day in (None, *days)]
    changes = [
        Ahead(day, value, source)
        for day, ((before, _), (value, source)) in zip(days, pairwise(told), strict=True)
        if value != before
    ]
    value, source = told[0]
    return Was(value, source if value is not None or not changes else changes[0].source, tuple(changes))


def _on(day: date | None, admission: Was, place: Was, join: Join) -> tuple[Any, str]:
    (admitted, by), (placed, of) = _holding(admission, day), _holding(place, day)
    value = join(admitted, placed)
    return value, by if value is None or value == join(admitted, None) else of


def _holding(was: Was, day: date | None) -> tuple[Any, str]:
    begun = [ahead for ahead in was.ahead if day is not None and ahead.effective_on <= day]
    return (begun[-1].value, begun[-1].source) if begun else (was.value, was.source)

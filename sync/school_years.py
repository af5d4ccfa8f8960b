"""How far each student got: a later school year leaves a notice, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sync.facts import AT_ONCE, Assertion
from sync.ids import PersonId
from sync.roster import Roster

STANDS_FOR = timedelta(days=60)

ENTERS = frozenset({"enrolled", "restored"})  # an admission moves nobody to a new year


class Reached(NamedTuple):
    """The latest school year a student was seen in, and by which enrolment; the notice of it: since when it is shown,
    and when it was closed.
    """

    student_id: PersonId
    school_year: str
    enrolment_no: int
    noticed_on: date | None = None
    closed_at: datetime | None = None

    def stands(self, today: date) -> bool:
        """Whether the notice is to be shown: open, and not for longer than it stands."""
        return self.noticed_on is not None and self.closed_at is None and today < self.noticed_on + STANDS_FOR


def reached_anew(students: Iterable[PersonId], known: Mapping[PersonId, Reached], roster: Roster) -> list[Reached]:
    """The changes of these students' school years."""
    found = ((known.get(student), _reached(student, known.get(student), roster)) for student in sorted(students))
    return [after for before, after in found if after is not None and after != before]


def _reached(student: PersonId, known: Reached | None, roster: Roster) -> Reached | None:
    enrolment = roster.enrolled(student)
    year = _year(enrolment, roster) if enrolment is not None else None
    if enrolment is None or year is None or (known is not None and year < known.school_year):
        return known
    if known is not None and year == known.school_year:
        told_before = known.noticed_on is not None or not _promoted_to(year, enrolment)
        return known._replace(
            enrolment_no=enrolment.event_no, noticed_on=known.noticed_on if told_before else _since(enrolment, roster)
        )
    noticed = _promoted_to(year, enrolment) or (known is not None and _moved_on(enrolment, known))
    return Reached(student, year, enrolment.event_no, _since(enrolment, roster) if noticed else None)


def _year(enrolment: Assertion, roster: Roster) -> str | None:
    """The class's school year, or the later one that the student was promoted to."""
    years = (enrolment.value.school_year, roster.class_year(enrolment.value.class_id))
    return max((year for year in years if year is not None), default=None)


def _promoted_to(year: str, enrolment: Assertion) -> bool:
    return bool(enrolment.value.how == "promoted" and enrolment.value.school_year == year)


def _moved_on(enrolment: Assertion, known: Reached) -> bool:
    """Whether the student, or the class, moved to a later year; not by being admitted into one."""
    return enrolment.event_no == known.enrolment_no or enrolment.value.how not in ENTERS


def _since(enrolment: Assertion, roster: Roster) -> date:
    """The day from which it holds; for a promotion that arrives late this is before today."""
    dated = enrolment.value.how == "promoted" and enrolment.effective_on != AT_ONCE
    return enrolment.effective_on if dated else roster.day

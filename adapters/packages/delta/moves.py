"""Who comes into which class or group, and who goes, by the rows of a delta's enrolments."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from adapters.packages.delta.known_facts import STAFF, KnownFacts
from adapters.packages.delta.told_roles import Lost
from adapters.packages.facts.reading import Reading
from adapters.packages.roster.changes import Changes, EnrolmentChange
from adapters.packages.roster.role_words import STUDENT, fits, position_type
from adapters.packages.roster.sections import Teaching
from adapters.packages.spill.mappings import SpillMap
from sync.facts import CLASS_STATE, GROUP_ROSTER, GROUP_STATE, GROUP_TEACHER, HOMEROOM, FactType, Key


class Moves(NamedTuple):
    """What the rows change of a student's classes in a school, of a group's students, or of a section's teachers.

    `came` are the classes, or students, and the days they begin on; `teachers` those who came; `went` who or what went.
    """

    came: Mapping[str, date] = {}
    teachers: tuple[Teaching, ...] = ()
    went: frozenset[str] = frozenset()


NO_MOVES = Moves()


class SortedMoves:
    """The rows by whom they move. `classes` by school and student, `rosters` and `teachers` by school and section.

    `used` are sections that stay though their rows are removed; `lost` are the roles that people have no more. A row
    that cannot be counted (a role that the user has not, a section that nobody knows) is counted as a warning.
    """

    def __init__(
        self, reading: Reading, changes: Changes, known_facts: KnownFacts, *, used: AbstractSet[str], lost: Lost
    ) -> None:
        mapping = reading.roster.spill.mapping
        self._reading = reading
        self._changes = changes
        self._known_facts = known_facts
        self._used = used
        self._lost = lost
        self._unknown: SpillMap[Key, tuple[EnrolmentChange, ...]] = mapping()
        self.classes: SpillMap[Key, Moves] = mapping()
        self.rosters: SpillMap[Key, Moves] = mapping()
        self.teachers: Mapping[FactType, SpillMap[Key, Moves]] = {HOMEROOM: mapping(), GROUP_TEACHER: mapping()}
        for change in changes.all_enrolments():
            self._sort(change)
        self._sort_unknown()
        self._leave()

    def _sort(self, change: EnrolmentChange) -> None:
        if not self._has_role(change):
            self._reading.findings.add("role_mismatch", "a role that the user has", change.place)
            return
        where = self._where(change)
        if where is not None:
            if change.organisation_id not in {None, where[0]}:
                self._reading.findings.add("school_mismatch", "the school of the class", change.place)
            self._place(change, *where)
        else:
            school = change.organisation_id or min(self._known_facts.schools(change.person_id), default="")
            key = school, change.person_id
            self._unknown[key] = (*self._unknown.get(key, ()), change)

    def _where(self, change: EnrolmentChange) -> tuple[str, bool] | None:
        """The school of the section, and whether it is a class."""
        section = self._reading.roster.sections.get(change.section_id)
        if section is not None:
            return section.organisation_id, self._reading.is_class(section)
        posts = self._reading.roster.posts.get(change.person_id, ())
        schools = self._known_facts.schools(change.person_id) | {post.organisation_id for post in posts}
        known = self._known_facts.where(change.section_id, change.organisation_id, schools)
        return None if known is None else (known.organisation_id, known.is_class)

    def _has_role(self, change: EnrolmentChange) -> bool:
        """Of whom nothing is known the row is taken at its word."""
        posts = self._reading.roster.posts.get(change.person_id, ())
        roles = {post.role for post in posts} | self._known_facts.roles(change.person_id)
        return not roles or any(fits(role, change.role) for role in roles)

    def _is_gone(self, change: EnrolmentChange) -> bool:
        is_removed = change.gone or change.person_id in self._changes.removed_people
        return is_removed or self._is_closed(change.section_id)

    def _is_closed(self, section_id: str) -> bool:
        section = self._reading.roster.sections.get(section_id)
        return section is not None and section.gone and section_id not in self._used

    def _place(self, change: EnrolmentChange, school: str, is_class: bool) -> None:  # noqa: FBT001 - as `_where` gives it
        section, is_gone = (school, change.section_id), self._is_gone(change)
        if change.role == STUDENT and is_class:
            _put(self.classes, (school, change.person_id), change.section_id, None if is_gone else change.begins_on)
        elif self._is_closed(change.section_id):
            return
        elif change.role == STUDENT:
            is_in = not is_gone and self._reading.is_current(change.begins_on)
            _put(self.rosters, section, change.person_id, change.begins_on if is_in else None)
        elif position_type(change.role) == "teaching_staff":
            teachers = self.teachers[HOMEROOM if is_class else GROUP_TEACHER]
            if is_gone:
                _put(teachers, section, change.person_id, None)
            else:
                moves = teachers.get(section, NO_MOVES)
                teaching = Teaching(change.person_id, change.primary, change.begins_on)
                teachers[section] = moves._replace(teachers=(*moves.teachers, teaching))

    def _sort_unknown(self) -> None:
        """A student's one unknown class is taken for the student's class: it may be announced yet.

        Of several unknown ones nobody can tell which is the class and which are groups; nor who taught there.
        """
        for key, changes in self._unknown.entries():
            came = [change for change in changes if change.role == STUDENT and not self._is_gone(change)]
            went = [change for change in changes if change.role == STUDENT and self._is_gone(change)]
            is_class = len(came) == 1 and key[0] and key[0] not in self._reading.graded
            taken: list[EnrolmentChange] = []
            if is_class and not self.classes.get(key, NO_MOVES).came:
                taken = [*came, *went] if len(went) == 1 else came
            for change in taken:
                self._place(change, key[0], True)  # noqa: FBT003
            for change in (change for change in changes if change not in taken):
                self._reading.findings.add("dangling_reference", "the id of a class that is known", change.place)

    def _leave(self) -> None:
        """Who is removed, or has the role no more, has no place in any class or group, nor teaches there."""
        if not len(self._changes.removed_people) and not len(self._lost):
            return
        for key in self._known_facts.keys(GROUP_STATE):
            roster = self._known_facts.value(GROUP_ROSTER, key)
            for student in getattr(roster, "student_ids", None) or ():
                if self._has_lost(key[0], student, STUDENT):
                    _put(self.rosters, key, student, None)
        for kind, state in ((GROUP_TEACHER, GROUP_STATE), (HOMEROOM, CLASS_STATE)):
            for key in self._known_facts.keys(state):
                was = self._known_facts.was(kind, key)
                for value in (was.value, *(ahead.value for ahead in was.ahead)) if was is not None else ():
                    employee = getattr(value, "employee_id", None)
                    if employee is not None and self._has_lost(key[0], employee, STAFF):
                        _put(self.teachers[kind], key, employee, None)

    def _has_lost(self, school: str, person: str, role: str) -> bool:
        return person in self._changes.removed_people or role in self._lost.get((school, person), ())


def _put(found: SpillMap[Key, Moves], where: Key, key: str, begins_on: date | None) -> None:
    """Notes who or what comes on a day, or goes (None).

    Of two rows for one place, one removed and one not, the one that is there counts.
    """
    moves = found.get(where, NO_MOVES)
    if begins_on is None:
        found[where] = moves._replace(went=moves.went | {key})
    else:
        found[where] = moves._replace(came={**moves.came, key: min(begins_on, moves.came.get(key, begins_on))})

"""Sorts the rows of a delta's enrolments: by student, by group, and by who teaches what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from adapters.packages.background import Background, Where
from adapters.packages.roster import Changes, SeatChange, Teaching
from adapters.packages.snapshot import Reading
from adapters.packages.words import STUDENT, fits, position_type
from sync.facts import CLASS_STATE, GROUP_ROSTER, GROUP_STATE, GROUP_TEACHER, HOMEROOM, Key


@dataclass(slots=True)
class Places:
    """What the rows make of a student's classes in a school, or of a class's teachers, or of a group."""

    came: dict[str, date] = field(default_factory=dict)
    teachers: list[Teaching] = field(default_factory=list)
    went: set[str] = field(default_factory=set)


class Seats:
    """The rows by whom they move. `classes` by school and student, `rosters` by school and group."""

    def __init__(self, reading: Reading, changes: Changes, background: Background) -> None:
        self._reading = reading
        self._changes = changes
        self._background = background
        self._sections = {section.section_id: section for section in reading.roster.sections}
        self._unknown: defaultdict[tuple[str, str], list[SeatChange]] = defaultdict(list)
        self.classes: defaultdict[tuple[str, str], Places] = defaultdict(Places)
        self.rosters: defaultdict[Key, Places] = defaultdict(Places)
        self.teachers: defaultdict[tuple[Key, bool], Places] = defaultdict(Places)
        for change in changes.seats:
            self._sort(change)
        self._sort_unknown()
        self._leave()

    def _sort(self, change: SeatChange) -> None:
        if not self._has_role(change):
            self._reading.findings.add("role_mismatch", "a role that the user has", change.place)
            return
        where = self._where(change)
        if where is not None:
            if change.organisation_id not in {None, where.organisation_id}:
                self._reading.findings.add("school_mismatch", "the school of the class", change.place)
            self._place(change, where)
        else:
            school = change.organisation_id or min(self._background.schools.get(change.person_id, ()), default="")
            self._unknown[school, change.person_id].append(change)

    def _where(self, change: SeatChange) -> Where | None:
        section = self._sections.get(change.section_id)
        if section is not None:
            return Where(section.organisation_id, self._reading.is_class(section))
        return self._background.sections.get(change.section_id)

    def _has_role(self, change: SeatChange) -> bool:
        """Of whom nothing is known the row is taken at its word."""
        posts = self._reading.roster.posts.get(change.person_id, ())
        roles = {post.role for post in posts} | self._background.roles.get(change.person_id, set())
        return not roles or any(fits(role, change.role) for role in roles)

    def _is_gone(self, change: SeatChange) -> bool:
        is_removed = change.gone or change.person_id in self._changes.removed_people
        return is_removed or self._is_closed(change.section_id)

    def _is_closed(self, section_id: str) -> bool:
        section = self._sections.get(section_id)
        return section is not None and section.gone

    def _place(self, change: SeatChange, where: Where) -> None:
        school, section = where.organisation_id, (where.organisation_id, change.section_id)
        is_gone = self._is_gone(change)
        if change.role == STUDENT and where.is_class:
            self._put(self.classes[school, change.person_id], change.section_id, None if is_gone else change.begins_on)
        elif self._is_closed(change.section_id):
            return
        elif change.role == STUDENT:
            is_in = not is_gone and self._reading.is_current(change.begins_on)
            self._put(self.rosters[section], change.person_id, change.begins_on if is_in else None)
        elif position_type(change.role) == "teaching_staff":
            places = self.teachers[section, where.is_class]
            if is_gone:
                places.went.add(change.person_id)
            else:
                places.teachers.append(Teaching(change.person_id, change.primary, change.begins_on))

    @staticmethod
    def _put(places: Places, key: str, begins_on: date | None) -> None:
        """Of two rows for one place, one removed and one not, the one that is there counts."""
        if begins_on is None:
            places.went.add(key)
        else:
            places.came[key] = min(begins_on, places.came.get(key, begins_on))

    def _sort_unknown(self) -> None:
        """A student's one unknown class is taken for the student's class: it may be announced yet.

        Of several unknown ones nobody can tell which is the class and which are groups; nor who taught there.
        """
        for key, changes in self._unknown.items():
            came = [change for change in changes if change.role == STUDENT and not self._is_gone(change)]
            went = [change for change in changes if change.role == STUDENT and self._is_gone(change)]
            is_class = len(came) == 1 and key[0] and key[0] not in self._reading.graded
            taken: list[SeatChange] = []
            if is_class and not self.classes.get(key, Places()).came:
                taken = [*came, *went] if len(went) == 1 else came
            for change in taken:
                self._place(change, Where(key[0], is_class=True))
            for change in (change for change in changes if change not in taken):
                self._reading.findings.add("dangling_reference", "the id of a class that is known", change.place)

    def _leave(self) -> None:
        """Who is removed has no place in any class or group, nor teaches there."""
        removed = self._changes.removed_people
        if not removed:
            return
        for key in self._background.keys(GROUP_STATE):
            roster, teacher = self._background.value(GROUP_ROSTER, key), self._background.value(GROUP_TEACHER, key)
            if went := removed & {*(getattr(roster, "student_ids", None) or ())}:
                self.rosters[key].went |= went
            if getattr(teacher, "employee_id", None) in removed:
                self.teachers[key, False].went |= removed
        for key in self._background.keys(CLASS_STATE):
            if getattr(self._background.value(HOMEROOM, key), "employee_id", None) in removed:
                self.teachers[key, True].went |= removed

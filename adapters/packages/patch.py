"""What a delta states of classes, of who is in them, and of groups: its rows over what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.packages.background import Background, Where
from adapters.packages.classes import group_teacher, homeroom_teacher, state_class, state_enrolment
from adapters.packages.known import Stated
from adapters.packages.roster import Changes, SeatChange, Section, Teaching
from adapters.packages.snapshot import Reading
from adapters.packages.values import BLANK_DAY
from adapters.packages.words import STUDENT, fits, position_type
from sync.facts import (
    CLASS_STATE,
    CLASS_YEAR,
    EMPLOYMENT,
    ENROLMENT,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    HOMEROOM,
    GroupRoster,
    GroupState,
    Homeroom,
    Key,
)


@dataclass(slots=True)
class Places:
    """What the rows make of a student's classes in a school, or of a class's teachers, or of a group."""

    came: dict[str, date] = field(default_factory=dict)
    teachers: list[Teaching] = field(default_factory=list)
    went: set[str] = field(default_factory=set)


class Patch:
    """Writes into the snapshot what the rows of a delta say of classes and groups."""

    def __init__(self, reading: Reading, changes: Changes, background: Background) -> None:
        self._reading = reading
        self._snapshot = reading.snapshot
        self._changes = changes
        self._background = background
        self._sections = {section.section_id: section for section in reading.roster.sections}
        self._classes: defaultdict[tuple[str, str], Places] = defaultdict(Places)  # by school and student
        self._rosters: defaultdict[Key, Places] = defaultdict(Places)  # by school and group
        self._teachers: defaultdict[tuple[Key, bool], Places] = defaultdict(Places)
        self._unknown: defaultdict[tuple[str, str], list[SeatChange]] = defaultdict(list)

    def state(self) -> None:
        for section in self._sections.values():
            self._state_section(section)
        for school in self._reading.roster.removed_schools:
            self._close_school(school)
        for change in self._changes.seats:
            self._sort(change)
        self._sort_unknown()
        self._leave()
        for student, places in self._classes.items():
            self._state_enrolment(student, places)
        for group, places in self._rosters.items():
            self._state_roster(group, places)
        for (key, is_class), places in self._teachers.items():
            self._state_teacher(key, places, is_class=is_class)

    def _state_section(self, section: Section) -> None:
        key, is_class = (section.organisation_id, section.section_id), self._reading.is_class(section)
        if section.gone:
            self._snapshot.end(CLASS_STATE, key)
            self._snapshot.end(GROUP_STATE, key)
        elif is_class:
            self._snapshot.end(GROUP_STATE, key)
            known = self._background.value(CLASS_YEAR, key)
            year = section.school_year or getattr(known, "school_year", None) or self._reading.school_year
            state_class(self._reading, key, section.title, year)
            if self._background.was(CLASS_STATE, key) is None:
                self._snapshot.state(HOMEROOM, key, Stated(Homeroom(None)))
        else:
            self._snapshot.end(CLASS_STATE, key)
            subject = section.subject or getattr(self._background.value(GROUP_STATE, key), "subject", None)
            value = GroupState(open=True, class_id=None, subject=subject or section.title, name=section.title)
            self._snapshot.state(GROUP_STATE, key, Stated(value))

    def _close_school(self, school: str) -> None:
        for kind in (CLASS_STATE, GROUP_STATE, EMPLOYMENT):
            for key in self._background.keys(kind):
                if key[0] == school:
                    self._snapshot.end(kind, key)

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
            self._put(self._classes[school, change.person_id], change.section_id, None if is_gone else change.begins_on)
        elif self._is_closed(change.section_id):
            return
        elif change.role == STUDENT:
            is_in = not is_gone and self._reading.is_current(change.begins_on)
            self._put(self._rosters[section], change.person_id, change.begins_on if is_in else None)
        elif position_type(change.role) == "teaching_staff":
            places = self._teachers[section, where.is_class]
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
            if is_class and not self._classes.get(key, Places()).came:
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
                self._rosters[key].went |= went
            if getattr(teacher, "employee_id", None) in removed:
                self._teachers[key, False].went |= removed
        for key in self._background.keys(CLASS_STATE):
            if getattr(self._background.value(HOMEROOM, key), "employee_id", None) in removed:
                self._teachers[key, True].went |= removed

    def _state_enrolment(self, key: tuple[str, str], places: Places) -> None:
        left = self._left(key, places)
        if not left:
            if places.went & self._known_classes(key).keys():
                self._snapshot.end(ENROLMENT, key)
            return
        at_once = [self._reading.is_current(day) for day in places.came.values()]
        if max(at_once.count(True), at_once.count(False)) > 1:
            self._reading.findings.add("several_classes", "one homeroom of a student")
        latest = max(left.values())
        class_id = min(class_id for class_id, day in left.items() if day == latest)
        if len(places.went) == 1:
            self._snapshot.left[key] = min(places.went)
        state_enrolment(self._reading, key, class_id, self._year(key[0], class_id), latest)

    def _left(self, key: tuple[str, str], places: Places) -> dict[str, date]:
        """The classes of a student and their days: a new one of now takes the place of that of before."""
        known = {id_: day for id_, day in self._known_classes(key).items() if id_ not in places.went}
        if any(map(self._reading.is_current, places.came.values())):
            known = {id_: day for id_, day in known.items() if not self._reading.is_current(day)}
        return known | places.came

    def _known_classes(self, key: Key) -> dict[str, date]:
        was = self._background.was(ENROLMENT, key)
        if was is None:
            return {}
        words: list[tuple[Any, date]] = [(was.value, BLANK_DAY)]
        words += [(ahead.value, ahead.effective_on) for ahead in was.ahead]
        return {word.class_id: day for word, day in words if word is not None and word.class_id is not None}

    def _year(self, school: str, class_id: str) -> str | None:
        stated = self._snapshot.of(CLASS_YEAR).get((school, class_id))
        value = stated.value if stated is not None else self._background.value(CLASS_YEAR, (school, class_id))
        return getattr(value, "school_year", None)

    def _state_roster(self, key: Key, places: Places) -> None:
        known = self._background.value(GROUP_ROSTER, key)
        listed = () if known is None else getattr(known, "student_ids", None)
        if listed is not None:  # else all of a class are meant: no row adds to that, or takes from it
            students = {*listed} - places.went | places.came.keys()
            self._snapshot.state(GROUP_ROSTER, key, Stated(GroupRoster(tuple(sorted(students)))))

    def _state_teacher(self, key: Key, places: Places, *, is_class: bool) -> None:
        kind = HOMEROOM if is_class else GROUP_TEACHER
        state = homeroom_teacher if is_class else group_teacher
        teachers = [*places.teachers, *self._known_teachers(kind, key, places)]
        self._snapshot.state(kind, key, state(self._reading, teachers))

    def _known_teachers(self, kind: Any, key: Key, places: Places) -> Iterable[Teaching]:
        """Who was known to be it stays so, unless a row takes it away or makes somebody else the primary one."""
        was = self._background.was(kind, key)
        if was is None:
            return
        replaced = any(each.primary and self._reading.is_current(each.begins_on) for each in places.teachers)
        told = {teaching.employee_id for teaching in places.teachers} | places.went
        for word, day in [(was.value, BLANK_DAY), *((ahead.value, ahead.effective_on) for ahead in was.ahead)]:
            if word is not None and word.employee_id is not None and word.employee_id not in told:
                yield Teaching(word.employee_id, not replaced, day)

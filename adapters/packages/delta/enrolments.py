"""What a delta states of who is in classes and groups, and teaches there: its rows over what is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from adapters.packages.bulk.students import state_enrolment
from adapters.packages.bulk.teachers import group_teacher, homeroom_teacher
from adapters.packages.delta.known_facts import Background
from adapters.packages.delta.moves import Places, Seats
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.files.values import BLANK_DAY
from adapters.packages.roster.roster import Teaching
from sync.facts import CLASS_YEAR, ENROLMENT, GROUP_ROSTER, HOMEROOM, GroupRoster, Key, Kind


class Patch:
    """Writes into the snapshot what becomes of classes and groups by the rows of a delta."""

    def __init__(self, reading: Reading, background: Background) -> None:
        self._reading = reading
        self._snapshot = reading.snapshot
        self._background = background

    def state(self, seats: Seats) -> None:
        for student, places in seats.classes.entries():
            self._state_enrolment(student, places)
        for group, places in seats.rosters.entries():
            self._state_roster(group, places)
        for kind, taught in seats.teachers.items():
            for key, places in taught.entries():
                self._state_teacher(kind, key, places)

    def _state_enrolment(self, key: Key, places: Places) -> None:
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
        state_enrolment(self._reading, (key[0], key[1]), class_id, self._year(key[0], class_id), latest)

    def _left(self, key: Key, places: Places) -> dict[str, date]:
        """The classes of a student and their days: a new one of now takes the place of that of before."""
        known = {id_: day for id_, day in self._known_classes(key).items() if id_ not in places.went}
        if any(map(self._reading.is_current, places.came.values())):
            known = {id_: day for id_, day in known.items() if not self._reading.is_current(day)}
        return {**known, **places.came}

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

    def _state_teacher(self, kind: Kind, key: Key, places: Places) -> None:
        state = homeroom_teacher if kind is HOMEROOM else group_teacher
        teachers = [*places.teachers, *self._known_teachers(kind, key, places)]
        self._snapshot.state(kind, key, state(self._reading, teachers))

    def _known_teachers(self, kind: Kind, key: Key, places: Places) -> Iterable[Teaching]:
        """Who was known to be it stays so, unless a row takes it away or makes somebody else the primary one."""
        was = self._background.was(kind, key)
        if was is None:
            return
        replaced = any(each.primary and self._reading.is_current(each.begins_on) for each in places.teachers)
        told = {teaching.employee_id for teaching in places.teachers} | places.went
        for word, day in [(was.value, BLANK_DAY), *((ahead.value, ahead.effective_on) for ahead in was.ahead)]:
            if word is not None and word.employee_id is not None and word.employee_id not in told:
                yield Teaching(word.employee_id, not replaced, day)

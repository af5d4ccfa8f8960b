"""What a delta states of who is in classes and groups, and teaches there: its rows over what is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from adapters.packages.bulk.students import state_enrolment
from adapters.packages.bulk.teachers import group_teacher, homeroom_teacher
from adapters.packages.delta.known_facts import KnownFacts
from adapters.packages.delta.moves import Moves, SortedMoves
from adapters.packages.facts.joined import ENROLMENT
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.files.days import BLANK_DAY
from adapters.packages.roster.sections import Teaching
from sync.facts import (
    CLASS_YEAR,
    GROUP_ROSTER,
    HOMEROOM,
    FactType,
    GroupRoster,
    Key,
)
from sync.ids import PersonId


class Enrolments:
    """Writes into the snapshot what becomes of classes and groups by the rows of a delta."""

    def __init__(self, reading: Reading, known_facts: KnownFacts) -> None:
        self._reading = reading
        self._snapshot = reading.snapshot
        self._known_facts = known_facts

    def state(self, sorted_moves: SortedMoves) -> None:
        """The class of each student, the students of each group, and the teachers, where rows change them."""
        for student, moves in sorted_moves.classes.entries():
            self._state_enrolment(student, moves)
        for group, moves in sorted_moves.rosters.entries():
            self._state_roster(group, moves)
        for kind, taught in sorted_moves.teachers.items():
            for key, moves in taught.entries():
                self._state_teacher(kind, key, moves)

    def _state_enrolment(self, key: Key, moves: Moves) -> None:
        left = self._left(key, moves)
        if not left:
            if moves.went & self._known_classes(key).keys():
                self._snapshot.end(ENROLMENT, key)
            return
        at_once = [self._reading.is_current(day) for day in moves.came.values()]
        if max(at_once.count(True), at_once.count(False)) > 1:
            self._reading.findings.add("several_classes", "one homeroom of a student")
        latest = max(left.values())
        class_id = min(class_id for class_id, day in left.items() if day == latest)
        if len(moves.went) == 1:
            self._snapshot.left[key] = min(moves.went)
        state_enrolment(self._reading, (key[0], key[1]), class_id, self._year(key[0], class_id), latest)

    def _left(self, key: Key, moves: Moves) -> dict[str, date]:
        """The classes of a student and their days: a new one of now takes the place of that of before."""
        known = {id_: day for id_, day in self._known_classes(key).items() if id_ not in moves.went}
        if any(map(self._reading.is_current, moves.came.values())):
            known = {id_: day for id_, day in known.items() if not self._reading.is_current(day)}
        return {**known, **moves.came}

    def _known_classes(self, key: Key) -> dict[str, date]:
        was = self._known_facts.was(ENROLMENT, key)
        if was is None:
            return {}
        assertions: list[tuple[Any, date]] = [(was.value, BLANK_DAY)]
        assertions += [(ahead.value, ahead.effective_on) for ahead in was.ahead]
        return {
            assertion.class_id: day
            for assertion, day in assertions
            if assertion is not None and assertion.class_id is not None
        }

    def _year(self, school: str, class_id: str) -> str | None:
        stated = self._snapshot.of(CLASS_YEAR).get((school, class_id))
        value = stated.value if stated is not None else self._known_facts.value(CLASS_YEAR, (school, class_id))
        return getattr(value, "school_year", None)

    def _state_roster(self, key: Key, moves: Moves) -> None:
        known = self._known_facts.value(GROUP_ROSTER, key)
        listed = () if known is None else getattr(known, "student_ids", None)
        if listed is not None:  # else all of a class are meant: no row adds to that, or takes from it
            students = {*listed} - moves.went | moves.came.keys()
            self._snapshot.state(GROUP_ROSTER, key, Stated(GroupRoster(tuple(map(PersonId, sorted(students))))))

    def _state_teacher(self, kind: FactType, key: Key, moves: Moves) -> None:
        state = homeroom_teacher if kind is HOMEROOM else group_teacher
        teachers = [*moves.teachers, *self._known_teachers(kind, key, moves)]
        self._snapshot.state(kind, key, state(self._reading, teachers))

    def _known_teachers(self, kind: FactType, key: Key, moves: Moves) -> Iterable[Teaching]:
        """Who was known to be it stays so, unless a row takes it away or makes somebody else the primary one."""
        was = self._known_facts.was(kind, key)
        if was is None:
            return
        replaced = any(each.primary and self._reading.is_current(each.begins_on) for each in moves.teachers)
        told = {teaching.employee_id for teaching in moves.teachers} | moves.went
        for assertion, day in [(was.value, BLANK_DAY), *((ahead.value, ahead.effective_on) for ahead in was.ahead)]:
            if assertion is not None and assertion.employee_id is not None and assertion.employee_id not in told:
                yield Teaching(assertion.employee_id, not replaced, day)

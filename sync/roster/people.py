"""The people of a school: who works and learns there, whose guardians they are, who is denied or blocked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from sync.facts import (
    ATTENDANCE,
    BLOCK,
    CHAT_ADMINISTRATOR,
    DENIAL,
    EMPLOYMENT,
    GUARDIANSHIP,
    PLACEMENT,
    POSITION,
    Assertion,
)
from sync.ids import PersonId
from sync.roster.day import SchoolDay


class People(SchoolDay):
    """Ties of persons to the school."""

    def employed(self, person_id: PersonId) -> Assertion | None:
        """The assertion that sets the position of an employee: a position is known, and nothing says dismissed."""
        admission = self.holding(EMPLOYMENT).get((person_id,))
        if admission is not None and not admission.value.employed and self._leaving_counts:
            return None
        return self.holding(POSITION).get((person_id,))

    def enrolled(self, person_id: PersonId) -> Assertion | None:
        """The assertion that names the class of a student: one is named, and nothing says that they left the school."""
        admission = self.holding(ATTENDANCE).get((person_id,))
        if admission is not None and not admission.value.at_school and self._leaving_counts:
            return None
        return self.holding(PLACEMENT).get((person_id,))

    def blocked(self, person_id: PersonId) -> Assertion | None:
        assertion = self.holding(BLOCK).get((person_id,))
        return assertion if assertion is not None and assertion.value.blocked else None

    @cached_property
    def denials(self) -> Mapping[tuple[PersonId, PersonId], Assertion]:
        """The denials in force, by guardian and student."""
        return {
            (key[0], key[1]): assertion for key, assertion in self.holding(DENIAL).items() if assertion.value.denied
        }

    @cached_property
    def denied(self) -> Mapping[PersonId, Sequence[Assertion]]:
        """The denials in force, by guardian; of nobody else."""
        denied: dict[PersonId, list[Assertion]] = {}
        for (guardian_id, _), assertion in self.denials.items():
            denied.setdefault(guardian_id, []).append(assertion)
        return denied

    @cached_property
    def _children(self) -> Mapping[PersonId, list[tuple[PersonId, Assertion]]]:
        children = defaultdict(list)
        for (guardian_id, student_id), assertion in self.holding(GUARDIANSHIP).items():
            if assertion.value.assigned and (guardian_id, student_id) not in self.denials:
                children[guardian_id].append((student_id, assertion))
        if not self._denials_count:
            for (guardian_id, student_id), assertion in self.denials.items():
                children[guardian_id].append((student_id, assertion))
        return children

    def children(self, guardian_id: PersonId) -> Sequence[tuple[PersonId, Assertion]]:
        """The students a person is guardian of, less those the person is denied."""
        return self._children.get(guardian_id, ())

    @cached_property
    def _wards(self) -> Mapping[PersonId, list[tuple[PersonId, Assertion]]]:
        wards = defaultdict(list)
        for (guardian_id, student_id), assertion in self.holding(GUARDIANSHIP).items():
            wards[guardian_id].append((student_id, assertion))
        return wards

    def wards(self, guardian_id: PersonId) -> Sequence[tuple[PersonId, Assertion]]:
        """The students whose guardian a person was ever said to be, or to be no longer."""
        return self._wards.get(guardian_id, ())

    def left(self, person_id: PersonId) -> Iterator[Assertion]:
        """The assertions that a person left the school, as a student or as an employee."""
        attendance, employment = self.holding(ATTENDANCE).get((person_id,)), self.holding(EMPLOYMENT).get((person_id,))
        if attendance is not None and not attendance.value.at_school:
            yield attendance
        if employment is not None and not employment.value.employed:
            yield employment

    @cached_property
    def chat_administrator(self) -> tuple[PersonId, Assertion] | None:
        """The employee who administrates every chat, while employed."""
        assertion = self.holding(CHAT_ADMINISTRATOR).get(())
        if assertion is None or assertion.value.employee_id is None or not self.employed(assertion.value.employee_id):
            return None
        return assertion.value.employee_id, assertion

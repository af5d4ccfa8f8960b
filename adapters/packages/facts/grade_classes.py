"""Classes that are made of grades, in schools without homerooms: their ids, and which schools these are."""

from __future__ import annotations

from adapters.packages.facts.known import Known
from adapters.packages.files.not_understood import About
from adapters.packages.options import ClassesMode
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import SectionType
from sync.facts import CLASS_STATE


def grade_class_id(organisation_id: str, grade: str) -> str:
    """The id of the class that a grade is in a school without homerooms."""
    return f"{organisation_id}:grade:{grade}"


def schools_with_grade_classes(roster: Roster, mode: ClassesMode, known: Known) -> frozenset[str]:
    """The schools that have no homeroom, neither in the package nor among the classes known."""
    if mode is not ClassesMode.AUTO:
        return frozenset()
    sections = roster.all_sections()
    with_homerooms = {section.organisation_id for section in sections if section.type is SectionType.HOMEROOM}
    classes = known.get(CLASS_STATE, {})
    in_database = {school for school, class_id in classes if not _is_grade_class(class_id, school)}
    schools = set(roster.schools)
    if roster.changes is not None:  # a delta has no row of a school that stays as it is
        schools |= {school for school, _ in classes}
    if roster.doubts.rows.names(About.SECTIONS, SectionType.HOMEROOM.value):  # of whichever school that row is
        schools &= {school for school, _ in classes}
    return frozenset(schools - with_homerooms - in_database)


class Grades:
    """The grades of a school as its classes spell them: `05` and `5` are one, by the first spelling met."""

    def __init__(self, known: Known) -> None:
        self._spelt: dict[tuple[str, str], str] = {}
        for school, class_id in known.get(CLASS_STATE, {}):
            if _is_grade_class(class_id, school):
                self.spelt(school, class_id.removeprefix(grade_class_id(school, "")))

    def spelt(self, organisation_id: str, grade: str) -> str:
        """The spelling of a grade that counts."""
        number = str(int(grade)) if grade.isascii() and grade.isdigit() else grade
        return self._spelt.setdefault((organisation_id, number), grade)


def _is_grade_class(class_id: str, organisation_id: str) -> bool:
    return class_id.startswith(grade_class_id(organisation_id, ""))

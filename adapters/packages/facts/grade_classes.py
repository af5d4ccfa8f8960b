"""Classes that are made of grades, in schools without homerooms: their ids, and which schools these are."""

from __future__ import annotations

from adapters.packages.facts.known import Known
from adapters.packages.options import ClassesMode
from adapters.packages.roster.roster import Roster
from sync.facts import CLASS_STATE


def grade_class_id(organisation_id: str, grade: str) -> str:
    """The id of the class that a grade is in a school without homerooms."""
    return f"{organisation_id}:grade:{grade}"


def schools_with_grade_classes(roster: Roster, mode: ClassesMode, known: Known) -> frozenset[str]:
    """The schools that have no homeroom, neither in the package nor among the classes known."""
    if mode is not ClassesMode.AUTO:
        return frozenset()
    with_homerooms = {section.organisation_id for section in roster.all_sections() if section.homeroom}
    classes = known.get(CLASS_STATE, {})
    in_database = {school for school, class_id in classes if not _is_grade_class(class_id, school)}
    schools = set(roster.schools)
    if roster.changes is not None:  # a delta has no row of a school that stays as it is
        schools |= {school for school, _ in classes}
    return frozenset(schools - with_homerooms - in_database)


def _is_grade_class(class_id: str, organisation_id: str) -> bool:
    return class_id.startswith(grade_class_id(organisation_id, ""))

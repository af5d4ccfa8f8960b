"""How people are named on paper."""

from __future__ import annotations

from sync.rules import EMPLOYEE, tie_of
from sync.views.reminders import NamedPerson, UnlinkedView


def full_name(person: NamedPerson) -> str:
    """Last, first and middle name as far as they are known; else the id, by which the school's system finds them."""
    named = (person.last_name, person.first_name, person.middle_name)
    return " ".join(filter(None, named)) or f"Без имени, {person.person_id}"


def who_it_is(unlinked: UnlinkedView) -> str:
    """Whose parent, or that it is an employee; of a pupil nothing."""
    if unlinked.guardian_of:
        return "родитель: " + ", ".join(full_name(pupil) for pupil in unlinked.guardian_of)
    return "сотрудник" if EMPLOYEE in map(tie_of, unlinked.reasons) else ""

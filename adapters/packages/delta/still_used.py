"""Classes and groups that a delta removes and enrols students in: their rows are damaged, they are not gone."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.packages.facts.reading import Reading
from adapters.packages.roster.changes import Changes, EnrolmentChange
from adapters.packages.roster.role_words import STUDENT


def still_used(reading: Reading, changes: Changes) -> frozenset[str]:
    """The ids of removed sections in which there is a student who is put into no other (counted)."""
    if not any(section.gone for section in reading.roster.all_sections()):
        return frozenset()
    elsewhere, used = set(), dict[str, EnrolmentChange]()
    for change in _there(changes):
        if not _is_removed(reading, change.section_id):
            elsewhere.add(change.person_id)
    for change in _there(changes):
        if _is_removed(reading, change.section_id) and change.person_id not in elsewhere:
            used.setdefault(change.section_id, change)
    for change in used.values():
        reading.findings.add("class_still_used", "the row of a class in which there are students", change.place)
    return frozenset(used)


def _there(changes: Changes) -> Iterator[EnrolmentChange]:
    for change in changes.all_enrolments():
        if change.role == STUDENT and not change.gone and change.person_id not in changes.removed_people:
            yield change


def _is_removed(reading: Reading, section_id: str) -> bool:
    section = reading.roster.sections.get(section_id)
    return section is not None and section.gone

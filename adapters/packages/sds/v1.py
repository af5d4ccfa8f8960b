"""Reads School Data Sync v1 packages (CSV, also with the British column names) into a roster."""

from __future__ import annotations

from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.oneroster import layouts
from adapters.packages.oneroster.records import id_of, name_of, referred
from adapters.packages.roster.roster import Roster, Section, Topic
from adapters.packages.sds.v1_people import People
from adapters.packages.sds.v1_rows import has_id, is_gone

TOLD_BY = {
    Topic.STUDIES: layouts.SDS_1_STUDENTS.name,
    Topic.POSTS: layouts.SDS_1_TEACHERS.name,
    Topic.SECTIONS: layouts.SDS_1_SECTIONS.name,
    Topic.SEATS: layouts.SDS_1_SEATS.name,
    Topic.TEACHINGS: layouts.SDS_1_TEACHINGS.name,
}


def roster_of(tables: Tables) -> Roster:
    """Raises PackageError."""
    spill = tables.spill
    roster = Roster(
        "other",
        spill,
        people=spill.mapping(),
        posts=spill.mapping(),
        sections=spill.mapping(),
        seats=spill.mapping(),
        teachers=spill.mapping(),
        links=spill.mapping(),
        places=spill.mapping(),
    )
    places = _Places(tables, roster)
    places.read()
    People(tables, roster, places.schools).read()
    roster.told = {topic for topic, name in TOLD_BY.items() if tables.has_rows(name)}
    if roster.told & {Topic.STUDIES, Topic.POSTS}:
        roster.told.add(Topic.PEOPLE)
    return roster


class _Places:
    """The schools by id, as their names, and the sections; a school of None is there and gone."""

    def __init__(self, tables: Tables, roster: Roster) -> None:
        self._tables = tables
        self._roster = roster
        self.schools: dict[str, str | None] = {}

    def read(self) -> None:
        for row in self._tables.rows(layouts.SDS_1_SCHOOLS):
            if has_id(row):
                self._read_school(row)
        for row in self._tables.rows(layouts.SDS_1_SECTIONS):
            if has_id(row):
                is_there = referred(row, "School SIS ID", self.schools) is not None
                self._read_section(row, gone=not is_there or is_gone(row))

    def _read_school(self, row: Row) -> None:
        school, name = id_of(row, "SIS ID"), None if is_gone(row) else name_of(row, "Name") or row["SIS ID"]
        if self.schools.get(school, name) != name:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self.schools[school] = name
        self._roster.schools.pop(school, None)
        self._roster.removed_schools.discard(school)
        if name is not None:
            self._roster.schools[school] = name
        else:
            row.warn("school_removed", "a school that stays", "Status")
            self._roster.removed_schools.add(school)

    def _read_section(self, row: Row, *, gone: bool) -> None:
        id_, school, raw = id_of(row, "SIS ID"), id_of(row, "School SIS ID"), row["SIS ID"]
        title = name_of(row, "Section Name")
        subject = name_of(row, "Course Subject") or name_of(row, "Course Name") or title or raw
        section = Section(id_, school, title or raw, subject, None, homeroom=False, gone=gone)
        if self._roster.sections.get(id_, section) != section:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self._roster.sections[id_] = section
        self._roster.places[id_] = row.place("SIS ID")

"""The schools of a School Data Sync v1 package, and their sections."""

from __future__ import annotations

from adapters.packages.files.ids import id_of, referred
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import name_of
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import Section
from adapters.packages.sds import v1_layouts as layouts
from adapters.packages.sds.v1_rows import has_id, is_gone


class Schools:
    """Reads both into a roster. `names` are those of the schools by their ids; None is one that is there and gone."""

    def __init__(self, tables: Tables, roster: Roster) -> None:
        self._tables = tables
        self._roster = roster
        self.names: dict[str, str | None] = {}

    def read(self) -> None:
        """Adds the schools and their sections to the roster."""
        for row in self._tables.rows(layouts.SCHOOLS):
            if has_id(row):
                self._read_school(row)
        for row in self._tables.rows(layouts.SECTIONS):
            if has_id(row):
                is_there = referred(row, "School SIS ID", self.names) is not None
                self._read_section(row, gone=not is_there or is_gone(row))

    def _read_school(self, row: Row) -> None:
        school, name = id_of(row, "SIS ID"), None if is_gone(row) else name_of(row, "Name") or row["SIS ID"]
        if self.names.get(school, name) != name:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self.names[school] = name
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
        self._roster.section_rows[id_] = row.place("SIS ID")

"""The schools of a School Data Sync v1 package, and their sections."""

from __future__ import annotations

from adapters.packages.files.ids import Ids, own_id
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import name_of, title_of
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import Section, SectionType
from adapters.packages.sds import v1_layouts as layouts
from adapters.packages.sds.v1_rows import is_gone
from adapters.packages.spill.mappings import SpillMap


class Schools:
    """Reads both into a roster. `names` are those of the schools by their ids; None is one that is there and gone."""

    def __init__(self, tables: Tables, roster: Roster) -> None:
        self._tables = tables
        self._roster = roster
        self._clashed: SpillMap[str, bool] = tables.spill.mapping()
        self.names: dict[str, str | None] = {}

    def read(self) -> None:
        """Adds the schools and their sections to the roster."""
        for row in self._tables.rows(layouts.SCHOOLS):
            with row:
                self._read_school(row, own_id(row, "SIS ID"))
        schools = Ids(self.names, self._tables.spill)
        for row in self._tables.rows(layouts.SECTIONS):
            with row:
                id_, school = own_id(row, "SIS ID"), schools.find(row, "School SIS ID")
                if school is None:
                    raise row.not_understood("dangling_reference", "the id of a school", "School SIS ID")
                self._read_section(row, id_, school[0], gone=school[1] is None or is_gone(row))

    def _read_school(self, row: Row, school: str) -> None:
        told = name_of(row, "Name")
        name = None if is_gone(row) else told or row["SIS ID"]
        if self.names.get(school, name) != name:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self.names[school] = name
        self._roster.schools.pop(school, None)
        self._roster.removed_schools.discard(school)
        if name is not None:
            self._roster.schools[school] = name
            self._roster.unnamed |= set() if told else {school}
        else:
            row.warn("school_removed", "a school that stays", "Status")
            self._roster.removed_schools.add(school)

    def _read_section(self, row: Row, id_: str, school: str, *, gone: bool) -> None:
        (title, is_titled), raw = title_of(row, "Section Name"), row["SIS ID"]
        subject = name_of(row, "Course Subject") or name_of(row, "Course Name") or (title if is_titled else "")
        section = Section(
            id_, school, title or raw, subject, None, SectionType.UNTOLD, gone, is_titled=is_titled
        )  # fmt: skip
        before = self._roster.sections.get(id_, section)
        if id_ in self._clashed or (before.organisation_id != school and not before.gone):
            self._clashed[id_] = True
            self._roster.sections.pop(id_, None)
            raise row.not_understood("id_of_two_classes", "an id of its own", "SIS ID")
        if before != section:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self._roster.sections[id_] = section
        self._roster.section_rows[id_] = row.place("SIS ID")

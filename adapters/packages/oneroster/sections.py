"""The classes of a OneRoster package, with what their courses and terms say of them."""

from __future__ import annotations

from adapters.packages.files.ids import id_of, ids_of
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import list_of, name_of, word_of
from adapters.packages.findings import Place
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.organisations import Organisations
from adapters.packages.oneroster.records import records
from adapters.packages.oneroster.school_years import SchoolYears
from adapters.packages.roster.sections import Section
from adapters.packages.spill.mappings import SpillMap

CLASS_TYPES = ("homeroom", "scheduled")


class Sections:
    """`sections` by ids, None where a row counts for nothing; `rows` are where they stand."""

    def __init__(self, tables: Tables, organisations: Organisations, dialect: Dialect) -> None:
        self._organisations = organisations
        self._delta = tables.manifest.is_delta
        self._years = SchoolYears(tables, dialect.sessions)
        self._courses = records(tables.rows(dialect.courses), tables.spill, _title)
        self.rows: SpillMap[str, Place] = tables.spill.mapping()
        self.sections = records(tables.rows(dialect.classes), tables.spill, self._section)

    def _section(self, row: Row, *, gone: bool) -> Section | None:
        school = id_of(row, "schoolSourcedId")
        if self._organisations.is_left_out(school):
            return self._section_of(row, school, gone=gone)
        if school not in self._organisations.orgs:
            row.warn("dangling_reference", "the id of an organisation", "schoolSourcedId")
            return None
        if self._organisations.is_removed(school):
            return None
        if not gone:
            self._organisations.name_school(row, school)
        return self._section_of(row, school, gone=gone)

    def _section_of(self, row: Row, school: str, *, gone: bool) -> Section:
        section, raw = id_of(row, "sourcedId"), row["sourcedId"]
        self.rows[section] = row.place("sourcedId")
        title = name_of(row, "title")
        homeroom = word_of(row, "classType", CLASS_TYPES) == "homeroom"
        year = self._years.of(ids_of(row, "termSourcedIds"))
        course = id_of(row, "courseSourcedId")
        is_told = not self._delta or not course or course in self._courses
        subject = _first_subject(row) or self._courses.get(course) or (title or raw if is_told else "")
        return Section(section, school, title or raw, subject, year, homeroom, gone)


def _first_subject(row: Row) -> str:
    return next(iter(list_of(row["subjects"])), "")[:200]


def _title(row: Row, *, gone: bool) -> str | None:
    return None if gone else name_of(row, "title")

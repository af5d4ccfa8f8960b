"""The organisations, courses and classes of a OneRoster package."""

from __future__ import annotations

from typing import NamedTuple

from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import list_of, word_of
from adapters.packages.findings import Place
from adapters.packages.oneroster.layouts import Dialect
from adapters.packages.oneroster.records import id_of, ids_of, name_of, records
from adapters.packages.oneroster.school_years import SchoolYears
from adapters.packages.roster.roster import Section
from adapters.packages.spill.mappings import SpillMap

CLASS_TYPES = ("homeroom", "scheduled")


class Org(NamedTuple):
    name: str
    is_school: bool
    parent: str
    gone: bool


class Places:
    """Everything but people, by ids; None is a row that is there and counts for nothing."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        self._types = dialect.school_types
        self._delta = tables.manifest.is_delta
        self.orgs = records(tables.rows(dialect.orgs), tables.spill, self._org)
        self._years = SchoolYears(tables, dialect.sessions)
        self._courses = records(tables.rows(dialect.courses), tables.spill, _title)
        self._named: set[str] = set()
        self.rows: SpillMap[str, Place] = tables.spill.mapping()
        self.sections = records(tables.rows(dialect.classes), tables.spill, self._section)

    @property
    def schools(self) -> dict[str, str]:
        """The names of the schools by their ids."""
        found = ((id_, org) for id_, org in self.orgs.entries() if org and not org.gone and self._is_school(id_, org))
        return {id_: org.name for id_, org in found}

    @property
    def removed_schools(self) -> set[str]:
        return {id_ for id_, org in self.orgs.entries() if org and org.gone and org.is_school}

    def school_of(self, id_: str) -> str | None:
        """The nearest school, from this organisation upwards; an organisation may be its own parent."""
        seen: set[str] = set()
        while not self.is_left_out(id_):
            org = self.orgs.get(id_)
            if org is None or org.gone or id_ in seen:
                return None
            if self._is_school(id_, org):
                return id_
            seen.add(id_)
            id_ = org.parent
        return id_

    def is_left_out(self, id_: str) -> bool:
        """Whether an organisation has no row for want of a change: who names it in a delta means a school."""
        return self._delta and bool(id_) and id_ not in self.orgs

    def is_removed(self, id_: str) -> bool:
        """Whether this organisation is there and gone."""
        if self.is_left_out(id_):
            return False
        org = self.orgs[id_]
        return org is None or org.gone

    def _is_school(self, id_: str, org: Org) -> bool:
        return org.is_school or id_ in self._named

    def _org(self, row: Row, *, gone: bool) -> Org:
        is_school = word_of(row, "type", self._types) in self._types or (gone and not row["type"])
        if gone and is_school:
            row.warn("school_removed", "a school that stays", "status")
        return Org(name_of(row, "name") or row["sourcedId"], is_school, id_of(row, "parentSourcedId"), gone)

    def _section(self, row: Row, *, gone: bool) -> Section | None:
        school = id_of(row, "schoolSourcedId")
        if self.is_left_out(school):
            return self._section_of(row, school, gone=gone)
        if school not in self.orgs:
            row.warn("dangling_reference", "the id of an organisation", "schoolSourcedId")
            return None
        org = self.orgs[school]
        if org is None or org.gone:
            return None
        if not gone:
            self._name_school(row, school, org)
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

    def _name_school(self, row: Row, id_: str, org: Org) -> None:
        if not self._is_school(id_, org):
            self._named.add(id_)
            row.warn("school_type", "an organisation of type school", "schoolSourcedId")


def _first_subject(row: Row) -> str:
    return next(iter(list_of(row["subjects"])), "")[:200]


def _title(row: Row, *, gone: bool) -> str | None:
    return None if gone else name_of(row, "title")

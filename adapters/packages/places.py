"""The organisations, courses and classes of a OneRoster package."""

from __future__ import annotations

import re
from typing import NamedTuple

from adapters.packages.findings import Place
from adapters.packages.layouts import Dialect
from adapters.packages.reader import Row
from adapters.packages.records import Ids, name_of, records
from adapters.packages.roster import Section
from adapters.packages.sources import Sources
from adapters.packages.values import list_of, word_of

CLASS_TYPES = ("homeroom", "scheduled")
SESSION_TYPES = ("schoolYear",)
END_YEAR = re.compile(r"\d{4}")
BOTH_YEARS = re.compile(r"(\d{4})[-/](\d{4})")


class Org(NamedTuple):
    organisation_id: str
    name: str
    is_school: bool
    parent: str
    gone: bool


class Session(NamedTuple):
    school_year: str | None
    is_school_year: bool
    parent: str


class Places:
    """Everything but people, by the package's own ids; None is a row that is there and counts for nothing."""

    def __init__(self, sources: Sources, ids: Ids, dialect: Dialect) -> None:
        self._ids = ids
        self._types = dialect.school_types
        self._delta = sources.manifest.is_delta
        self.orgs = records(sources.rows(dialect.orgs), ids, self._org)
        self._sessions = records(sources.rows(dialect.sessions), ids, self._session)
        self._courses = records(sources.rows(dialect.courses), ids, _title)
        self._named: set[str] = set()
        self.rows: dict[str, Place] = {}
        self.sections = records(sources.rows(dialect.classes), ids, self._section)

    @property
    def schools(self) -> dict[str, str]:
        """The names of the schools by their ids."""
        found = (org for raw, org in self.orgs.items() if org and not org.gone and self._is_school(raw, org))
        return {org.organisation_id: org.name for org in found}

    @property
    def removed_schools(self) -> set[str]:
        return {org.organisation_id for org in self.orgs.values() if org and org.gone and org.is_school}

    def school_of(self, raw: str) -> str | None:
        """The nearest school, from this organisation upwards; an organisation may be its own parent."""
        seen: set[str] = set()
        if self.is_left_out(raw):
            return self._ids(raw)
        while (org := self.orgs.get(raw)) is not None and raw not in seen:
            if org.gone:
                return None
            if self._is_school(raw, org):
                return org.organisation_id
            seen.add(raw)
            raw = org.parent
            if self.is_left_out(raw):
                return self._ids(raw)
        return None

    def is_left_out(self, raw: str) -> bool:
        """Whether an organisation has no row for want of a change: who names it in a delta means a school."""
        return self._delta and bool(raw) and raw not in self.orgs

    def is_removed(self, raw: str) -> bool:
        """Whether this organisation is there and gone."""
        if self.is_left_out(raw):
            return False
        org = self.orgs[raw]
        return org is None or org.gone

    def _is_school(self, raw: str, org: Org) -> bool:
        return org.is_school or raw in self._named

    def _org(self, row: Row, *, gone: bool) -> Org:
        raw = row["sourcedId"]
        is_school = word_of(row, "type", self._types) in self._types or (gone and not row["type"])
        if gone and is_school:
            row.warn("school_removed", "a school that stays", "status")
        return Org(self._ids(raw), name_of(row, "name") or raw, is_school, row["parentSourcedId"], gone)

    def _session(self, row: Row, *, gone: bool) -> Session | None:
        if gone:
            return None
        is_year = word_of(row, "type", SESSION_TYPES) in SESSION_TYPES
        year = _school_year(row["schoolYear"]) or (_school_year(row["title"]) if is_year else None)
        return Session(year, is_year, row["parentSourcedId"])

    def _section(self, row: Row, *, gone: bool) -> Section | None:
        school = row["schoolSourcedId"]
        if self.is_left_out(school):
            return self._section_of(row, self._ids(school), gone=gone)
        if school not in self.orgs:
            row.warn("dangling_reference", "the id of an organisation", "schoolSourcedId")
            return None
        org = self.orgs[school]
        if org is None or org.gone:
            return None
        if not gone:
            self._name_school(row, school, org)
        return self._section_of(row, org.organisation_id, gone=gone)

    def _section_of(self, row: Row, organisation_id: str, *, gone: bool) -> Section:
        raw = row["sourcedId"]
        self.rows[self._ids(raw)] = row.place("sourcedId")
        title = name_of(row, "title")
        homeroom = word_of(row, "classType", CLASS_TYPES) == "homeroom"
        year = self._year_of(list_of(row["termSourcedIds"]))
        is_told = not self._delta or not row["courseSourcedId"] or row["courseSourcedId"] in self._courses
        subject = self._subject(row) or (title or raw if is_told else "")
        return Section(self._ids(raw), organisation_id, title or raw, subject, year, homeroom, gone)

    def _name_school(self, row: Row, raw: str, org: Org) -> None:
        if not self._is_school(raw, org):
            self._named.add(raw)
            row.warn("school_type", "an organisation of type school", "schoolSourcedId")

    def _subject(self, row: Row) -> str:
        first = next(iter(list_of(row["subjects"])), "")
        return first[:200] or self._courses.get(row["courseSourcedId"]) or ""

    def _year_of(self, terms: tuple[str, ...]) -> str | None:
        return next((year for term in terms if (year := self._year_of_term(term))), None)

    def _year_of_term(self, raw: str) -> str | None:
        """The year of the school year that a term lies in, else its own."""
        own, seen = None, set[str]()
        while (session := self._sessions.get(raw)) is not None and raw not in seen:
            if session.is_school_year and session.school_year:
                return session.school_year
            own = own or session.school_year
            seen.add(raw)
            raw = session.parent
        return own


def _title(row: Row, *, gone: bool) -> str | None:
    return None if gone else name_of(row, "title")


def _school_year(text: str) -> str | None:
    """`2026/2027` of the two ways a school year is written: both its years, or the one it ends in."""
    if match := BOTH_YEARS.fullmatch(text):
        return f"{match[1]}/{match[2]}"
    return f"{int(text) - 1:04}/{text}" if END_YEAR.fullmatch(text) else None

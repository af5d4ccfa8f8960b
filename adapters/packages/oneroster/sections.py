"""The classes of a OneRoster package, with what their courses and terms say of them."""

from __future__ import annotations

from adapters.packages.files.ids import id_of, ids_of
from adapters.packages.files.not_understood import About
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import list_of, name_of, text_of, title_of, word_of
from adapters.packages.findings import Place
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.organisations import Organisations
from adapters.packages.oneroster.records import records
from adapters.packages.oneroster.school_years import SchoolYears
from adapters.packages.roster.sections import Section, SectionType
from adapters.packages.spill.mappings import SpillMap
from schemas.characters import cleaned

CLASS_TYPES = tuple(each.value for each in SectionType if each.value)
LONGEST_SUBJECT = 200  # characters, of the event contract


class Sections:
    """`sections` by ids, None where a row counts for nothing; `rows` are where they stand."""

    def __init__(self, tables: Tables, organisations: Organisations, dialect: Dialect) -> None:
        self._organisations = organisations
        self._delta = tables.manifest.is_delta
        self._not_understood = tables.not_understood
        self._years = SchoolYears(tables, dialect.sessions)
        self._courses = records(tables.rows(dialect.courses), tables.spill, _title)
        self.rows: SpillMap[str, Place] = tables.spill.mapping()
        self.sections = records(tables.rows(dialect.classes), tables.spill, self._section, self._clash)

    def _clash(self, before: Section, row: Row) -> str | None:
        """One id of two schools would take the class of one of them for the other's."""
        is_another = before.organisation_id != self._organisations.named_in(row, "schoolSourcedId")
        return "id_of_two_classes" if is_another and not before.gone else None

    def _section(self, row: Row, *, gone: bool) -> Section | None:
        school = self._organisations.named_in(row, "schoolSourcedId")
        if self._organisations.leads_nowhere(school):
            raise row.not_understood("dangling_reference", "the id of an organisation", "schoolSourcedId")
        if self._organisations.is_removed(school):
            return None
        if not gone and not self._organisations.is_left_out(school):
            self._organisations.name_school(row, school)
        return self._section_of(row, school, gone=gone)

    def _section_of(self, row: Row, school: str, *, gone: bool) -> Section:
        section, raw = id_of(row, "sourcedId"), row["sourcedId"]
        self.rows[section] = row.place("sourcedId")
        (title, is_titled), terms = title_of(row, "title"), ids_of(row, "termSourcedIds")
        year = self._years.of(terms)
        subject = _first_subject(row) or self._subject_of_course(row, title if is_titled else "")
        return Section(
            section, school, title or raw, subject, year, _type(row), gone, is_titled=is_titled,
            keeps_year=year is None and bool(terms) and self._not_understood.any_of(About.SESSIONS),
        )  # fmt: skip

    def _subject_of_course(self, row: Row, title: str) -> str:
        """The title of the course, else that of the class; blank where there is none, or a course has no row."""
        course = id_of(row, "courseSourcedId")
        is_untold = self._delta or self._not_understood.names(About.COURSES, course)
        if course and course not in self._courses and is_untold:
            return ""
        return self._courses.get(course) or title


def _type(row: Row) -> SectionType:
    word = word_of(row, "classType", CLASS_TYPES)
    if word and word not in CLASS_TYPES:
        row.warn("unknown_class_type", "homeroom or scheduled", "classType")
        return SectionType.UNTOLD
    return SectionType(word)


def _first_subject(row: Row) -> str:
    first = next(iter(list_of(text_of(row, "subjects"))), "")
    return cleaned(first[:LONGEST_SUBJECT])


def _title(row: Row, *, gone: bool) -> str | None:
    return None if gone else name_of(row, "title")

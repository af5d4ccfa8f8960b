"""Which school year the terms of a class lie in."""

from __future__ import annotations

import re
from typing import NamedTuple

from adapters.packages.files.columns import Layout
from adapters.packages.files.ids import id_of
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import word_of
from adapters.packages.oneroster.records import records

SESSION_TYPES = ("schoolYear",)
END_YEAR = re.compile(r"\d{4}")
BOTH_YEARS = re.compile(r"(\d{4})[-/](\d{4})")


class Session(NamedTuple):
    """A row of academic sessions; `school_year` as `2026/2027`, None where it says none; `parent` blank where none."""

    school_year: str | None
    is_school_year: bool
    parent: str


class SchoolYears:
    """The academic sessions of a package."""

    def __init__(self, tables: Tables, layout: Layout) -> None:
        self._sessions = records(tables.rows(layout), tables.spill, _session)

    def of(self, terms: tuple[str, ...]) -> str | None:
        """The school year of the first of the terms that lies in one, as `2026/2027`."""
        return next((year for term in terms if (year := self._of_term(term))), None)

    def _of_term(self, id_: str) -> str | None:
        """The year of the school year that a term lies in, else its own."""
        own, seen = None, set[str]()
        while (session := self._sessions.get(id_)) is not None and id_ not in seen:
            if session.is_school_year and session.school_year:
                return str(session.school_year)
            own = own or session.school_year
            seen.add(id_)
            id_ = session.parent
        return own


def _session(row: Row, *, gone: bool) -> Session | None:
    if gone:
        return None
    is_year = word_of(row, "type", SESSION_TYPES) in SESSION_TYPES
    year = _school_year(row["schoolYear"]) or (_school_year(row["title"]) if is_year else None)
    return Session(year, is_year, id_of(row, "parentSourcedId"))


def _school_year(text: str) -> str | None:
    """`2026/2027` of the two ways a school year is written: both its years, or the one it ends in."""
    if match := BOTH_YEARS.fullmatch(text):
        return f"{match[1]}/{match[2]}"
    return f"{int(text) - 1:04}/{text}" if END_YEAR.fullmatch(text) else None

"""How a roster is read: what counts as a class, which days have come, and where the facts it states go."""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.packages.facts.grade_classes import Grades, schools_with_grade_classes
from adapters.packages.facts.known import Known
from adapters.packages.facts.known_strays import leave_open_strays
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.facts.standing import stands
from adapters.packages.findings import Findings
from adapters.packages.options import ClassesMode, Options
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import Section, SectionType
from sync.facts import CLASS_STATE, CLASS_YEAR, GROUP_STATE, FactType, Key

NEW_YEAR = (8, 1)  # the school year begins on 1 August where the package does not say


class Reading:
    """A roster on its way to the facts of its `snapshot`.

    `known` are the facts before, none where there is nothing to compare with; `day` is the day the package is read for;
    `graded` are the schools whose classes are made of grades, and `grades` how these are spelt.
    """

    def __init__(self, roster: Roster, options: Options, findings: Findings, known: Known | None) -> None:
        self.roster = roster
        self.options = options
        self.findings = findings
        self.known = known or {}
        leave_open_strays(roster, self.known)
        self.day = options.day
        self.snapshot = Snapshot(roster.spill, roster.doubts)
        self.graded = schools_with_grade_classes(roster, options.classes, self.known)
        self.grades = Grades(self.known)

    @property
    def school_year(self) -> str:
        """The school year of the day, as `2026/2027`."""
        begins = self.day.year if (self.day.month, self.day.day) >= NEW_YEAR else self.day.year - 1
        return f"{begins:04}/{begins + 1:04}"

    def is_class(self, section: Section) -> bool:
        """Whether a section is a class, else it is a group. What is known as a class is one until a row says not."""
        if section.type is SectionType.HOMEROOM or self.options.classes is ClassesMode.SECTIONS:
            return True
        was = self.known.get(CLASS_STATE, {}).get(section.key) if section.type is SectionType.UNTOLD else None
        return was is not None and stands(was)

    def known_value(self, kind: FactType, key: Key) -> Any:
        """The value known to hold of a fact, None where nothing is known."""
        was = self.known.get(kind, {}).get(key)
        return None if was is None else was.value

    def title_of(self, section: Section, kind: FactType) -> str:
        """The title of a class or group, that by which it is known where its row says none."""
        known = None if section.is_titled else self.known_value(kind, section.key)
        return getattr(known, "name", None) or section.title

    def year_of(self, section: Section) -> str:
        """The school year of a class, the known one where the rows that would tell it are not understood."""
        known = self.known_value(CLASS_YEAR, section.key) if section.keeps_year else None
        return section.school_year or getattr(known, "school_year", None) or self.school_year

    def subject_of(self, section: Section) -> str:
        """The subject of a group, the known one where the row that would tell it is not at hand."""
        known = self.known_value(GROUP_STATE, section.key) if not section.subject else None
        return section.subject or getattr(known, "subject", None) or section.title

    def is_current(self, begins_on: date | None) -> bool:
        """Whether what begins on a day (None: nobody says when) has begun."""
        return begins_on is None or begins_on <= self.day

    def is_over(self, ends_on: date | None) -> bool:
        """Whether what ends on a day (None: never), the first that it is not any more, is over."""
        return self.options.is_over(ends_on)

    def effective_on(self, begins_on: date | None) -> date | None:
        """The day to send with what begins on a day: only one that is still to come."""
        return None if self.is_current(begins_on) else begins_on

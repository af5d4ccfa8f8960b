"""How a roster is read: what counts as a class, which days have come, and where the facts it states go."""

from __future__ import annotations

from datetime import date

from adapters.packages.facts.grade_classes import schools_with_grade_classes
from adapters.packages.facts.known import Known
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.findings import Findings
from adapters.packages.options import ClassesMode, Options
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import Section

NEW_YEAR = (8, 1)  # the school year begins on 1 August where the package does not say


class Reading:
    """A roster on its way to the facts of its `snapshot`.

    `known` are the facts before, none where there is nothing to compare with; `day` is the day the package is read for;
    `graded` are the schools whose classes are made of grades.
    """

    def __init__(self, roster: Roster, options: Options, findings: Findings, known: Known | None) -> None:
        self.roster = roster
        self.options = options
        self.findings = findings
        self.known = known or {}
        self.day = options.day
        self.snapshot = Snapshot(roster.spill)
        self.graded = schools_with_grade_classes(roster, options.classes, self.known)

    @property
    def school_year(self) -> str:
        """The school year of the day, as `2026/2027`."""
        begins = self.day.year if (self.day.month, self.day.day) >= NEW_YEAR else self.day.year - 1
        return f"{begins:04}/{begins + 1:04}"

    def is_class(self, section: Section) -> bool:
        """Whether a section is a class, else it is a group."""
        return section.homeroom or self.options.classes is ClassesMode.SECTIONS

    def is_current(self, begins_on: date | None) -> bool:
        """Whether what begins on a day (None: nobody says when) has begun."""
        return begins_on is None or begins_on <= self.day

    def is_over(self, ends_on: date | None) -> bool:
        """Whether what ends on a day (None: never), the first that it is not any more, is over."""
        return self.options.is_over(ends_on)

    def effective_on(self, begins_on: date | None) -> date | None:
        """The day to send with what begins on a day: only one that is still to come."""
        return None if self.is_current(begins_on) else begins_on

"""Sections of a roster: what becomes a class or a group, and who teaches there."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import NamedTuple


class SectionType(Enum):
    """What the row of a section says it is."""

    HOMEROOM = "homeroom"
    SCHEDULED = "scheduled"
    UNTOLD = ""


class Section(NamedTuple):
    """A row of classes: a homeroom, or any other teaching group.

    `school_year` is `2026/2027`, None where unknown. `is_titled`: whether the row itself says its title. What is not
    told, or not understood, stays as it is known: a subject that is blank, a year where `keeps_year`.
    """

    section_id: str
    organisation_id: str
    title: str
    subject: str
    school_year: str | None
    type: SectionType
    gone: bool
    is_titled: bool = True
    keeps_year: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The school and the section, as the facts of classes and groups have them."""
        return self.organisation_id, self.section_id


class Teaching(NamedTuple):
    """A teacher's enrolment in a section."""

    employee_id: str
    primary: bool
    begins_on: date

"""Sections of a roster: what becomes a class or a group, and who teaches there."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Section(NamedTuple):
    """A row of classes: a homeroom, or any other teaching group. `school_year` is `2026/2027`, None where unknown."""

    section_id: str
    organisation_id: str
    title: str
    subject: str
    school_year: str | None
    homeroom: bool
    gone: bool

    @property
    def key(self) -> tuple[str, str]:
        """The school and the section, as the facts of classes and groups have them."""
        return self.organisation_id, self.section_id


class Teaching(NamedTuple):
    """A teacher's enrolment in a section."""

    employee_id: str
    primary: bool
    begins_on: date

"""What a delta says beside the active rows of its roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from adapters.packages.findings import Place
from adapters.packages.roster.people import Posts
from adapters.packages.spill.mappings import SpillMap


class EnrolmentChange(NamedTuple):
    """A row of a delta's enrolments; `organisation_id` is the school it names, if any. Gone: removed, or over."""

    section_id: str
    organisation_id: str | None
    person_id: str
    role: str
    primary: bool
    begins_on: date
    gone: bool
    place: Place


@dataclass(slots=True)
class Changes:
    """What a delta says beside the roster's active rows.

    `enrolments`: by the ids of their rows; None counts for nothing. `one_role`: a person's posts are all that the
    person has.
    """

    removed_people: SpillMap[str, bool]
    removed_posts: SpillMap[str, Posts]
    enrolments: SpillMap[str, EnrolmentChange | None]
    one_role: bool

    def all_enrolments(self) -> Iterator[EnrolmentChange]:
        """The rows of enrolments that count."""
        return (change for _, change in self.enrolments.entries() if change is not None)

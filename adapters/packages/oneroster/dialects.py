"""What sets the formats apart whose files are OneRoster's by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.packages.files.columns import Layout
from adapters.packages.oneroster import layouts


@dataclass(frozen=True, slots=True)
class Dialect:
    """A format whose files are OneRoster's by name, with the columns that it has of each.

    `sis` is what its schools are registered with; `school_types` are the types of organisation that are schools.
    Without `roles` each user's one role stands in users.csv.
    """

    sis: str
    school_types: tuple[str, ...]
    orgs: Layout
    sessions: Layout
    courses: Layout
    classes: Layout
    users: Layout
    enrollments: Layout
    roles: Layout | None = None
    relationships: Layout | None = None


ONEROSTER_1_1 = Dialect(
    "oneroster", ("school",), orgs=layouts.ORGS, sessions=layouts.SESSIONS, courses=layouts.COURSES,
    classes=layouts.CLASSES, users=layouts.USERS_1_1, enrollments=layouts.ENROLLMENTS,
)  # fmt: skip
ONEROSTER_1_2 = replace(ONEROSTER_1_1, users=layouts.USERS_1_2, roles=layouts.ROLES)

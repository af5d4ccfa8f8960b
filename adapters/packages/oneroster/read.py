"""Reads a package whose files are OneRoster's by name into a roster: OneRoster 1.1 and 1.2, and SDS v2 and v2.1."""

from __future__ import annotations

from adapters.packages.files.tables import Tables
from adapters.packages.oneroster.changed_enrolments import changes_of
from adapters.packages.oneroster.dialects import Dialect
from adapters.packages.oneroster.enrolments import Enrolments
from adapters.packages.oneroster.guardian_links import guardian_links
from adapters.packages.oneroster.organisations import Organisations
from adapters.packages.oneroster.sections import Sections
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.role_words import GUARDIANS, STUDENT
from adapters.packages.roster.roster import Roster, Topic

NAMES = {"last_name": "familyName", "first_name": "givenName", "middle_name": "middleName"}


def read_roster(tables: Tables, dialect: Dialect) -> Roster:
    """Reads every file once, in the order of their references: whole packages and deltas.

    Raises:
        PackageError: a file that is not what its format asks for; in strict mode, for any warning.
    """
    spill = tables.spill
    organisations = Organisations(tables, dialect)
    sections = Sections(tables, organisations, dialect)
    users = Users(tables, organisations, dialect)
    roster = Roster(
        dialect.sis,
        spill,
        people=users.people,
        posts=users.posts,
        sections=sections.sections,
        student_enrolments=spill.mapping(),
        teachers=spill.mapping(),
        links=guardian_links(tables, users, dialect.relationships),
        section_rows=sections.rows,
        leftovers=spill.mapping(),
        doubts=users.doubts,
        schools=organisations.schools,
        unnamed=organisations.unnamed,
        removed_schools=organisations.removed_schools,
        untold_names=frozenset(name for name, column in NAMES.items() if tables.lacks(dialect.users, column)),
    )
    if tables.manifest.is_delta:
        roster.changes = changes_of(tables, users, dialect)
        return roster
    Enrolments(tables, users, roster).read(dialect.enrollments)
    roster.told = {topic for topic, is_told in _told(tables, dialect, users).items() if is_told}
    return roster


def _told(tables: Tables, dialect: Dialect, users: Users) -> dict[Topic, bool]:
    """Of what there is no row at all nothing is said, though its file be there and well."""
    has_guardians = users.has_links and not users.roles.isdisjoint(GUARDIANS)
    return {
        Topic.PEOPLE: tables.has_rows("users.csv"),
        Topic.FLAGS: tables.has_column("users.csv", "enabledUser"),
        Topic.POSTS: tables.has_rows((dialect.roles or dialect.users).name),
        Topic.STUDENT_ROLES: STUDENT in users.roles,
        Topic.LINKS: has_guardians or tables.has_rows("relationships.csv"),
        Topic.SECTIONS: tables.has_rows("classes.csv"),
        Topic.STUDENT_ENROLMENTS: tables.has_rows("enrollments.csv"),
        Topic.TEACHER_ENROLMENTS: tables.has_rows("enrollments.csv"),
    }

"""Reads School Data Sync v1 packages, also with the British column names, into a roster."""

from __future__ import annotations

from adapters.packages.files.tables import Tables
from adapters.packages.roster.doubts import Doubts
from adapters.packages.roster.people import Person, Posts
from adapters.packages.roster.roster import Roster, Topic
from adapters.packages.sds import v1_layouts as layouts
from adapters.packages.sds.v1_people import People
from adapters.packages.sds.v1_schools import Schools
from adapters.packages.spill.mappings import SpillMap

PEOPLE = (layouts.STUDENTS, layouts.TEACHERS)
NAMES = {"last_name": "Last Name", "first_name": "First Name", "middle_name": "Middle Name"}
TOLD_BY = {
    Topic.STUDENT_ROLES: layouts.STUDENTS.name,
    Topic.POSTS: layouts.TEACHERS.name,
    Topic.SECTIONS: layouts.SECTIONS.name,
    Topic.STUDENT_ENROLMENTS: layouts.STUDENT_ENROLLMENTS.name,
    Topic.TEACHER_ENROLMENTS: layouts.TEACHER_ROSTERS.name,
}


def read_roster(tables: Tables) -> Roster:
    """Reads every file once, in the order of their references.

    Raises:
        PackageError: a file that is not what the format asks for; in strict mode, for any warning.
    """
    mapping = tables.spill.mapping
    people: SpillMap[str, Person | None] = mapping()
    posts: SpillMap[str, Posts] = mapping()
    roster = Roster(
        "other",
        tables.spill,
        people=people,
        posts=posts,
        sections=mapping(),
        student_enrolments=mapping(),
        teachers=mapping(),
        links=mapping(),
        section_rows=mapping(),
        leftovers=mapping(),
        doubts=Doubts(tables.not_understood, tables.spill, people, posts),
    )
    schools = Schools(tables, roster)
    schools.read()
    People(tables, roster, schools.names).read()
    roster.untold_names = frozenset(
        name
        for name, column in NAMES.items()
        if all(tables.lacks(layout, column) for layout in PEOPLE if tables.has_rows(layout.name))
    )
    roster.told = {topic for topic, name in TOLD_BY.items() if tables.has_rows(name)}
    if roster.told & {Topic.STUDENT_ROLES, Topic.POSTS}:
        roster.told.add(Topic.PEOPLE)
    return roster

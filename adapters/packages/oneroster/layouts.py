"""The columns of OneRoster's CSV files.

1EdTech OneRoster 1.1 and 1.2 CSV binding, read 2026-11-22.
"""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.not_understood import About

ROW = ("status", "dateLastModified")
FULL_NAME = ("givenName", "familyName")

ORGS = Layout(
    "orgs.csv", ("sourcedId",), (*ROW, "name", "type", "parentSourcedId"), ("identifier",),
    about=About.ORGANISATIONS, named=("name",), ids=("sourcedId",),
)  # fmt: skip
SESSIONS = Layout(
    "academicSessions.csv", ("sourcedId",), (*ROW, "title", "type", "parentSourcedId", "schoolYear"),
    ("startDate", "endDate"), about=About.SESSIONS, ids=("sourcedId",),
)  # fmt: skip
COURSES = Layout(
    "courses.csv", ("sourcedId",), (*ROW, "title"),
    ("schoolYearSourcedId", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
    about=About.COURSES, ids=("sourcedId",),
)  # fmt: skip
CLASSES = Layout(
    "classes.csv", ("sourcedId", "schoolSourcedId"),
    (*ROW, "title", "classType", "courseSourcedId", "termSourcedIds", "subjects"),
    ("grades", "classCode", "location", "subjectCodes", "periods"),
    about=About.SECTIONS, named=("title",), ids=("sourcedId",),
)  # fmt: skip
ENROLLMENTS = Layout(
    "enrollments.csv", ("sourcedId", "classSourcedId", "userSourcedId", "role"),
    (*ROW, "schoolSourcedId", "primary", "beginDate", "endDate"),
    about=About.ENROLMENTS, ids=("classSourcedId", "userSourcedId"),
)  # fmt: skip
ROLES = Layout(
    "roles.csv", ("sourcedId", "userSourcedId", "orgSourcedId", "role"), (*ROW, "beginDate", "endDate"),
    ("roleType", "userProfileSourcedId"), about=About.ROLES, ids=("userSourcedId",),
)  # fmt: skip

_PERSON = ("enabledUser", *FULL_NAME, "middleName", "agentSourcedIds", "grades")
_UNREAD = ("username", "userIds", "identifier", "email", "sms", "phone", "password")
USERS_1_1 = Layout(
    "users.csv", ("sourcedId", "role", "orgSourcedIds"), (*ROW, *_PERSON), _UNREAD,
    about=About.PEOPLE, named=FULL_NAME, ids=("sourcedId",),
)  # fmt: skip
USERS_1_2 = Layout(
    "users.csv", ("sourcedId",), (*ROW, *_PERSON),
    (*_UNREAD, "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
     "primaryOrgSourcedId", "pronouns"),
    about=About.PEOPLE, named=FULL_NAME, ids=("sourcedId",),
)  # fmt: skip

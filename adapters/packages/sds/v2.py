"""School Data Sync v2 and v2.1: files that are OneRoster's by name, with columns of their own.

School Data Sync's "SDS V2.1 CSV file format", its "Default list of values", and Microsoft's samples of v2; all read
2026-11-22.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.packages.files.columns import Layout
from adapters.packages.oneroster import layouts
from adapters.packages.oneroster.dialects import Dialect

ORGS = replace(layouts.ORGS, used=("name", "type", "parentSourcedId"))
SESSIONS = replace(layouts.SESSIONS, used=("title", "type", "schoolYear"))
COURSES = Layout(
    "courses.csv", ("sourcedId",), ("title",), ("orgSourcedId", "code", "schoolYearSourcedId", "subject", "grade")
)
CLASSES = Layout(
    "classes.csv", ("sourcedId", "schoolSourcedId"), ("title", "courseSourcedId", "termSourcedIds"), ("code",),
    {"orgsourcedid": "schoolSourcedId", "sessionsourcedids": "termSourcedIds"},
)  # fmt: skip
ENROLLMENTS = Layout("enrollments.csv", ("classSourcedId", "userSourcedId", "role"))
ROLES = Layout(
    "roles.csv", ("userSourcedId", "orgSourcedId", "role"), ("beginDate", "endDate", "grade"),
    ("sessionSourcedId", "isPrimary"), {"rolestartdate": "beginDate", "roleenddate": "endDate"},
)  # fmt: skip
RELATIONSHIPS = Layout("relationships.csv", ("userSourcedId", "relationshipUserSourcedId", "relationshipRole"))
_NAMES = ("givenName", "familyName", "middleName", "enabledUser")
_UNREAD = (
    "username", "password", "activeDirectoryMatchId", "email", "phone", "sms", "preferredGivenName",
    "preferredMiddleName", "preferredFamilyName", "pronouns", "userNumber",
)  # fmt: skip
USERS_2 = Layout("users.csv", ("sourcedId", "role", "orgSourcedIds"), (*_NAMES, "grades"), _UNREAD, {"grade": "grades"})
USERS_2_1 = Layout("users.csv", ("sourcedId",), _NAMES, _UNREAD)

SDS_2 = Dialect(
    "other", ("school", "college", "university", "campus"), orgs=ORGS, sessions=SESSIONS, courses=COURSES,
    classes=CLASSES, users=USERS_2, enrollments=ENROLLMENTS,
)  # fmt: skip
SDS_2_1 = replace(SDS_2, users=USERS_2_1, roles=ROLES, relationships=RELATIONSHIPS)

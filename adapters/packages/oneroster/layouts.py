"""The columns of OneRoster's CSV files.

1EdTech OneRoster 1.1 and 1.2 CSV binding, read 2026-11-22.
"""

from __future__ import annotations

from adapters.packages.files.columns import Layout

ROW = ("status", "dateLastModified")

ORGS = Layout("orgs.csv", ("sourcedId",), (*ROW, "name", "type", "parentSourcedId"), ("identifier",))
SESSIONS = Layout(
    "academicSessions.csv", ("sourcedId",), (*ROW, "title", "type", "parentSourcedId", "schoolYear"),
    ("startDate", "endDate"),
)  # fmt: skip
COURSES = Layout(
    "courses.csv", ("sourcedId",), (*ROW, "title"),
    ("schoolYearSourcedId", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
)  # fmt: skip
CLASSES = Layout(
    "classes.csv", ("sourcedId", "schoolSourcedId"),
    (*ROW, "title", "classType", "courseSourcedId", "termSourcedIds", "subjects"),
    ("grades", "classCode", "location", "subjectCodes", "periods"),
)  # fmt: skip
ENROLLMENTS = Layout(
    "enrollments.csv", ("sourcedId", "classSourcedId", "userSourcedId", "role"),
    (*ROW, "schoolSourcedId", "primary", "beginDate", "endDate"),
)  # fmt: skip
ROLES = Layout(
    "roles.csv", ("sourcedId", "userSourcedId", "orgSourcedId", "role"), (*ROW, "beginDate", "endDate"),
    ("roleType", "userProfileSourcedId"),
)  # fmt: skip

_PERSON = ("enabledUser", "givenName", "familyName", "middleName", "agentSourcedIds", "grades")
_UNREAD = ("username", "userIds", "identifier", "email", "sms", "phone", "password")
USERS_1_1 = Layout("users.csv", ("sourcedId", "role", "orgSourcedIds"), (*ROW, *_PERSON), _UNREAD)
USERS_1_2 = Layout(
    "users.csv", ("sourcedId",), (*ROW, *_PERSON),
    (*_UNREAD, "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
     "primaryOrgSourcedId", "pronouns"),
)  # fmt: skip

"""School Data Sync v2 and v2.1: files that are OneRoster's by name, with columns of their own.

School Data Sync's "SDS V2.1 CSV file format", its "Default list of values", and Microsoft's samples of v2; all read
2026-11-22.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.packages.files.columns import Layout
from adapters.packages.files.not_understood import About
from adapters.packages.oneroster import layouts
from adapters.packages.oneroster.dialects import Dialect

ORGS = replace(layouts.ORGS, used=("name", "type", "parentSourcedId"))
SESSIONS = replace(layouts.SESSIONS, used=("title", "type", "schoolYear"))
COURSES = replace(
    layouts.COURSES, used=("title",), other=("orgSourcedId", "code", "schoolYearSourcedId", "subject", "grade")
)
CLASSES = replace(
    layouts.CLASSES, used=("title", "courseSourcedId", "termSourcedIds"), other=("code",),
    aliases={"orgsourcedid": "schoolSourcedId", "sessionsourcedids": "termSourcedIds"},
)  # fmt: skip
ENROLLMENTS = replace(layouts.ENROLLMENTS, needed=("classSourcedId", "userSourcedId", "role"), used=())
ROLES = replace(
    layouts.ROLES, needed=("userSourcedId", "orgSourcedId", "role"), used=("beginDate", "endDate", "grade"),
    other=("sessionSourcedId", "isPrimary"), aliases={"rolestartdate": "beginDate", "roleenddate": "endDate"},
)  # fmt: skip
_RELATED = ("userSourcedId", "relationshipUserSourcedId")
RELATIONSHIPS = Layout("relationships.csv", (*_RELATED, "relationshipRole"), about=About.LINKS, ids=_RELATED)
_NAMES = (*layouts.FULL_NAME, "middleName", "enabledUser")
_UNREAD = (
    "username", "password", "activeDirectoryMatchId", "email", "phone", "sms", "preferredGivenName",
    "preferredMiddleName", "preferredFamilyName", "pronouns", "userNumber",
)  # fmt: skip
USERS_2 = replace(layouts.USERS_1_1, used=(*_NAMES, "grades"), other=_UNREAD, aliases={"grade": "grades"})
USERS_2_1 = replace(layouts.USERS_1_2, used=_NAMES, other=_UNREAD)

SDS_2 = Dialect(
    "other", ("school", "college", "university", "campus"), orgs=ORGS, sessions=SESSIONS, courses=COURSES,
    classes=CLASSES, users=USERS_2, enrollments=ENROLLMENTS,
)  # fmt: skip
SDS_2_1 = replace(SDS_2, users=USERS_2_1, roles=ROLES, relationships=RELATIONSHIPS)

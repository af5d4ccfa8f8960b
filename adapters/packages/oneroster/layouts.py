"""The columns of each format's CSV files, and what else sets the formats apart.

1EdTech OneRoster 1.1 and 1.2 CSV binding; School Data Sync's "SDS V2.1 CSV file format", "Default list of values" and
Microsoft's samples of v1, v1 in the United Kingdom, and v2. All read 2026-11-22.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.packages.files.columns import Layout
from adapters.packages.files.manifest import PackageKind

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

SDS_ORGS = replace(ORGS, used=("name", "type", "parentSourcedId"))
SDS_SESSIONS = replace(SESSIONS, used=("title", "type", "schoolYear"))
SDS_COURSES = Layout("courses.csv", ("sourcedId",), ("title",), ("orgSourcedId", "code", "schoolYearSourcedId",
                                                                 "subject", "grade"))  # fmt: skip
SDS_CLASSES = Layout(
    "classes.csv", ("sourcedId", "schoolSourcedId"), ("title", "courseSourcedId", "termSourcedIds"), ("code",),
    {"orgsourcedid": "schoolSourcedId", "sessionsourcedids": "termSourcedIds"},
)  # fmt: skip
SDS_ENROLLMENTS = Layout("enrollments.csv", ("classSourcedId", "userSourcedId", "role"))
SDS_ROLES = Layout(
    "roles.csv", ("userSourcedId", "orgSourcedId", "role"), ("beginDate", "endDate", "grade"),
    ("sessionSourcedId", "isPrimary"), {"rolestartdate": "beginDate", "roleenddate": "endDate"},
)  # fmt: skip
SDS_RELATIONSHIPS = Layout(
    "relationships.csv", ("userSourcedId", "relationshipUserSourcedId", "relationshipRole"),
)  # fmt: skip
_SDS_NAMES = ("givenName", "familyName", "middleName", "enabledUser")
_SDS_UNREAD = ("username", "password", "activeDirectoryMatchId", "email", "phone", "sms", "preferredGivenName",
               "preferredMiddleName", "preferredFamilyName", "pronouns", "userNumber")  # fmt: skip
SDS_USERS_2 = Layout(
    "users.csv", ("sourcedId", "role", "orgSourcedIds"), (*_SDS_NAMES, "grades"), _SDS_UNREAD, {"grade": "grades"}
)
SDS_USERS_2_1 = Layout("users.csv", ("sourcedId",), _SDS_NAMES, _SDS_UNREAD)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A format whose files are OneRoster's by name. Without `roles` each user's one role stands in users.csv."""

    sis: str
    school_types: tuple[str, ...]
    day_first: bool
    orgs: Layout
    sessions: Layout
    courses: Layout
    classes: Layout
    users: Layout
    enrollments: Layout
    roles: Layout | None = None
    relationships: Layout | None = None


_ONEROSTER = Dialect(
    "oneroster", ("school",), day_first=True, orgs=ORGS, sessions=SESSIONS, courses=COURSES, classes=CLASSES,
    users=USERS_1_1, enrollments=ENROLLMENTS,
)  # fmt: skip
_SDS = Dialect(
    "other", ("school", "college", "university", "campus"), day_first=False, orgs=SDS_ORGS, sessions=SDS_SESSIONS,
    courses=SDS_COURSES, classes=SDS_CLASSES, users=SDS_USERS_2, enrollments=SDS_ENROLLMENTS,
)  # fmt: skip

DIALECTS = {
    PackageKind.ONEROSTER_1_1: _ONEROSTER,
    PackageKind.ONEROSTER_1_2: replace(_ONEROSTER, users=USERS_1_2, roles=ROLES),
    PackageKind.SDS_2: _SDS,
    PackageKind.SDS_2_1: replace(_SDS, users=SDS_USERS_2_1, roles=SDS_ROLES, relationships=SDS_RELATIONSHIPS),
}

# Of School Data Sync v1 the British names are in lower case: its own samples write them in three ways.
_BRITISH = {"id": "SIS ID", "school dfe number": "School SIS ID"}
_NAMES = ("First Name", "Last Name", "Middle Name", "Status")
SDS_1_SCHOOLS = Layout(
    "School.csv", ("SIS ID",), ("Name", "Status"),
    ("School Number", "School NCES_ID", "State ID", "Grade Low", "Grade High", "Principal SIS ID", "Principal Name",
     "Principal Secondary Email", "Address", "City", "State", "Country", "Zip", "Phone", "Zone"),
    {"dfe number": "SIS ID", "school dfe number": "SIS ID", "id": "SIS ID"},
)  # fmt: skip
SDS_1_SECTIONS = Layout(
    "Section.csv", ("SIS ID", "School SIS ID"), ("Section Name", "Course Name", "Course Subject", "Status"),
    ("Section Number", "Term SIS ID", "Term Name", "Term StartDate", "Term EndDate", "Course SIS ID", "Course Number",
     "Course Description", "Periods"),
    {**_BRITISH, "section id": "SIS ID"},
)  # fmt: skip
SDS_1_STUDENTS = Layout(
    "Student.csv", ("SIS ID", "School SIS ID"), (*_NAMES, "Grade"),
    ("Username", "Password", "State ID", "Secondary Email", "Student Number", "Birthdate", "Graduation Year",
     "Mailing Address", "Mailing City", "Mailing State", "Mailing Zip", "Mailing Latitude", "Mailing Longitude",
     "Mailing Country", "Residence Address", "Residence City", "Residence State", "Residence Zip",
     "Residence Latitude", "Residence Longitude", "Residence Country", "Gender", "ELL Status", "FederalRace"),
    _BRITISH,
)  # fmt: skip
SDS_1_TEACHERS = Layout(
    "Teacher.csv", ("SIS ID", "School SIS ID"), _NAMES,
    ("Username", "Password", "State ID", "Teacher Number", "Secondary Email", "Title", "Qualification", "Grade"),
    _BRITISH,
)  # fmt: skip
_SEATS = {"id": "SIS ID", "section id": "Section SIS ID"}
SDS_1_SEATS = Layout("StudentEnrollment.csv", ("Section SIS ID", "SIS ID"), aliases=_SEATS)
SDS_1_TEACHINGS = Layout("TeacherRoster.csv", ("Section SIS ID", "SIS ID"), aliases=_SEATS)

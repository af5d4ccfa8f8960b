"""The role words of OneRoster 1.1 and 1.2 and of School Data Sync: one vocabulary, whatever the package says it is."""

from __future__ import annotations

from adapters.packages.files.rows import Row
from adapters.packages.files.values import name_of, word_of

STUDENT = "student"
GUARDIANS = ("parent", "guardian", "relative")

ADMINISTRATION = ("administrator", "principal", "siteAdministrator", "districtAdministrator")
TEACHING = (
    "teacher", "counselor", "professor", "lecturer", "faculty", "instructor", "adjunct", "substitute", "coach",
    "advisor", "chair",
)  # fmt: skip
# The staff roles of School Data Sync beyond those: its "Default list of values", read 2026-11-22.
OTHER_STAFF = (
    "aide", "proctor", "systemAdministrator", "researcher", "affiliate", "occupationalTherapist", "physicalTherapist",
    "speechTherapist", "visionTherapist", "paraprofessional", "specialServices", "nurse", "officeStaff", "itAdmin",
    "staff", "teacherAssistant", "assistant", "alumni", "other",
)  # fmt: skip
EXTENSION = "ext:"
# Contacts of students in School Data Sync who are no guardians.
OTHER_CONTACTS = ("aide", "doctor", "child", "other")

POSITION_TYPES = {
    **dict.fromkeys(ADMINISTRATION, "administration"),
    **dict.fromkeys(TEACHING, "teaching_staff"),
    **dict.fromkeys(OTHER_STAFF, "other"),
}
RANK = {"administration": 0, "teaching_staff": 1, "other": 2}
ROLES = (STUDENT, *GUARDIANS, *POSITION_TYPES)


def role_of(row: Row, column: str) -> str:
    """The role in a column.

    Raises:
        NotUnderstoodError: no word, or none that is a role, or several.
    """
    word = word_of(row, column, ROLES)
    if word in ROLES:
        return word
    if word.lower().startswith(EXTENSION):
        return name_of(row, column)
    raise row.not_understood("unknown_role", "a role", column)


def position_type(role: str) -> str | None:
    """The position of an employee with this role; None for who is none."""
    return "other" if role.lower().startswith(EXTENSION) else POSITION_TYPES.get(role)


def fits(role: str, enrolled_as: str) -> bool:
    """Whether who has `role` may be enrolled in a class as `enrolled_as`: pupils as pupils, staff as staff."""
    if STUDENT in {enrolled_as, role}:
        return role == enrolled_as
    return (role in GUARDIANS) == (enrolled_as in GUARDIANS)

"""The columns of School Data Sync v1's CSV files.

Microsoft's samples of v1, and of v1 in the United Kingdom, read 2026-11-22.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.packages.files.columns import Layout
from adapters.packages.files.not_understood import About

# The British names are in lower case: Microsoft's own samples write them in three ways.
_BRITISH = {"id": "SIS ID", "school dfe number": "School SIS ID"}
_OWN = ("SIS ID",)
FULL_NAME = ("First Name", "Last Name")
_NAMES = (*FULL_NAME, "Middle Name", "Status")
SCHOOLS = Layout(
    "School.csv", ("SIS ID",), ("Name", "Status"),
    ("School Number", "School NCES_ID", "State ID", "Grade Low", "Grade High", "Principal SIS ID", "Principal Name",
     "Principal Secondary Email", "Address", "City", "State", "Country", "Zip", "Phone", "Zone"),
    {"dfe number": "SIS ID", "school dfe number": "SIS ID", "id": "SIS ID"},
    about=About.ORGANISATIONS, named=("Name",), ids=_OWN,
)  # fmt: skip
SECTIONS = Layout(
    "Section.csv", ("SIS ID", "School SIS ID"), ("Section Name", "Course Name", "Course Subject", "Status"),
    ("Section Number", "Term SIS ID", "Term Name", "Term StartDate", "Term EndDate", "Course SIS ID", "Course Number",
     "Course Description", "Periods"),
    {**_BRITISH, "section id": "SIS ID"}, about=About.SECTIONS, named=("Section Name",), ids=_OWN,
)  # fmt: skip
STUDENTS = Layout(
    "Student.csv", ("SIS ID", "School SIS ID"), (*_NAMES, "Grade"),
    ("Username", "Password", "State ID", "Secondary Email", "Student Number", "Birthdate", "Graduation Year",
     "Mailing Address", "Mailing City", "Mailing State", "Mailing Zip", "Mailing Latitude", "Mailing Longitude",
     "Mailing Country", "Residence Address", "Residence City", "Residence State", "Residence Zip",
     "Residence Latitude", "Residence Longitude", "Residence Country", "Gender", "ELL Status", "FederalRace"),
    _BRITISH, about=About.PEOPLE, named=FULL_NAME, ids=_OWN,
)  # fmt: skip
TEACHERS = Layout(
    "Teacher.csv", ("SIS ID", "School SIS ID"), _NAMES,
    ("Username", "Password", "State ID", "Teacher Number", "Secondary Email", "Title", "Qualification", "Grade"),
    _BRITISH, about=About.PEOPLE, named=FULL_NAME, ids=_OWN,
)  # fmt: skip
_ENROLLED = {"id": "SIS ID", "section id": "Section SIS ID"}
_PAIR = ("Section SIS ID", "SIS ID")
STUDENT_ENROLLMENTS = Layout("StudentEnrollment.csv", _PAIR, aliases=_ENROLLED, about=About.ENROLMENTS, ids=_PAIR)
TEACHER_ROSTERS = replace(STUDENT_ENROLLMENTS, name="TeacherRoster.csv")

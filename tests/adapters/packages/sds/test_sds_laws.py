"""What holds of any School Data Sync package: however it is written, it tells the same, and the difference leads on."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.packages.diff.test_laws import applied
from tests.adapters.packages.written_sds import SdsReader, Sheets

schools = st.sampled_from(["s1", "s2"])
quickly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
People = dict[str, tuple[str, str]]  # the school and grade of each


@st.composite
def rosters(draw: st.DrawFn) -> tuple[People, dict[str, str], dict[str, set[str]]]:
    """Students, teachers, and who is in which section; none is empty, since an empty file says nothing."""
    grades = st.sampled_from(["9", "10", ""])
    students = draw(st.dictionaries(st.sampled_from("abcd"), st.tuples(schools, grades), min_size=1))
    teachers = draw(st.dictionaries(st.sampled_from("tu"), schools, min_size=1))
    members = st.sets(st.sampled_from([*students, *teachers]))
    sections = draw(st.dictionaries(st.sampled_from("gh"), members, min_size=1))
    return students, teachers, {key: {*people, min(students), min(teachers)} for key, people in sections.items()}


Roster = tuple[People, dict[str, str], dict[str, set[str]]]


def as_v1(roster: Roster) -> Sheets:
    students, teachers, sections = roster
    package = Sheets().add("School", SIS_ID="s1", Name="One").add("School", SIS_ID="s2", Name="Two")
    for key, people in sections.items():
        package.add("Section", SIS_ID=key, School_SIS_ID="s1", Section_Name=key)
        for person in sorted(people):
            package.add(
                "StudentEnrollment" if person in students else "TeacherRoster", Section_SIS_ID=key, SIS_ID=person
            )
    for person, (school, grade) in students.items():
        package.add("Student", SIS_ID=person, School_SIS_ID=school, Last_Name=person, Grade=grade)
    for person, school in teachers.items():
        package.add("Teacher", SIS_ID=person, School_SIS_ID=school, Last_Name=person)
    return package


def as_v2(roster: Roster) -> Sheets:
    students, teachers, sections = roster
    package = Sheets().add("orgs", sourcedId="s1", name="One", type="school")
    package.add("orgs", sourcedId="s2", name="Two", type="school")
    for key, people in sections.items():
        package.add("classes", sourcedId=key, orgSourcedId="s1", title=key)
        for person in sorted(people):
            role = "student" if person in students else "teacher"
            package.add("enrollments", classSourcedId=key, userSourcedId=person, role=role)
    for person, (school, grade) in students.items():
        package.add("users", sourcedId=person, orgSourcedIds=school, role="student", familyName=person, grade=grade)
    for person, school in teachers.items():
        package.add("users", sourcedId=person, orgSourcedIds=school, role="teacher", familyName=person, grade="")
    return package


def as_v2_1(roster: Roster) -> Sheets:
    package = as_v2(roster)
    for user in package.rows["users"]:
        role, school, grade = user.pop("role"), user.pop("orgSourcedIds"), user.pop("grade")
        cells = {"orgSourcedId": school, "role": role, "grade": grade, "isPrimary": "true"}
        package.add("roles", userSourcedId=user["sourcedId"], **cells)
    return package


@quickly
@given(rosters())
def test_every_version_tells_the_same(roster: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sds = SdsReader(Path(folder))
        told = [sds(write(roster)) for write in (as_v1, as_v2, as_v2_1)]
    ids = [sorted(event["id"] for event in read.events) for read in told]
    assert ids[0] == ids[1] == ids[2]
    assert told[0].warnings == told[1].warnings == told[2].warnings


@quickly
@given(rosters(), rosters())
def test_the_difference_of_two_packages_leads_from_the_one_to_the_other(before: Roster, now: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sds = SdsReader(Path(folder))
        difference = sds(as_v1(now), after=as_v1(before))
        state = applied(applied({}, sds(as_v1(before)).events), difference.events)
        wanted = applied({}, sds(as_v1(now)).events)
    few = difference.package.few
    keys = {key for key in state.keys() | wanted.keys() if key[0] != "person" and not few.get(key[1])}
    assert {key: state.get(key) for key in keys} == {key: wanted.get(key) for key in keys}

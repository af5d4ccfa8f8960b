"""Files that say nothing, or have no row of one kind, end nothing (points 11 and 30)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.adapters.packages.diff.damaged import nothing_ends, village
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import Reader, Written
from tests.adapters.packages.written_sds import SdsReader, Sheets, v1

# 2.3 A file that says nothing (point 11)


@pytest.mark.parametrize("how", ["header", "absent", "called absent"])
@pytest.mark.parametrize("file", ["users.csv", "roles.csv", "enrollments.csv"])
def test_2_03_a_silent_file_ends_nothing_and_somebody_has_to_look(read: Reader, file: str, how: str) -> None:
    now = village()
    if how == "called absent":
        now.set(**{f"file_{file.removesuffix('.csv')}": "absent"})
    else:
        now.rows[file].clear()
        now.empty |= {file} if how == "header" else set()
    result = read.after(village(), now)
    assert result.told == []
    assert result.package.needs_person


def test_2_03_in_1_1_users_with_a_header_only_end_nothing(read: Reader) -> None:
    now = as_1_1(village())
    now.rows["users.csv"].clear()
    now.empty.add("users.csv")
    nothing_ends(read.after(as_1_1(village()), now))


@pytest.mark.parametrize("file", ["Student", "Teacher", "Section", "TeacherRoster", "StudentEnrollment"])
def test_2_03_a_silent_file_of_sds_ends_nothing(sds: SdsReader, file: str) -> None:
    now = v1()
    now.headers[file] = list(now.rows[file][0])
    now.rows[file] = []
    nothing_ends(sds(now, after=v1()))


def test_2_03_a_file_that_was_always_silent_is_nobodys_work(read: Reader) -> None:
    quiet = village()
    quiet.rows["enrollments.csv"].clear()
    assert not read.after(quiet, quiet).package.needs_person


# 2.3 A file that is there and well, and has no row of one kind (points 11 and 30)


def small() -> Written:
    """So few that no share tells anything: a class with a teacher, a pupil with a parent, and a group of these."""
    package = Written().school().section("c1").section("g1", "scheduled").pupil("a", agentSourcedIds="m")
    package.user("m", "parent").user("t", "teacher").enrol("t", "c1", "teacher", primary="true")
    return package.enrol("a", "g1").enrol("t", "g1", "teacher")


def without(package: Written, file: str, **cells: str) -> Written:
    """The package without the rows of a file that have these cells."""
    package.rows[file] = [row for row in package.rows[file] if not cells.items() <= row.items()]
    return package


def other_school(package: Written) -> Written:
    """Beside it another school, of which the package says all."""
    package.school("s2").section("k", at="s2").section("l", "scheduled", "s2").pupil(
        "z", "k", "s2", agentSourcedIds="n"
    )
    package.user("n", "parent", "s2").user("u", "teacher", "s2").enrol("u", "k", "teacher").enrol("u", "l", "teacher")
    return package.enrol("z", "l")


@pytest.mark.parametrize("cells", [{"role": "teacher"}, {"role": "student"}])
@pytest.mark.parametrize("of", [village, small, lambda: other_school(small())])
def test_2_03_enrolments_without_a_row_of_pupils_or_of_teachers_say_nothing_of_them(
    read: Reader, of: Callable[[], Written], cells: dict[str, str]
) -> None:
    result = read.after(of(), without(of(), "enrollments.csv", **cells))
    assert result.told == []
    assert result.package.needs_person


@pytest.mark.parametrize("role", ["student", "parent"])
def test_2_03_roles_without_a_row_of_a_kind_say_nothing_of_it(read: Reader, role: str) -> None:
    result = read.after(small(), without(small(), "roles.csv", role=role))
    assert result.told == []
    assert result.package.needs_person


@pytest.mark.parametrize("of", [village, small])
def test_2_03_users_without_any_link_say_nothing_of_guardians(read: Reader, of: Callable[[], Written]) -> None:
    now = of()
    for row in now.rows["users.csv"]:
        row.pop("agentSourcedIds", None)
    result = read.after(of(), now)
    assert result.told == []
    assert result.package.needs_person


@pytest.mark.parametrize("of", [small, village])
@pytest.mark.parametrize("file", ["classes.csv", "enrollments.csv"])
def test_2_03_a_school_without_any_class_or_enrolment_beside_one_that_has_them_stays_as_it_is(
    read: Reader, of: Callable[[], Written], file: str
) -> None:
    now = other_school(of())
    kept = {"classes.csv": {"k", "l"}, "enrollments.csv": {"e-z-k", "e-u-k", "e-u-l", "e-z-l"}}
    now.rows[file] = [row for row in now.rows[file] if row["sourcedId"] in kept[file]]
    if file == "classes.csv":
        now.rows["enrollments.csv"] = [row for row in now.rows["enrollments.csv"] if row["userSourcedId"] in {"z", "u"}]
    result = read.after(other_school(of()), now)
    assert result.told == []
    assert result.package.needs_person


def test_2_03_in_sds_groups_keep_pupils_and_teachers_of_whom_there_is_no_row(sds: SdsReader) -> None:
    for file in ("StudentEnrollment", "TeacherRoster"):
        before, now = sds_of_two_schools(), sds_of_two_schools()
        now.rows[file] = [row for row in now.rows[file] if row["Section SIS ID"] == "x2"]
        nothing_ends(sds(now, after=before))


def test_2_03_one_class_without_a_teacher_among_others_that_have_one_has_none(read: Reader) -> None:
    now = without(village(), "enrollments.csv", sourcedId="e-t1-c1")
    result = read.after(village(), now)
    assert result.told == [{"event": "class.homeroom_teacher_assigned", "class_id": "c1", "employee_id": None}]
    assert not result.package.needs_person


def test_2_03_nor_has_one_whose_teacher_is_there_no_more_or_has_ended(read: Reader) -> None:
    gone = without(small(), "enrollments.csv", role="teacher").user("t2", "teacher").enrol("t2", "g1", "aide")
    for file, column in (("users.csv", "sourcedId"), ("roles.csv", "userSourcedId")):
        without(gone, file, **{column: "t"})
    over = small()
    for row in over.rows["enrollments.csv"]:
        if row["role"] == "teacher":
            row["endDate"] = "2026-10-01"
    for now in (gone, over):
        result = read.after(small(), now)
        assert result.of("class.homeroom_teacher_assigned") == [{"class_id": "c1", "employee_id": None}]
        assert result.of("group.teacher_assigned") == [{"group_id": "g1", "teacher_id": None}]
        assert not result.package.needs_person


def sds_of_two_schools() -> Sheets:
    package = v1().add("School", SIS_ID="s2", Name="School s2")
    package.add("Section", SIS_ID="x2", School_SIS_ID="s2", Section_Name="Algebra 2", Course_Subject="Maths")
    name = {"School_SIS_ID": "s2", "First_Name": "G", "Status": "Active"}
    package.add("Student", SIS_ID="z", Last_Name="Fz", Grade="9", **name)
    package.add("Teacher", SIS_ID="u", Last_Name="Fu", **name)
    package.add("StudentEnrollment", Section_SIS_ID="x2", SIS_ID="z")
    return package.add("TeacherRoster", Section_SIS_ID="x2", SIS_ID="u")

"""School Data Sync v1, v2 and v2.1, by the points of the import contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.packages.files.manifest import PackageKind
from adapters.packages.findings import PackageError
from adapters.packages.options import ClassesMode
from tests.adapters.packages.written_sds import SdsReader, Sheets, v1, v2, v2_1

BRITISH = {"Section SIS ID": "Section ID", "School SIS ID": "School DfE Number", "SIS ID": "ID"}

# 1. FactType of package


@pytest.mark.parametrize(
    ("package", "kind"), [(v1, PackageKind.SDS_1), (v2, PackageKind.SDS_2), (v2_1, PackageKind.SDS_2_1)]
)
def test_01_each_version_is_told_by_its_content_and_tells_the_same(
    sds: SdsReader, package: Callable[[], Sheets], kind: PackageKind
) -> None:
    result = sds(package())
    assert result.package.kind is kind
    assert result.counts == {
        "organisation.registered": 1, "person.described": 3, "employee.hired": 1, "class.opened": 1,
        "student.enrolled": 2, "group.opened": 1,
    }  # fmt: skip
    assert result.warnings == {"classes_from_grade": 2}
    assert result.only("organisation.registered")["sis"] == "other"


def test_01_the_british_names_are_the_same_columns(sds: SdsReader) -> None:
    british = v1().renamed(BRITISH)
    british.rows["School"] = [{"DfE Number": "s1", "Name": "School s1"}]
    result = sds(british)
    assert (result.events, result.warnings) == (sds(v1()).events, {"classes_from_grade": 2})


def test_01_the_british_names_count_whatever_their_case(sds: SdsReader) -> None:
    assert sds(v1().renamed({"School SIS ID": "School Dfe Number"})).warnings == {"classes_from_grade": 2}


# 4. Headers


def test_04_an_error_names_the_column_as_the_file_does(sds: SdsReader) -> None:
    package = v1().renamed(BRITISH)
    package.add("StudentEnrollment", **{"Section ID": "nowhere", "ID": "a"})
    with pytest.raises(PackageError) as caught:
        sds(package, strict=True, classes=ClassesMode.HOMEROOM)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("StudentEnrollment.csv", 3, "Section ID")


def test_04_a_required_column_that_is_missing_is_an_error(sds: SdsReader) -> None:
    with pytest.raises(PackageError, match=r"Student\.csv, line 1, column School SIS ID"):
        sds(Sheets(**{**v1().rows, "Student": [{"SIS ID": "a"}]}))


# 5 and 6. Values and dates


def test_05_role_words_of_another_case_are_read_and_counted(sds: SdsReader) -> None:
    package = v2()
    for row in package.rows["users"]:
        row["role"] = row["role"].title()
    assert sds(package).warnings == {"value_case": 3, "classes_from_grade": 2}


@pytest.mark.parametrize(("begins", "effective_on"), [("1/2/2027", "2027-01-02"), ("2027-02-01", "2027-02-01")])
def test_06_slashed_days_are_month_first(sds: SdsReader, begins: str, effective_on: str) -> None:
    package = v2_1()
    package.rows["roles"][2]["roleStartDate"] = begins
    assert sds(package).only("employee.hired")["effective_on"] == effective_on


def test_06_a_column_that_can_only_be_day_first_is_read_so(sds: SdsReader) -> None:
    package = v2_1()
    package.rows["roles"][2]["roleStartDate"] = "1/2/2027"
    package.rows["roles"][1]["roleStartDate"] = "31/1/2020"
    assert sds(package).only("employee.hired")["effective_on"] == "2027-02-01"


# 7. Duplicates


def test_07_equal_rows_count_once_and_are_no_fault(sds: SdsReader) -> None:
    for package in (v1(), v2(), v2_1()):
        once = sds(package)
        for rows in package.rows.values():
            rows.extend([dict(row) for row in rows])
        twice = sds(package)
        assert (twice.events, twice.warnings) == (once.events, once.warnings)


def test_07_of_unequal_rows_with_one_id_the_later_line_wins(sds: SdsReader) -> None:
    result = sds(v1().add("Student", SIS_ID="a", School_SIS_ID="s1", First_Name="G", Last_Name="New", Grade="10"))
    assert "New" in {data["last_name"] for data in result.of("person.described")}
    assert {"student_id": "a", "class_id": "s1:grade:10"} in result.of("student.enrolled")
    assert result.warnings["duplicate_id"] == 1


# 8. Dangling references


def test_08_rows_whose_references_lead_nowhere_are_skipped_and_counted(sds: SdsReader) -> None:
    package = v1().add("StudentEnrollment", Section_SIS_ID="nowhere", SIS_ID="a")
    package.add("TeacherRoster", Section_SIS_ID="g1", SIS_ID="nobody").add(
        "Teacher", SIS_ID="t2", School_SIS_ID="no school", Last_Name="X"
    )
    result = sds(package)
    assert result.warnings == {"dangling_reference": 3, "classes_from_grade": 2}
    assert result.counts == sds(v1()).counts


# 10 and 11. Removal


def test_10_whoever_is_not_active_is_gone(sds: SdsReader) -> None:
    now = v1()
    now.rows["Student"][0]["Status"] = "Inactive"
    assert sds(now, after=v1()).told == [
        {"event": "student.expelled", "student_id": "a", "reason": "left"},
        {"event": "group.students_set", "group_id": "g1", "student_ids": []},
    ]
    assert "status_in_bulk" not in sds(now).warnings


def test_10_a_section_that_is_not_active_is_closed(sds: SdsReader) -> None:
    now = v1()
    now.rows["Section"][0]["Status"] = "Deleted"
    assert sds(now, after=v1()).told == [{"event": "group.closed", "group_id": "g1"}]


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("Student", "student.expelled"), ("Teacher", "employee.dismissed"), ("Section", "group.closed"),
        ("TeacherRoster", "group.teacher_assigned"), ("StudentEnrollment", "group.students_set"),
    ],
)  # fmt: skip
def test_11_a_file_that_is_missing_removes_nothing_of_its_own(sds: SdsReader, file: str, kept: str) -> None:
    now = v1()
    del now.rows[file]
    assert kept not in sds(now, after=v1()).counts


def test_11_who_is_absent_from_a_later_package_ends(sds: SdsReader) -> None:
    now = v1()
    now.rows["Student"].pop()
    assert sds(now, after=v1()).told == [{"event": "student.expelled", "student_id": "b", "reason": "left"}]


# 15. Organisations


@pytest.mark.parametrize("kind", ["school", "college", "university", "campus"])
def test_15_schools_colleges_universities_and_campuses_are_organisations(sds: SdsReader, kind: str) -> None:
    package = v2_1()
    package.rows["orgs"][0]["type"] = kind
    assert sds(package).warnings == {"classes_from_grade": 2}


def test_15_a_department_counts_for_the_college_above_it(sds: SdsReader) -> None:
    package = v2_1()
    package.rows["orgs"][0] |= {"type": "college", "parentSourcedId": ""}
    package.add("orgs", sourcedId="d", name="Department", type="department", parentSourcedId="s1")
    package.rows["roles"][2]["orgSourcedId"] = "d"
    assert sds(package).only("employee.hired")["employee_id"] == "t1"


# 16, 17, 18. Who is who


def test_16_every_row_of_roles_counts_primary_or_not_while_it_lasts(sds: SdsReader) -> None:
    package = v2_1()
    cells = {"orgSourcedId": "s1", "isPrimary": "false", "grade": "", "roleStartDate": ""}
    package.add("roles", userSourcedId="t1", role="principal", roleEndDate="", **cells)
    package.add("roles", userSourcedId="a", role="nurse", roleEndDate="2026-11-22", **cells)
    assert sds(package).of("employee.hired") == [
        {"employee_id": "t1", "position_type": "administration", "position": "principal"}
    ]


@pytest.mark.parametrize("role", ["professor", "lecturer", "faculty", "instructor", "adjunct", "coach", "advisor"])
def test_16_who_lectures_teaches(sds: SdsReader, role: str) -> None:
    package = v2()
    package.rows["users"][2]["role"] = package.rows["enrollments"][1]["role"] = role
    result = sds(package)
    assert result.only("employee.hired") == {"employee_id": "t1", "position_type": "teaching_staff", "position": role}
    assert result.only("group.opened")["teacher_id"] == "t1"


def test_17_a_teacher_listed_as_a_student_is_not_put_among_them(sds: SdsReader) -> None:
    result = sds(v1().add("StudentEnrollment", Section_SIS_ID="g1", SIS_ID="t1"))
    assert result.only("group.opened")["student_ids"] == ["a"]
    assert result.warnings == {"role_mismatch": 1, "classes_from_grade": 2}


def test_18_contacts_of_students_are_guardians_without_any_role(sds: SdsReader) -> None:
    package = v2_1().add("users", sourcedId="m", givenName="G", familyName="Fm")
    for student, role in (("a", "guardian"), ("b", "Relative"), ("b", "aide"), ("t1", "parent")):
        package.add("relationships", userSourcedId=student, relationshipUserSourcedId="m", relationshipRole=role)
    result = sds(package)
    assert result.of("guardian.assigned") == [
        {"guardian_id": "m", "student_id": "a", "relation": "guardian", "snapshot": True},
        {"guardian_id": "m", "student_id": "b", "relation": "relative", "snapshot": True},
    ]
    assert "m" in {data["person_id"] for data in result.of("person.described")}
    assert result.warnings == {"agent_not_guardian": 2, "value_case": 1, "classes_from_grade": 2}


def test_18_a_relationship_that_is_no_more_is_removed(sds: SdsReader) -> None:
    def package(*students: str) -> Sheets:
        whole = v2_1().add("users", sourcedId="m", givenName="G", familyName="Fm")
        for student in students:
            whole.add("relationships", userSourcedId=student, relationshipUserSourcedId="m", relationshipRole="parent")
        return whole

    assert sds(package("a"), after=package("a", "b")).told == [
        {"event": "guardian.removed", "guardian_id": "m", "student_id": "b", "denied": False}
    ]


# 21. Ids


def test_21_one_id_of_a_student_and_a_teacher_of_different_names_is_of_two_people(sds: SdsReader) -> None:
    result = sds(v1().add("Teacher", SIS_ID="a", School_SIS_ID="s1", First_Name="Other", Last_Name="Person"))
    assert [data["employee_id"] for data in result.of("employee.hired")] == ["t1"]
    assert result.warnings == {"id_of_two_people": 1, "classes_from_grade": 1}


def test_21_one_id_of_a_student_and_a_teacher_of_one_name_is_one_person(sds: SdsReader) -> None:
    result = sds(v1().add("Teacher", SIS_ID="a", School_SIS_ID="s1", First_Name="G", Last_Name="Fa"))
    assert [data["employee_id"] for data in result.of("employee.hired")] == ["a", "t1"]
    assert {"student_id": "a", "class_id": "s1:grade:9"} in result.of("student.enrolled")


def test_21_an_id_too_long_is_skipped_and_counted(sds: SdsReader) -> None:
    result = sds(v1().add("Student", SIS_ID="x" * 129, School_SIS_ID="s1", Last_Name="X"))
    assert result.counts["student.enrolled"] == 2
    assert result.warnings["bad_id"] == 1


def test_21_a_teacher_of_two_schools_works_in_both(sds: SdsReader) -> None:
    package = v1().add("School", SIS_ID="s2", Name="School s2")
    package.add("Teacher", SIS_ID="t1", School_SIS_ID="s2", First_Name="G", Last_Name="Ft1", Status="Active")
    assert [data.get("organisation_id", "s1") for data in sds(package).of("employee.hired")] == ["s1", "s2"]


# 23, 24, 25. Groups, classes of grades, teachers


def test_23_the_subject_is_that_of_the_course_else_its_name_else_the_title(sds: SdsReader) -> None:
    package = v1().add("Section", SIS_ID="g2", School_SIS_ID="s1", Section_Name="B", Course_Name="Biology")
    package.add("Section", SIS_ID="g3", School_SIS_ID="s1", Section_Name="C")
    assert [data["subject"] for data in sds(package).of("group.opened")] == ["Maths", "Biology", "C"]


def test_24_classes_are_made_of_grades(sds: SdsReader) -> None:
    package = v2_1()
    package.rows["roles"][1]["grade"] = ""
    result = sds(package)
    assert [(data["class_id"], data["name"]) for data in result.of("class.opened")] == [
        ("s1:grade:", "Без класса"), ("s1:grade:9", "9"),
    ]  # fmt: skip
    assert result.warnings == {"classes_from_grade": 2, "no_grade": 1}


def test_24_every_section_may_be_a_class_or_none(sds: SdsReader) -> None:
    sections = sds(v1(), classes=ClassesMode.SECTIONS)
    assert sections.only("class.opened")["homeroom_teacher_id"] == "t1"
    assert sections.only("student.enrolled") == {"student_id": "a", "class_id": "g1"}
    none = sds(v1(), classes=ClassesMode.HOMEROOM)
    assert not {"class.opened", "student.enrolled"} & set(none.counts)
    assert sections.warnings == none.warnings == {}


def test_24_another_grade_is_another_class(sds: SdsReader) -> None:
    now = v1()
    now.rows["Student"][0]["Grade"] = "10"
    (moved,) = sds(now, after=v1()).of("student.transferred")
    assert moved == {"student_id": "a", "from_class_id": "s1:grade:9", "to_class_id": "s1:grade:10"}


def test_25_of_several_teachers_the_lowest_id_teaches(sds: SdsReader) -> None:
    package = v1().add("Teacher", SIS_ID="t0", School_SIS_ID="s1", First_Name="G", Last_Name="Ft0")
    result = sds(package.add("TeacherRoster", Section_SIS_ID="g1", SIS_ID="t0"))
    assert result.only("group.opened")["teacher_id"] == "t0"
    assert result.warnings["teacher_ambiguous"] == 1


# 28. Days


@pytest.mark.parametrize(("ends", "counts"), [("2026-11-22", False), ("2026-11-23", True)])
def test_28_a_role_counts_until_before_its_end(sds: SdsReader, ends: str, counts: bool) -> None:
    package = v2_1()
    package.rows["roles"][0]["roleEndDate"] = ends
    assert ("a" in {data["student_id"] for data in sds(package).of("student.enrolled")}) is counts


def test_14_an_unchanged_package_sends_nothing(sds: SdsReader) -> None:
    for package in (v1, v2, v2_1):
        assert sds(package(), after=package()).events == []

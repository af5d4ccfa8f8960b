"""Points 22 to 29 of the import contract: classes, groups, teachers, moves, days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adapters.packages.facts.joined import ENROLMENT, Enrolment
from adapters.packages.facts.known import Known, Was
from adapters.packages.options import ClassesMode
from tests.adapters.packages.written import Reader, Written, school

BEFORE, AFTER = "2026-09-01", "2026-12-01"

# 22. Classes


@pytest.mark.parametrize(
    ("year", "school_year"),
    [("2027", "2026/2027"), ("2030-2031", "2030/2031"), ("2030/2031", "2030/2031"), ("", "2026/2027")],
)
def test_22_the_school_year_is_that_of_the_session_its_terms_lie_in(read: Reader, year: str, school_year: str) -> None:
    package = Written().school().section("c1", title="5 А", termSourcedIds="autumn")
    package.row("academicSessions.csv", sourcedId="autumn", type="semester", parentSourcedId="year")
    package.row("academicSessions.csv", sourcedId="year", type="schoolYear", schoolYear=year)
    assert read(package).only("class.opened") == {
        "class_id": "c1", "name": "5 А", "school_year": school_year,
    }  # fmt: skip


@pytest.mark.parametrize(("day", "school_year"), [(date(2026, 7, 31), "2025/2026"), (date(2026, 8, 1), "2026/2027")])
def test_22_without_a_session_the_school_year_begins_on_1_august(read: Reader, day: date, school_year: str) -> None:
    result = read(Written().school().section("c1"), as_of=day)
    assert result.only("class.opened")["school_year"] == school_year


def test_22_a_new_title_or_year_renames_the_class(read: Reader) -> None:
    before, now = Written().school().section("c1", title="5 А"), Written().school().section("c1", title="6 А")
    renamed = {"event": "class.renamed", "class_id": "c1", "name": "6 А"}
    assert read.after(before, now).told == [{**renamed, "school_year": "2026/2027"}]
    known = read.known(now)
    assert read(now, known, as_of=date(2027, 9, 1)).told == [{**renamed, "school_year": "2027/2028"}]


def test_22_a_closed_class_is_opened_again(read: Reader) -> None:
    known = {kind: dict(facts) for kind, facts in read.known(school()).items()}
    for facts in known.values():
        for key, was in facts.items():
            if hasattr(was.value, "open"):
                facts[key] = was._replace(value=was.value._replace(open=False))
    assert [data["class_id"] for data in read(school(), known).of("class.opened")] == ["c1", "c2"]


# 23. Groups


@pytest.mark.parametrize(
    ("cells", "subject"),
    [
        ({"subjects": "Algebra,Geometry", "courseSourcedId": "k"}, "Algebra"),
        ({"courseSourcedId": "k"}, "Mathematics"),
        ({}, "7 maths"),
    ],
)
@pytest.mark.parametrize("kind", ["scheduled", ""])
def test_23_every_other_class_is_a_group(read: Reader, kind: str, cells: dict[str, str], subject: str) -> None:
    package = school().row("courses.csv", sourcedId="k", title="Mathematics")
    package.section("g1", kind, title="7 maths", **cells).enrol("b", "g1").enrol("a", "g1")
    package.enrol("t1", "g1", "teacher")
    assert read(package).only("group.opened") == {
        "group_id": "g1", "class_id": None, "subject": subject, "name": "7 maths", "teacher_id": "t1",
        "student_ids": ["a", "b"],
    }  # fmt: skip


def test_23_a_group_is_told_anew_by_what_changed_of_it(read: Reader) -> None:
    def group(title: str = "G", teacher: str = "t1", *students: str) -> Written:
        package = school().user("t2", "teacher").section("g1", "scheduled", title=title)
        package.enrol(teacher, "g1", "teacher")
        for student in students:
            package.enrol(student, "g1")
        return package

    before = group("G", "t1", "a")
    assert read.after(before, group("G", "t1", "b", "a")).told == [
        {"event": "group.students_set", "group_id": "g1", "student_ids": ["a", "b"]}
    ]
    assert read.after(before, group("G", "t2", "a")).told == [
        {"event": "group.teacher_assigned", "group_id": "g1", "teacher_id": "t2"}
    ]
    (opened,) = read.after(before, group("H", "t2")).told
    assert (opened["name"], opened["teacher_id"], opened["student_ids"]) == ("H", "t2", [])


# 24. No homeroom in a school


def ungraded() -> Written:
    package = Written().school().section("g1", "scheduled")
    package.user("a", "student", grades="07,08").user("b", "student", grades="07").user("c", "student")
    return package.enrol("a", "g1")


def test_24_without_homerooms_there_is_one_class_a_grade(read: Reader) -> None:
    result = read(ungraded())
    assert result.of("class.opened") == [
        {"class_id": "s1:grade:", "name": "Без класса", "school_year": "2026/2027", "homeroom_teacher_id": None},
        {"class_id": "s1:grade:07", "name": "07", "school_year": "2026/2027", "homeroom_teacher_id": None},
    ]
    assert [(data["student_id"], data["class_id"]) for data in result.of("student.enrolled")] == [
        ("a", "s1:grade:07"), ("b", "s1:grade:07"), ("c", "s1:grade:"),
    ]  # fmt: skip
    assert result.only("group.opened")["student_ids"] == ["a"]
    assert result.warnings == {"classes_from_grade": 3, "no_grade": 1}


def test_24_a_homeroom_row_even_a_removed_one_keeps_grades_out(read: Reader) -> None:
    result = read(ungraded().section("c1", status="tobedeleted"))
    assert not {"class.opened", "student.enrolled"} & set(result.counts)


def test_24_a_class_in_the_database_keeps_grades_out_but_one_of_a_grade_does_not(read: Reader) -> None:
    assert "student.enrolled" not in read(ungraded(), read.known(school())).counts
    assert read(ungraded(), read.known(ungraded())).told == []


def test_24_a_new_grade_in_a_new_year_is_a_promotion(read: Reader) -> None:
    now = Written().school().section("g1", "scheduled").user("a", "student", grades="08")
    now.user("b", "student", grades="08").user("c", "student", grades="07").enrol("a", "g1")
    result = read(now, read.known(ungraded()), as_of=date(2027, 9, 1))
    assert [(data["student_id"], data["to_class_id"]) for data in result.of("student.promoted")] == [
        ("a", "s1:grade:08"), ("b", "s1:grade:08"), ("c", "s1:grade:07"),
    ]  # fmt: skip


def test_24_classes_may_be_homerooms_only_or_every_section(read: Reader) -> None:
    homerooms = read(ungraded(), classes=ClassesMode.HOMEROOM)
    assert not {"class.opened", "student.enrolled"} & set(homerooms.counts)
    sections = read(ungraded(), classes=ClassesMode.SECTIONS)
    assert sections.only("student.enrolled") == {"student_id": "a", "class_id": "g1"}
    assert "group.opened" not in sections.counts


# 25. Teachers


@pytest.mark.parametrize(
    ("teachers", "best", "ambiguous"),
    [
        ([("t1", "true", ""), ("t2", "false", BEFORE)], "t1", 0),
        ([("t1", "true", ""), ("t2", "true", BEFORE)], "t2", 0),
        ([("t2", "true", BEFORE), ("t1", "true", BEFORE)], "t1", 1),
        ([("t2", "", ""), ("t1", "false", "")], "t1", 1),
        ([("t1", "true", ""), ("t1", "true", "")], "t1", 0),
        ([("t2", "true", AFTER), ("t1", "false", "")], "t1", 0),
        ([], None, 0),
    ],
)
@pytest.mark.parametrize("kind", ["homeroom", "scheduled"])
def test_25_the_teacher_is_primary_then_latest_then_lowest(
    read: Reader, kind: str, teachers: list[tuple[str, str, str]], best: str | None, ambiguous: int
) -> None:
    package = Written().school().section("h", title="H").section("c1", kind).user("t1", "teacher").user("t2", "teacher")
    package.pupil("z", "h")
    for teacher, primary, begins in teachers:
        package.enrol(teacher, "c1", "teacher", primary=primary, beginDate=begins)
    result = read(package)
    opened = {
        data.get("class_id") or data["group_id"]: data for data in result.of("class.opened") + result.of("group.opened")
    }
    field = "homeroom_teacher_id" if kind == "homeroom" else "teacher_id"
    assert opened["c1"][field] == best
    assert result.warnings == ({"teacher_ambiguous": 1} if ambiguous else {})


def test_25_a_homeroom_teacher_who_is_yet_to_come_is_assigned_from_that_day(read: Reader) -> None:
    package = Written().school().section("c1").user("t1", "teacher").enrol("t1", "c1", "teacher", beginDate=AFTER)
    result = read(package)
    assert "homeroom_teacher_id" not in result.only("class.opened")
    assert result.only("class.homeroom_teacher_assigned") == {
        "class_id": "c1", "employee_id": "t1", "effective_on": AFTER,
    }  # fmt: skip


def test_25_a_teacher_whom_another_source_named_is_not_taken_away(read: Reader) -> None:
    before, now = school().enrol("t1", "c2", "teacher"), school().enrol("t1", "c2", "teacher")
    now.rows["enrollments.csv"].pop(0)
    taken = {"event": "class.homeroom_teacher_assigned", "class_id": "c1", "employee_id": None}
    assert read.after(before, now).told == [taken]
    assert read(now, read.known(before, "urn:by-hand")).told == []


# 26. Several homerooms


@pytest.mark.parametrize(
    ("begins", "chosen"), [(("", ""), "c1"), (("", BEFORE), "c2"), ((BEFORE, ""), "c1"), ((BEFORE, BEFORE), "c1")]
)
def test_26_of_several_homerooms_the_latest_then_the_lowest_counts(
    read: Reader, begins: tuple[str, str], chosen: str
) -> None:
    package = Written().school().section("c2").section("c1").user("a", "student")
    package.enrol("a", "c1", beginDate=begins[0]).enrol("a", "c2", beginDate=begins[1])
    result = read(package)
    assert result.only("student.enrolled") == {"student_id": "a", "class_id": chosen}
    assert result.warnings == {"several_classes": 1}


def test_26_a_student_of_two_schools_is_enrolled_in_each(read: Reader) -> None:
    result = read(school().school("s2").section("k", at="s2").enrol("a", "k"))
    assert [data.get("organisation_id") for data in result.of("student.enrolled")] == [None, None, "s2"]
    assert result.warnings == {}


# 27. Which event


def moved(was: Enrolment | None, **cells: str) -> tuple[Written, Known]:
    package = Written().school().section("c1", **cells).section("c0").user("a", "student").enrol("a", "c1")
    package.row("academicSessions.csv", sourcedId="next", type="schoolYear", schoolYear="2028")
    known: dict[tuple[str, ...], Was] = {} if was is None else {("s1", "a"): Was(was, "urn:any")}
    return package, {ENROLMENT: known}


@pytest.mark.parametrize(
    ("was", "cells", "told"),
    [
        (None, {}, {"event": "student.enrolled", "class_id": "c1"}),
        (Enrolment(None, None, "left"), {}, {"event": "student.restored", "class_id": "c1"}),
        (
            Enrolment("c0", "2026/2027", None), {},
            {"event": "student.transferred", "from_class_id": "c0", "to_class_id": "c1"},
        ),
        (
            Enrolment("c0", "2026/2027", None), {"termSourcedIds": "next"},
            {"event": "student.promoted", "from_class_id": "c0", "to_class_id": "c1", "school_year": "2027/2028"},
        ),
    ],
)  # fmt: skip
def test_27_what_was_chooses_the_event(
    read: Reader, was: Enrolment | None, cells: dict[str, str], told: dict[str, Any]
) -> None:
    package, known = moved(was, **cells)
    (event,) = [event for event in read(package, known).told if event["event"].startswith("student.")]
    assert event == {"student_id": "a", **told}


def test_27_a_student_without_any_class_is_expelled(read: Reader) -> None:
    now = school().user("z", "student")
    now.rows["enrollments.csv"] = [row for row in now.rows["enrollments.csv"] if row["userSourcedId"] != "b"]
    assert read.after(school(), now).told == [{"event": "student.expelled", "student_id": "b", "reason": "left"}]


# 28. Days


def test_28_what_begins_later_is_sent_with_its_day_and_once(read: Reader) -> None:
    package = Written().school().section("c1").section("g1", "scheduled")
    package.user("t").role("t", "teacher", beginDate=AFTER)
    package.user("a", "student").enrol("a", "c1", beginDate=AFTER).enrol("a", "g1", beginDate=AFTER)
    result = read(package)
    assert result.only("employee.hired")["effective_on"] == AFTER
    assert result.only("student.enrolled") == {"student_id": "a", "class_id": "c1", "effective_on": AFTER}
    assert result.only("group.opened")["student_ids"] == []
    assert read.after(package, package).told == []


def test_28_what_was_announced_and_is_not_any_more_is_taken_back(read: Reader) -> None:
    def package(begins: str) -> Written:
        return school().user("z", "student").enrol("z", "c1", beginDate=begins) if begins else school()

    assert read.after(package(AFTER), package("")).told == [
        {"event": "student.expelled", "student_id": "z", "reason": "left"}
    ]
    assert read.after(package(AFTER), package(BEFORE)).told == [
        {"event": "student.enrolled", "student_id": "z", "class_id": "c1"}
    ]


@pytest.mark.parametrize(("ends", "counts"), [("2026-11-22", False), ("2026-11-23", True), ("2027-06-01", True)])
def test_28_an_end_is_exclusive_and_not_announced_ahead(read: Reader, ends: str, counts: bool) -> None:
    package = school().user("z", "student").enrol("z", "c1", endDate=ends)
    package.user("t2").role("t2", "teacher", endDate=ends).section("g1", "scheduled").enrol("a", "g1", endDate=ends)
    result = read(package)
    assert ({"student_id": "z", "class_id": "c1"} in result.of("student.enrolled")) is counts
    assert ("t2" in {data["employee_id"] for data in result.of("employee.hired")}) is counts
    assert result.only("group.opened")["student_ids"] == (["a"] if counts else [])


def test_28_the_first_import_on_the_day_of_the_end_ends_it(read: Reader) -> None:
    package = school().user("z", "student").enrol("z", "c1", endDate="2026-11-23")
    known = read.known(package)
    assert read(package, known).told == []
    assert read(package, known, as_of=date(2026, 11, 23)).told == [
        {"event": "student.expelled", "student_id": "z", "reason": "left"}
    ]


def test_28_a_previous_package_is_read_as_it_once_counted(read: Reader) -> None:
    package = school().user("z", "student").enrol("z", "c1", endDate="2026-11-23")
    day = date(2026, 11, 23)
    known = read.known(package, as_of=day, keeps_ended=True)
    assert read(package, known, as_of=day).counts == {"student.expelled": 1}


# 29. School of an enrolment


def test_29_the_school_of_an_enrolment_is_that_of_its_class(read: Reader) -> None:
    result = read(school().school("s2").user("z", "student").enrol("z", "c1", schoolSourcedId="s2"))
    assert {"student_id": "z", "class_id": "c1"} in result.of("student.enrolled")
    assert result.warnings == {"school_mismatch": 1}

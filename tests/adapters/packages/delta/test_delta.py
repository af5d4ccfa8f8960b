"""Deltas, by the points of the import contract: rows that changed, over what is known."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.packages.facts.joined import EMPLOYMENT
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import Reader, Written, changes, school

GONE = "tobedeleted"


def groups() -> Written:
    """The school with a group of the first pupil."""
    return school().section("g1", "scheduled").enrol("a", "g1").enrol("t1", "g1", "teacher", primary="true")


# 7. Duplicates


def test_07_of_rows_with_one_id_the_later_modified_counts(read: Reader) -> None:
    now = changes().enrol("a", "c2", sourcedId="e", dateLastModified="2026-11-03")
    now.enrol("b", "c2", sourcedId="e", dateLastModified="2026-11-02")
    result = read.after(school(), now)
    assert result.told == [
        {"event": "student.transferred", "student_id": "a", "from_class_id": "c1", "to_class_id": "c2"}
    ]
    assert result.warnings == {"duplicate_id": 1}


def test_07_a_row_that_names_another_class_moves_the_student(read: Reader) -> None:
    now = changes().enrol("a", "c2", sourcedId="e-a-c1")
    assert read.after(school(), now).counts == {"student.transferred": 1}


# 8. Dangling references


def test_08_references_are_looked_up_in_what_is_known(read: Reader) -> None:
    result = read.after(groups(), changes().enrol("b", "g1").enrol("b", "c2"))
    assert result.told == [
        {"event": "student.transferred", "student_id": "b", "from_class_id": "c1", "to_class_id": "c2"},
        {"event": "group.students_set", "group_id": "g1", "student_ids": ["a", "b"]},
    ]
    assert result.warnings == {}


@pytest.mark.parametrize("known", [None, {}])
def test_08_what_is_unknown_is_sent_all_the_same(read: Reader, known: Any) -> None:
    now = changes().enrol("new", "c9", schoolSourcedId="s9").role("new", "student", "s9").role("x", "teacher", "s9")
    now.user("new", agentSourcedIds="m")
    result = read(now, known)
    assert result.told == [
        {"event": "employee.hired", "organisation_id": "s9", "employee_id": "x", "position_type": "teaching_staff",
         "position": "teacher"},
        {"event": "student.enrolled", "organisation_id": "s9", "student_id": "new", "class_id": "c9"},
        {"event": "guardian.assigned", "organisation_id": "s9", "guardian_id": "m", "student_id": "new",
         "relation": None, "snapshot": True},
    ]  # fmt: skip
    assert result.warnings == {}


def test_08_of_several_unknown_classes_nobody_can_tell_which_is_the_students(read: Reader) -> None:
    now = changes().enrol("a", "x", schoolSourcedId="s1").enrol("a", "y", schoolSourcedId="s1")
    result = read.after(school(), now)
    assert (result.told, result.warnings) == ([], {"dangling_reference": 2})


# 10. Status


def test_10_a_blank_status_is_there_and_counted(read: Reader) -> None:
    result = read.after(school(), changes().enrol("a", "c2", status=""))
    assert (result.counts, result.warnings) == ({"student.transferred": 1}, {"status_missing": 1})


def test_10_a_status_of_a_delta_is_no_fault(read: Reader) -> None:
    assert read.after(school(), changes().enrol("a", "c1", status=GONE)).warnings == {}


# 12. Only its rows, one event a fact


def test_12_what_has_no_row_stays(read: Reader) -> None:
    assert read.after(groups(), changes().user("b", middleName="New")).counts == {"person.described": 1}


def test_12_a_removed_and_a_new_enrolment_are_one_transfer(read: Reader) -> None:
    now = changes().enrol("a", "c1", status=GONE).enrol("a", "c2")
    moved = {"student_id": "a", "from_class_id": "c1", "to_class_id": "c2"}
    assert read.after(school(), now).told == [{"event": "student.transferred", **moved}]
    now.rows["enrollments.csv"].reverse()
    assert read.after(school(), now).told == [{"event": "student.transferred", **moved}]


def test_12_they_are_one_transfer_though_nothing_is_known(read: Reader) -> None:
    now = changes().enrol("a", "c1", status=GONE, schoolSourcedId="s1").enrol("a", "c2", schoolSourcedId="s1")
    assert read(now, None).only("student.transferred") == {
        "student_id": "a", "from_class_id": "c1", "to_class_id": "c2",
    }  # fmt: skip


def test_12_a_removed_enrolment_alone_expels(read: Reader) -> None:
    assert read.after(school(), changes().enrol("a", "c1", status=GONE)).told == [
        {"event": "student.expelled", "student_id": "a", "reason": "left"}
    ]


def test_12_a_removed_enrolment_in_a_class_left_before_changes_nothing(read: Reader) -> None:
    assert read.after(school(), changes().enrol("a", "c2", status=GONE)).told == []


def test_12_a_removal_counts_whoever_set_the_fact(read: Reader) -> None:
    now = changes().enrol("a", "c1", status=GONE)
    assert read(now, read.known(school(), "urn:sis:of-the-city")).counts == {"student.expelled": 1}


def test_12_groups_gain_and_lose_whom_rows_name(read: Reader) -> None:
    now = changes().enrol("a", "g1", status=GONE).enrol("b", "g1")
    assert read.after(groups(), now).told == [{"event": "group.students_set", "group_id": "g1", "student_ids": ["b"]}]


def test_12_a_new_group_and_a_renamed_class_are_told_by_their_rows(read: Reader) -> None:
    now = changes().section("g2", "scheduled").section("c1", title="6 А").enrol("b", "g2")
    assert read.after(school(), now).told == [
        {"event": "class.renamed", "class_id": "c1", "name": "6 А", "school_year": "2026/2027"},
        {"event": "group.opened", "group_id": "g2", "class_id": None, "subject": "Title g2", "name": "Title g2",
         "teacher_id": None, "student_ids": ["b"]},
    ]  # fmt: skip


def test_12_a_file_without_rows_says_that_nothing_changed(read: Reader) -> None:
    now = changes().enrol("a", "c2")
    now.empty = {"users.csv", "roles.csv"}
    result = read.after(school(), now)
    assert (result.counts, result.warnings) == ({"student.transferred": 1}, {})


# 13. Removed rows


def test_13_a_removed_user_ends_what_the_user_was(read: Reader) -> None:
    before = groups().user("x", "teacher").role("x", "parent").pupil("d", agentSourcedIds="x")
    now = changes().user("x", status=GONE).user("a", status=GONE).user("t1", status=GONE)
    assert read.after(before, now).told == [
        {"event": "employee.dismissed", "employee_id": "t1"},
        {"event": "employee.dismissed", "employee_id": "x"},
        {"event": "class.homeroom_teacher_assigned", "class_id": "c1", "employee_id": None},
        {"event": "student.expelled", "student_id": "a", "reason": "left"},
        {"event": "guardian.removed", "guardian_id": "m", "student_id": "a", "denied": False},
        {"event": "guardian.removed", "guardian_id": "x", "student_id": "d", "denied": False},
        {"event": "group.teacher_assigned", "group_id": "g1", "teacher_id": None},
        {"event": "group.students_set", "group_id": "g1", "student_ids": []},
    ]


def test_13_a_removed_user_of_whom_nothing_is_known_was_what_removed_roles_say(read: Reader) -> None:
    now = changes().user("x", status=GONE).role("x", "teacher", status=GONE)
    now.user("a", status=GONE).role("a", "student", status=GONE)
    assert read(now, None).counts == {"employee.dismissed": 1, "student.expelled": 1}
    assert read(now, {}).counts == {}


def test_13_removed_classes_and_groups_are_closed(read: Reader) -> None:
    now = changes().section("c2", status=GONE).section("g1", "scheduled", status=GONE).enrol("a", "g1", status=GONE)
    assert read.after(groups(), now).told == [
        {"event": "class.closed", "class_id": "c2"},
        {"event": "group.closed", "group_id": "g1"},
    ]


def test_13_of_a_removed_school_everything_closes_and_a_person_has_to_look(read: Reader) -> None:
    result = read.after(groups(), changes().school(status=GONE))
    assert result.counts == {"employee.dismissed": 1, "class.closed": 2, "group.closed": 1}
    assert result.warnings == {"school_removed": 1}
    assert result.package.needs_person


# 14. Events


def test_14_a_delta_read_again_tells_nothing(read: Reader) -> None:
    now = changes().enrol("a", "c1", status=GONE).enrol("a", "c2").role("t1", "principal")
    after = school().role("t1", "principal")
    after.rows["enrollments.csv"][1]["classSourcedId"] = "c2"
    assert read.after(after, now).told == []


# 16. Employees


def test_16_the_highest_of_the_known_and_the_told_role_counts(read: Reader) -> None:
    assert read.after(school(), changes().role("t1", "aide")).told == []
    assert read.after(school(), changes().role("t1", "principal")).told == [
        {"event": "employee.position_changed", "employee_id": "t1", "position_type": "administration",
         "position": "principal"},
    ]  # fmt: skip


def test_16_a_removed_role_is_followed_by_another_or_by_none(read: Reader) -> None:
    gone = changes().role("t1", "teacher", status=GONE)
    assert read.after(school(), gone).told == [{"event": "employee.dismissed", "employee_id": "t1"}]
    assert read.after(school(), gone.role("t1", "aide")).told == [
        {"event": "employee.position_changed", "employee_id": "t1", "position_type": "other", "position": "aide"},
    ]
    assert read.after(school(), changes().role("t1", "proctor", status=GONE)).told == []


def test_16_in_1_1_the_row_of_a_user_tells_all_that_the_user_is(read: Reader) -> None:
    before = as_1_1(school().school("s2").user("x", "principal").role("x", "principal", "s2"))
    now = changes()
    now.manifest = {**(now.manifest or {}), "oneroster.version": "1.1"}
    now.headers["users.csv"] = before.headers["users.csv"]
    now.row("users.csv", sourcedId="x", familyName="Fx", givenName="G", role="teacher", orgSourcedIds="s2")
    assert read.after(before, now).told == [
        {"event": "employee.position_changed", "organisation_id": "s2", "employee_id": "x",
         "position_type": "teaching_staff", "position": "teacher"},
        {"event": "employee.dismissed", "employee_id": "x"},
    ]  # fmt: skip


# 17. Matching roles


def test_17_whom_the_school_employs_is_not_put_among_children(read: Reader) -> None:
    result = read.after(school(), changes().enrol("t1", "c2"))
    assert (result.told, result.warnings) == ([], {"role_mismatch": 1})


# 18. Guardians


def test_18_a_known_link_that_the_students_list_lacks_is_removed(read: Reader) -> None:
    now = changes().user("a", agentSourcedIds="n").user("n", "guardian")
    assert read.after(school(), now).told == [
        {"event": "guardian.assigned", "guardian_id": "n", "student_id": "a", "relation": "guardian", "snapshot": True},
        {"event": "guardian.removed", "guardian_id": "m", "student_id": "a", "denied": False},
    ]


def test_18_a_list_of_the_guardian_only_adds(read: Reader) -> None:
    assert read.after(school(), changes().user("m", agentSourcedIds="b")).told == [
        {"event": "guardian.assigned", "guardian_id": "m", "student_id": "b", "relation": "parent", "snapshot": True}
    ]


def test_18_without_the_column_of_agents_no_link_ends(read: Reader) -> None:
    now = changes().user("a").without_column("users.csv", "agentSourcedIds")
    assert read.after(school(), now).told == []


def test_18_guardians_follow_a_student_to_another_school(read: Reader) -> None:
    before = school().school("s2").section("k", at="s2").user("y", "teacher", "s2")
    now = changes().enrol("a", "c1", status=GONE).enrol("a", "k")
    now.role("a", "student", status=GONE).role("a", "student", "s2")
    told = read.after(before, now).told
    assert [(event["event"], event.get("organisation_id", "s1")) for event in told] == [
        ("student.enrolled", "s2"), ("student.expelled", "s1"), ("guardian.assigned", "s2"), ("guardian.removed", "s1"),
    ]  # fmt: skip


# 20. Disabled users


def test_20_where_asked_the_accounts_of_rows_are_blocked_and_unblocked(read: Reader) -> None:
    blocked = changes().user("a", enabledUser="false", agentSourcedIds="m")
    assert read.after(school(), blocked, block_disabled=True).told == [{"event": "person.blocked", "person_id": "a"}]
    before = school()
    before.rows["users.csv"][1]["enabledUser"] = "false"
    known = read.known(before, block_disabled=True)
    assert read(changes().user("a", agentSourcedIds="m"), known, block_disabled=True).counts == {"person.unblocked": 1}
    assert read(changes().user("b"), known, block_disabled=True).counts == {}
    by_another = read.known(before, "urn:other", block_disabled=True)
    assert read(changes().user("a", agentSourcedIds="m"), by_another, block_disabled=True).counts == {}


# 24. Classes of grades


def test_24_where_grades_are_the_classes_a_new_grade_moves_the_student(read: Reader) -> None:
    before = Written().school().section("g1", "scheduled").user("a", "student", grades="7").enrol("a", "g1")
    result = read.after(before, changes().user("a", grades="8"))
    assert result.only("student.transferred") == {
        "student_id": "a", "from_class_id": "s1:grade:7", "to_class_id": "s1:grade:8",
    }  # fmt: skip
    assert read.after(before, changes().enrol("a", "g1", status=GONE)).counts == {"group.students_set": 1}


# 25. Teachers


def test_25_a_new_primary_teacher_takes_the_place_of_the_known_one(read: Reader) -> None:
    before = school().user("t2", "teacher")
    assigned = {"event": "class.homeroom_teacher_assigned", "class_id": "c1"}
    assert read.after(before, changes().enrol("t2", "c1", "teacher", primary="true")).told == [
        {**assigned, "employee_id": "t2"}
    ]
    assert read.after(before, changes().enrol("t2", "c1", "teacher")).told == []
    assert read.after(before, changes().enrol("t1", "c1", "teacher", status=GONE)).told == [
        {**assigned, "employee_id": None}
    ]


# 28, 29. Days and schools


def test_28_a_move_of_later_is_announced_with_its_day(read: Reader) -> None:
    now = changes().enrol("a", "c1", endDate="2026-12-01").enrol("a", "c2", beginDate="2026-12-01")
    moved = {"student_id": "a", "from_class_id": "c1", "to_class_id": "c2", "effective_on": "2026-12-01"}
    assert read.after(school(), now).told == [{"event": "student.transferred", **moved}]


def test_28_an_enrolment_that_is_over_is_as_one_removed(read: Reader) -> None:
    now = changes().enrol("a", "c1", endDate="2026-11-22")
    assert read.after(school(), now).counts == {"student.expelled": 1}


def test_29_the_school_of_an_enrolment_is_that_of_its_class(read: Reader) -> None:
    result = read.after(school(), changes().enrol("a", "c2", schoolSourcedId="elsewhere"))
    assert (result.counts, result.warnings) == ({"student.transferred": 1}, {"school_mismatch": 1})


def test_21_a_namespace_is_before_every_id_of_a_delta(read: Reader) -> None:
    known = read.known(groups(), namespace="n")
    now = changes().enrol("a", "c2", schoolSourcedId="s1").enrol("a", "g1", status=GONE).user("t1", status=GONE)
    result = read(now, known, namespace="n")
    assert known[EMPLOYMENT].keys() == {("n:s1", "n:t1")}
    assert result.counts == {
        "employee.dismissed": 1, "class.homeroom_teacher_assigned": 1, "student.transferred": 1,
        "group.teacher_assigned": 1, "group.students_set": 1,
    }  # fmt: skip


# A group too large


def test_a_group_too_large_for_an_event_keeps_the_students_it_had(read: Reader) -> None:
    before = school().section("g1", "scheduled").enrol("a", "g1")
    now = school().section("g1", "scheduled", title="New").section("g2", "scheduled").enrol("a", "g2")
    for number in range(600):
        now.user(f"{number:0100}", "student").enrol(f"{number:0100}", "g1")
    result = read.after(before, now)
    assert result.of("group.opened")[0] == {
        "group_id": "g1", "class_id": None, "subject": "New", "name": "New", "teacher_id": None, "student_ids": ["a"],
    }  # fmt: skip
    assert result.warnings == {"group_too_large": 1}
    assert str(result.package.places["group_too_large"][0]) == "classes.csv, line 4, column sourcedId"


def test_a_class_id_of_two_schools_is_that_of_the_school_that_knows_the_student(read: Reader) -> None:
    """Ids of classes are a school's own; another school's `c1` is open too, and greater by its school's id."""
    known = {kind: dict(facts) for kind, facts in read.known(school()).items()}
    for facts in known.values():
        facts |= {("s9", *key[1:]): was for key, was in facts.items() if "c" in key[-1] and len(key) == 2}
    assert read(changes().enrol("b", "c1", status=GONE).enrol("b", "c2"), known).told == [
        {"event": "student.transferred", "student_id": "b", "from_class_id": "c1", "to_class_id": "c2"}
    ]
    assert read(changes().pupil("new", "c1"), known).only("student.enrolled") == {"student_id": "new", "class_id": "c1"}
    named = read(changes().enrol("other", "c1", schoolSourcedId="s1"), known)
    assert named.only("student.enrolled") == {"student_id": "other", "class_id": "c1"}
    assert read(changes().enrol("other", "c1"), known).warnings == {"dangling_reference": 1}

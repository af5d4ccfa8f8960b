"""Class types and roles that change (points 13 and 23)."""

from __future__ import annotations

import pytest

from tests.adapters.packages.delta.test_delta import GONE
from tests.adapters.packages.diff.damaged import village
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import Reader, Written, changes, school


@pytest.mark.parametrize("word", ["Home Room", "", "class"])
def test_2_15_a_known_class_stays_one_until_a_row_says_otherwise(read: Reader, word: str) -> None:
    now = village()
    now.rows["classes.csv"][0]["classType"] = word
    result = read.after(village(), now)
    assert result.told == []
    assert result.warnings == ({"unknown_class_type": 1} if word else {})
    assert read(now).counts["group.opened"] == 2, "of a class that is not known nobody can tell"


def test_2_15_a_delta_with_a_blank_class_type_leaves_a_class_one(read: Reader) -> None:
    assert read.after(village(), changes().section("c1", "", title="6 А")).told == [
        {"event": "class.renamed", "class_id": "c1", "name": "6 А", "school_year": "2026/2027"}
    ]


def test_2_15_a_row_that_says_scheduled_makes_a_group_of_a_class(read: Reader) -> None:
    before = village().section("c3")
    result = read.after(before, village().section("c3", "scheduled"))
    assert result.counts == {"class.closed": 1, "group.opened": 1}


def as_delta_1_1(package: Written) -> Written:
    package.manifest = {**(package.manifest or {}), "oneroster.version": "1.1"}
    package.headers["users.csv"] = as_1_1(school()).headers["users.csv"]
    return package


def test_2_15_a_pupil_who_becomes_a_teacher_leaves_what_a_pupil_has(read: Reader) -> None:
    now = as_delta_1_1(changes())
    now.row("users.csv", sourcedId="p0", familyName="Fp0", givenName="G", role="teacher", orgSourcedIds="s1")
    assert read.after(as_1_1(village()), now).told == [
        {"event": "employee.hired", "employee_id": "p0", "position_type": "teaching_staff", "position": "teacher"},
        {"event": "student.expelled", "student_id": "p0", "reason": "left"},
        {"event": "guardian.removed", "guardian_id": "m0", "student_id": "p0", "denied": False},
        {"event": "group.students_set", "group_id": "g1", "student_ids": ["p1", "p2", "p3"]},
    ]


def test_2_15_in_1_2_too_where_the_former_role_is_removed(read: Reader) -> None:
    now = changes().role("p0", "student", status=GONE).role("p0", "teacher")
    assert read.after(village(), now).counts == {
        "employee.hired": 1, "student.expelled": 1, "guardian.removed": 1, "group.students_set": 1,
    }  # fmt: skip


def test_2_15_a_teacher_who_becomes_a_parent_leaves_classes_and_groups(read: Reader) -> None:
    now = as_delta_1_1(changes())
    now.row("users.csv", sourcedId="t1", familyName="Ft1", givenName="G", role="parent", orgSourcedIds="s1")
    assert read.after(as_1_1(village()), now).counts == {
        "employee.dismissed": 1, "class.homeroom_teacher_assigned": 1, "group.teacher_assigned": 1,
    }  # fmt: skip

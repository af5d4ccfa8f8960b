"""Packages that nobody here wrote; skipped where they are not at hand."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from adapters.packages.files.manifest import PackageKind
from tests.adapters.packages.written import Read

DATA = Path(os.environ.get("ROLLCALL_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))


def sample(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not in {DATA}; ROLLCALL_TEST_DATA says where it is")
    return DATA / name


def test_the_delta_of_grand_bend_moves_thirty_expels_twelve_and_enrols_six() -> None:
    bulk = Read(sample("grand-bend-bulk.zip"), None, as_of=date(2026, 11, 9))
    known = bulk.package.known_to(bulk.package.source)
    delta = Read(sample("grand-bend-delta.zip"), known, strict=True)
    assert delta.counts == {
        "person.described": 6,
        "student.transferred": 30,
        "student.expelled": 12,
        "student.enrolled": 6,
        "guardian.removed": 21,
        "guardian.assigned": 1,
        "group.students_set": 76,
    }
    assert all(data["from_class_id"] for data in delta.of("student.transferred"))
    (assigned,) = delta.of("guardian.assigned")
    assert (assigned["guardian_id"], assigned["student_id"], assigned["relation"]) == ("p-779138", "s-900000", "parent")
    assert not delta.package.needs_person


def test_sds_100_is_two_schools_with_classes_of_grades() -> None:
    result = Read(sample("sds-100"), None)
    assert result.package.kind is PackageKind.SDS_1
    assert result.counts == {
        "organisation.registered": 2,
        "person.described": 86 + 12,
        "employee.hired": 12,
        "class.opened": 8,
        "student.enrolled": 86,
        "group.opened": 28,
    }
    listed = [len(data["student_ids"]) for data in result.of("group.opened")]
    assert sum(listed) == 602
    assert result.warnings == {"classes_from_grade": 86}
    assert Read(sample("sds-100"), result.package.known_to(result.package.source)).events == []


def test_sds_v2_1_has_guardians_and_a_professor_of_a_department() -> None:
    result = Read(sample("sds-v2.1"), None, as_of=date(2021, 10, 1))
    assert result.package.kind is PackageKind.SDS_2_1
    assert result.counts == {
        "organisation.registered": 2,
        "person.described": 8,
        "employee.hired": 2,
        "class.opened": 2,
        "student.enrolled": 4,
        "guardian.assigned": 3,
        "group.opened": 2,
    }
    hired = {data["employee_id"]: (data["organisation_id"], data["position"]) for data in result.of("employee.hired")}
    assert hired == {"114006": ("110001", "professor"), "114007": ("110003", "teacher")}
    assert Counter(data["relation"] for data in result.of("guardian.assigned")) == {"guardian": 2, "relative": 1}
    assert result.warnings == {"classes_from_grade": 4, "role_outside_schools": 1}

"""Days that are not understood neither add nor end anything (points 6 and 28)."""

from __future__ import annotations

import pytest

from tests.adapters.packages.diff.damaged import nothing_ends, village
from tests.adapters.packages.written import Reader


def test_2_13_days_with_dots_are_days(read: Reader) -> None:
    now = village().pupil("x").pupil("y")
    now.rows["enrollments.csv"][-2]["endDate"] = "25.10.2026"
    now.rows["enrollments.csv"][-1]["beginDate"] = "11.01.2027"
    result = read.after(village(), now)
    assert result.of("student.enrolled") == [{"student_id": "y", "class_id": "c1", "effective_on": "2027-01-11"}]
    assert result.warnings == {"date_format": 2}


@pytest.mark.parametrize("column", ["beginDate", "endDate"])
@pytest.mark.parametrize("day", ["soon", "2026-02-30", "32.01.2026", "13/13/2026", "11.26", "0001-01-01"])
def test_2_13_an_unreadable_day_neither_adds_nor_ends(read: Reader, column: str, day: str) -> None:
    now = village().pupil("x")
    now.rows["enrollments.csv"][0][column] = now.rows["enrollments.csv"][-1][column] = day
    result = read.after(village(), now)
    nothing_ends(result)
    assert "student.enrolled" not in result.counts
    assert result.warnings["bad_date"] == 2


def test_2_13_an_unreadable_day_of_a_role_neither_adds_nor_ends(read: Reader) -> None:
    now = village().user("x", "teacher")
    for row in now.rows["roles.csv"]:
        if row["userSourcedId"] in {"t1", "x"}:
            row["endDate"] = "unknown"
    result = read.after(village(), now)
    nothing_ends(result)
    assert "employee.hired" not in result.counts

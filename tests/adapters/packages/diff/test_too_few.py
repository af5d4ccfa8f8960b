"""Too few of a kind: nobody of it is removed (point 30)."""

from __future__ import annotations

import pytest

from tests.adapters.packages.diff.damaged import nothing_ends, village
from tests.adapters.packages.written import Reader, Written


@pytest.mark.parametrize(
    ("role", "kept"),
    [("teacher", "employee.dismissed"), ("student", "student.expelled"), ("parent", "guardian.removed")],
)
def test_2_06_without_under_half_of_a_kind_nobody_of_it_is_removed(read: Reader, role: str, kept: str) -> None:
    def package(kept: int) -> Written:
        village = Written().school().section("c1").section("c2")
        for number in range(4):
            if role != "student" or number < kept:
                village.pupil(f"p{number}", agentSourcedIds=f"m{number}" if role != "parent" or number < kept else "")
            village.user(f"m{number}", "parent" if role != "parent" or number < kept else "")
            if role != "teacher" or number < kept:
                village.user(f"t{number}", "teacher")
        return village.enrol("t0", "c1", "teacher") if role != "teacher" or kept else village

    held = read.after(package(4), package(1))
    assert kept not in held.counts
    assert held.package.needs_person
    half = read.after(package(4), package(2))
    assert half.counts.get(kept) == 2, half.told
    assert not half.package.needs_person


def test_2_06_without_any_staff_teachers_stay_with_their_classes(read: Reader) -> None:
    def package(staff: bool) -> Written:
        package = village().user("t3", "aide")
        if not staff:
            for rows in package.rows.values():
                rows[:] = [
                    row
                    for row in rows
                    if not any(
                        cell.startswith(("t", "r-t", "e-t"))
                        and cell != "tobedeleted"
                        and not cell.startswith(("true", "teacher"))
                        for cell in row.values()
                    )
                ]
        return package

    nothing_ends(read.after(package(staff=True), package(staff=False)))


def test_2_06_under_half_of_the_classes_closes_none(read: Reader) -> None:
    before = Written().school().section("c1").section("c2").section("c3").section("c4").pupil("a", "c1")
    result = read.after(before, Written().school().section("c1").pupil("a", "c1"))
    assert result.told == []
    assert result.package.needs_person


def test_2_06_a_whole_new_set_of_classes_closes_the_old_ones(read: Reader) -> None:
    def package(year: str) -> Written:
        school = Written().school()
        for letter in "abcd":
            school.section(f"{year}{letter}").pupil(letter, f"{year}{letter}")
        return school

    result = read.after(package("5"), package("6"))
    assert result.counts == {"class.opened": 4, "student.transferred": 4, "class.closed": 4}
    assert not result.package.needs_person

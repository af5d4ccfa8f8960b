"""A whole district's package that nobody here wrote; skipped where it does not lie beside the project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.adapters.packages.written import Read

PACKAGE = Path(__file__).parents[4] / "shared" / "data" / "grand-bend-bulk.zip"
pytestmark = pytest.mark.skipif(not PACKAGE.exists(), reason="../shared/data/grand-bend-bulk.zip is not here")


def test_grand_bend_is_three_schools_with_everybody_in_them() -> None:
    result = Read(PACKAGE, None)
    assert result.counts == {
        "organisation.registered": 3,
        "person.described": 960 + 1872 + 66,  # a teacher of two schools is described to each
        "employee.hired": 66,
        "class.opened": 50,
        "student.enrolled": 960,
        "guardian.assigned": 1872,
        "group.opened": 100,
    }
    assert len({data["employee_id"] for data in result.of("employee.hired")}) == 65
    assert len({data["guardian_id"] for data in result.of("guardian.assigned")}) == 1872
    assert result.package.warnings == {"no_base_for_removals": 1}
    assert result.events[0]["source"] == "urn:rollcall:import:grand-bend"


def test_grand_bend_is_read_strictly_without_a_fault_and_again_tells_nothing() -> None:
    first = Read(PACKAGE, {}, strict=True)
    assert Read(PACKAGE, first.package.known_to(first.package.source), strict=True).events == []


def test_grand_bend_on_the_day_its_year_ends_removes_nobody_and_needs_a_person() -> None:
    first = Read(PACKAGE, {})
    summer = Read(PACKAGE, first.package.known_to(first.package.source), as_of=date(2027, 6, 1))
    assert not {"student.expelled", "group.students_set", "class.homeroom_teacher_assigned"} & set(summer.counts)
    assert summer.package.needs_person

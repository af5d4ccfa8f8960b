"""Links and rows of deltas that are not understood end nothing (point 18)."""

from __future__ import annotations

import pytest

from tests.adapters.packages.delta.test_delta import GONE
from tests.adapters.packages.diff.damaged import line_with, nothing_ends, spoilt, village
from tests.adapters.packages.written import Reader, changes, school

# 2.5 Links in a delta (point 18)


def test_2_05_a_row_that_is_silent_of_links_says_nothing_of_those_of_the_other_side(read: Reader) -> None:
    before = school().user("n", "parent", agentSourcedIds="b")
    assert read.after(before, changes().user("b", grades="6")).told == []


def test_2_05_nor_of_its_own(read: Reader) -> None:
    assert read.after(school(), changes().user("a", grades="6").user("m")).told == []


def test_2_05_a_list_that_is_not_understood_ends_no_link(read: Reader) -> None:
    before = school().user("n", "parent", agentSourcedIds="a")
    result = read.after(before, changes().user("a", agentSourcedIds="m;n"))
    nothing_ends(result)


# Deltas: rows that are not understood


@pytest.mark.parametrize(
    "cells", [{"role": "wizard"}, {"beginDate": "soon"}, {"classSourcedId": ""}, {"userSourcedId": "1,0E+11"}]
)
def test_a_row_of_a_delta_that_is_not_understood_does_nothing_and_somebody_has_to_look(
    read: Reader, cells: dict[str, str]
) -> None:
    result = read.after(village(), changes().enrol("p0", "c1", **{"status": GONE} | cells))
    assert result.told == []
    assert result.package.needs_person


def test_a_user_of_a_delta_whose_row_is_not_understood_is_not_removed(read: Reader) -> None:
    package = changes().user("p0", "")
    line = line_with(package, "users.csv", "Fp0")
    result = read.after(village(), spoilt(package, "users.csv", line, line.replace("Fp0", "Fp0, x")))
    assert result.told == []
    assert result.package.needs_person


def test_a_class_that_a_delta_removes_and_enrols_pupils_in_stays(read: Reader) -> None:
    result = read.after(village(), changes().section("c1", status=GONE).pupil("x", "c1"))
    assert "class.closed" not in result.counts
    assert result.warnings["class_still_used"] == 1
    assert result.package.needs_person

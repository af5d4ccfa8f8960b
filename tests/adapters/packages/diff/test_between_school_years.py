"""Between two school years classes close on the day that their pupils move on (point 13)."""

from __future__ import annotations

from datetime import date

from tests.adapters.packages.delta.test_delta import GONE
from tests.adapters.packages.written import Reader, Written, changes

AUGUST = date(2026, 8, 25)


def old_year() -> Written:
    return Written().school().section("5a").pupil("a", "5a").pupil("b", "5a").section("5b").pupil("c", "5b")


def new_year(*days: str) -> Written:
    package = Written().school().section("6a").section("5b").pupil("c", "5b")
    for pupil, day in zip("ab", days, strict=True):
        package.user(pupil, "student").enrol(pupil, "6a", beginDate=day)
    return package


def test_2_12_a_class_is_closed_on_the_day_its_pupils_move_on(read: Reader) -> None:
    known = read.known(old_year())
    result = read(new_year("2026-09-01", "2026-09-02"), known, as_of=AUGUST)
    assert result.of("student.transferred") == [
        {"student_id": "a", "from_class_id": "5a", "to_class_id": "6a", "effective_on": "2026-09-01"},
        {"student_id": "b", "from_class_id": "5a", "to_class_id": "6a", "effective_on": "2026-09-02"},
    ]
    assert result.only("class.closed") == {"class_id": "5a", "effective_on": "2026-09-02"}
    assert not result.package.needs_person


def test_2_12_when_the_day_has_come_it_is_closed_at_once(read: Reader) -> None:
    known = read.known(old_year())
    assert read(new_year("2026-09-01", ""), known, as_of=date(2026, 9, 1)).only("class.closed") == {"class_id": "5a"}


def test_2_12_old_enrolments_that_end_on_that_day_do_not_matter(read: Reader) -> None:
    now = new_year("2026-09-01", "2026-09-01")
    now.enrol("a", "5a", endDate="2026-09-01").enrol("b", "5a", endDate="2026-09-01")
    result = read(now, read.known(old_year()), as_of=AUGUST)
    assert result.only("class.closed") == {"class_id": "5a", "effective_on": "2026-09-01"}
    assert result.counts["student.transferred"] == 2


def test_2_12_a_delta_closes_from_that_day_too(read: Reader) -> None:
    now = changes().section("5a", status=GONE).section("6a")
    for pupil in "ab":
        now.enrol(pupil, "5a", status=GONE).enrol(pupil, "6a", beginDate="2026-09-01")
    result = read(now, read.known(old_year()), as_of=AUGUST)
    assert result.only("class.closed") == {"class_id": "5a", "effective_on": "2026-09-01"}


def test_2_12_a_group_is_closed_when_its_pupils_have_moved_on(read: Reader) -> None:
    def with_group(package: Written) -> Written:
        return package.section("g", "scheduled").enrol("a", "g")

    known = read.known(with_group(old_year()))
    assert "group.closed" not in read(new_year("2026-09-01", "2026-09-01"), known, as_of=AUGUST).counts
    later = read(new_year("2026-09-01", "2026-09-01"), known, as_of=date(2026, 9, 1))
    assert later.counts["group.closed"] == 1

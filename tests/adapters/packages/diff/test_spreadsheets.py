"""What spreadsheets do to ids and titles changes nobody."""

from __future__ import annotations

import pytest

from tests.adapters.packages.delta.test_delta import GONE
from tests.adapters.packages.diff.damaged import nothing_ends, village
from tests.adapters.packages.written import Reader, Written, changes


def numbered(title: str = "5 А") -> Written:
    """Pupils and a class whose ids are numbers with zeros before them, and some that are not."""
    package = Written().school().section("0051", title=title).user("t", "teacher").enrol("t", "0051", "teacher")
    for number in range(12):
        package.pupil(f"{number:04}" if number in {3, 4} else f"p{number}", "0051")
    return package


def without_zeros(package: Written, *files: str) -> Written:
    for file in files:
        for row in package.rows[file]:
            for column, cell in row.items():
                row[column] = str(int(cell)) if cell.isdecimal() else cell
    return package


def test_ids_that_lost_their_zeros_to_a_spreadsheet_are_who_they_were(read: Reader) -> None:
    result = read.after(
        numbered(), without_zeros(numbered(), "users.csv", "roles.csv", "enrollments.csv", "classes.csv")
    )
    assert result.events == []
    assert result.warnings == {"id_zeros": 3}


@pytest.mark.parametrize("file", ["users.csv", "roles.csv", "enrollments.csv", "classes.csv"])
def test_in_one_file_alone_nobody_can_tell_and_nobody_leaves(read: Reader, file: str) -> None:
    nothing_ends(read.after(numbered(), without_zeros(numbered(), file)))


def test_a_number_that_is_removed_is_not_taken_for_one_with_zeros(read: Reader) -> None:
    assert read.after(numbered(), changes().user("3", status=GONE)).told == []


def test_whoever_has_another_name_and_a_class_that_has_another_title_are_not_taken_for_those_with_zeros(
    read: Reader,
) -> None:
    now = without_zeros(numbered("6 А"), "users.csv", "roles.csv", "enrollments.csv", "classes.csv")
    for row in now.rows["users.csv"]:
        row["familyName"] = "Another" if row["sourcedId"] == "3" else row["familyName"]
    result = read.after(numbered(), now)
    assert [data["class_id"] for data in result.of("class.opened")] == ["51"]
    assert result.of("student.expelled") == [{"student_id": "0003", "reason": "left"}]
    assert result.of("student.enrolled") == [{"student_id": "3", "class_id": "51"}]


@pytest.mark.parametrize("other", ["p0", "P0"])
def test_who_is_known_by_an_id_is_not_taken_for_another_who_left(read: Reader, other: str) -> None:
    """Two whose ids differ in case alone, and one of them leaves: the other is himself."""

    def package(*pupils: str) -> Written:
        school = Written().school().section("c1").user("t", "teacher").enrol("t", "c1", "teacher")
        for pupil in ("x", *pupils):
            school.pupil(pupil, familyName="F")
        return school

    left = {"p0", "P0"} - {other}
    assert read.after(package("p0", "P0"), package(other)).told == [
        {"event": "student.expelled", "student_id": left.pop(), "reason": "left"}
    ]


@pytest.mark.parametrize("made", ["05.янв", "5-Jan"])
def test_a_day_that_a_spreadsheet_has_made_of_a_title_or_an_id_changes_neither(read: Reader, made: str) -> None:
    def package(id_: str, title: str) -> Written:
        return village().section(id_, title=title).pupil("x", id_)

    titled = read.after(package("5-1", "5-1"), package("5-1", made))
    assert (titled.told, titled.warnings) == ([], {"spreadsheet_title": 1})
    group = village().section("g", "scheduled", title="5-1"), village().section("g", "scheduled", title=made)
    assert read.after(*group).told == []
    nothing_ends(read.after(package("5-1", "5-1"), package(made, "5-1")))

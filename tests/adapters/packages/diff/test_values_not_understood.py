"""Values that are not understood end nothing (points 5, 7, 18 and 21)."""

from __future__ import annotations

import pytest

from tests.adapters.packages.diff.damaged import nothing_ends, village
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import Reader, Written
from tests.adapters.packages.written_sds import SdsReader, v1


@pytest.mark.parametrize("word", ["pupil", "student teacher", "student,teacher", "student;parent", ""])
@pytest.mark.parametrize("of", ["p0", "t1", "m0"])
def test_2_04_a_role_that_is_no_single_word_we_know_ends_nothing(read: Reader, of: str, word: str) -> None:
    now = village()
    (row,) = (row for row in now.rows["roles.csv"] if row["userSourcedId"] == of)
    row["role"] = word
    result = read.after(village(), now)
    nothing_ends(result)
    assert result.warnings["unknown_role"] == 1


@pytest.mark.parametrize("of", ["p0", "t1", "m0"])
def test_2_04_in_1_1_too(read: Reader, of: str) -> None:
    now = as_1_1(village())
    (row,) = (row for row in now.rows["users.csv"] if row["sourcedId"] == of)
    row["role"] = "wizard"
    nothing_ends(read.after(as_1_1(village()), now))


@pytest.mark.parametrize("of", ["p0", "t1"])
def test_2_04_an_enrolment_in_an_unknown_role_ends_nothing(read: Reader, of: str) -> None:
    now = village()
    for row in now.rows["enrollments.csv"]:
        if row["userSourcedId"] == of:
            row["role"] = "member"
    nothing_ends(read.after(village(), now))


def test_2_04_guardians_listed_with_semicolons_stay(read: Reader) -> None:
    def package(agents: str) -> Written:
        return village().pupil("x", "c1", agentSourcedIds=agents)

    result = read.after(package("m0,m1"), package("m0;m1"))
    nothing_ends(result)
    assert result.warnings["dangling_reference"] == 1


def test_2_04_schools_listed_with_semicolons_dismiss_nobody(read: Reader) -> None:
    def package(schools: str) -> Written:
        both = as_1_1(village().school("s2").user("x", "teacher").role("x", "teacher", "s2"))
        both.rows["users.csv"][-1]["orgSourcedIds"] = schools
        return both

    nothing_ends(read.after(package("s1,s2"), package("s1;s2")))


@pytest.mark.parametrize("file", ["roles.csv", "enrollments.csv"])
def test_2_04_a_reference_of_another_case_is_taken(read: Reader, file: str) -> None:
    now = village()
    for row in now.rows[file]:
        row["userSourcedId"] = row["userSourcedId"].upper()
    result = read.after(village(), now)
    assert result.told == []
    assert result.warnings == {"id_case": len(now.rows[file])}
    assert not result.package.needs_person


def test_2_04_references_to_classes_schools_and_agents_of_another_case_are_taken(read: Reader) -> None:
    now = village()
    for row in now.rows["enrollments.csv"]:
        row["classSourcedId"] = row["classSourcedId"].upper()
    for row in now.rows["roles.csv"]:
        row["orgSourcedId"] = "S1"
    for row in now.rows["classes.csv"]:
        row["schoolSourcedId"] = "S1"
    for row in now.rows["users.csv"]:
        row["agentSourcedIds"] = row.get("agentSourcedIds", "").upper()
    result = read.after(village(), now)
    assert (result.told, set(result.warnings)) == ([], {"id_case"})


@pytest.mark.parametrize("file", ["users.csv", "classes.csv"])
def test_2_04_a_row_whose_own_id_is_of_another_case_is_who_it_was(read: Reader, file: str) -> None:
    now = village()
    for row in now.rows[file]:
        row["sourcedId"] = row["sourcedId"].upper()
    result = read.after(village(), now)
    assert (result.events, set(result.warnings)) == ([], {"id_case"})


def test_2_04_a_leaver_whose_id_is_another_ones_but_for_its_case_is_not_taken_for_them(read: Reader) -> None:
    now = village()
    for file, column in (
        ("users.csv", "sourcedId"),
        ("roles.csv", "userSourcedId"),
        ("enrollments.csv", "userSourcedId"),
    ):
        for row in now.rows[file]:
            row[column] = row[column].replace("p0", "P0")
    now.rows["users.csv"][0]["familyName"] = "Another"
    result = read.after(village(), now)
    assert result.only("student.expelled") == {"student_id": "p0", "reason": "left"}
    assert result.only("student.enrolled") == {"student_id": "P0", "class_id": "c1"}


@pytest.mark.parametrize("file", ["users.csv", "roles.csv", "enrollments.csv", "classes.csv"])
@pytest.mark.parametrize("left", [3, 20, 40])
def test_2_04_a_last_row_that_is_cut_off_ends_nothing(read: Reader, file: str, left: int) -> None:
    now = village()
    content = now.files()[file].removesuffix(b"\r\n")
    last = content.rindex(b"\r\n") + 2
    if last + left >= len(content) - 10:
        pytest.skip("the row is not as long as that")
    now.raw[file] = content[: last + left]
    nothing_ends(read.after(village(), now))


@pytest.mark.parametrize("gone", ["users.csv", "roles.csv"])
def test_2_04_an_enrolment_of_whom_another_file_lacks_a_row_ends_nothing_of_it(read: Reader, gone: str) -> None:
    now = village()
    now.rows["users.csv"].pop(0)
    if gone == "roles.csv":
        now = village()
        now.rows["roles.csv"][0]["role"] = "?"
    nothing_ends(read.after(village(), now))


SPOILT = ["zz9", "p0;p1", "p0 x", "{}9", ""]


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("users.csv", "sourcedId"), ("users.csv", "agentSourcedIds"), ("roles.csv", "userSourcedId"),
        ("roles.csv", "orgSourcedId"), ("enrollments.csv", "userSourcedId"), ("enrollments.csv", "classSourcedId"),
        ("classes.csv", "sourcedId"), ("classes.csv", "schoolSourcedId"),
    ],
)  # fmt: skip
def test_2_04_a_reference_that_is_spoilt_in_any_one_row_ends_nothing(
    read: Reader, file: str, column: str, spoilt: str
) -> None:
    """Nobody can tell whom a row means by an id that nobody has: it may be of anybody who is missing for it."""
    known = read.known(village())
    for number in range(0, len(village().rows[file]), 2):
        now = village()
        row = now.rows[file][number]
        if not row.get(column) or (column == "agentSourcedIds" and not spoilt):
            continue
        row[column] = spoilt.format(row[column])
        nothing_ends(read(now, known))


@pytest.mark.parametrize("file", ["StudentEnrollment", "TeacherRoster"])
@pytest.mark.parametrize("column", ["SIS ID", "Section SIS ID"])
def test_2_04_nor_in_any_of_sds(sds: SdsReader, file: str, column: str) -> None:
    now = v1()
    now.rows[file][0][column] = "zz9"
    nothing_ends(sds(now, after=v1()))


def test_2_04_who_is_missing_himself_leaves_though_a_row_names_somebody_unknown(read: Reader) -> None:
    before = village().pupil("x")
    assert read.after(before, village().enrol("zz9", "c1")).only("student.expelled")["student_id"] == "x"
    stale = village().enrol("x", "c1")
    assert read.after(before, stale).told == [], "x himself is named still"


@pytest.mark.parametrize("id_", ["1,00001E+11", "1.00001E+11", "2.5E+14"])
@pytest.mark.parametrize("file", ["users.csv", "enrollments.csv"])
def test_2_04_an_id_that_a_spreadsheet_has_destroyed_may_be_anybodys(read: Reader, id_: str, file: str) -> None:
    now = village()
    now.rows[file][0]["sourcedId" if file == "users.csv" else "userSourcedId"] = id_
    result = read.after(village(), now)
    nothing_ends(result)
    assert result.warnings["spreadsheet_id"] == 1


def test_2_04_two_people_under_one_id_are_nobody(read: Reader) -> None:
    result = read.after(village(), village().user("p0", familyName="Another"))
    nothing_ends(result)
    assert result.warnings["id_of_two_people"] == 1


def test_2_04_an_id_with_a_character_that_nobody_sees_is_no_id(read: Reader) -> None:
    now = village()
    now.rows["users.csv"][0]["sourcedId"] = "p\u200b0"
    result = read.after(village(), now)
    nothing_ends(result)
    assert result.warnings["bad_id"] == 1

"""What a package does not say clearly ends nothing: each kind of damage that once threw people out by mistake.

The numbers are those of the trials from outside that found them; points are those of the import contract.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.adapters.packages.delta.test_delta import GONE
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import Read, Reader, Written, changes, school
from tests.adapters.packages.written_sds import SdsReader, Sheets, v1

ENDS = {
    "employee.dismissed", "student.expelled", "guardian.removed", "class.closed", "group.closed",
    "class.homeroom_teacher_assigned", "group.teacher_assigned", "group.students_set",
}  # fmt: skip


def village() -> Written:
    """A school with two classes of two pupils each, a parent of each, a teacher of each class, and a group."""
    package = Written().school().section("c1", title="5 А").section("c2", title="5 Б").section("g1", "scheduled")
    for number, section in enumerate(("c1", "c1", "c2", "c2")):
        package.pupil(f"p{number}", section, agentSourcedIds=f"m{number}").user(f"m{number}", "parent")
        package.enrol(f"p{number}", "g1")
    for teacher, section in (("t1", "c1"), ("t2", "c2")):
        package.user(teacher, "teacher").enrol(teacher, section, "teacher", primary="true")
    return package.enrol("t1", "g1", "teacher")


def spoilt(package: Written, file: str, before: str, after: str) -> Written:
    """The package with one place of a file written otherwise."""
    content = package.files()[file].decode()
    assert content.count(before) == 1, (before, content.count(before))
    package.raw[file] = content.replace(before, after).encode()
    return package


def nothing_ends(result: Read) -> None:
    """Nobody leaves, nothing closes, and a person has to look."""
    assert not ENDS & set(result.counts), result.told
    assert result.package.needs_person


def line_with(package: Written, file: str, text: str) -> str:
    (line,) = (each for each in package.files()[file].decode().split("\r\n") if text in each)
    return line


# 2.2 A damaged row (points 5 and 13)


def test_2_02_one_comma_without_quotes_in_a_title_closes_no_class(read: Reader) -> None:
    now = spoilt(village(), "classes.csv", "5 А", "5 А, Б")
    result = read.after(village(), now)
    assert result.told == []
    assert result.warnings["row_width"] == 1
    assert result.package.needs_person
    assert [str(place) for place in result.package.places["row_width"]] == ["classes.csv, line 2"]


@pytest.mark.parametrize(
    ("file", "cell"), [("users.csv", "Fp0"), ("roles.csv", "r-p0-student-s1"), ("enrollments.csv", "e-p0-c1")]
)
def test_2_02_a_comma_too_many_in_any_row_ends_nothing(read: Reader, file: str, cell: str) -> None:
    package = village()
    line = line_with(package, file, f"{cell},")
    nothing_ends(read.after(village(), spoilt(package, file, line, line.replace(cell, f"{cell}, x"))))


@pytest.mark.parametrize(
    ("file", "line", "damaged"),
    [
        ("enrollments.csv", "e-p0-c1,c1,p0,student", "e-p0-c1,c1,p0student"),
        ("enrollments.csv", "e-p0-c1,c1,p0,student", "e-p0-c1,c1,p,0,student"),
        ("roles.csv", "r-m0-parent-s1,m0,s1,parent", "r-m0-parent-s1,m0s1,parent"),
        ("users.csv", "p0,,,true", "p0,,,,true"),
    ],
)
def test_2_02_nor_does_a_comma_lost_or_within_an_id_or_before_blanks(
    read: Reader, file: str, line: str, damaged: str
) -> None:
    nothing_ends(read.after(village(), spoilt(village(), file, f"\r\n{line}", f"\r\n{damaged}")))


def test_2_02_a_comma_at_the_end_of_every_row_is_nothing(read: Reader) -> None:
    now = village()
    for file, content in village().files().items():
        header, *rows = content.decode().removesuffix("\r\n").split("\r\n")
        now.raw[file] = "\r\n".join([header, *(f"{row},," for row in rows), ""]).encode()
    result = read.after(village().user("t9", "teacher"), now)
    assert (result.counts, result.warnings) == ({"employee.dismissed": 1}, {})


def test_2_02_two_rows_in_one_line_end_nothing(sds: SdsReader, tmp_path: Path) -> None:
    now = v1().add("Student", SIS_ID="c", School_SIS_ID="s1", First_Name="G", Last_Name="Fc", Grade="9")
    path = now.to(tmp_path / "merged")
    students = path / "Student.csv"
    students.write_bytes(students.read_bytes().replace(b"Active\r\nb,", b"Activeb,"))
    nothing_ends(Read(path, sds(now).package.known_to("urn:rollcall:import:sis"), source="sis"))


def test_2_02_a_school_whose_own_row_is_not_understood_stays_as_it_is(read: Reader) -> None:
    def package(name: str) -> Written:
        return village().school("s2", name=name).section("k", at="s2").pupil("z", "k", at="s2")

    nothing_ends(read.after(package("Two"), spoilt(package("Two"), "orgs.csv", "Two", "Two, and Three")))


def test_2_02_a_class_whose_row_is_lost_while_pupils_are_in_it_stays(read: Reader) -> None:
    now = village()
    now.rows["classes.csv"].pop(0)
    result = read.after(village(), now)
    assert result.told == []
    assert result.warnings["class_still_used"] == 1
    assert result.package.needs_person


def test_2_02_a_class_called_removed_while_pupils_are_in_it_and_nowhere_else_stays(read: Reader) -> None:
    now = village()
    now.rows["classes.csv"][0]["status"] = "tobedeleted"
    result = read.after(village(), now)
    assert result.told == []
    assert result.warnings["class_still_used"] == 1
    assert result.package.needs_person


def test_2_02_a_class_whose_pupils_all_moved_on_is_closed_though_their_old_rows_are_left(read: Reader) -> None:
    now = village().section("c3", title="6 А").enrol("p0", "c3", beginDate="2026-09-02")
    now.enrol("p1", "c3", beginDate="2026-09-02")
    now.rows["classes.csv"][0]["status"] = "tobedeleted"
    result = read.after(village(), now)
    assert result.counts["class.closed"] == 1
    assert result.counts["student.transferred"] == 2
    assert not result.package.needs_person


def test_2_02_what_is_whole_in_the_package_goes_on(read: Reader) -> None:
    before = village().user("t3", "teacher")
    now = spoilt(village().pupil("new", "c2"), "classes.csv", "5 А", "5 А, Б")
    assert read.after(before, now).counts == {
        "person.described": 1, "student.enrolled": 1, "employee.dismissed": 1,
    }  # fmt: skip


def test_2_02_a_row_that_took_others_in_by_an_open_quote_is_not_understood(read: Reader) -> None:
    package = village()
    first, second = (line_with(package, "classes.csv", f"{key},") for key in ("c1", "c2"))
    swallowed = first.replace("5 А", f'"5 А\r\n{second}"')
    now = spoilt(package, "classes.csv", f"{first}\r\n{second}", swallowed)
    nothing_ends(read.after(village(), now))


# 2.3 A file that says nothing (point 11)


@pytest.mark.parametrize("how", ["header", "absent", "called absent"])
@pytest.mark.parametrize("file", ["users.csv", "roles.csv", "enrollments.csv"])
def test_2_03_a_silent_file_ends_nothing_and_somebody_has_to_look(read: Reader, file: str, how: str) -> None:
    now = village()
    if how == "called absent":
        now.set(**{f"file_{file.removesuffix('.csv')}": "absent"})
    else:
        now.rows[file].clear()
        now.empty |= {file} if how == "header" else set()
    result = read.after(village(), now)
    assert result.told == []
    assert result.package.needs_person


def test_2_03_in_1_1_users_with_a_header_only_end_nothing(read: Reader) -> None:
    now = as_1_1(village())
    now.rows["users.csv"].clear()
    now.empty.add("users.csv")
    nothing_ends(read.after(as_1_1(village()), now))


@pytest.mark.parametrize("file", ["Student", "Teacher", "Section", "TeacherRoster", "StudentEnrollment"])
def test_2_03_a_silent_file_of_sds_ends_nothing(sds: SdsReader, file: str) -> None:
    now = v1()
    now.headers[file] = list(now.rows[file][0])
    now.rows[file] = []
    nothing_ends(sds(now, after=v1()))


def test_2_03_a_file_that_was_always_silent_is_nobodys_work(read: Reader) -> None:
    quiet = village()
    quiet.rows["enrollments.csv"].clear()
    assert not read.after(quiet, quiet).package.needs_person


# 2.3 A file that is there and well, and has no row of one kind (points 11 and 30)


def small() -> Written:
    """So few that no share tells anything: a class with a teacher, a pupil with a parent, and a group of these."""
    package = Written().school().section("c1").section("g1", "scheduled").pupil("a", agentSourcedIds="m")
    package.user("m", "parent").user("t", "teacher").enrol("t", "c1", "teacher", primary="true")
    return package.enrol("a", "g1").enrol("t", "g1", "teacher")


def without(package: Written, file: str, **cells: str) -> Written:
    """The package without the rows of a file that have these cells."""
    package.rows[file] = [row for row in package.rows[file] if not cells.items() <= row.items()]
    return package


def other_school(package: Written) -> Written:
    """Beside it another school, of which the package says all."""
    package.school("s2").section("k", at="s2").section("l", "scheduled", "s2").pupil(
        "z", "k", "s2", agentSourcedIds="n"
    )
    package.user("n", "parent", "s2").user("u", "teacher", "s2").enrol("u", "k", "teacher").enrol("u", "l", "teacher")
    return package.enrol("z", "l")


@pytest.mark.parametrize("cells", [{"role": "teacher"}, {"role": "student"}])
@pytest.mark.parametrize("of", [village, small, lambda: other_school(small())])
def test_2_03_enrolments_without_a_row_of_pupils_or_of_teachers_say_nothing_of_them(
    read: Reader, of: Callable[[], Written], cells: dict[str, str]
) -> None:
    result = read.after(of(), without(of(), "enrollments.csv", **cells))
    assert result.told == []
    assert result.package.needs_person


@pytest.mark.parametrize("role", ["student", "parent"])
def test_2_03_roles_without_a_row_of_a_kind_say_nothing_of_it(read: Reader, role: str) -> None:
    result = read.after(small(), without(small(), "roles.csv", role=role))
    assert result.told == []
    assert result.package.needs_person


@pytest.mark.parametrize("of", [village, small])
def test_2_03_users_without_any_link_say_nothing_of_guardians(read: Reader, of: Callable[[], Written]) -> None:
    now = of()
    for row in now.rows["users.csv"]:
        row.pop("agentSourcedIds", None)
    result = read.after(of(), now)
    assert result.told == []
    assert result.package.needs_person


@pytest.mark.parametrize("of", [small, village])
@pytest.mark.parametrize("file", ["classes.csv", "enrollments.csv"])
def test_2_03_a_school_without_any_class_or_enrolment_beside_one_that_has_them_stays_as_it_is(
    read: Reader, of: Callable[[], Written], file: str
) -> None:
    now = other_school(of())
    kept = {"classes.csv": {"k", "l"}, "enrollments.csv": {"e-z-k", "e-u-k", "e-u-l", "e-z-l"}}
    now.rows[file] = [row for row in now.rows[file] if row["sourcedId"] in kept[file]]
    if file == "classes.csv":
        now.rows["enrollments.csv"] = [row for row in now.rows["enrollments.csv"] if row["userSourcedId"] in {"z", "u"}]
    result = read.after(other_school(of()), now)
    assert result.told == []
    assert result.package.needs_person


def test_2_03_in_sds_groups_keep_pupils_and_teachers_of_whom_there_is_no_row(sds: SdsReader) -> None:
    for file in ("StudentEnrollment", "TeacherRoster"):
        before, now = sds_of_two_schools(), sds_of_two_schools()
        now.rows[file] = [row for row in now.rows[file] if row["Section SIS ID"] == "x2"]
        nothing_ends(sds(now, after=before))


def test_2_03_one_class_without_a_teacher_among_others_that_have_one_has_none(read: Reader) -> None:
    now = without(village(), "enrollments.csv", sourcedId="e-t1-c1")
    result = read.after(village(), now)
    assert result.told == [{"event": "class.homeroom_teacher_assigned", "class_id": "c1", "employee_id": None}]
    assert not result.package.needs_person


def test_2_03_nor_has_one_whose_teacher_is_there_no_more_or_has_ended(read: Reader) -> None:
    gone = without(small(), "enrollments.csv", role="teacher").user("t2", "teacher").enrol("t2", "g1", "aide")
    for file, column in (("users.csv", "sourcedId"), ("roles.csv", "userSourcedId")):
        without(gone, file, **{column: "t"})
    over = small()
    for row in over.rows["enrollments.csv"]:
        if row["role"] == "teacher":
            row["endDate"] = "2026-10-01"
    for now in (gone, over):
        result = read.after(small(), now)
        assert result.of("class.homeroom_teacher_assigned") == [{"class_id": "c1", "employee_id": None}]
        assert result.of("group.teacher_assigned") == [{"group_id": "g1", "teacher_id": None}]
        assert not result.package.needs_person


def sds_of_two_schools() -> Sheets:
    package = v1().add("School", SIS_ID="s2", Name="School s2")
    package.add("Section", SIS_ID="x2", School_SIS_ID="s2", Section_Name="Algebra 2", Course_Subject="Maths")
    name = {"School_SIS_ID": "s2", "First_Name": "G", "Status": "Active"}
    package.add("Student", SIS_ID="z", Last_Name="Fz", Grade="9", **name)
    package.add("Teacher", SIS_ID="u", Last_Name="Fu", **name)
    package.add("StudentEnrollment", Section_SIS_ID="x2", SIS_ID="z")
    return package.add("TeacherRoster", Section_SIS_ID="x2", SIS_ID="u")


# 2.4 Values that are not understood (points 5, 7, 18, 21)


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


# Spreadsheets


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


# 2.6 Too few of a kind (point 30)


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


# 2.12 Between two school years (point 13)

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


# 2.13 Days (points 6 and 28)


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


# 2.15 Class types and roles that change (points 13 and 23)


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

"""Damaged rows end nothing: what a package does not say clearly, it does not say (points 5 and 13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.packages.diff.damaged import line_with, nothing_ends, spoilt, village
from tests.adapters.packages.written import Read, Reader, Written
from tests.adapters.packages.written_sds import SdsReader, v1


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

"""Points 1 to 9 of the import contract: kinds, files, text, headers, values, dates, duplicates, references."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.packages.files.manifest import PackageKind
from adapters.packages.findings import PackageError
from adapters.packages.package import open_package
from tests.adapters.packages.written import OPTIONS, Read, Reader, Written, school

# 1. FactType of package


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.2.1", "v1.2"])
def test_01_a_manifest_of_1_2_or_a_higher_minor_is_read_as_1_2(read: Reader, version: str) -> None:
    package = school()
    package.manifest = {**(package.manifest or {}), "oneroster.version": version}
    assert read(package).package.kind is PackageKind.ONEROSTER_1_2


def test_01_without_a_manifest_roles_with_role_type_tell_1_2(read: Reader) -> None:
    package = school()
    package.manifest = None
    assert read(package).package.kind is PackageKind.ONEROSTER_1_2


@pytest.mark.parametrize("version", ["2.0", "1.0", "", "one"])
def test_01_another_version_is_not_a_roster_that_is_known(read: Reader, version: str) -> None:
    package = school()
    package.manifest = {**(package.manifest or {}), "oneroster.version": version}
    with pytest.raises(PackageError, match=r"not a roster I know; looked for manifest\.csv"):
        read(package)


def test_01_a_folder_of_anything_else_is_not_a_roster_that_is_known(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    with pytest.raises(PackageError, match="not a roster I know"):
        open_package(tmp_path, OPTIONS)


# 2. Folder or zip


@pytest.mark.parametrize("folder", ["", "export/"])
def test_02_a_zip_and_a_zip_with_one_folder_read_as_a_folder_does(read: Reader, tmp_path: Path, folder: str) -> None:
    zipped = Read(school().zipped(tmp_path / "package.zip", folder), None)
    assert zipped.events == read(school()).events


def test_02_what_is_neither_a_folder_nor_a_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("sourcedId\n")
    for path in (tmp_path / "users.csv", tmp_path / "nothing.zip"):
        with pytest.raises(PackageError, match="a folder or a zip"):
            open_package(path, OPTIONS)


def test_02_a_damaged_zip_is_refused_by_the_name_of_its_file(tmp_path: Path) -> None:
    path = school().zipped(tmp_path / "package.zip")
    content = bytearray(path.read_bytes())
    at = content.find(b"G,Fa")
    content[at] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(PackageError, match=r"users\.csv") as caught:
        open_package(path, OPTIONS)
    assert caught.value.file == "users.csv"


def test_02_a_file_name_of_another_case_is_found_and_counted(read: Reader) -> None:
    package = school()
    package.raw["Users.CSV"] = package.files()["users.csv"]
    package.missing.add("users.csv")
    result = read(package)
    assert result.counts["person.described"] == 4
    assert result.warnings == {"file_name_case": 1}


@pytest.mark.parametrize("mode", ["absent", ""])
def test_02_a_file_that_the_manifest_calls_absent_is_not_read(read: Reader, mode: str) -> None:
    result = read(school().set(file_enrollments=mode))
    assert "student.enrolled" not in result.counts
    assert result.warnings == {"file_not_in_manifest": 1}


@pytest.mark.parametrize("strict", [False, True])
def test_02_a_promised_file_that_is_missing_is_an_error_in_both_modes(read: Reader, strict: bool) -> None:
    package = school().set(file_courses="bulk")
    with pytest.raises(PackageError, match=r"courses\.csv: this file, as the manifest promises"):
        read(package, strict=strict)


# 3. Text


def test_03_a_byte_order_mark_windows_line_ends_and_blank_last_lines_are_nothing(read: Reader) -> None:
    package = school()
    plain = read(package)
    for name, content in package.files().items():
        package.raw[name] = b"\xef\xbb\xbf" + content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n"
    marked = read(package)
    assert (marked.events, marked.warnings) == (plain.events, plain.warnings)


def test_03_quotes_hold_commas_quotes_and_line_breaks(read: Reader) -> None:
    package = Written().school().section("c1", title='5 "А",\nпервый')
    assert read(package).only("class.opened")["name"] == '5 "А", первый'


def test_03_what_is_not_utf_8_is_refused_with_the_place_of_the_byte(read: Reader) -> None:
    package = school()
    good = package.files()["users.csv"] + b"x," * 10_000 + b"\r\n"
    package.raw["users.csv"] = good + "Ямал".encode("cp1251") + b"\r\n" * 9
    with pytest.raises(PackageError, match=rf"users\.csv, line 7: text in utf-8, at byte {len(good)}"):
        read(package)


def test_03_another_encoding_is_read_where_it_is_named(read: Reader) -> None:
    package = Written().school(name="Школа")
    package.raw = {name: content.decode().encode("cp1251") for name, content in package.files().items()}
    assert read(package, encoding="cp1251").only("organisation.registered")["name"] == "Школа"
    with pytest.raises(PackageError, match="an encoding that is known"):
        read(package, encoding="klingon")


def test_03_broken_quotes_are_refused_with_their_line(read: Reader) -> None:
    package = school()
    package.raw["users.csv"] = package.files()["users.csv"] + b'"x"y,,\r\n'
    with pytest.raises(PackageError, match=r"users\.csv, line 6"):
        read(package)


# 4. Headers


def test_04_headers_of_another_case_or_with_spaces_are_read_and_counted(read: Reader) -> None:
    package = school()
    package.raw["users.csv"] = package.files()["users.csv"].replace(b"familyName", b" FamilyName ")
    result = read(package)
    assert "Ft1" in {data["last_name"] for data in result.of("person.described")}
    assert result.warnings == {"unknown_column": 1}


def test_04_a_misspelt_optional_column_is_an_unknown_column(read: Reader) -> None:
    package = school()
    package.raw["users.csv"] = package.files()["users.csv"].replace(b"middleName", b"midleName")
    assert read(package).warnings == {"unknown_column": 1}


def test_04_extensions_are_ignored_uncounted_and_order_does_not_matter(read: Reader) -> None:
    package = school()
    package.row("users.csv", **{"sourcedId": "z", "familyName": "Z", "metadata.x": "1", "ext_y": "2"})
    package.headers["users.csv"].reverse()
    assert read(package).warnings == {}


@pytest.mark.parametrize(
    ("file", "column"),
    [("users.csv", "sourcedId"), ("enrollments.csv", "classSourcedId"), ("roles.csv", "role"),
     ("classes.csv", "schoolSourcedId")],
)  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_04_a_required_column_that_is_missing_is_an_error_in_both_modes(
    read: Reader, file: str, column: str, strict: bool
) -> None:
    package = school()
    package.raw[file] = package.files()[file].replace(column.encode(), b"metadata.other", 1)
    with pytest.raises(PackageError) as caught:
        read(package, strict=strict)
    assert (caught.value.file, caught.value.line, caught.value.column) == (file, 1, column)


def test_04_every_other_column_may_be_missing(read: Reader) -> None:
    package = school()
    for file, columns in package.headers.items():
        for column in [column for column in columns if column not in ("type", "classType")]:
            if not any(column in row for row in package.rows[file]):
                package.without_column(file, column)
    result = read(package)
    assert result.warnings == {}
    assert result.counts["student.enrolled"] == 2


# 5. Values


def test_05_words_of_another_case_and_spaces_are_read_and_counted_by_row(read: Reader) -> None:
    package = school().user("d", familyName=" Д ", givenName=" Е").role("d", "STUDENT").enrol("d", " c1", "Student")
    result = read(package)
    assert {"student_id": "d", "class_id": "c1"} in result.of("student.enrolled")
    assert "Д" in {data["last_name"] for data in result.of("person.described")}
    assert result.warnings == {"value_case": 2, "whitespace": 2}


def test_05_a_word_that_is_no_role_skips_the_row(read: Reader) -> None:
    result = read(school().user("x", "wizard"))
    assert result.warnings == {"unknown_role": 1}
    assert {"employee_id": "x"} not in result.of("employee.hired")


def test_05_a_role_of_the_extension_is_other_staff(read: Reader) -> None:
    result = read(Written().school().user("x", "ext:librarian"))
    assert result.only("employee.hired") == {"employee_id": "x", "position_type": "other", "position": "ext:librarian"}


# 6. Dates


@pytest.mark.parametrize(
    ("days", "effective_on"),
    [
        (("2026-12-01",), "2026-12-01"),
        (("2026-12-01T00:00:00.000Z",), "2026-12-01"),
        (("01/12/2026",), "2026-12-01"),
        (("01/12/2026", "15/06/2026"), "2026-12-01"),
        (("12/01/2026", "06/15/2026"), "2026-12-01"),
        (("1/12/2026",), "2026-12-01"),
    ],
)
def test_06_days_are_read_as_their_column_writes_them(read: Reader, days: tuple[str, ...], effective_on: str) -> None:
    package = Written().school().section("c1")
    for number, day in enumerate(days):
        package.user(f"p{number}", "student").enrol(f"p{number}", "c1", beginDate=day)
    result = read(package)
    assert result.of("student.enrolled")[0].get("effective_on") == effective_on
    slashed = sum("/" in day for day in days)
    assert result.warnings == ({"date_format": slashed} if slashed else {})


def test_06_a_row_with_an_unreadable_day_is_not_understood(read: Reader) -> None:
    package = (
        Written().school().section("c1").user("p", "student").enrol("p", "c1", beginDate="soon", endDate="2026-02-30")
    )
    result = read(package)
    assert result.of("student.enrolled") == []
    assert result.warnings == {"bad_date": 1}


# 7. Duplicates


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [("", "", "Second"), ("2026-02-01", "2026-01-01", "First"), ("2026-01-01", "2026-01-01T00:00:00Z", "Second")],
)
def test_07_of_two_rows_with_one_id_the_later_modified_and_then_the_later_line_wins(
    read: Reader, first: str, second: str, name: str
) -> None:
    package = Written().school(name="First", dateLastModified=first).school(name="Second", dateLastModified=second)
    result = read(package)
    assert result.only("organisation.registered")["name"] == name
    assert result.warnings == {"duplicate_id": 1}


def test_07_every_enrolment_of_a_bulk_counts_though_all_have_one_id(read: Reader) -> None:
    package = school().section("g1", "scheduled").enrol("a", "g1", sourcedId="same").enrol("b", "g1", sourcedId="same")
    result = read(package)
    assert result.only("group.opened")["student_ids"] == ["a", "b"]
    assert result.warnings == {}


# 8. Dangling references


def test_08_a_row_whose_reference_leads_nowhere_is_skipped_and_counted(read: Reader) -> None:
    package = (
        school().enrol("nobody", "c1").enrol("a", "nowhere").role("nobody", "teacher").section("c9", at="no school")
    )
    result = read(package)
    assert result.warnings == {"dangling_reference": 4}
    assert result.counts == read(school()).counts


def test_08_a_reference_to_a_removed_row_is_not_dangling_but_gone(read: Reader) -> None:
    package = school().user("x", "student", status="tobedeleted").enrol("x", "c1").section("c9", status="tobedeleted")
    package.enrol("b", "c9")
    result = read(package)
    assert result.warnings == {"status_in_bulk": 2}
    assert result.counts == read(school()).counts


# 9. Not read at all


def test_09_phones_addresses_and_passwords_leave_the_reader_nowhere(read: Reader) -> None:
    secret = "not-for-anybody"
    columns = ("email", "sms", "phone", "password", "username", "userIds", "identifier", "preferredGivenName")
    package = Written().school().user("p", "teacher", **dict.fromkeys(columns, secret))
    assert secret not in repr(read(package).events)


# Strict mode


def test_strict_mode_tells_file_line_column_and_what_was_expected(read: Reader) -> None:
    with pytest.raises(PackageError) as caught:
        read(school().user("x", "wizard"), strict=True)
    error = caught.value
    assert (error.file, error.line, error.column, error.kind) == ("roles.csv", 6, "role", "unknown_role")
    assert str(error) == "roles.csv, line 6, column role: a role (unknown_role)"


def test_strict_mode_takes_a_package_without_any_fault(read: Reader) -> None:
    assert read(school(), {}, strict=True).events == read(school(), {}).events


def test_the_progress_ends_with_all_rows_and_all_bytes(read: Reader) -> None:
    told: list[tuple[int, int]] = []
    read(school(), progress=lambda rows, size: told.append((rows, size)))
    files = {name: content for name, content in school().files().items() if name != "manifest.csv"}
    rows = sum(content.count(b"\r\n") - 1 for content in files.values())
    assert told[-1] == (rows, sum(map(len, files.values())))

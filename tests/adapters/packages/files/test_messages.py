"""Point 31 of the import contract: what was found, what was wanted and what to do, where a package cannot be read."""

from __future__ import annotations

import codecs
import os
import zipfile
from pathlib import Path

import pytest

from adapters.packages.findings import PackageError
from adapters.packages.package import open_package
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import OPTIONS, Read, Reader, Written, school


def refused(path: Path, **options: int | str) -> str:
    with pytest.raises(PackageError) as caught:
        Read(path, None, **options)
    return str(caught.value)


def separated(by: str) -> Written:
    package = school()
    package.rows["users.csv"][3]["agentSourcedIds"] = ""
    package.raw = {name: content.replace(b",", by.encode()) for name, content in package.files().items()}
    return package


@pytest.mark.parametrize(("separator", "name"), [(";", ";"), ("\t", "tab")])
def test_another_separator_is_named_with_the_option_that_reads_it(read: Reader, separator: str, name: str) -> None:
    told = refused(read.path(separated(separator)))
    assert told.startswith("manifest.csv, line 1: ")
    assert f"--separator '{name}' reads them" in told
    assert read(separated(separator), separator=name).counts == read(school()).counts


@pytest.mark.parametrize(("separator", "name"), [(";", ";"), ("\t", "tab")])
def test_so_it_is_where_every_value_is_quoted(read: Reader, separator: str, name: str) -> None:
    package = separated(separator)
    for file, content in package.raw.items():
        lines = content.decode().replace('"', "").removesuffix("\r\n").split("\r\n")
        quoted = (separator.join(f'"{cell}"' for cell in line.split(separator)) for line in lines)
        package.raw[file] = "\r\n".join(quoted).encode()
    assert f"--separator '{name}' reads them" in refused(read.path(package))
    assert read(package, separator=name).counts == read(school()).counts


def test_one_file_with_another_separator_than_the_rest_is_named(read: Reader) -> None:
    package = school()
    package.raw["users.csv"] = separated(";").raw["users.csv"]
    assert refused(read.path(package)).startswith("users.csv, line 1: columns separated by commas; these are by ;")
    told = refused(read.path(package), separator=";")
    assert told.startswith("manifest.csv, line 1: columns separated by ;, as was asked for; these are by commas")


def test_files_in_utf_8_are_not_read_in_the_encoding_of_another(read: Reader) -> None:
    package = Written().school(name="Школа").section("c1", title="5 А").pupil("a")
    package.raw["users.csv"] = package.files()["users.csv"].decode().replace("Fa", "Яна").encode("cp1251")
    assert "--encoding windows-1251" in refused(read.path(package))
    told = refused(read.path(package), encoding="windows-1251")
    assert told == "orgs.csv: text in cp1251, as was asked for; this is UTF-8: write all files in one encoding"
    package.raw = {name: codecs.BOM_UTF8 + content for name, content in school().files().items()}
    assert "this is UTF-8" in refused(read.path(package), encoding="windows-1251")
    assert "text in utf-16, as was asked for" in refused(read.path(school()), encoding="utf-16")


def test_an_encoding_that_nothing_tells_is_asked_for(read: Reader) -> None:
    package = school()
    package.raw["users.csv"] = package.files()["users.csv"].decode().replace("Fa", "Ярославская").encode("cp866")
    assert "write it as UTF-8, or name its encoding by --encoding" in refused(read.path(package))


def test_a_line_that_says_the_separator_is_obeyed(read: Reader) -> None:
    package = separated(";")
    package.raw = {name: b"sep=;\r\n" + content for name, content in package.raw.items()}
    assert read(package).counts == read(school()).counts


@pytest.mark.parametrize(
    ("encoding", "told"), [("cp1251", "windows-1251"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le")]
)
def test_another_encoding_is_named_with_the_option_that_reads_it(read: Reader, encoding: str, told: str) -> None:
    package = school()
    package.raw["users.csv"] = (
        package.files()["users.csv"].replace(b"Fa", "Ярославская".encode()).decode().encode(encoding)
    )
    message = refused(read.path(package))
    assert "users.csv, line" in message
    assert (
        f"--encoding {told}" in message.replace("utf-16 reads it (utf-16-le", "utf-16-le reads it (") or told in message
    )


def test_a_manifest_of_1_2_over_files_of_1_1_says_so(read: Reader) -> None:
    package = as_1_1(school())
    package.set(oneroster_version="1.2")
    assert "users.csv has the roles, as in 1.1" in refused(read.path(package))


def test_a_manifest_of_1_1_over_files_of_1_2_says_so(read: Reader) -> None:
    assert "as in 1.2" in refused(read.path(school().set(oneroster_version="1.1")))


def test_a_version_with_a_comma_says_so(read: Reader) -> None:
    told = refused(read.path(school().set(oneroster_version="1,1")))
    assert "manifest.csv" in told
    assert "1.1 or 1.2, with a full stop; found 1,1" in told


def test_a_manifest_that_names_no_file_says_so(read: Reader) -> None:
    package = school()
    package.raw["manifest.csv"] = b"propertyName,value\r\noneroster.version,1.2\r\n"
    assert "file.users,bulk" in refused(read.path(package))


def test_two_folders_deep_a_zip_in_a_zip_and_two_packages_have_their_own_sentences(tmp_path: Path) -> None:
    deep = school().zipped(tmp_path / "deep.zip", "a/b/")
    assert "they lie in a/b: zip that folder" in refused(deep)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(deep, "inner.zip")
    assert "a zip in it: unpack it" in refused(tmp_path / "outer.zip")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as two:
        for folder in ("a", "b"):
            two.writestr(f"{folder}/users.csv", "sourcedId\r\n")
    assert "there are a, b" in refused(tmp_path / "two.zip")
    school().to(tmp_path / "outside" / "inside")
    assert "they lie in inside: give that" in refused(tmp_path / "outside")


def test_a_path_that_is_not_there_and_a_zip_cut_short_have_their_own_sentences(tmp_path: Path) -> None:
    assert "there is nothing of this name" in refused(tmp_path / "none.zip")
    whole = school().zipped(tmp_path / "whole.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    assert "cut short or damaged: fetch it again" in refused(tmp_path / "cut.zip")
    (tmp_path / "text.zip").write_text("sourcedId\n")
    assert "this file is neither" in refused(tmp_path / "text.zip")
    (tmp_path / "empty.zip").write_bytes(b"")
    assert "this file is empty: fetch it again" in refused(tmp_path / "empty.zip")


def test_a_single_file_a_workbook_and_a_misnamed_file_have_their_own_sentences(read: Reader, tmp_path: Path) -> None:
    path = read.path(school())
    assert "one file of a package: give the folder" in refused(path / "users.csv")
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "")
    assert "this is a workbook: save each of its sheets as CSV" in refused(tmp_path / "book.xlsx")
    (path / "users.csv").rename(path / "users.csv.csv")
    assert "there are classes.csv, enrollments.csv, manifest.csv, orgs.csv, roles.csv, users.csv.csv" in refused(path)


def test_two_files_of_one_name_are_not_chosen_from(read: Reader, tmp_path: Path) -> None:
    path = school().zipped(tmp_path / "twice.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("users.csv", "sourcedId\r\n")
    assert refused(path) == "users.csv: one file of this name; there are two in the zip"
    folder = read.path(school())
    (folder / "Users.csv").write_bytes((folder / "users.csv").read_bytes())
    assert refused(folder) == "users.csv: one file of this name; there is Users.csv too"


def test_what_an_archiver_of_macos_adds_is_passed_over(tmp_path: Path) -> None:
    path = school().zipped(tmp_path / "from a mac.zip", "Экспорт за сентябрь/")
    with zipfile.ZipFile(path, "a") as archive:
        for name in school().files():
            archive.writestr(f"__MACOSX/Экспорт за сентябрь/._{name}", b"\0\5")
            archive.writestr(f"Экспорт за сентябрь/__MACOSX/{name}", b"\0\5")
    assert Read(path, {}).warnings == {}


def test_links_are_not_followed(read: Reader, tmp_path: Path) -> None:
    path = read.path(school())
    (path / "users.csv").rename(tmp_path / "elsewhere.csv")
    (path / "users.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert "users.csv: a regular file; this is a link" in refused(path)
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        link = zipfile.ZipInfo("users.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "this is a link" in refused(tmp_path / "link.zip")


def test_what_is_no_regular_file_is_not_waited_for(read: Reader) -> None:
    path = read.path(school())
    (path / "users.csv").unlink()
    os.mkfifo(path / "users.csv")
    assert "users.csv: a regular file; this is no file" in refused(path)


def test_a_package_larger_than_the_limits_is_refused_and_the_setting_named(read: Reader) -> None:
    path = read.path(school())
    assert "ROLLCALL_IMPORT_MAX_BYTES" in refused(path, max_bytes=100)
    assert "ROLLCALL_IMPORT_MAX_FILES" in refused(path, max_files=3)


def test_a_missing_column_says_which_there_are(read: Reader) -> None:
    package = school()
    package.raw["classes.csv"] = package.files()["classes.csv"].replace(b"schoolSourcedId", b"school")
    told = refused(read.path(package))
    assert told.startswith("classes.csv, line 1, column schoolSourcedId: ")
    assert "its columns are sourcedId, school, status" in told


def test_a_zip_that_says_less_than_it_unpacks_to_is_not_read_beyond_it(tmp_path: Path) -> None:
    path = school().zipped(tmp_path / "package.zip")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("users.csv").file_size.to_bytes(4, "little")
    path.write_bytes(bytes(content).replace(size, (1).to_bytes(4, "little")))
    with pytest.raises(PackageError, match=r"users\.csv"):
        open_package(path, OPTIONS)

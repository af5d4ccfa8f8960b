"""The files of a package in a zip."""

from __future__ import annotations

import stat
import zipfile
from pathlib import PurePosixPath

from adapters.packages.files.stored import Opener, Stored, check_number, is_csv
from adapters.packages.findings import PackageError, Place
from adapters.packages.options import Options

ENCRYPTED = 0x1
MACOS = "__MACOSX"  # what an archiver adds of its own
WORKBOOK = "xl/workbook.xml"


def in_archive(archive: zipfile.ZipFile, options: Options) -> dict[str, Stored]:
    """The CSV files of a zip by name, at its top or in its only folder.

    Raises:
        PackageError: it is not laid out so, has links or a password, or too many files.
    """
    infos = archive.infolist()
    check_number(len(infos), options)
    by_folder: dict[tuple[str, ...], dict[str, Stored]] = {}
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if info.is_dir() or not parts or not is_csv(parts[-1]) or MACOS in parts:
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            raise PackageError("a regular file; this is a link: put the file itself there", Place(parts[-1]))
        if info.flag_bits & ENCRYPTED:
            raise PackageError("a zip without a password: unpack it and give the folder", Place(parts[-1]))
        of_folder = by_folder.setdefault(parts[:-1], {})
        if parts[-1] in of_folder:
            raise PackageError("one file of this name; there are two in the zip", Place(parts[-1]))
        of_folder[parts[-1]] = Stored(info.file_size, _member(archive, info))
    return _one_package(by_folder, [info.filename for info in infos])


def _one_package(by_folder: dict[tuple[str, ...], dict[str, Stored]], names: list[str]) -> dict[str, Stored]:
    """The files at the top, else those of the only folder."""
    if () in by_folder:
        return by_folder[()]
    folders = [folder for folder in by_folder if len(folder) == 1]
    if len(folders) > 1:
        raise PackageError(
            f"the files of one package, in one folder; there are {', '.join(sorted(folder for (folder,) in folders))}"
        )
    if folders:
        return by_folder[folders[0]]
    if by_folder:
        deep = "/".join(min(by_folder))
        raise PackageError(f"CSV files at the top of the zip, or in one folder; they lie in {deep}: zip that folder")
    if WORKBOOK in names:
        raise PackageError("CSV files in a zip; this is a workbook: save each of its sheets as CSV")
    if any(name.lower().endswith(".zip") for name in names):
        raise PackageError("CSV files in the zip; there is a zip in it: unpack it and give the inner one")
    return {}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Opener:
    return lambda: archive.open(info)

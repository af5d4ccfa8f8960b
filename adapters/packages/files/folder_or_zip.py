"""The files of a package, in a folder or a zip, by name."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from adapters.packages.files.archives import in_archive
from adapters.packages.files.stored import Opener, Stored, check_number, is_csv
from adapters.packages.findings import Findings, PackageError, Place
from adapters.packages.options import Options

ZIP_BEGINS = b"PK"


class Files:
    """CSV files by name, found without regard to case; of a zip one folder level is looked through."""

    def __init__(self, found: dict[str, Stored], findings: Findings, archive: zipfile.ZipFile | None = None) -> None:
        self._found = found
        self._findings = findings
        self._archive = archive
        self._by_lower: dict[str, str] = {}
        for name in sorted(found):
            if (other := self._by_lower.setdefault(name.lower(), name)) != name:
                raise PackageError(f"one file of this name; there is {other} too", Place(name))

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_lower

    @property
    def size(self) -> int:
        """The bytes of all files, unpacked."""
        return sum(stored.size for stored in self._found.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The names as they are stored, sorted."""
        return tuple(sorted(self._found))

    def note_name(self, name: str) -> None:
        """Counts a file whose name differs from `name` in case."""
        if name in self and name not in self._found:
            self._findings.add("file_name_case", f"the name {name}", Place(self._by_lower[name.lower()]))

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of a file that is there.

        Raises:
            PackageError: it cannot be read, or not to its end.
        """
        stored = name if name in self._found else self._by_lower[name.lower()]
        try:
            with self._found[stored].open() as stream:
                yield stream
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise PackageError(
                "a file that can be read; it is damaged, or not ours to read: export it again", Place(name)
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._archive is not None:
            self._archive.close()


def files_of(path: Path, findings: Findings, options: Options) -> Files:
    """Opens a package. Links are not followed; what is no regular file is not read.

    Raises:
        PackageError: neither a folder nor a zip, not laid out as a package, or larger than the options take.
    """
    archive = None if path.is_dir() else _archive(path)
    found = _in_folder(path, options) if archive is None else in_archive(archive, options)
    files = Files(found, findings, archive)
    if files.size > options.max_bytes:
        expected = f"at most {options.max_bytes} bytes, unpacked; there are {files.size}"
        raise PackageError(f"{expected}: the setting ROLLCALL_IMPORT_MAX_BYTES raises that", Place(path.name))
    return files


def size_of(path: Path, options: Options) -> int:
    """The bytes of a package's files, unpacked; 0 where there is none to be read."""
    try:
        with files_of(path, Findings(), options) as files:
            return files.size
    except PackageError:
        return 0


def _archive(path: Path) -> zipfile.ZipFile:
    if not path.exists():
        raise PackageError("a folder or a zip; there is nothing of this name", Place(path.name))
    if not path.is_file():
        raise PackageError("a folder or a zip; this is neither", Place(path.name))
    try:
        return zipfile.ZipFile(path)
    except PermissionError as error:
        raise PackageError("a folder or a zip that may be read", Place(path.name)) from error
    except (OSError, zipfile.BadZipFile) as error:
        raise PackageError(f"a folder or a zip; {_no_zip(path)}", Place(path.name)) from error


def _no_zip(path: Path) -> str:
    with path.open("rb") as stream:
        begins = stream.read(len(ZIP_BEGINS))
    if begins == ZIP_BEGINS:
        return "this zip is cut short or damaged: fetch it again"
    if is_csv(path.name):
        return "this is one file of a package: give the folder with all of them"
    return "this file is neither" if begins else "this file is empty: fetch it again"


def _in_folder(path: Path, options: Options) -> dict[str, Stored]:
    entries = sorted(path.iterdir())
    check_number(len(entries), options)
    found = {}
    for entry in entries:
        status = entry.lstat()
        if not is_csv(entry.name):
            continue
        if not stat.S_ISREG(status.st_mode):
            kind = "a link" if stat.S_ISLNK(status.st_mode) else "no file"
            raise PackageError(f"a regular file; this is {kind}: put the file itself there", Place(entry.name))
        found[entry.name] = Stored(status.st_size, _opener(entry))
    if not found and (inner := _folders_with_csv(entries)):
        raise PackageError(f"CSV files in this folder; they lie in {', '.join(inner)}: give that", Place(path.name))
    return found


def _folders_with_csv(entries: list[Path]) -> list[str]:
    folders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]
    return [folder.name for folder in folders if any(is_csv(inner.name) for inner in folder.iterdir())]


def _opener(path: Path) -> Opener:
    def opened() -> IO[bytes]:
        """It may have become a link since it was looked at."""
        stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            stream.close()
            raise OSError("no regular file")
        return stream

    return opened

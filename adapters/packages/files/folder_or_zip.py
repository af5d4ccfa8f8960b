"""The files of a package, in a folder or a zip, by name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Self

from adapters.packages.findings import Findings, PackageError, Place

Opener = Callable[[], IO[bytes]]


class Files:
    """CSV files by name, found without regard to case; of a zip one folder level is looked through."""

    def __init__(self, found: dict[str, Opener], findings: Findings, archive: zipfile.ZipFile | None = None) -> None:
        self._found = found
        self._findings = findings
        self._archive = archive
        self._by_lower: dict[str, str] = {}
        for name in sorted(found):
            self._by_lower.setdefault(name.lower(), name)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_lower

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
            with self._found[stored]() as stream:
                yield stream
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise PackageError("a file that can be read", Place(name)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._archive is not None:
            self._archive.close()


def files_of(path: Path, findings: Findings) -> Files:
    """Raises PackageError where there is neither a folder nor a zip."""
    if path.is_dir():
        return Files({entry.name: _opener(entry) for entry in path.iterdir() if _is_csv(entry.name)}, findings)
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise PackageError("a folder or a zip", Place(path.name)) from error
    return Files({name: _member(archive, info) for name, info in _entries(archive).items()}, findings, archive)


def size_of(path: Path) -> int:
    """The bytes of a package's files, unpacked; 0 where there is none to be read."""
    if path.is_dir():
        return sum(entry.stat().st_size for entry in path.iterdir() if _is_csv(entry.name))
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(info.file_size for info in _entries(archive).values())
    except (OSError, zipfile.BadZipFile, PackageError):
        return 0


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Opener:
    return lambda: archive.open(info)


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    top: dict[str, zipfile.ZipInfo] = {}
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if info.is_dir() or not parts or not _is_csv(parts[-1]) or parts[0] == "__MACOSX":
            continue
        if len(parts) == 1:
            top[parts[0]] = info
        elif len(parts) == 2:
            folders.setdefault(parts[0], {})[parts[1]] = info
    return top or _only(folders.values())


def _only(folders: Iterable[dict[str, zipfile.ZipInfo]]) -> dict[str, zipfile.ZipInfo]:
    found = list(folders)
    if len(found) > 1:
        raise PackageError("the files of one package, in one folder")
    return found[0] if found else {}


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv") and not name.startswith(".")

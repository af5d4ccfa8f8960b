"""Which kind of package this is, told by what is in it, and which of its files are whole, changes or absent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from adapters.packages.files.columns import Layout
from adapters.packages.files.encodings import CsvText
from adapters.packages.files.folder_or_zip import Files
from adapters.packages.files.not_understood import NotUnderstood
from adapters.packages.files.rows import Table
from adapters.packages.findings import Findings, PackageError, Place
from adapters.packages.spill.mappings import Spill

MANIFEST = Layout("manifest.csv", needed=("propertyName", "value"))
VERSION = re.compile(r"v?1\.(\d+)(?:\.\d+)*")
MISSPELT_VERSION = re.compile(r"v?1[,;](\d+)")
READ = ("orgs.csv", "academicsessions.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv", "enrollments.csv")
LOOKED_FOR = "manifest.csv with oneroster.version 1.1 or 1.2, School.csv, roles.csv or users.csv"
ROLE_OF_1_1 = {"role", "orgsourcedids"}


class PackageKind(Enum):
    """A format, by the name that people know it by."""

    ONEROSTER_1_1 = "OneRoster 1.1"
    ONEROSTER_1_2 = "OneRoster 1.2"
    SDS_1 = "SDS v1"
    SDS_2 = "SDS v2"
    SDS_2_1 = "SDS v2.1"

    @property
    def day_first(self) -> bool:
        """How its days with slashes are read where no value of a column decides."""
        return self in {PackageKind.ONEROSTER_1_1, PackageKind.ONEROSTER_1_2}


class Mode(Enum):
    """What a manifest says of a file: all there is, what has changed, or nothing."""

    BULK = "bulk"
    DELTA = "delta"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The kind of a package and, where it has a manifest, the mode of each of its files."""

    kind: PackageKind
    system_code: str | None = None
    modes: Mapping[str, Mode] | None = field(default=None)

    @property
    def is_delta(self) -> bool:
        """Whether any file that is read is a delta."""
        return self.modes is not None and any(self.modes.get(name) is Mode.DELTA for name in READ)

    def mode(self, files: Files, name: str) -> Mode:
        """The mode of a file; without a manifest, every file that is there is a bulk."""
        if self.modes is None:
            return Mode.BULK if name in files else Mode.ABSENT
        return self.modes.get(name.lower(), Mode.ABSENT)


def manifest_of(files: Files, findings: Findings, text: CsvText) -> Manifest:
    """What kind of package this is, told by its manifest, else by the headers of its files.

    Raises:
        PackageError: no roster, or one that is not what its manifest promises.
    """
    headers = _Headers(files, findings, text)
    if MANIFEST.name in files:
        files.note_name(MANIFEST.name)
        return _with_manifest(files, findings, headers)
    kind = _kind_by_headers(headers)
    if kind is None:
        raise PackageError(f"not a roster I know; looked for {LOOKED_FOR}; found {', '.join(files.names) or 'no CSV'}")
    return Manifest(kind)


class _Headers:
    """The headers of files, read apart from their rows."""

    def __init__(self, files: Files, findings: Findings, text: CsvText) -> None:
        self._files = files
        self._findings = findings
        self._text = text

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def of(self, name: str) -> frozenset[str]:
        """The names of a file's columns in lower case, none of a file that is not there."""
        return frozenset(self.table(Layout(name, ())).folded_header() if name in self._files else ())

    def table(self, layout: Layout) -> Table:
        """A file by itself: what is wrong with it says nothing of the roster."""
        return Table(self._files, layout, self._findings, self._text, NotUnderstood(Spill()))


def _with_manifest(files: Files, findings: Findings, headers: _Headers) -> Manifest:
    properties = dict(headers.table(MANIFEST).pairs(*MANIFEST.needed))
    kind = _kind_by_version(*properties.get("oneroster.version", ("", Place(MANIFEST.name))))
    modes = {}
    for name, (value, place) in properties.items():
        if name.startswith("file."):
            modes[f"{name.removeprefix('file.').lower()}.csv"] = _mode(value, place, findings)
    if not any(modes.get(name) in {Mode.BULK, Mode.DELTA} for name in READ):
        expected = "a line as file.users,bulk for each file; the manifest names none that is read"
        raise PackageError(expected, Place(MANIFEST.name))
    _check(modes, files, findings)
    _check_version(kind, modes, headers)
    return Manifest(kind, properties.get("source.systemCode", ("", None))[0] or None, modes)


def _kind_by_version(value: str, place: Place) -> PackageKind:
    if MISSPELT_VERSION.fullmatch(value):
        raise PackageError(f"a version as 1.1 or 1.2, with a full stop; found {value}", place)
    version = VERSION.fullmatch(value)
    if version is None or version[1] == "0":
        found = f"; found oneroster.version {value[:20]}" if value else "; found no oneroster.version"
        raise PackageError(f"not a roster I know; looked for {LOOKED_FOR}{found}", place)
    return PackageKind.ONEROSTER_1_1 if version[1] == "1" else PackageKind.ONEROSTER_1_2


def _check_version(kind: PackageKind, modes: Mapping[str, Mode], headers: _Headers) -> None:
    """Whether the files are of the version that the manifest says: roles stand in users.csv, or apart."""
    users = headers.of("users.csv") if modes.get("users.csv", Mode.ABSENT) is not Mode.ABSENT else frozenset()
    has_roles = modes.get("roles.csv", Mode.ABSENT) is not Mode.ABSENT
    place = Place(MANIFEST.name, column="oneroster.version")
    if kind is PackageKind.ONEROSTER_1_2 and not has_roles and users >= ROLE_OF_1_1:
        raise PackageError("files of 1.2; users.csv has the roles, as in 1.1: write oneroster.version 1.1", place)
    if kind is PackageKind.ONEROSTER_1_1 and has_roles and users and not users & ROLE_OF_1_1:
        raise PackageError("files of 1.1; roles.csv has the roles, as in 1.2: write oneroster.version 1.2", place)


def _mode(value: str, place: Place, findings: Findings) -> Mode:
    word = value.lower()
    if not word:
        return Mode.ABSENT
    if word not in {mode.value for mode in Mode}:
        raise PackageError("bulk, delta or absent", place)
    if word != value:
        findings.add("value_case", f"the word {word}", place)
    return Mode(word)


def _check(modes: Mapping[str, Mode], files: Files, findings: Findings) -> None:
    for name, mode in modes.items():
        if mode is not Mode.ABSENT and name not in files:
            raise PackageError(f"this file, as the manifest promises; there are {', '.join(files.names)}", Place(name))
    promised = {name for name, mode in modes.items() if mode is not Mode.ABSENT} | {MANIFEST.name}
    for name in files.names:
        if name.lower() not in promised:
            findings.add("file_not_in_manifest", "no file beside those of the manifest", Place(name))


def _kind_by_headers(headers: _Headers) -> PackageKind | None:
    if "School.csv" in headers:
        headers.of("School.csv")
        return PackageKind.SDS_1
    roles = headers.of("roles.csv")
    if "roletype" in roles:
        return PackageKind.ONEROSTER_1_2
    if {"isprimary", "sessionsourcedid"} & roles:
        return PackageKind.SDS_2_1
    users = headers.of("users.csv")
    if "orgsourcedids" in users:
        return PackageKind.ONEROSTER_1_1 if "status" in users else PackageKind.SDS_2
    return None

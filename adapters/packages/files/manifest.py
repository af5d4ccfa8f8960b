"""Which kind of package this is, told by what is in it, and which of its files are whole, changes or absent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from adapters.packages.files.columns import Layout
from adapters.packages.files.folder_or_zip import Files
from adapters.packages.files.rows import Table
from adapters.packages.findings import Findings, PackageError, Place

MANIFEST = Layout("manifest.csv", needed=("propertyName", "value"))
VERSION = re.compile(r"v?1\.(\d+)(?:\.\d+)*")
READ = ("orgs.csv", "academicsessions.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv", "enrollments.csv")
LOOKED_FOR = "manifest.csv with oneroster.version 1.1 or 1.2, School.csv, roles.csv or users.csv"


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


def manifest_of(files: Files, findings: Findings, encoding: str) -> Manifest:
    """What kind of package this is, told by its manifest, else by the headers of its files.

    Raises:
        PackageError: no roster, or one that lacks a file that its manifest promises.
    """
    if MANIFEST.name in files:
        files.note_name(MANIFEST.name)
        return _with_manifest(files, findings, encoding)
    kind = _kind_by_headers(files, findings, encoding)
    if kind is None:
        raise _unknown()
    return Manifest(kind)


def _with_manifest(files: Files, findings: Findings, encoding: str) -> Manifest:
    table = Table(files, MANIFEST, findings, encoding)
    properties = {row["propertyName"]: (row["value"], row.place("value")) for row in table}
    version = VERSION.fullmatch(properties.get("oneroster.version", ("", None))[0])
    if version is None or version[1] == "0":
        raise _unknown()
    kind = PackageKind.ONEROSTER_1_1 if version[1] == "1" else PackageKind.ONEROSTER_1_2
    modes = {}
    for name, (value, place) in properties.items():
        if name.startswith("file."):
            modes[f"{name.removeprefix('file.').lower()}.csv"] = _mode(value, place, findings)
    _check(modes, files, findings)
    return Manifest(kind, properties.get("source.systemCode", ("", None))[0] or None, modes)


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
            raise PackageError("this file, as the manifest promises", Place(name))
    promised = {name for name, mode in modes.items() if mode is not Mode.ABSENT} | {MANIFEST.name}
    for name in files.names:
        if name.lower() not in promised:
            findings.add("file_not_in_manifest", "no file beside those of the manifest", Place(name))


def _kind_by_headers(files: Files, findings: Findings, encoding: str) -> PackageKind | None:
    def header(name: str) -> tuple[str, ...]:
        return Table(files, Layout(name, ()), findings, encoding).header() if name in files else ()

    if "School.csv" in files:
        return PackageKind.SDS_1
    roles = header("roles.csv")
    if "roletype" in roles:
        return PackageKind.ONEROSTER_1_2
    if {"isprimary", "sessionsourcedid"} & set(roles):
        return PackageKind.SDS_2_1
    users = header("users.csv")
    if "orgsourcedids" in users:
        return PackageKind.ONEROSTER_1_1 if "status" in users else PackageKind.SDS_2
    return None


def _unknown() -> PackageError:
    return PackageError(f"not a roster I know; looked for {LOOKED_FOR}")

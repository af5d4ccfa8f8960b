"""Writes small OneRoster packages, so that a test shows only what it is about."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from adapters.packages.facts.known import Known
from adapters.packages.oneroster import layouts
from adapters.packages.options import Options
from adapters.packages.package import Package, open_package
from schemas.catalogue import EVENTS

TODAY = date(2026, 11, 22)
OPTIONS = Options(at=datetime(2026, 11, 22, 6, tzinfo=UTC), as_of=TODAY)
LAYOUTS = {
    layout.name: layout
    for layout in (
        layouts.ORGS,
        layouts.SESSIONS,
        layouts.COURSES,
        layouts.CLASSES,
        layouts.USERS_1_2,
        layouts.ROLES,
        layouts.ENROLLMENTS,
    )
}


class Written:
    """A package in the making: `rows` by file, `raw` bytes of whole files, `manifest` properties.

    A file without rows is absent, unless it is among `empty`.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in LAYOUTS}
        self.headers = {name: [*layout.read, *layout.other] for name, layout in LAYOUTS.items()}
        self.raw: dict[str, bytes] = {}
        self.missing: set[str] = set()
        self.empty: set[str] = set()
        self.is_delta = False
        self.manifest: dict[str, str] | None = {
            "oneroster.version": "1.2",
            "source.systemCode": "sis",
        }

    def set(self, **properties: str) -> Written:
        """Manifest properties, `_` for `.`."""
        assert self.manifest is not None
        self.manifest |= {name.replace("_", "."): value for name, value in properties.items()}
        return self

    def row(self, file: str, **cells: str) -> Written:
        for column in cells:
            if column not in self.headers[file]:
                self.headers[file].append(column)
        self.rows[file].append({"status": "active", **cells} if self.is_delta else cells)
        return self

    def without_column(self, file: str, column: str) -> Written:
        self.headers[file].remove(column)
        return self

    def school(self, key: str = "s1", **cells: str) -> Written:
        return self.row("orgs.csv", **{"sourcedId": key, "name": f"School {key}", "type": "school"} | cells)

    def user(self, key: str, role: str = "", at: str = "s1", **cells: str) -> Written:
        self.row(
            "users.csv", **{"sourcedId": key, "enabledUser": "true", "familyName": f"F{key}", "givenName": "G"} | cells
        )
        return self.role(key, role, at) if role else self

    def role(self, user: str, role: str, at: str = "s1", **cells: str) -> Written:
        row = {"sourcedId": f"r-{user}-{role}-{at}", "userSourcedId": user, "role": role, "orgSourcedId": at}
        return self.row("roles.csv", **row | {"roleType": "primary"} | cells)

    def section(self, key: str, kind: str = "homeroom", at: str = "s1", **cells: str) -> Written:
        row = {"sourcedId": key, "title": f"Title {key}", "classType": kind, "schoolSourcedId": at}
        return self.row("classes.csv", **row | cells)

    def enrol(self, user: str, section: str, role: str = "student", **cells: str) -> Written:
        row = {"sourcedId": f"e-{user}-{section}", "userSourcedId": user, "classSourcedId": section, "role": role}
        return self.row("enrollments.csv", **row | cells)

    def pupil(self, key: str, section: str = "c1", at: str = "s1", **cells: str) -> Written:
        return self.user(key, "student", at, **cells).enrol(key, section)

    def files(self) -> dict[str, bytes]:
        there = [name for name in LAYOUTS if self.rows[name] or name in self.empty]
        files = {name: self._csv(name) for name in there if name not in self.missing}
        if self.manifest is not None:
            mode = "delta" if self.is_delta else "bulk"
            modes = {f"file.{name.removesuffix('.csv')}": mode if name in there else "absent" for name in LAYOUTS}
            properties = [{"propertyName": name, "value": value} for name, value in (modes | self.manifest).items()]
            files["manifest.csv"] = csv_of(["propertyName", "value"], properties)
        return files | self.raw

    def _csv(self, name: str) -> bytes:
        return csv_of(self.headers[name], self.rows[name])

    def to(self, path: Path) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in self.files().items():
            (path / name).write_bytes(content)
        return path

    def zipped(self, path: Path, folder: str = "") -> Path:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in self.files().items():
                archive.writestr(folder + name, content)
        return path


def csv_of(header: list[str], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Read:
    """A package read, with its events by type; every event is one that the event contract takes."""

    def __init__(self, path: Path, known: Known | None, **options: Any) -> None:
        self.package: Package = open_package(path, replace(OPTIONS, **options))
        self.events = list(self.package.events(known))
        for event in self.events:
            EVENTS.validate_json(json.dumps(event))
        self.warnings = {kind: n for kind, n in self.package.warnings.items() if kind != "no_base_for_removals"}

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(_short(event) for event in self.events))

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of the events of a kind, without the school where that is `s1`."""
        found = (event["data"] for event in self.events if _short(event) == kind)
        return [
            {name: value for name, value in data.items() if (name, value) != ("organisation_id", "s1")}
            for data in found
        ]

    def only(self, kind: str) -> dict[str, Any]:
        (data,) = self.of(kind)
        return data

    @property
    def told(self) -> list[dict[str, Any]]:
        """The events but those of names, as kind and data."""
        kinds = dict.fromkeys(_short(event) for event in self.events)
        return [{"event": kind, **data} for kind in kinds if kind != "person.described" for data in self.of(kind)]


def _short(event: dict[str, Any]) -> str:
    return str(event["type"]).removeprefix("school.").removesuffix(".v1")


class Reader:
    """Writes packages into a folder of the test's and reads them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    def path(self, package: Written) -> Path:
        self._written += 1
        return package.to(self._folder / f"package-{self._written}")

    def __call__(self, package: Written, known: Known | None = None, **options: Any) -> Read:
        return Read(self.path(package), known, **options)

    def after(self, before: Written, now: Written, **options: Any) -> Read:
        """Reads `now` where the same source sent `before`."""
        return self(now, self.known(before), **options)

    def known(self, package: Written, source: str = "urn:rollcall:import:sis", **options: Any) -> Known:
        return open_package(self.path(package), replace(OPTIONS, **options)).known_to(source)


def school() -> Written:
    """One school, two homerooms, a teacher of the first, two pupils in it, a mother of the first pupil."""
    package = Written().school().section("c1", title="5 А").section("c2", title="5 Б")
    package.user("t1", "teacher").enrol("t1", "c1", "teacher", primary="true")
    package.pupil("a", agentSourcedIds="m").pupil("b")
    return package.user("m", "parent")


def delta(before: Written, now: Written) -> Written:
    """The package that tells only what differs: changed rows as active, those that are no more as removed."""
    told = Written()
    told.manifest = dict(now.manifest or {})
    told.headers = {name: list(header) for name, header in now.headers.items()}
    for name in LAYOUTS:
        was, rows = ({row["sourcedId"]: row for row in package.rows[name]} for package in (before, now))
        changed = [row | {"status": "active"} for key, row in rows.items() if was.get(key) != row]
        removed = [row | {"status": "tobedeleted"} for key, row in was.items() if key not in rows]
        told.rows[name] = removed + changed
    told.is_delta = True
    return told


def changes() -> Written:
    """A delta in the making; its rows are active unless they say otherwise."""
    package = Written()
    package.is_delta = True
    return package

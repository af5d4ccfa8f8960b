"""Writes small School Data Sync packages: v1 as `Sheets`, v2 and v2.1 likewise."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.packages.written import Read, csv_of


class Sheets:
    """A package of files given as rows; a file's columns are those of its rows, unless `headers` has them."""

    def __init__(self, **rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self.headers: dict[str, list[str]] = {}

    def add(self, file: str, **cells: str) -> Sheets:
        """A row; `_` in a column's name is a space where the file's names are of v1."""
        spaced = {name.replace("_", " "): value for name, value in cells.items()}
        self.rows.setdefault(file, []).append(spaced)
        return self

    def renamed(self, names: dict[str, str]) -> Sheets:
        """The same with other names of columns."""
        rows = {
            file: [{names.get(name, name): value for name, value in row.items()} for row in rows]
            for file, rows in self.rows.items()
        }
        return Sheets(**rows)

    def to(self, path: Path) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        for file, rows in self.rows.items():
            header = self.headers.get(file) or list(dict.fromkeys(name for row in rows for name in row))
            (path / f"{file}.csv").write_bytes(csv_of(header, rows))
        return path


def v1() -> Sheets:
    """One school, a section, a teacher, two students of the ninth grade, one of them in the section."""
    package = Sheets().add("School", SIS_ID="s1", Name="School s1")
    package.add("Section", SIS_ID="g1", School_SIS_ID="s1", Section_Name="Algebra 1", Course_Subject="Maths")
    for key in ("a", "b"):
        name = {"First_Name": "G", "Last_Name": f"F{key}", "Grade": "9", "Status": "Active"}
        package.add("Student", SIS_ID=key, School_SIS_ID="s1", **name)
    package.add("Teacher", SIS_ID="t1", School_SIS_ID="s1", First_Name="G", Last_Name="Ft1", Status="Active")
    package.add("StudentEnrollment", Section_SIS_ID="g1", SIS_ID="a")
    return package.add("TeacherRoster", Section_SIS_ID="g1", SIS_ID="t1")


def v2() -> Sheets:
    """The same in v2, where each user's role stands in users.csv."""
    package = Sheets().add("orgs", sourcedId="s1", name="School s1", type="school")
    package.add("classes", sourcedId="g1", orgSourcedId="s1", title="Algebra 1")
    for key, role in (("a", "student"), ("b", "student"), ("t1", "teacher")):
        name = {"givenName": "G", "familyName": f"F{key}", "grade": "9" if role == "student" else ""}
        package.add("users", sourcedId=key, orgSourcedIds="s1", role=role, **name)
    package.add("enrollments", classSourcedId="g1", userSourcedId="a", role="student")
    return package.add("enrollments", classSourcedId="g1", userSourcedId="t1", role="teacher")


def v2_1() -> Sheets:
    """The same in v2.1, where roles have a file of their own."""
    package = v2()
    for user in package.rows["users"]:
        role, school, grade = user.pop("role"), user.pop("orgSourcedIds"), user.pop("grade")
        cells = {"isPrimary": "true", "roleStartDate": "", "roleEndDate": ""}
        package.add("roles", userSourcedId=user["sourcedId"], orgSourcedId=school, role=role, grade=grade, **cells)
    return package


class SdsReader:
    """Writes packages into a folder of the test's and reads them; all are of one source."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    def __call__(self, package: Sheets, after: Sheets | None = None, **options: object) -> Read:
        known = None if after is None else self(after, None, **options).package.known_to("urn:rollcall:import:sis")
        self._written += 1
        path = package.to(self._folder / f"sds-{self._written}")
        return Read(path, known or {}, source="sis", **options)

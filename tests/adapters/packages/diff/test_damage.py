"""What holds of any damaged package: a row that is not understood ends no more than if it were whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.packages.facts.known import Known
from adapters.packages.findings import PackageError
from sync.facts import GROUP_ROSTER, GROUP_TEACHER, HOMEROOM
from tests.adapters.packages.oneroster.test_oneroster_1_1 import as_1_1
from tests.adapters.packages.written import Read, Reader, Written

DAMAGED = ("users.csv", "roles.csv", "classes.csv", "enrollments.csv")
JUNK = ["", "?", "zz9", "1,23E+11", "2026-13-45", "student", "teacher", "p1", "p10", "c1", "tobedeleted", " ", "😀"]


class Damage(NamedTuple):
    """What befalls a row of a file, both by their numbers; `at` and `junk` are as the kind takes them."""

    file: int
    row: int
    kind: str
    at: int
    junk: str


damages = st.builds(
    Damage,
    st.integers(0, 3),
    st.integers(0, 60),
    st.sampled_from(["cut", "comma", "no comma", "cell", "swap", "shift", "unshift", "letter", "quote"]),
    st.integers(0, 60),
    st.sampled_from(JUNK),
)


def whole() -> Written:
    """Two schools; ids that are the beginnings of others; a teacher and a group in each school."""
    package = Written().school().school("s2")
    for section, school in (("c1", "s1"), ("c10", "s1"), ("k", "s2")):
        package.section(section, at=school, title=f"Класс {section}")
    for number in range(12):
        section, school = (("c1", "s1"), ("c10", "s1"), ("k", "s2"))[number % 3]
        package.pupil(f"p{number}", section, school, agentSourcedIds=f"m{number}")
        package.user(f"m{number}", "parent", school)
    for number, (section, school) in enumerate((("c1", "s1"), ("c10", "s1"), ("k", "s2")), start=1):
        group = f"g{number}"
        package.user(f"t{number}", "teacher", school).enrol(f"t{number}", section, "teacher", primary="true")
        package.section(group, "scheduled", school).enrol(f"t{number}", group, "teacher")
        for pupil in range(number - 1, 12, 3):
            package.enrol(f"p{pupil}", group)
    return package


def lines_of(package: Written) -> dict[str, list[str]]:
    """The lines of the files that rows are damaged in."""
    files = {name: content.decode() for name, content in package.files().items()}
    return {name: text.removesuffix("\r\n").split("\r\n") for name, text in files.items() if name in DAMAGED}


def damaged(line: str, damage: Damage) -> str:
    """The line after the damage; it may be none."""
    cells = line.split(",")
    at, cell = damage.at % max(1, len(line)), damage.at % len(cells)
    filled = [number for number, text in enumerate(cells) if text]
    some = filled[damage.at % len(filled)]
    match damage.kind:
        case "cut":
            return line[:at]
        case "comma":
            return f"{line[:at]},{line[at:]}"
        case "no comma":
            return ",".join([*cells[:cell], "".join(cells[cell : cell + 2]), *cells[cell + 2 :]])
        case "cell":
            return ",".join([*cells[:some], f'"{damage.junk}"', *cells[some + 1 :]])
        case "swap":
            other = filled[(damage.at + 1) % len(filled)]
            cells[some], cells[other] = cells[other], cells[some]
            return ",".join(cells)
        case "shift":
            return ",".join(["", *cells[:-1]])
        case "unshift":
            return ",".join([*cells[1:], ""])
        case "letter":
            return f"{line[:at]}x{line[at + 1 :]}"
    return f'{line[:at]}"{line[at:]}'


def with_lines(package: Written, lines: dict[tuple[str, int], str]) -> Written:
    """The package with other lines, by file and number of the row; an empty one is left out."""
    before = lines_of(package)
    package.raw = {}
    for file in {file for file, _ in lines}:
        header, *rows = before[file]
        told = (lines.get((file, number), row) for number, row in enumerate(rows))
        package.raw[file] = "\r\n".join([header, *(line for line in told if line), ""]).encode()
    return package


def put_out(result: Read, known: Known) -> set[tuple[str, ...]]:
    """Whom and what the events take out of where they were."""
    found: set[tuple[str, ...]] = set()
    for event in result.events:
        kind, data = event["type"].removeprefix("school.").removesuffix(".v1"), event["data"]
        school, ids = data["organisation_id"], {name: str(data[name]) for name in data if name.endswith("_id")}
        match kind:
            case "student.expelled" | "student.transferred" | "student.promoted":
                found.add((school, "student", ids["student_id"]))
            case "employee.dismissed" | "guardian.removed" | "class.closed" | "group.closed":
                found.add((school, kind, *ids.values()))
            case "class.homeroom_teacher_assigned" if known[HOMEROOM][school, ids["class_id"]].value.employee_id:
                found.add((school, "homeroom", ids["class_id"]))
            case "group.teacher_assigned" if known[GROUP_TEACHER][school, ids["group_id"]].value.employee_id:
                found.add((school, "teacher", ids["group_id"]))
            case "group.students_set":
                before = known[GROUP_ROSTER][school, ids["group_id"]].value.student_ids
                found |= {(school, ids["group_id"], each) for each in {*before} - {*data["student_ids"]}}
    return found


def _lines(package: Written, found: list[Damage]) -> Iterator[tuple[tuple[str, int], str]]:
    lines = lines_of(package)
    for damage in found:
        file = sorted(lines)[damage.file % len(lines)]
        row = damage.row % (len(lines[file]) - 1)
        yield (file, row), damaged(lines[file][row + 1], damage)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(damages, min_size=1, max_size=4))
def test_a_row_that_is_not_understood_puts_out_nobody_and_a_person_looks(version: str, found: list[Damage]) -> None:
    def package() -> Written:
        return as_1_1(whole()) if version == "1.1" else whole()

    lines = dict(_lines(package(), found))
    with tempfile.TemporaryDirectory() as folder:
        read = Reader(Path(folder))
        known = read.known(package())
        try:
            result = read(with_lines(package(), lines), known)
        except PackageError:
            return
        doubted = {(place.file, (place.line or 0) - 2) for place in result.package.not_understood.places}
        if any(not line for line in lines.values()):
            return  # a line that is not there has no place
        understood = {at: line for at, line in lines.items() if at not in doubted}
        gone = dict.fromkeys(lines.keys() - understood.keys(), "")
        out = put_out(result, known)
        try:
            whole_rows = put_out(read(with_lines(package(), understood), known), known)
            without = put_out(read(with_lines(package(), understood | gone), known), known)
        except PackageError:
            return  # two damages made good what one by itself makes unreadable
        assert out <= whole_rows
    assert result.package.needs_person or not without - out

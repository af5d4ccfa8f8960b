"""Packages to be damaged, and what damage must never do: end something.

The numbers in the tests' names are those of the trials from outside that found them; points are those of the import
contract.
"""

from __future__ import annotations

from tests.adapters.packages.written import Read, Written

ENDS = {
    "employee.dismissed", "student.expelled", "guardian.removed", "class.closed", "group.closed",
    "class.homeroom_teacher_assigned", "group.teacher_assigned", "group.students_set",
}  # fmt: skip


def village() -> Written:
    """A school with two classes of two pupils each, a parent of each, a teacher of each class, and a group."""
    package = Written().school().section("c1", title="5 А").section("c2", title="5 Б").section("g1", "scheduled")
    for number, section in enumerate(("c1", "c1", "c2", "c2")):
        package.pupil(f"p{number}", section, agentSourcedIds=f"m{number}").user(f"m{number}", "parent")
        package.enrol(f"p{number}", "g1")
    for teacher, section in (("t1", "c1"), ("t2", "c2")):
        package.user(teacher, "teacher").enrol(teacher, section, "teacher", primary="true")
    return package.enrol("t1", "g1", "teacher")


def spoilt(package: Written, file: str, before: str, after: str) -> Written:
    """The package with one place of a file written otherwise."""
    content = package.files()[file].decode()
    assert content.count(before) == 1, (before, content.count(before))
    package.raw[file] = content.replace(before, after).encode()
    return package


def nothing_ends(result: Read) -> None:
    """Nobody leaves, nothing closes, and a person has to look."""
    assert not ENDS & set(result.counts), result.told
    assert result.package.needs_person


def line_with(package: Written, file: str, text: str) -> str:
    (line,) = (each for each in package.files()[file].decode().split("\r\n") if text in each)
    return line

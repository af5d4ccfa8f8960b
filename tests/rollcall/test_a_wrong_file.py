"""The story that `docs/operating.md` tells of a wrong file: its commands are typed, and say what stands there."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.adapters.packages.written import Written
from tests.rollcall.conftest import CommandLine
from tests.rollcall.test_import_plan import linked, plan_and_observe

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "operating.md"
STORY = re.compile(r"^## A wrong file came$(.*?)^## ", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^\$ rollcall (.*)\n((?:(?!\$|```).*\n)*)", re.MULTILINE)
ELLIPSIS = "…"


def export(folder: Path, numbers: list[int]) -> None:
    """One school: two classes, a teacher of each, and the pupils of these numbers, each with a parent."""
    package = Written().school()
    for section, teacher in (("5a", "t1"), ("5b", "t2")):
        package.section(section).user(teacher, "teacher").enrol(teacher, section, "teacher")
    for number in numbers:
        package.pupil(f"p{number}", "5a" if number <= 15 else "5b", agentSourcedIds=f"m{number}")
        package.user(f"m{number}", "parent")
    package.to(folder)


def typed() -> Iterator[tuple[list[str], list[str]]]:
    """Each command of the story with the lines that it is to say."""
    [story] = STORY.findall(DOCUMENT.read_text(encoding="utf-8"))
    for command, told in COMMANDS.findall(story):
        yield shlex.split(command), told.splitlines()


def test_the_story_goes_as_it_is_told(rollcall: CommandLine, tmp_path: Path, sqlite_url: str) -> None:
    export(tmp_path / "monday", [*range(1, 31)])
    export(tmp_path / "tuesday", [*range(1, 16)])
    export(tmp_path / "wednesday", [*range(1, 30)])
    rollcall("import", "monday", "--at", "2026-11-01T00:00:00Z")
    people = [f"{kind}{number}" for kind in "pm" for number in range(1, 31)]
    assert rollcall("publish", linked(tmp_path, ["t1", "t2", *people])).code == 0
    asyncio.run(plan_and_observe(sqlite_url))
    commands = list(typed())
    for command, told in commands:
        ended = rollcall(*command)
        said = re.sub(r" +", " ", f"{ended.out}\n{ended.err}")
        for line in told:
            parts = (re.escape(re.sub(r" +", " ", part)) for part in _plain(line).split(ELLIPSIS))
            assert re.search(".*".join(parts), said), (command, line, said)
    assert len(commands) == 7


def _plain(line: str) -> str:
    """A branch of a tree may be its last, or not."""
    return line.lstrip("├└─ ")


def test_the_smallest_package_is_one(rollcall: CommandLine, tmp_path: Path) -> None:
    text = (DOCUMENT.parent / "importing.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```csv\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for name, content in re.findall(r"^# (.*)\n((?:(?!# ).*\n)*)", block, re.MULTILINE):
        (tmp_path / name).write_text(content, encoding="utf-8")
    ended = rollcall("import", str(tmp_path), "--json")
    assert (ended.code, ended.json["warnings"], ended.json["outcomes"]) == (0, {}, {"applied": 8})

"""`rollcall import` by each road: deltas, a server, strictly, and where a person has to look."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.adapters.packages.written import Written, changes, school
from tests.adapters.packages.written_sds import v1
from tests.rollcall.conftest import CommandLine
from tests.rollcall.test_serve import started

BEFORE = ("--at", "2026-11-01T00:00:00Z")


def written(package: Written, path: Path) -> str:
    return str(package.zipped(path))


def test_a_delta_is_read_over_what_the_database_knows_and_again_sends_nothing(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    rollcall("import", written(school(), tmp_path / "bulk.zip"), *BEFORE)
    now = changes().enrol("a", "c1", status="tobedeleted").enrol("a", "c2").user("b", status="tobedeleted")
    path = written(now, tmp_path / "delta.zip")
    planned = rollcall("import", path, "--plan", "--json").json
    assert [(event["type"], event["data"]["student_id"]) for event in planned["events"]] == [
        ("school.student.transferred.v1", "a"), ("school.student.expelled.v1", "b"),
    ]  # fmt: skip
    assert (planned["format"], planned["warnings"]) == ("OneRoster 1.2", {})
    assert planned["plan"] == {"changes": [], "counts": {}}  # nobody is linked
    assert rollcall("import", path, "--json").json["outcomes"] == {"applied": 2}
    assert rollcall("import", path, "--json").json["events"] == 0


def test_a_previous_package_stands_in_for_the_database(rollcall: CommandLine, tmp_path: Path) -> None:
    before = written(school(), tmp_path / "bulk.zip")
    now = written(changes().enrol("a", "c2"), tmp_path / "delta.zip")
    planned = rollcall("import", now, "--previous", before, "--plan", "--json").json
    assert [event["type"] for event in planned["events"]] == ["school.student.transferred.v1"]


def test_a_sds_folder_is_imported_once(rollcall: CommandLine, tmp_path: Path) -> None:
    path = str(v1().to(tmp_path / "sds"))
    first = rollcall("import", path, "--json").json
    assert (first["format"], first["outcomes"]) == ("SDS v1", {"applied": first["events"]})
    assert rollcall("import", path, "--json").json["events"] == 0


def test_warnings_are_told_with_their_places_and_do_not_fail(rollcall: CommandLine, tmp_path: Path) -> None:
    ended = rollcall("import", written(school().user("x", "wizard"), tmp_path / "odd.zip"), "--json")
    assert (ended.code, ended.json["warnings"]) == (0, {"unknown_role": 1})
    assert ended.json["places"] == {"unknown_role": [{"file": "roles.csv", "line": 6, "column": "role"}]}
    assert "warning: unknown_role: 1, expected a role (roles.csv, line 6, column role)" in ended.err


def test_strict_with_a_warning_sends_nothing(rollcall: CommandLine, tmp_path: Path) -> None:
    path = written(school().user("x", "wizard"), tmp_path / "odd.zip")
    ended = rollcall("import", path, "--strict")
    assert (ended.code, ended.out) == (1, "")
    assert "roles.csv, line 6, column role: expected a role (unknown_role)" in ended.err
    first = rollcall("import", path, "--json").json
    assert first["outcomes"] == {"applied": first["events"]}


def test_a_removed_school_needs_a_person(rollcall: CommandLine, tmp_path: Path) -> None:
    rollcall("import", written(school(), tmp_path / "bulk.zip"), *BEFORE)
    ended = rollcall("import", written(changes().school(status="tobedeleted"), tmp_path / "delta.zip"), "--json")
    assert (ended.code, ended.json["warnings"]) == (3, {"school_removed": 1})


def test_a_group_too_large_for_an_event_breaks_nothing(rollcall: CommandLine, tmp_path: Path) -> None:
    package = school().section("g1", "scheduled")
    for number in range(600):
        package.pupil(f"{number:0110}").enrol(f"{number:0110}", "g1")
    path = written(package, tmp_path / "large.zip")
    ended = rollcall("import", path, "--json")
    assert (ended.code, ended.json["warnings"]) == (0, {"group_too_large": 1})
    assert ended.json["outcomes"] == {"applied": ended.json["events"]}
    assert rollcall("import", path, "--json").json["events"] == 0


async def test_a_package_goes_to_the_server_that_is_set(sqlite_url: str, tmp_path: Path) -> None:
    path = written(school(), tmp_path / "bulk.zip")
    settings = {"DATABASE_URL": sqlite_url, "WEB_PORT": "0", "ADMIN_TOKEN": "admin-token-for-tests-0123456789"}
    async with started("serve", **settings) as (_, url):
        environ = {**os.environ, "ROLLCALL_SERVER_URL": url, "ROLLCALL_TOKEN": settings["ADMIN_TOKEN"]}
        command = [sys.executable, "-c", "from rollcall.cli import main; main()", "import", path, "--json"]
        process = await asyncio.create_subprocess_exec(
            *command, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=tmp_path
        )
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert b'"applied": ' in out
    assert b"no_base_for_removals: 1" in err


@pytest.mark.parametrize("classes", ["homeroom", "sections"])
def test_what_becomes_a_class_is_as_asked(rollcall: CommandLine, tmp_path: Path, classes: str) -> None:
    path = str(v1().to(tmp_path / "sds"))
    planned = rollcall("import", path, "--classes", classes, "--plan", "--json").json
    opened = [event["data"]["class_id"] for event in planned["events"] if "class.opened" in event["type"]]
    assert opened == (["g1"] if classes == "sections" else [])

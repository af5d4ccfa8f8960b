"""`rollcall import` against a database with people on the platform: what it would do, and what a guard holds."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.database.store import Database
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.plan_scopes import PlanningRules
from tests.adapters.packages.written import Written, school
from tests.rollcall.conftest import CommandLine

BEFORE = ("--at", "2026-11-01T00:00:00Z")
PUPILS = [f"p{number:02}" for number in range(24)]


def full_school(pupils: list[str], moved: str = "") -> Written:
    package = school()
    for pupil in pupils:
        package.pupil(pupil, "c2" if pupil == moved else "c1")
    return package


def linked(tmp_path: Path, people: list[str]) -> str:
    lines = [
        {
            "specversion": "1.0",
            "id": f"link-{person}",
            "source": "sis",
            "type": "account.linked.v1",
            "time": datetime(2026, 11, 1, tzinfo=UTC).isoformat(),
            "data": {"person_id": person, "provider": "max", "external_user_id": str(1000 + number)},
        }
        for number, person in enumerate(people)
    ]
    path = tmp_path / "links.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def settled(rollcall: CommandLine, tmp_path: Path, sqlite_url: str) -> CommandLine:
    """A school whose pupils are linked, and whose platform shows everybody where they belong."""
    rollcall("import", str(full_school(PUPILS).zipped(tmp_path / "first.zip")), *BEFORE)
    assert rollcall("publish", linked(tmp_path, PUPILS)).code == 0
    asyncio.run(plan_and_observe(sqlite_url))
    return rollcall


async def plan_and_observe(url: str) -> None:
    database = Database(url)
    while await plan_affected(database, PlanningRules(), datetime.now(UTC)):
        pass
    async with database.writing() as connection:
        await connection.execute(text("UPDATE places SET observed = wanted WHERE account <> ''"))
        await connection.execute(text("UPDATE rooms SET observed_life = 'open', external_chat_id = room_no"))
    await database.close()


def rows(url: str) -> list[int]:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        asked = (f"SELECT count(*) FROM {table}" for table in ("inbox", "places", "rooms", "holds"))
        return [connection.execute(query).fetchone()[0] for query in asked]


def test_the_plan_shows_who_would_go_where_and_writes_nothing(
    settled: CommandLine, tmp_path: Path, sqlite_url: str
) -> None:
    path = str(full_school(PUPILS, moved="p03").zipped(tmp_path / "moved.zip"))
    before = rows(sqlite_url)
    ended = settled("import", path, "--plan", "--json")
    plan = ended.json["plan"]
    assert plan["counts"] == {"add_member": 1, "create_chat": 1, "remove_member": 1}
    (added,) = [line for line in plan["changes"] if line["action"] == "add_member"]
    assert (added["organisation_id"], added["chat_id"], added["person_id"]) == ("s1", "class:c2", "p03")
    assert (added["role"], added["reasons"], added["external_user_id"]) == ("member", ["studies_in"], "1003")
    (event,) = ended.json["events"]
    assert {name: added["cause"][name] for name in ("source", "id", "type")} == {
        name: event[name] for name in ("source", "id", "type")
    }
    assert rows(sqlite_url) == before
    assert settled("import", path, "--json").json["outcomes"] == {"applied": 1}


def test_a_package_without_most_of_a_class_is_held_and_says_what_to_do(settled: CommandLine, tmp_path: Path) -> None:
    path = str(full_school(PUPILS[:11]).zipped(tmp_path / "less.zip"))
    planned = settled("import", path, "--plan", "--json")
    assert planned.code == 3
    assert [(hold["organisation_id"], hold["persons"]) for hold in planned.json["holds"]] == [("s1", 13)]
    assert "the changes of 13 persons would be held" in planned.err
    ended = settled("import", path, "--json")
    assert (ended.code, ended.json["outcomes"]) == (3, {"applied": 13})
    (hold,) = ended.json["holds"]
    assert f"hold {hold['id']}: " in ended.err
    assert f"hold {hold['id']}: " in ended.err
    assert settled("import", path, "--json").code == 0, "what is held already is told once"


def test_where_events_would_go_elsewhere_there_is_no_plan_and_that_is_said(
    rollcall: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_SERVER_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ROLLCALL_TOKEN", "token")
    ended = rollcall("import", str(school().zipped(tmp_path / "sis.zip")), "--plan", "--json")
    assert (ended.code, ended.json["plan"]) == (0, None)
    assert "no plan: " in ended.err


def test_the_summary_says_what_was_read_and_what_would_be_done(settled: CommandLine, tmp_path: Path) -> None:
    path = str(full_school(PUPILS, moved="p03").user("x", "wizard").zipped(tmp_path / "moved.zip"))
    ended = settled("import", path, "--plan")
    assert re.search(r"^student.transferred +1 *$", ended.out, re.MULTILINE)
    assert "would add_member" in ended.out
    assert "warning: unknown_role: 1, expected a role (roles.csv, line " in ended.err

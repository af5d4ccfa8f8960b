"""A database that the former version filled, brought to this one and back: who stands where stays, and is right."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.engine import async_url
from adapters.database.migrate import configuration, upgrade
from adapters.database.store import Database
from adapters.database.tables import inbox, organisations, rooms
from adapters.simulator.entities import SERVICE_ID, Chat, Member, User
from sync.slices import Cause
from sync.touched import EVERYBODY, Touch
from tests import oracle
from tests.road import START, Road, TestClock

FORMER = Path(__file__).parent / "former"
SCHOOLS = ("s1", "s2")
CHATS = json.loads((FORMER / "0006_platform.json").read_text(encoding="utf-8"))


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """The former version's file, as it was when everything had come to rest."""
    path = tmp_path / "rollcall.db"
    with sqlite3.connect(path) as connection:
        connection.executescript((FORMER / "0006.sql").read_text(encoding="utf-8"))
    connection.close()
    return path


@pytest.fixture
async def road(former: Path) -> AsyncIterator[Road]:
    """The upgraded database, before the platform as the former version had made it."""
    await upgrade(f"sqlite:///{former}")
    clock = TestClock()
    database = Database(f"sqlite:///{former}", clock=clock.of_database)
    road = Road(database, clock)
    world = road.platform.world
    world.put_users([User(number) for number in range(1, 60)])
    for external, told in CHATS.items():
        chat = Chat(int(external), told["title"], START, archived=told["archived"])
        chat.members[SERVICE_ID] = Member(START, is_admin=True, is_owner=True)
        for account, role in told["members"].items():
            chat.members[int(account)] = Member(START, is_admin=role == "admin")
        world.chats[chat.chat_id] = chat
        world._made = max(world._made, abs(chat.chat_id))
    yield road
    await database.close()


async def events(road: Road) -> list[Any]:
    async with road.database.reading() as connection:
        return [json.loads(row.body) for row in await connection.execute(select(inbox.c.body).order_by(inbox.c.no))]


async def test_afterwards_everybody_stands_as_the_rules_say_and_rooms_keep_their_chats(road: Road) -> None:
    async with road.database.reading() as connection:
        before = {row.room_no: row.external_chat_id for row in await connection.execute(select(rooms))}
    await road.converge()
    told = await events(road)
    for school in SCHOOLS:
        wanted = {chat: people for chat, people in oracle.members(told, school, START.date(), "max").items() if people}
        shown = {chat: people for chat, people in (await road.members(school)).items() if people}
        assert shown == wanted
    async with road.database.reading() as connection:
        after = {row.room_no: row.external_chat_id for row in await connection.execute(select(rooms))}
    assert {number: after[number] for number in before} == before


async def test_no_call_is_made_for_what_did_not_change(road: Road) -> None:
    """The pupil that a move had brought back leaves, and the class that the other school had taken is made."""
    await road.converge()
    standing = [call for call in road.platform.world.calls if str(call.chat_id) in CHATS]
    assert [(call.action, call.user_ids) for call in standing] == [("remove", (1,))]
    made = [call for call in road.platform.world.calls if str(call.chat_id) not in CHATS]
    assert {chat.title for chat in road.platform.world.chats.values() if str(chat.chat_id) not in CHATS} == {
        "5 А", "5 А Родители"
    }  # fmt: skip
    assert {user for call in made for user in call.user_ids} == {50, 55}


async def test_planned_anew_nothing_else_changes(road: Road) -> None:
    await road.converge()
    road.platform.world.calls.clear()
    async with road.database.reading() as connection:
        schools = [row.organisation_id for row in await connection.execute(select(organisations))]
    async with road.database.planning() as tx:
        touches = {Touch(school, EVERYBODY, school): Cause(0, by_event=False) for school in schools}
        await tx.affected.touch(touches, road.clock.now())
    await road.converge()
    assert road.platform.world.calls == []


async def test_names_are_those_that_each_school_told(road: Road, former: Path) -> None:
    with sqlite3.connect(former) as connection:
        told = connection.execute(
            "SELECT organisation_id, last_name FROM person_names WHERE person_id = 's1-1-p1' ORDER BY organisation_id"
        ).fetchall()
    connection.close()
    assert told == [("s1", "Иванова"), ("s2", "Чужое")]


async def test_what_will_be_done_is_said_before_and_a_copy_is_kept(former: Path) -> None:
    said: list[str] = []
    before = rows_of(former)
    await upgrade(f"sqlite:///{former}", said.append)
    assert [line.partition(":")[0] for line in said] == ["0007", "0008", "a copy of the database as it was"]
    assert rows_of(Path(f"{former}.0006")) == before
    said.clear()
    await upgrade(f"sqlite:///{former}", said.append)
    assert said == []


async def test_it_can_be_taken_back_as_long_as_no_id_is_used_by_two_schools(former: Path) -> None:
    """Only what is left to be planned stays, and whoever claimed the same is told in another order."""
    before = rows_of(former)
    await upgrade(f"sqlite:///{former}")
    engine = create_async_engine(async_url(f"sqlite:///{former}"))
    async with engine.begin() as connection:
        await connection.run_sync(taken_back)
    await engine.dispose()
    after = rows_of(former)
    assert after.keys() == before.keys()
    same = set(before) - {"touched", "claims", "entities"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}


def taken_back(connection: Connection) -> None:
    command.downgrade(configuration(connection), "0006")


def rows_of(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables, sorted."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            table: sorted(connection.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in tables
            if not table.startswith(("sqlite_", "alembic"))
        }
    connection.close()
    return found

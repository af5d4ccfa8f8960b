"""A database that the former version filled, brought to this one and back: who stands where stays, and is right."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.migrate import upgrade
from adapters.database.schema import FACTS, inbox, organisations, rooms
from adapters.database.store import Database
from adapters.simulator.entities import SERVICE_ID, Chat, Member, User
from sync.affected import EVERYBODY, Affected
from sync.facts import PERSON_NAMES
from sync.ids import EventNo
from sync.planning_scope import Cause
from tests import oracle
from tests.adapters.database.former_rows import FOLDER, Rows, fill, make_file, rows_of_file, rows_of_server, take_back
from tests.road import START, Road, TestClock
from tests.servers.postgresql import PostgreSQL

_numbers = itertools.count(1)

SCHOOLS = ("s1", "s2")
CHATS = json.loads((FOLDER / "0006_platform.json").read_text(encoding="utf-8"))


@pytest.fixture
def former(tmp_path: Path) -> Path:
    path = tmp_path / "rollcall.db"
    make_file(path)
    return path


@pytest.fixture
async def former_server(former: Path, postgresql: PostgreSQL) -> AsyncIterator[str]:
    """A PostgreSQL as the former version had filled it."""
    name = f"former_{next(_numbers)}"
    url = postgresql.make_database(name)
    await fill(url, rows_of_file(former))
    yield url
    postgresql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def former_url(request: pytest.FixtureRequest, former: Path) -> str:
    url: str = f"sqlite:///{former}" if request.param == "sqlite" else request.getfixturevalue("former_server")
    return url


@pytest.fixture
async def road(former_url: str) -> AsyncIterator[Road]:
    """The upgraded database, before the platform as the former version had made it."""
    await upgrade(former_url)
    clock = TestClock()
    database = Database(former_url, clock=clock.of_database)
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
        affected = {Affected(school, EVERYBODY, school): Cause(EventNo(0), by_event=False) for school in schools}
        await tx.affected.add(affected, road.clock.now())
    await road.converge()
    assert road.platform.world.calls == []


async def test_names_are_those_that_each_school_told(road: Road) -> None:
    names = FACTS[PERSON_NAMES]
    told = select(names.c.organisation_id, names.c.last_name).where(names.c.person_id == "s1-1-p1")
    async with road.database.reading() as connection:
        rows = (await connection.execute(told.order_by(names.c.organisation_id))).fetchall()
    assert [tuple(row) for row in rows] == [("s1", "Иванова"), ("s2", "Чужое")]


async def test_both_databases_come_to_the_same_and_back(former: Path, former_server: str) -> None:
    file = f"sqlite:///{former}"
    before = rows_of_file(former)
    assert await rows_of_server(former_server) == before
    await upgrade(file)
    await upgrade(former_server)
    assert timeless(await rows_of_server(former_server)) == timeless(rows_of_file(former))
    await take_back(file)
    await take_back(former_server)
    assert timeless(await rows_of_server(former_server)) == timeless(rows_of_file(former))


def timeless(rows: Rows) -> Rows:
    """The rows, but for when it was noted who is to be planned anew: the moment of the upgrade."""
    return {name: [row[:-1] for row in of] if name in {"affected", "touched"} else of for name, of in rows.items()}


async def test_what_will_be_done_is_said_before_and_a_copy_is_kept(former: Path) -> None:
    said: list[str] = []
    before = rows_of_file(former)
    await upgrade(f"sqlite:///{former}", said.append)
    steps = [f"{number:04}" for number in (*range(7, 17), 18)]
    assert [line.partition(":")[0] for line in said] == [*steps, "a copy of the database as it was"]
    assert rows_of_file(Path(f"{former}.0006")) == before
    said.clear()
    await upgrade(f"sqlite:///{former}", said.append)
    assert said == []


async def test_it_can_be_taken_back_as_long_as_no_id_is_used_by_two_schools(former: Path) -> None:
    """Only what is left to be planned stays, and whoever claimed the same is told in another order."""
    before = rows_of_file(former)
    await upgrade(f"sqlite:///{former}")
    await take_back(f"sqlite:///{former}")
    after = rows_of_file(former)
    assert after.keys() == before.keys()
    same = set(before) - {"touched", "claims", "entities"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
